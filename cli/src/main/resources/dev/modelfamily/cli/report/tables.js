// The table of the members, the plan against what it took, and what makes the family again.

function memberName(member) {
  const origin = member.from && (member.from === "parent" ? "from the parent" : "from " + member.from);
  const state = member.state === "Succeeded" ? null : stateBadge(member.state);
  return [member.name, state && " ", state, origin && h("small", {}, origin), member.reusedFrom && h("small", {}, "taken from " + member.reusedFrom)];
}

function progressCell(member) {
  const { percent: done, phase, secondsLeft } = member.progress;
  if (member.state !== "Running" || !phase) return null;
  const words = `${phase}, ${done} %` + (secondsLeft > 0 ? `, ${duration(secondsLeft)} left` : "");
  return h("div", {}, h("small", {}, words), h("div", { class: "bar", role: "progressbar", "aria-valuenow": done, "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": words }, barOf(done)));
}

function barOf(done) {
  const bar = h("i");
  bar.style.width = Math.max(0, Math.min(100, done)) + "%";
  return bar;
}

function drawMembers(section, data) {
  const { parent, members, sets } = data;
  const cell = (text, attributes = {}) => h("td", attributes, ...[text].flat().filter(Boolean));
  const header = [
    h("tr", {},
      h("th", { scope: "col", rowspan: 2 }, "Member"),
      h("th", { class: "group first", scope: "colgroup", colspan: 4 }, "Size"),
      ...sets.map(set => h("th", { class: "group first", scope: "colgroup", colspan: 4 }, "Perplexity on ", set)),
      h("th", { class: "group first", scope: "colgroup", colspan: 2 }, "Recovery"),
      h("th", { class: "first text", scope: "col", rowspan: 2 }, "Key")),
    h("tr", {},
      ...["Parameters", "of all", "of linears", "Weights"].map((name, index) => h("th", { scope: "col", class: index === 0 ? "first" : null }, name)),
      ...sets.flatMap(() => ["Before", "After", "Ratio", "Gap closed"].map((name, index) => h("th", { scope: "col", class: index === 0 ? "first" : null }, name))),
      ...["Tokens", "Time"].map((name, index) => h("th", { scope: "col", class: index === 0 ? "first" : null }, name))),
  ];
  const parentRow = h("tr", { class: "parent" }, h("th", { scope: "row" }, "parent"),
    cell(count(parent.parameters), { class: "first" }), cell(percent(1)), cell(parent.linears > 0 ? percent(1) : UNKNOWN), cell(UNKNOWN),
    ...sets.flatMap(set => [cell(UNKNOWN, { class: "first" }), cell(measured(parent.perplexity[set])), cell(known(parent.perplexity[set]) ? ratio(1) : UNKNOWN), cell(UNKNOWN)]),
    cell(UNKNOWN, { class: "first" }), cell(UNKNOWN), cell(h("span", { class: "mono", title: parent.digest }, short(parent.digest)), { class: "first text" }));
  const rows = members.map(member => {
    const made = member.parameters > 0;
    const planned = count(member.plan.parameters) !== UNKNOWN ? "planned " + count(member.plan.parameters) : member.asked && "asked " + member.asked;
    return h("tr", {}, h("th", { scope: "row" }, ...memberName(member).filter(Boolean)),
      cell(made ? count(member.parameters) : [h("small", {}, planned || UNKNOWN), progressCell(member)], { class: "first" }),
      cell(percent(member.keptOfAll)), cell(percent(member.keptOfLinears)), cell(bytes(member.bytes)),
      ...sets.flatMap(set => {
        const quality = member.quality.find(one => one.set === set) || {};
        return [cell(measured(quality.before), { class: "first" }), cell(h("strong", {}, measured(quality.after))), cell(ratio(quality.ratio)),
          cell(known(quality.gapClosed) && Number.isFinite(number(quality.gapClosed)) ? percent(quality.gapClosed) : UNKNOWN)];
      }),
      cell(count(member.tokens), { class: "first" }), cell(duration(member.seconds)),
      cell(h("span", { class: "mono", title: member.key }, short(member.key)), { class: "first text" }));
  });
  section.append(h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Members of the family" },
    h("table", { class: "wide" }, h("thead", {}, ...header), h("tbody", {}, parentRow, ...rows))));
  section.append(h("p", { class: "quiet small" }, "Before and after recovery, that is, after the cut alone and after the training that follows. Ratio: after, divided by the"
    + " parent's. Gap closed: the share of the loss added by the cut that recovery took away again, (ln before − ln after) / (ln before − ln parent)."));
}

function drawPlan(section, { members }) {
  const planned = members.filter(member => member.plan.parameters > 0 || member.plan.tokens > 0);
  if (planned.length === 0) {
    section.append(h("p", { class: "quiet" }, "There is no plan to compare with."));
    return;
  }
  const both = (plan, outcome) => h("span", {}, outcome, plan === UNKNOWN ? null : h("small", {}, "planned " + plan));
  section.append(table("What each stage took, and what was planned before it started", ["Member", "Parameters", "Weights", "Tokens", "Time", "Memory, planned", "Operations, planned", "Ranks, planned"],
    planned.map(({ name, plan, parameters, bytes: size, tokens, seconds, progress }) => [
      name,
      both(whole(plan.parameters), whole(parameters)),
      both(bytes(plan.bytes), bytes(size)),
      both(count(plan.tokens), count(tokens || progress.tokens)),
      both(plan.gpuHours ? duration(plan.gpuHours * 3600) : UNKNOWN, duration(seconds)),
      bytes(plan.memoryBytes),
      plan.flops ? power(Number(plan.flops)) + " FLOP" : UNKNOWN,
      plan.ranks || UNKNOWN,
    ]), [7]));
}

function drawAgain(section, data) {
  const seeds = data.members.filter(member => member.course.seed >= 0).map(member => `${member.name}: ${member.course.seed}`);
  const versions = Object.entries(data.versions).map(([part, version]) => `${part} ${version}`);
  const facts = [["Parent's digest", data.parent.digest], ["Versions", versions.join(", ")], ["Seeds", seeds.join(", ")]].filter(([, value]) => value);
  if (data.yaml) {
    const copy = h("button", { type: "button" }, "Copy");
    copy.addEventListener("click", () => navigator.clipboard.writeText(data.yaml).then(() => { copy.textContent = "Copied"; }, () => { copy.textContent = "Select and copy by hand"; }));
    section.append(h("p", {}, "Save the family as ", h("code", {}, "family.yaml"), ", then: ", h("code", {}, "./modelfamily run family.yaml")),
      h("div", { class: "yaml" }, h("pre", { tabindex: 0, role: "region", "aria-label": "The family as YAML" }, data.yaml), copy));
  }
  if (facts.length > 0) {
    section.append(h("dl", { class: "facts" }, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "mono" }, value)))));
  }
  if (data.data.length > 0) {
    section.append(h("div", { class: "stack" }, table("The texts as they were read", ["Set", "Tokens", "Documents", "Lines left out", "Revision", "Digest"],
      data.data.map(set => [set.ref.name, whole(set.tokens), whole(set.documents), String(set.badLines), set.revision ? short(set.revision) : UNKNOWN,
        h("span", { class: "mono", title: set.ref.digest }, short(set.ref.digest))]), [4, 5])));
  }
}

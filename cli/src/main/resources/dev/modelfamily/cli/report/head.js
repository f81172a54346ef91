// The head of the page: what the family is and how it stands; and the notes.

const GOOD = new Set(["Succeeded"]);
const BAD = new Set(["Failed", "Stalled", "Blocked", "Skipped"]);
const LIVE = new Set(["Running", "Preparing", "Queued"]);

function stateBadge(state) {
  const kind = GOOD.has(state) ? "good" : BAD.has(state) ? "bad" : LIVE.has(state) ? "live" : "";
  return h("span", { class: "state " + kind }, state);
}

function themeButton() {
  const next = { "": "dark", dark: "light", light: "" };
  const names = { "": "Colours: as the system", dark: "Colours: dark", light: "Colours: light" };
  let theme = "";
  const button = h("button", { type: "button" }, names[theme]);
  button.addEventListener("click", () => {
    theme = next[theme];
    document.documentElement.dataset.theme = theme;
    button.textContent = names[theme];
  });
  return button;
}

function methodWords(method) {
  const parts = [method.truncation && method.truncation + " truncation", method.allocation && method.allocation + " ranks",
    method.recut && method.recut + " re-cut", method.recovery && method.recovery + " recovery"].filter(Boolean);
  return parts.join(", ");
}

function drawHead(head, data) {
  const { parent, method, totals, members } = data;
  const fact = (name, value, more) => value && value !== UNKNOWN && h("div", {}, h("dt", {}, name), h("dd", {}, value, more && h("small", {}, more)));
  const state = data.phase || (totals.finished === members.length && members.length > 0 ? "Succeeded" : "Unfinished");
  const architecture = [parent.architecture, parent.layers > 0 && parent.layers + " layers"].filter(Boolean).join(", ");
  head.append(
    h("div", { class: "title" }, h("h1", {}, data.name), stateBadge(state), themeButton()),
    h("p", { class: "quiet" }, "A family of smaller language models, made from one parent by progressive low-rank decomposition"),
    h("dl", { class: "facts" }, ...[
      fact("Parent", parent.uri && h("span", { title: parent.uri }, place(parent.uri)), parent.revision && "revision " + (parent.revision.length > 24 ? parent.revision.replace(/^sha256:/, "").slice(0, 12) : parent.revision)),
      fact("Parent's size", count(parent.parameters), [architecture, parent.linears > 0 && percent(parent.linears / parent.parameters) + " of it in linears"].filter(Boolean).join(", ")),
      fact("Method", method.preset, methodWords(method)),
      fact("Members", `${totals.finished} of ${members.length} made`, members.map(member => member.name).slice(0, 8).join(", ") + (members.length > 8 ? ", …" : "")),
      fact("Tokens trained", count(totals.tokens), data.sets.length > 0 && "measured on " + data.sets.join(", ")),
      fact("Time in stages", duration(totals.seconds) === UNKNOWN && totals.started ? "begun" : duration(totals.seconds),
        totals.started && moment(totals.started) + (totals.ended ? " to " + moment(totals.ended).replace(moment(totals.started).slice(0, 11), "") : ", not ended")),
    ].filter(Boolean)));
}

function drawNotes(section, notes) {
  if (notes.length === 0) return;
  section.hidden = false;
  section.append(h("ul", {}, ...notes.map(note => h("li", {}, note))));
}

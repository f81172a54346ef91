// Perplexity against size, one plot for each evaluation set: each member before and after recovery, and where it came from.

/** The highest perplexity drawn to scale: what a cut alone leaves can be a million times worse, and would flatten the rest. */
function topOf(values, parent) {
  const after = d3.max([parent, ...values.map(value => value.after)].filter(Number.isFinite));
  const before = d3.max(values.map(value => value.before).filter(Number.isFinite)) || after;
  return Math.min(Math.max(before, after) * 1.12, Math.max(after * 12, after * 1.12));
}

function sizeValues(data, set) {
  return data.members.flatMap(member => {
    const quality = member.quality.find(one => one.set === set);
    return quality && member.parameters > 0
      ? [{ name: member.name, from: member.from, size: member.parameters, share: member.keptOfAll, before: number(quality.before), after: number(quality.after) }] : [];
  });
}

function drawSizes(section, data) {
  const sets = data.sets.filter(set => sizeValues(data, set).length > 0);
  if (sets.length === 0) {
    section.append(h("p", { class: "quiet" }, data.sets.length === 0
      ? "The family names no evaluation set, so no quality was measured." : "No member has been measured yet."));
    return;
  }
  section.append(h("div", { class: "legend", "aria-hidden": "true" },
    sample(svg => svg.append("circle").attr("cx", 8).attr("cy", 7).attr("r", 5).style("fill", "var(--after)"), "after recovery"),
    sample(svg => svg.append("circle").attr("cx", 8).attr("cy", 7).attr("r", 4).style("fill", "var(--page)").style("stroke", "var(--before)").style("stroke-width", 2), "before recovery"),
    sample(svg => svg.append("path").attr("d", "M3 10 L8 3 L13 10 Z").style("fill", "var(--before)"), "before recovery, beyond the scale"),
    sample(svg => svg.append("path").attr("d", "M8 1 L14 7 L8 13 L2 7 Z").style("fill", "var(--parent)"), "parent")));
  const panels = h("div", { class: "panels" });
  section.append(panels);
  sets.forEach(set => drawSizePlot(panels, data, set));
}

function drawSizePlot(panels, data, set) {
  const values = sizeValues(data, set);
  const parent = number(data.parent.perplexity[set]);
  const measuredParent = Number.isFinite(parent) && data.parent.parameters > 0;
  const words = values.map(value => `${value.name}: ${count(value.size)} parameters, perplexity ${measured(value.before)} before and ${measured(value.after)} after recovery`);
  const description = `Perplexity on ${set} against parameters. ${measuredParent ? `Parent: ${count(data.parent.parameters)} parameters, ${measured(parent)}. ` : ""}${words.join(". ")}.`;
  figure(panels, [h("h3", {}, set), h("span", { class: "quiet small" }, "lower and further left is better")], description,
    width => sizePlot(width, data, values, measuredParent ? parent : NaN),
    () => table(`Perplexity on ${set}`, ["Member", "Parameters", "Share of the parent", "Before recovery", "After recovery"], [
      ...(measuredParent ? [["parent", whole(data.parent.parameters), percent(1), UNKNOWN, measured(parent)]] : []),
      ...values.map(value => [value.name, whole(value.size), percent(value.share), measured(value.before), measured(value.after)])]));
}

function sizePlot(width, data, values, parent) {
  const height = Math.round(Math.min(380, Math.max(290, width * 0.62)));
  const box = { left: 52, right: width - 14, top: 34, bottom: height - 46 };
  const svg = svgOf(width, height);
  const sizes = [...values.map(value => value.size), ...(Number.isFinite(parent) ? [data.parent.parameters] : [])];
  const spread = (d3.max(sizes) - d3.min(sizes)) || d3.max(sizes) * 0.2;
  const x = d3.scaleLinear([Math.max(0, d3.min(sizes) - spread * 0.14), d3.max(sizes) + spread * 0.12], [box.left, box.right]);
  const top = topOf(values, parent);
  const least = d3.min([parent, ...values.flatMap(value => [value.before, value.after])].filter(Number.isFinite));
  // Room below the lowest point for its label.
  const low = least / Math.max(1.05, (top / least) ** 0.16);
  const y = d3.scaleLog([low, top], [box.bottom, box.top]);
  axes(svg, x, y, {
    box, xTicks: x.ticks(Math.max(3, Math.round(width / 110))), yTicks: logTicks([low, top], 8), xFormat: tick, yFormat: plain,
    xLabel: "parameters, embeddings included", yLabel: "perplexity (log scale)",
  });

  const points = new Map([["parent", { x: x(data.parent.parameters), y: y(parent) }]]);
  values.forEach(value => points.set(value.name, { x: x(value.size), y: y(value.after) }));
  const taken = [];
  const labels = [];
  if (Number.isFinite(parent)) {
    svg.append("line").attr("x1", box.left).attr("x2", box.right).attr("y1", y(parent)).attr("y2", y(parent))
      .style("stroke", "var(--parent)").style("stroke-dasharray", "2 4");
    taken.push({ x: box.left, y: y(parent) - 1, width: box.right - box.left, height: 2 });
  }
  values.forEach(value => {
    const origin = points.get(value.from);
    const point = points.get(value.name);
    if (origin && Number.isFinite(origin.y) && Number.isFinite(point.y)) {
      svg.append("line").attr("x1", origin.x).attr("y1", origin.y).attr("x2", point.x).attr("y2", point.y).style("stroke", "var(--after)").style("stroke-width", 1.5);
      taken.push(...d3.range(0.05, 1, 0.05).map(share => ({ x: origin.x + (point.x - origin.x) * share - 3, y: origin.y + (point.y - origin.y) * share - 3, width: 6, height: 6 })));
    }
  });
  const marks = [];
  if (Number.isFinite(parent)) {
    const point = points.get("parent");
    svg.append("path").attr("class", "mark parent").attr("d", d3.symbol(d3.symbolDiamond, 110)()).attr("transform", `translate(${point.x},${point.y})`).style("fill", "var(--parent)");
    taken.push({ x: point.x - 8, y: point.y - 8, width: 16, height: 16 });
    labels.push({ ...point, text: "parent " + measured(parent), strong: true, places: ["below", "belowLeft", "above", "aboveLeft", "left"] });
    marks.push({ ...point, text: `parent\n${whole(data.parent.parameters)} parameters\nperplexity ${measured(parent)}` });
  }
  values.forEach(value => {
    const at = x(value.size);
    const text = `${value.name}, ${percent(value.share)} of the parent\n${whole(value.size)} parameters\nperplexity before recovery ${measured(value.before)}\nafter recovery ${measured(value.after)}`;
    const beyond = value.before > top;
    if (!Number.isNaN(value.before)) {
      const from = beyond ? box.top : y(value.before);
      if (Number.isFinite(value.after)) {
        svg.append("line").attr("x1", at).attr("x2", at).attr("y1", from).attr("y2", y(value.after)).style("stroke", "var(--before)").style("stroke-width", 1.5).style("stroke-dasharray", "1 3");
        taken.push({ x: at - 2, y: Math.min(from, y(value.after)), width: 4, height: Math.abs(from - y(value.after)) });
      }
      const mark = beyond
        ? svg.append("path").attr("d", `M${at - 6} ${from + 5} L${at} ${from - 5} L${at + 6} ${from + 5} Z`).style("fill", "var(--before)")
        : svg.append("circle").attr("cx", at).attr("cy", from).attr("r", 4.5).style("fill", "var(--page)").style("stroke", "var(--before)").style("stroke-width", 2);
      mark.attr("class", "mark before");
      taken.push({ x: at - 7, y: from - 7, width: 14, height: 14 });
      labels.push({ x: at, y: from, text: measured(value.before), places: beyond ? ["right", "left", "aboveRight", "aboveLeft", "above"] : ["above", "right", "left", "aboveRight", "aboveLeft"] });
      marks.push({ x: at, y: from, text });
    }
    if (Number.isFinite(value.after)) {
      svg.append("circle").attr("class", "mark after").attr("cx", at).attr("cy", y(value.after)).attr("r", 5.5).style("fill", "var(--after)");
      taken.push({ x: at - 7, y: y(value.after) - 7, width: 14, height: 14 });
      labels.unshift({ x: at, y: y(value.after), text: `${value.name} ${measured(value.after)}`, strong: true, places: ["belowLeft", "below", "right", "belowRight", "left", "aboveRight", "aboveLeft", "above"] });
      marks.push({ x: at, y: y(value.after), text });
    }
  });
  writeLabels(svg, labels, taken, { x: box.left - 6, y: 16, width: box.right - box.left + 18, height: box.bottom - 16 });

  const ring = svg.append("circle").attr("r", 10).style("fill", "none").style("stroke", "var(--ink)").style("display", "none");
  explorable(svg, marks.length, {
    nearest: (px, py) => {
      const index = d3.leastIndex(marks, (a, b) => Math.hypot(a.x - px, a.y - py) - Math.hypot(b.x - px, b.y - py));
      return index >= 0 && Math.hypot(marks[index].x - px, marks[index].y - py) < 40 ? index : -1;
    },
    move: alongRow(marks.length),
    show: index => {
      ring.style("display", null).attr("cx", marks[index].x).attr("cy", marks[index].y);
      showHover(svg.node(), marks[index].x, marks[index].y, marks[index].text);
    },
    clear: () => ring.style("display", "none"),
  });
  return svg.node();
}

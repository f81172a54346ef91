// Training loss by tokens, a plot for each member, all with the same loss axis; learning rate and gradient norm on request.

let strips = false;

/** A perplexity as the loss that training makes smaller: where that is a distance to the parent, what is above the parent's. */
function lossOf(data, set, perplexity) {
  const parent = data.method.towardsParent ? Math.log(number(data.parent.perplexity[set])) : 0;
  return Math.log(number(perplexity)) - parent;
}

/**
 * A measurement on the way as a loss on the whole set. It was made on a few windows, and what lies between them and the whole is
 * known from the end of a stage: of this member's, or while it is running of another's, which differs little. NaN where a distance
 * to the parent cannot be told yet.
 */
function levelOf(data, member, { set, perplexity }) {
  const between = [member, ...data.members].map(one => {
    const last = one.evaluations.filter(measurement => measurement.set === set).at(-1);
    const whole = one.quality.find(quality => quality.set === set);
    return last && whole ? Math.log(number(whole.after) / number(last.perplexity)) : NaN;
  }).find(Number.isFinite);
  return lossOf(data, set, perplexity) + (between ?? (data.method.towardsParent ? NaN : 0));
}

function drawLosses(section, data) {
  const members = data.members.filter(member => member.curve.tokens.length > 0)
    .map(member => ({ ...member, evaluations: member.evaluations.map(one => ({ ...one, level: levelOf(data, member, one) })) }));
  if (members.length === 0) {
    section.append(h("p", { class: "quiet" }, "No member has trained yet."));
    return;
  }
  const sets = data.sets;
  const box = h("input", { type: "checkbox" });
  box.addEventListener("change", () => {
    strips = box.checked;
    redrawAll(true);
  });
  const measuredOnTheWay = sets.map((set, index) => [set, index]).filter(([set]) => members.some(member => member.evaluations.some(one => one.set === set)));
  section.append(h("p", { class: "quiet small" }, (data.method.towardsParent
    ? "Divergence from the parent's predictions in nats a token, plus what the method adds to it." : "The loss in nats a token.")
    + " Thin: each optimizer step. Thick: the mean of the steps around. Signs: the logarithm of the perplexity on an evaluation set"
    + (data.method.towardsParent ? ", less that of the parent's" : "") + "; on the way on a few windows, moved by what they differ from the whole set at the end."));
  section.append(h("div", { class: "legend" },
    sample(svg => svg.append("line").attr("x1", 0).attr("x2", 16).attr("y1", 7).attr("y2", 7).style("stroke", "var(--after)").style("stroke-width", 2.5), "training loss"),
    ...measuredOnTheWay.map(([set, index]) => sample(svg => svg.append("path").attr("transform", "translate(8,7)").attr("d", sign(index)).style("fill", signColour(index)), set)),
    ...(measuredOnTheWay.length > 0 ? [sample(svg => svg.append("line").attr("x1", 0).attr("x2", 20).attr("y1", 7).attr("y2", 7).style("stroke", signColour(measuredOnTheWay[0][1])).style("stroke-width", 1.5).style("stroke-dasharray", "5 4"), data.method.towardsParent ? "parent" : "parent on that set", 20)] : []),
    h("label", {}, box, "with learning rate and gradient norm")));
  const range = lossRange(members, data);
  const panels = h("div", { class: "panels" });
  section.append(panels);
  members.forEach(member => {
    const { curve, state } = member;
    const last = curve.tokens.length - 1;
    const description = `Training loss of ${member.name} by tokens: from ${measured(curve.smooth[0])} to ${measured(curve.smooth[last])} nats in ${whole(curve.steps)} steps, ${count(curve.tokens[last])} tokens.`;
    figure(panels, [h("h3", {}, member.name), h("span", { class: "quiet small" }, `${whole(curve.steps)} steps` + (curve.window > 1 ? `, mean of ${curve.window}` : "") + (state === "Succeeded" ? "" : ", " + state.toLowerCase() + " at " + count(curve.tokens[last]) + " tokens"))],
      description, width => lossPlot(width, member, data, range), () => lossTable(member));
  });
}

/** One range for all members. It begins behind the first steps, which would flatten the rest, but for what the smooth line shows. */
function lossRange(members, data) {
  const values = members.flatMap(member => [
    ...member.curve.smooth.map(number).slice(Math.floor(member.curve.smooth.length * 0.02)),
    ...member.curve.loss.map(number).slice(Math.floor(member.curve.loss.length * 0.05)),
    ...member.evaluations.filter(one => one.tokens > 0).map(one => one.level)]).filter(Number.isFinite);
  const references = Object.entries(data.parent.perplexity).map(([set, value]) => lossOf(data, set, value)).filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const shown = members.some(member => member.evaluations.length > 0) ? [...values, ...references] : values;
  const [low, high] = d3.extent(shown);
  const margin = (high - low) * 0.05 || 0.1;
  return [data.method.towardsParent ? low - margin : Math.max(0, low - margin), high + margin];
}

function lossTable(member) {
  const { curve } = member;
  const every = Math.max(1, Math.ceil(curve.tokens.length / 50));
  const rows = d3.range(0, curve.tokens.length, every).map(index => [whole(curve.tokens[index]), measured(curve.loss[index]), measured(curve.smooth[index]),
    measured(curve.learningRate[index]), measured(curve.gradientNorm[index])]);
  const measurements = member.evaluations.map(one => [whole(one.tokens) === UNKNOWN ? "0" : whole(one.tokens), one.set, measured(one.perplexity)]);
  return h("div", {}, table(`Loss of ${member.name}, every ${every === 1 ? "point" : every + "th point"} of the plot`, ["Tokens", "Loss", "Running mean", "Learning rate", "Gradient norm"], rows),
    measurements.length > 0 ? table("Measured on the way", ["Tokens", "Set", "Perplexity"], measurements, [1]) : null);
}

function strip(svg, x, values, top, height, left, right, name) {
  const finite = values.map(([, value]) => number(value)).filter(Number.isFinite);
  const high = d3.max(finite) || 1;
  const y = d3.scaleLinear([0, high], [top + height, top + 18]);
  svg.append("text").attr("class", "unit").attr("x", left).attr("y", top + 10).text(name);
  const axis = svg.append("g").attr("class", "axis");
  axis.append("line").attr("x1", left).attr("x2", right).attr("y1", top + height).attr("y2", top + height);
  [[0, "0"], [high, measured(high).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "")]].forEach(([value, text]) =>
    axis.append("text").attr("x", left - 8).attr("y", y(value)).attr("dy", "0.32em").attr("text-anchor", "end").text(text));
  svg.append("path").attr("class", "mark strip").attr("d", d3.line().defined(([, value]) => Number.isFinite(value)).x(([at]) => x(at)).y(([, value]) => y(value))(values.map(([at, value]) => [at, number(value)])))
    .style("fill", "none").style("stroke", "var(--quiet)").style("stroke-width", 1.2);
}

function lossPlot(width, member, data, range) {
  const { curve, evaluations } = member;
  const plotHeight = Math.round(Math.min(330, Math.max(240, width * 0.58)));
  const height = plotHeight + (strips ? 150 : 0);
  const box = { left: strips ? 62 : 40, right: width - 12, top: 26, bottom: plotHeight - 44 };
  const svg = svgOf(width, height);
  const last = curve.tokens[curve.tokens.length - 1];
  const end = Math.max(last, member.plan.tokens || 0);
  const x = d3.scaleLinear([0, end], [box.left, box.right]);
  const y = d3.scaleLinear(range, [box.bottom, box.top]);
  axes(svg, x, y, { box, xTicks: x.ticks(Math.max(3, Math.round(width / 100))), yTicks: y.ticks(6), xFormat: tick, yFormat: value => String(Number(value.toPrecision(6))), xLabel: "tokens", yLabel: "loss (nats)" });

  const clip = nextId("clip");
  svg.append("clipPath").attr("id", clip).append("rect").attr("x", box.left).attr("y", box.top).attr("width", box.right - box.left + 2).attr("height", box.bottom - box.top);
  const lines = svg.append("g").attr("clip-path", `url(#${clip})`);
  const line = values => d3.line().defined((_, index) => Number.isFinite(number(values[index]))).x(tokens => x(tokens)).y((_, index) => y(number(values[index])))(curve.tokens);
  const sets = data.sets.map((set, index) => ({ set, index, points: evaluations.filter(one => one.set === set && Number.isFinite(one.level)) })).filter(one => one.points.length > 0);
  const labels = [];
  sets.forEach(({ set, index }, place) => {
    const reference = lossOf(data, set, data.parent.perplexity[set]);
    if (!Number.isFinite(reference) || (data.method.towardsParent && place > 0)) return;
    lines.append("line").attr("x1", box.left).attr("x2", box.right).attr("y1", y(reference)).attr("y2", y(reference)).style("stroke", signColour(index)).style("stroke-width", 1.3).style("stroke-dasharray", "5 4");
    labels.push({ x: box.right - 2, y: y(reference), text: data.method.towardsParent ? "parent" : "parent on " + set, places: ["belowLeft", "aboveLeft"] });
  });
  lines.append("path").attr("class", "mark raw").attr("d", line(curve.loss)).style("fill", "none").style("stroke", "var(--after)").style("stroke-opacity", 0.3).style("stroke-width", 1);
  lines.append("path").attr("class", "mark smooth").attr("d", line(curve.smooth)).style("fill", "none").style("stroke", "var(--after)").style("stroke-width", 2.2).style("stroke-linejoin", "round");
  const taken = curve.tokens.map((tokens, index) => ({ x: x(tokens) - 1, y: y(number(curve.smooth[index])) - 3, width: 3, height: 6 }));
  sets.forEach(({ set, index, points }) => {
    lines.append("path").attr("d", d3.line()(points.map(one => [x(one.tokens), y(one.level)]))).style("fill", "none").style("stroke", signColour(index)).style("stroke-width", 1);
    points.forEach(one => {
      const at = y(one.level);
      if (at < box.top - 1) return;
      svg.append("path").attr("class", "mark evaluation").attr("transform", `translate(${x(one.tokens)},${at})`).attr("d", sign(index, 46)).style("fill", signColour(index)).style("stroke", "var(--page)");
      taken.push({ x: x(one.tokens) - 6, y: at - 6, width: 12, height: 12 });
    });
    const final = points[points.length - 1];
    if (y(final.level) >= box.top) {
      labels.unshift({ x: Math.min(x(final.tokens), box.right - 2), y: y(final.level), text: set, strong: true, places: ["aboveLeft", "belowLeft", "left", "above", "below"] });
    }
  });
  writeLabels(svg, labels, taken, { x: box.left, y: box.top - 8, width: box.right - box.left + 8, height: box.bottom - box.top + 6 });
  if (strips) {
    const column = values => curve.tokens.map((tokens, index) => [tokens, values[index]]);
    strip(svg, x, column(curve.learningRate), plotHeight, 58, box.left, box.right, "learning rate");
    strip(svg, x, column(curve.gradientNorm), plotHeight + 76, 58, box.left, box.right, "gradient norm");
  }

  const cross = svg.append("g").style("display", "none");
  cross.append("line").attr("y1", box.top).attr("y2", height - (strips ? 16 : 44)).style("stroke", "var(--quiet)").style("stroke-dasharray", "2 2");
  cross.append("circle").attr("r", 4).style("fill", "var(--after)").style("stroke", "var(--page)");
  explorable(svg, curve.tokens.length, {
    nearest: px => (px < box.left - 20 || px > box.right + 20 ? -1 : d3.bisectCenter(curve.tokens, x.invert(px))),
    move: alongRow(curve.tokens.length),
    show: index => {
      const at = x(curve.tokens[index]);
      const mean = number(curve.smooth[index]);
      const level = Math.max(box.top, y(mean));
      cross.style("display", null).attr("transform", `translate(${at},0)`).select("circle").attr("cy", level);
      const text = [`${member.name} at ${count(curve.tokens[index])} tokens`, `loss ${measured(curve.loss[index])}, mean ${measured(mean)}`,
        `learning rate ${measured(curve.learningRate[index])}`, `gradient norm ${measured(curve.gradientNorm[index])}`];
      showHover(svg.node(), at, level, text.join("\n"));
    },
    clear: () => cross.style("display", "none"),
  });
  return svg.node();
}

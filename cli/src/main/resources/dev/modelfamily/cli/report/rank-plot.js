// Which share of each matrix a member keeps: layers across, matrices down, a map for each member.

const shade = share => `color-mix(in oklab, var(--most) ${(100 * share).toFixed(1)}%, var(--least))`;
const matrixName = name => name.replace(/_proj$/, "");

function drawRanks(section, data) {
  const members = data.members.filter(member => member.matrices.length > 0);
  if (members.length === 0) {
    section.append(h("p", { class: "quiet" }, "No finished member has told its ranks yet."));
    return;
  }
  section.append(h("p", { class: "quiet small" }, "The darker, or in the dark the brighter, the more of the matrix is kept: rank × (in + out) of in × out parameters. Hatched: dense, not cut."));
  section.append(shareLegend());
  const narrow = members[0].matrices[0].ranks.length <= 8;
  const stack = h("div", { class: narrow ? "panels" : "stack" });
  section.append(stack);
  members.forEach(member => {
    const { matrices } = member;
    const ranks = matrices.flatMap(matrix => matrix.ranks.filter(rank => rank > 0));
    const dense = d3.sum(matrices, matrix => matrix.ranks.filter(rank => rank === 0).length);
    const all = d3.sum(matrices, matrix => matrix.ranks.length);
    const words = (ranks.length > 0 ? `ranks ${d3.min(ranks)} to ${d3.max(ranks)}` : "no matrix cut") + `, ${dense} of ${all} matrices dense, ${percent(member.keptOfLinears)} of the linears kept`;
    figure(stack, [h("h3", {}, member.name), h("span", { class: "quiet small" }, words)], `Kept share of each matrix of ${member.name} by layer: ${words}.`,
      width => heatMap(width, member, matrix => matrix.kept, shade), () => rankTable(member));
    const errors = matrices.flatMap(matrix => matrix.errors.map(number)).filter(Number.isFinite);
    if (errors.length > 0) {
      const most = d3.max(errors) || 1;
      const range = `0 to ${percent(most)} of the squared norm`;
      figure(stack, [h("span", { class: "small" }, `${member.name}: dropped by the cut`), h("span", { class: "quiet small" }, range)], `Share of the squared norm of each matrix of ${member.name} that the cut dropped: ${range}.`,
        width => heatMap(width, member, matrix => matrix.errors.map(number), share => shade(share / most)));
    }
  });
}

function shareLegend() {
  const steps = d3.range(0, 1.0001, 0.25);
  return h("div", { class: "legend", "aria-hidden": "true" }, "kept share",
    ...steps.map(share => sample(svg => svg.append("rect").attr("width", 16).attr("height", 14).style("fill", shade(share)), share * 100 + " %")),
    sample(svg => {
      hatch(svg, "hatch-legend");
      svg.append("rect").attr("width", 16).attr("height", 14).attr("fill", "url(#hatch-legend)");
    }, "dense"));
}

function hatch(svg, id) {
  const pattern = svg.append("pattern").attr("id", id).attr("width", 6).attr("height", 6).attr("patternUnits", "userSpaceOnUse").attr("patternTransform", "rotate(45)");
  pattern.append("rect").attr("width", 6).attr("height", 6).style("fill", "var(--dense)");
  pattern.append("line").attr("y2", 6).style("stroke", "var(--quiet)").style("stroke-width", 2.4);
}

function rankTable(member) {
  const layers = member.matrices[0].ranks.length;
  return table(`Ranks of ${member.name}, dense ones as a dash`, ["Layer", ...member.matrices.map(matrix => matrixName(matrix.name))],
    d3.range(layers).map(layer => [String(layer), ...member.matrices.map(matrix => (matrix.ranks[layer] > 0 ? String(matrix.ranks[layer]) : UNKNOWN))]));
}

function heatMap(width, member, valuesOf, fill) {
  const { matrices } = member;
  const layers = matrices[0].ranks.length;
  const box = { left: 44, right: width - 52, top: 4 };
  const cellWidth = Math.min(64, (box.right - box.left) / layers);
  const cellHeight = 22;
  const gap = cellWidth > 6 ? 1 : 0;
  const height = box.top + matrices.length * cellHeight + 20;
  const svg = svgOf(width, height);
  const id = nextId("hatch");
  hatch(svg, id);
  const right = box.left + cellWidth * layers;
  const axis = svg.append("g").attr("class", "axis");
  const cells = svg.append("g");
  matrices.forEach((matrix, row) => {
    const top = box.top + row * cellHeight;
    const values = valuesOf(matrix);
    axis.append("text").attr("x", box.left - 8).attr("y", top + cellHeight / 2).attr("dy", "0.32em").attr("text-anchor", "end").text(matrixName(matrix.name));
    const mean = d3.mean(values.filter(Number.isFinite));
    axis.append("text").attr("x", right + 8).attr("y", top + cellHeight / 2).attr("dy", "0.32em").text(mean === undefined ? UNKNOWN : percent(mean, 0));
    matrix.ranks.forEach((rank, layer) => {
      const dense = rank === 0;
      const cell = cells.append("rect").attr("class", dense ? "cell dense" : "cell").attr("x", box.left + layer * cellWidth).attr("y", top).attr("width", Math.max(0.5, cellWidth - gap)).attr("height", cellHeight - 1);
      if (dense || !Number.isFinite(values[layer])) cell.attr("fill", `url(#${id})`);
      else cell.style("fill", fill(values[layer]));
      if (cellWidth >= 34 && !dense && fill === shade) {
        cells.append("text").attr("class", "rank").attr("x", box.left + (layer + 0.5) * cellWidth).attr("y", top + cellHeight / 2).attr("dy", "0.35em").attr("text-anchor", "middle")
          .style("fill", values[layer] > 0.56 ? "var(--page)" : "var(--ink)").text(rank);
      }
    });
  });
  const every = [1, 2, 5, 10, 20, 50].find(step => step * cellWidth >= 26) || 100;
  const bottom = box.top + matrices.length * cellHeight;
  d3.range(0, layers, every).forEach(layer => axis.append("text").attr("x", box.left + (layer + 0.5) * cellWidth).attr("y", bottom + 14).attr("text-anchor", "middle").text(layer));
  svg.append("text").attr("class", "unit").attr("x", box.left - 8).attr("y", bottom + 14).attr("text-anchor", "end").text("layer");
  svg.append("text").attr("class", "unit").attr("x", right + 8).attr("y", bottom + 14).text("mean");

  const ring = svg.append("rect").attr("width", cellWidth).attr("height", cellHeight).style("fill", "none").style("stroke", "var(--ink)").style("stroke-width", 2).style("display", "none");
  const marks = layers * matrices.length;
  explorable(svg, marks, {
    nearest: (px, py) => {
      const layer = Math.floor((px - box.left) / cellWidth);
      const row = Math.floor((py - box.top) / cellHeight);
      return layer >= 0 && layer < layers && row >= 0 && row < matrices.length ? row * layers + layer : -1;
    },
    move: (index, key) => ({ ArrowLeft: index - 1, ArrowRight: index + 1, ArrowUp: index - layers, ArrowDown: index + layers, Home: 0, End: marks - 1 })[key],
    show: index => {
      const layer = index % layers;
      const matrix = matrices[Math.floor(index / layers)];
      const rank = matrix.ranks[layer];
      const left = box.left + layer * cellWidth;
      const top = box.top + Math.floor(index / layers) * cellHeight;
      ring.style("display", null).attr("x", left - gap / 2).attr("y", top - 0.5);
      const error = number(matrix.errors[layer]);
      showHover(svg.node(), left + cellWidth / 2, top + cellHeight / 2, [
        `${member.name}, layer ${layer}, ${matrix.name}`, `${matrix.out} × ${matrix.in}, break-even rank ${matrix.breakEven}`,
        rank > 0 ? `rank ${rank}, keeps ${percent(matrix.kept[layer])}` : "dense", Number.isFinite(error) ? `cut dropped ${percent(error, 2)} of the squared norm` : null].filter(Boolean).join("\n"));
    },
    clear: () => ring.style("display", "none"),
  });
  return svg.node();
}

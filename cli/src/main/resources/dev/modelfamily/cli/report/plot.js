// What all plots share: elements, figures that fit their width, hover by pointer and keyboard, labels that do not overlap.

/** An element. Texts only ever become text, never markup. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child != null));
  return element;
}

/** A table of plain cells; a cell may be an element. */
function table(caption, header, rows, textColumns = []) {
  const align = column => (textColumns.includes(column) ? "text" : null);
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h("table", {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, ...header.map((name, column) => h("th", { scope: "col", class: align(column) }, name)))),
      h("tbody", {}, ...rows.map(row => h("tr", {}, ...row.map((cell, column) =>
        column === 0 ? h("th", { scope: "row" }, cell) : h("td", { class: align(column) }, cell)))))));
}

/** A table that is made when it is opened: some have thousands of cells. */
function tableOnRequest(make) {
  const details = h("details", {}, h("summary", {}, "Show as a table"));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(make());
  });
  return details;
}

let ids = 0;
/** An id that no other element has. */
const nextId = prefix => `${prefix}-${ids++}`;

const redraws = [];

/**
 * A figure whose plot is drawn once all figures have their places, and anew whenever its width changes.
 * draw(width) gives an SVG element; caption is a list of elements; description is for those who do not see the plot.
 */
function figure(parent, caption, description, draw, makeTable) {
  const plot = h("div", { class: "plot", role: "group", "aria-label": description });
  const element = h("figure", {}, h("figcaption", {}, ...caption), plot, makeTable ? tableOnRequest(makeTable) : null);
  parent.append(element);
  let drawn = 0;
  const redraw = (force = false) => {
    const width = Math.max(260, Math.round(plot.clientWidth || 640));
    if (!force && width === drawn) return;
    drawn = width;
    const held = plot.contains(document.activeElement);
    const svg = draw(width);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", description);
    plot.replaceChildren(svg);
    if (held) svg.focus();
  };
  redraws.push(redraw);
  return element;
}

function redrawAll(force = false) {
  redraws.forEach(redraw => redraw(force));
}

let pending = 0;
window.addEventListener("resize", () => {
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(() => redrawAll());
});

function svgOf(width, height) {
  return d3.create("svg").attr("viewBox", [0, 0, width, height]).attr("width", width).attr("height", height);
}

/** The box with values that follows the pointer, and that screen readers read. */
function showHover(svg, x, y, text) {
  const hover = document.getElementById("hover");
  hover.textContent = text;
  hover.hidden = false;
  const box = svg.getBoundingClientRect();
  const scale = box.width / svg.viewBox.baseVal.width;
  const left = box.left + window.scrollX + x * scale;
  const top = box.top + window.scrollY + y * scale;
  const right = window.scrollX + document.documentElement.clientWidth;
  const fits = left + 16 + hover.offsetWidth < right - 8;
  hover.style.left = (fits ? left + 16 : Math.max(window.scrollX + 8, left - 16 - hover.offsetWidth)) + "px";
  hover.style.top = Math.max(window.scrollY + 8, top - hover.offsetHeight / 2) + "px";
}

function hideHover() {
  document.getElementById("hover").hidden = true;
}
document.addEventListener("keydown", event => {
  if (event.key === "Escape") hideHover();
});

/**
 * Lets a plot be explored by pointer, touch and arrow keys.
 * nearest(x, y) gives the index of a mark; move(index, key) the index that a key leads to; show(index) draws it.
 */
function explorable(svg, marks, { nearest, move, show, clear }) {
  const node = svg.node();
  let present = -1;
  const go = index => {
    if (index < 0 || index >= marks) return;
    present = index;
    show(index);
  };
  const leave = () => {
    clear();
    hideHover();
  };
  svg.attr("tabindex", 0)
    .on("pointermove pointerdown", event => {
      const [x, y] = d3.pointer(event, node);
      const index = nearest(x, y);
      if (index >= 0) go(index);
      else leave();
    })
    .on("pointerleave blur", leave)
    .on("focus", () => node.matches(":focus-visible") && go(Math.max(0, present)))
    .on("keydown", event => {
      const index = move(Math.max(0, present), event.key);
      if (index === undefined) return;
      event.preventDefault();
      go(Math.max(0, Math.min(marks - 1, index)));
    });
}

/** What the arrow keys do in a row of marks. */
function alongRow(marks) {
  return (index, key) => ({
    ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: marks - 1,
    PageUp: index - Math.ceil(marks / 20), PageDown: index + Math.ceil(marks / 20),
  })[key];
}

/** Ticks of a log scale: 1, 2, 5 of each power of ten, or the powers alone where there are many. */
function logTicks([low, high], most) {
  for (const factors of [[1, 1.5, 2, 3, 4, 5, 6, 8], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]]) {
    const ticks = [];
    for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent++) {
      factors.map(factor => factor * 10 ** exponent).filter(value => value >= low * 0.9999 && value <= high * 1.0001)
        .forEach(value => ticks.push(Number(value.toPrecision(3))));
    }
    if (ticks.length <= most) return ticks.length >= 2 ? ticks : d3.ticks(low, high, most);
  }
  const powers = d3.range(Math.ceil(Math.log10(low)), Math.floor(Math.log10(high)) + 1);
  const every = Math.ceil(powers.length / most);
  return powers.filter((_, index) => index % every === 0).map(exponent => 10 ** exponent);
}

/** 200, 1000, 10⁵: a tick of a scale of perplexities. */
const plain = value => (value >= 1e5 ? power(value, 0) : Number(value.toPrecision(4)).toString());

/** A bottom and a left axis with light lines across. */
function axes(svg, x, y, { box, xTicks, yTicks, xFormat, yFormat, xLabel, yLabel }) {
  const grid = svg.append("g").attr("class", "grid");
  yTicks.forEach(value => grid.append("line").attr("x1", box.left).attr("x2", box.right).attr("y1", y(value)).attr("y2", y(value)));
  const left = svg.append("g").attr("class", "axis");
  yTicks.forEach(value => left.append("text").attr("x", box.left - 8).attr("y", y(value)).attr("dy", "0.32em").attr("text-anchor", "end").text(yFormat(value)));
  const bottom = svg.append("g").attr("class", "axis");
  bottom.append("line").attr("x1", box.left).attr("x2", box.right).attr("y1", box.bottom).attr("y2", box.bottom);
  xTicks.forEach(value => {
    bottom.append("line").attr("x1", x(value)).attr("x2", x(value)).attr("y1", box.bottom).attr("y2", box.bottom + 5);
    bottom.append("text").attr("x", x(value)).attr("y", box.bottom + 18).attr("text-anchor", "middle").text(xFormat(value));
  });
  if (xLabel) svg.append("text").attr("class", "unit").attr("x", box.right).attr("y", box.bottom + 36).attr("text-anchor", "end").text(xLabel);
  if (yLabel) svg.append("text").attr("class", "unit").attr("x", 0).attr("y", 12).text(yLabel);
}

const overlaps = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/**
 * Writes labels beside their points, the first ones first, each at the first of the places around it where it covers nothing.
 * One without such a place is left out: hover and table still have it.
 */
function writeLabels(svg, labels, taken, box) {
  const width = text => 6.7 * text.length + 4;
  for (const { x, y, text, strong, places } of labels) {
    const size = width(text) * (strong ? 1.06 : 1);
    const around = {
      right: [x + 9, y - 8, "start", x + 9], left: [x - 9 - size, y - 8, "end", x - 9],
      below: [x - size / 2, y + 9, "middle", x], above: [x - size / 2, y - 25, "middle", x],
      belowRight: [x + 5, y + 8, "start", x + 5], belowLeft: [x - 5 - size, y + 8, "end", x - 5],
      aboveRight: [x + 5, y - 24, "start", x + 5], aboveLeft: [x - 5 - size, y - 24, "end", x - 5],
    };
    for (const place of places) {
      const [left, top, anchor, at] = around[place];
      const area = { x: left, y: top, width: size, height: 16 };
      const inside = area.x >= box.x && area.x + area.width <= box.x + box.width && area.y >= box.y && area.y + area.height <= box.y + box.height;
      if (inside && !taken.some(other => overlaps(area, other))) {
        taken.push(area);
        svg.append("text").attr("class", strong ? "label strong" : "label").attr("x", at).attr("y", top + 12).attr("text-anchor", anchor).text(text);
        break;
      }
    }
  }
}

/** Small signs that tell evaluation sets apart also without colour. */
const SIGNS = [d3.symbolSquare, d3.symbolTriangle, d3.symbolDiamond, d3.symbolStar];
const sign = (set, size = 60) => d3.symbol(SIGNS[set % SIGNS.length], size)();
const signColour = set => `var(--set-${set % 4})`;

/** A sample of a mark for a legend. */
function sample(draw, text, width = 16) {
  const svg = d3.create("svg").attr("width", width).attr("height", 14).attr("viewBox", [0, 0, width, 14]).attr("aria-hidden", "true");
  draw(svg);
  return h("span", {}, svg.node(), text);
}

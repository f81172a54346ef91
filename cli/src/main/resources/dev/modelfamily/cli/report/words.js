// Numbers as people read them. What is not known is an en dash.
const UNKNOWN = "–";

/** A number of the data: JSON has no NaN and no infinity, so these come as words. */
const number = value => (value == null ? NaN : Number(value));

const known = value => !Number.isNaN(number(value));

function scaled(value, step, units) {
  let unit = 0;
  while (Math.abs(value) >= step && unit < units.length - 1) {
    value /= step;
    unit++;
  }
  const digits = unit === 0 ? (Number.isInteger(value) ? 0 : 1) : value >= 100 ? 1 : 2;
  return value.toFixed(digits) + units[unit];
}

/** 134.5M */
const count = value => (value > 0 ? scaled(value, 1000, ["", "k", "M", "B", "T"]) : UNKNOWN);
/** The same for ticks: no digits that are not needed. */
const tick = value => (value === 0 ? "0" : count(value).replace(/(\.\d*?)0+(?=[kMBT]?$)/, "$1").replace(/\.(?=[kMBT]?$)/, ""));
const bytes = value => (value > 0 ? scaled(value, 1024, [" B", " KiB", " MiB", " GiB", " TiB"]) : UNKNOWN);
const percent = (share, digits = 1) => (share > 0 || share < 0 ? (100 * share).toFixed(digits) + " %" : UNKNOWN);
const whole = value => (value > 0 ? d3.format(",")(value).replaceAll(",", "\u2009") : UNKNOWN);

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** 2.3×10⁻⁴ */
function power(value, digits = 1) {
  const [factor, exponent] = value.toExponential(digits).split("e");
  const raised = [...exponent.replace("+", "")].map(sign => RAISED[sign]).join("");
  return (Number(factor) === 1 ? "" : Number(factor) + "×") + "10" + raised;
}

/** Four digits, or a power of ten where that is shorter. */
function measured(value) {
  value = number(value);
  if (Number.isNaN(value)) return UNKNOWN;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const size = Math.abs(value);
  if (size >= 1e5) return power(value, 2);
  if (size !== 0 && size < 1e-3) return power(value, 2);
  return size >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}

const ratio = value => (known(value) && Number.isFinite(number(value)) ? (value >= 1000 ? measured(value) : Number(value).toFixed(value < 10 ? 3 : 1)) + "×" : UNKNOWN);

/** 2 h 05 min */
function duration(seconds) {
  if (!(seconds > 0)) return UNKNOWN;
  if (seconds < 10) return seconds.toFixed(1) + " s";
  if (seconds < 60) return Math.round(seconds) + " s";
  const minutes = Math.round(seconds / 60);
  if (seconds < 600) {
    const [full, rest] = [Math.floor(Math.round(seconds) / 60), Math.round(seconds) % 60];
    return full + " min" + (rest > 0 ? ` ${rest} s` : "");
  }
  if (minutes < 60) return minutes + " min";
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return hours + " h " + String(minutes % 60).padStart(2, "0") + " min";
  return Math.floor(hours / 24) + " d " + (hours % 24) + " h";
}

/** 2026-03-01 12:00 UTC */
const moment = text => (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && text.endsWith("Z") ? text.slice(0, 10) + " " + text.slice(11, 16) + " UTC" : text);

/** The first digits of a digest. */
const short = digest => (digest ? digest.replace(/^sha256:/, "").slice(0, 8) : UNKNOWN);

/** A URI in short: of a path on some machine only its end. */
const place = uri => (uri.startsWith("file:") && uri.split("/").length > 3 ? "…/" + uri.split("/").slice(-2).join("/") : uri);

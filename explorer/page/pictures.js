// What is drawn: the curve, what mail waits for, the price against the gain, and the curve of a slider.

const SVG = "http://www.w3.org/2000/svg";
const AXIS = [[10, "10 s"], [60, "1 min"], [300, "5 min"], [900, "15 min"], [3600, "1 h"], [14400, "4 h"], [86400, "1 d"]];
const AXIS_NARROW = [[10, "10 s"], [60, "1 min"], [300, "5"], [900, "15"], [3600, "1 h"], [14400, "4 h"], [86400, "1 d"]];
const GLIDE_MS = 110;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

function drawn(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function made(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

// --- the curve ---

// The share at any time, between two points along the logarithm of time.
function shareAt(curve, seconds, column = 1) {
  const after = curve.findIndex((point) => point[0] >= seconds);
  if (after < 0) return curve.at(-1)?.[column];
  if (after === 0) return curve[0][column];
  const [a, b] = [curve[after - 1], curve[after]];
  const part = a[0] > 0 ? Math.log(seconds / a[0]) / Math.log(b[0] / a[0]) : 1;
  return a[column] + part * (b[column] - a[column]);
}

// The plane that the curve lies in. It is drawn at its true size: letters do not shrink with the picture.
function plane(svg) {
  const width = Math.max(260, Math.round(svg.clientWidth || 760));
  const narrow = width < 560;
  const height = narrow ? Math.max(190, Math.round(width * 0.58)) : Math.min(340, Math.round(width * 0.4));
  const [left, right, top, bottom] = [narrow ? 34 : 46, width - 14, 26, height - 26];
  const decades = Math.log(AXIS.at(-1)[0] * 1.6 / AXIS[0][0]);
  return {
    width, height, left, right, top, bottom, narrow,
    x: (seconds) => left + ((right - left) * Math.log(seconds / AXIS[0][0])) / decades,
    y: (share) => bottom - (bottom - top) * share,
    seconds: (x) => AXIS[0][0] * Math.exp((decades * (x - left)) / (right - left)),
  };
}

const inside = (curve, { x, left, right }) =>
  curve.filter((point) => known(point[1]) && point[0] > 0 && x(point[0]) >= left - 0.5 && x(point[0]) <= right + 0.5);
const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

function curvePicture(svg, { now, base, nowAt, baseAt, seconds, different }) {
  const p = plane(svg);
  const along = (curve, column = 1) => inside(curve, p).map((point) => [p.x(point[0]), p.y(point[column])]);
  const banded = inside(now, p).filter((point) => known(point[2], point[3]));
  const parts = [...grid(p)];
  if (banded.length > 1) {
    const [upper, lower] = [along(banded, 3), along(banded, 2)];
    parts.push(drawn("path", { class: "band", d: path(upper) + path(lower.reverse()).replace("M", "L") + "Z" }));
  }
  parts.push(drawn("line", { class: "asked", x1: p.x(seconds), x2: p.x(seconds), y1: p.top - 6, y2: p.bottom }));
  if (different) parts.push(drawn("path", { class: "ghost", d: path(along(base)) }));
  parts.push(drawn("path", { class: "now", d: path(along(now)) }));
  // The upper curve is named to the upper left, the lower to the lower right: there no curve that rises runs.
  if (different && known(baseAt)) parts.push(...marked(p, seconds, baseAt, "ghost", `baseline ${percent(baseAt)}`, baseAt > nowAt));
  if (known(nowAt)) parts.push(...marked(p, seconds, nowAt, "now", `now ${percent(nowAt)}`, !different || nowAt >= baseAt));
  svg.setAttribute("viewBox", `0 0 ${p.width} ${p.height}`);
  svg.replaceChildren(...parts);
}

function grid(p) {
  const parts = [];
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    parts.push(drawn("line", { class: share ? "rule" : "floor", x1: p.left, x2: p.right, y1: p.y(share), y2: p.y(share) }));
    parts.push(drawn("text", { x: p.left - 7, y: p.y(share) + 4, "text-anchor": "end" }, 100 * share + (share === 1 && !p.narrow ? " %" : "")));
  }
  for (const [seconds, text] of p.narrow ? AXIS_NARROW : AXIS) {
    parts.push(drawn("line", { class: "rule", x1: p.x(seconds), x2: p.x(seconds), y1: p.top, y2: p.bottom }));
    parts.push(drawn("text", { x: p.x(seconds), y: p.height - 8, "text-anchor": "middle" }, text));
  }
  return parts;
}

function marked(p, seconds, share, which, text, above) {
  const [x, y] = [p.x(seconds), p.y(share)];
  const crowded = above ? x - p.left < 96 : p.right - x < 104;
  const left = above !== crowded;
  const label = { class: `name ${which}-name`, x: x + (left ? -10 : 10), y: Math.max(12, y + (above ? -9 : 19)), "text-anchor": left ? "end" : "start" };
  if (!above) label.y = Math.min(p.bottom - 6, label.y);
  return [drawn("circle", { class: `${which}-dot`, cx: x, cy: y, r: which === "now" ? 5 : 4 }), drawn("text", label, text)];
}

// From one curve to the next in a tenth of a second: common random numbers make it move where others would jump.
let shown = null;
let frame = 0;
function glide(svg, to) {
  cancelAnimationFrame(frame);
  const from = shown;
  const joined = from && from.now.length === to.now.length && from.base.length === to.base.length && from.seconds === to.seconds;
  const began = performance.now();
  const step = () => {
    const part = !joined || calm.matches ? 1 : Math.min(1, (performance.now() - began) / GLIDE_MS);
    shown = part === 1 ? to : mixed(from, to, part * (2 - part));
    curvePicture(svg, shown);
    if (part < 1) frame = requestAnimationFrame(step);
  };
  step();
}

function mixed(from, to, part) {
  const mix = (a, b) => (known(a, b) ? a + (b - a) * part : b);
  const curve = (a, b) => b.map((point, i) => point.map((value, j) => (j ? mix(a[i][j], value) : value)));
  return { ...to, now: curve(from.now, to.now), base: curve(from.base, to.base), nowAt: mix(from.nowAt, to.nowAt), baseAt: mix(from.baseAt, to.baseAt) };
}

// --- what mail waits for ---

function causesPicture(box, now, base, different) {
  const before = new Map(base.map((cause) => [cause.name, cause.seconds]));
  const rows = now.map((cause) => ({ ...cause, seconds: cause.seconds ?? 0, before: before.get(cause.name) ?? 0 }));
  for (const cause of base) if (!rows.some((row) => row.name === cause.name)) rows.push({ ...cause, seconds: 0, before: cause.seconds });
  const weight = (row) => Math.max(row.seconds, different ? row.before : 0);
  const heavy = rows.filter((row) => weight(row) >= 5).sort((a, b) => weight(b) - weight(a)).slice(0, 7);
  const longest = Math.max(60, ...heavy.map(weight));
  box.replaceChildren(...heavy.map((row) => causeRow(row, longest, different)));
}

function causeRow(row, longest, different) {
  const bar = (name, seconds) => {
    const element = made("span", { class: name });
    element.style.width = (100 * seconds) / longest + "%";
    element.hidden = seconds === 0;
    return element;
  };
  const bars = made("span", { class: "bars", "aria-hidden": "true" }, bar("bar", row.seconds), ...(different ? [bar("bar-before", row.before)] : []));
  const value = made("span", { class: "value" }, made("b", {}, duration(row.seconds)));
  if (different) value.prepend(made("span", { class: "before" }, duration(row.before), " → "));
  return made("li", {}, made("span", {}, row.label), value, bars);
}

// --- price against gain ---

const HOURS = [0, 6, 12, 18, 24];
const RADII = { now: 6, ghost: 5, option: 3.5, stop: 2.5 };

// Of what one may decide each option and each stop of a slider is a point. Those that lie on another are left out, and
// the names that would run into another or over the edge; a stop has none, since its number alone says nothing.
function pricePicture(svg, points, asked) {
  const width = Math.max(240, Math.round(svg.clientWidth || 380));
  const height = Math.round(Math.min(320, Math.max(220, width * 0.74)));
  const [left, right, top, bottom] = [30, width - 12, 28, height - 38];
  const most = Math.min(1, Math.max(0.25, Math.ceil(Math.max(...points.map((point) => point.share)) * 5 + 0.2) / 5));
  const x = (value) => left + ((right - left) * value) / 24;
  const y = (share) => bottom - ((bottom - top) * share) / most;
  const parts = [];
  for (let i = 0; i <= 4; i += 1) {
    const share = (most * i) / 4;
    parts.push(drawn("line", { class: i ? "rule" : "floor", x1: left, x2: right, y1: y(share), y2: y(share) }));
    parts.push(drawn("text", { x: left - 6, y: y(share) + 4, "text-anchor": "end" }, Math.round(100 * share)));
  }
  for (const hour of HOURS) parts.push(drawn("text", { x: x(hour), y: bottom + 16, "text-anchor": hour === 24 ? "end" : "middle" }, hour === 24 ? "24 h" : hour));
  parts.push(drawn("text", { x: 0, y: 12 }, `% told within ${asked}`));
  parts.push(drawn("text", { x: (left + right) / 2, y: height - 4, "text-anchor": "middle" }, "hours a day with the key in reach while locked"));
  parts.push(...scattered(points.map((point) => ({ ...point, x: x(point.hours), y: y(point.share) })), { left, right, top, bottom }));
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(...parts);
}

function scattered(points, frame) {
  const dots = [];
  const names = [];
  const taken = points.filter((point) => point.gain === undefined).map((point) => [point.x - 8, point.y - 8, point.x + 8, point.y + 8]);
  const free = (box) => box[0] >= frame.left && box[2] <= frame.right + 8 && box[1] >= frame.top - 6 && box[3] <= frame.bottom - 1 && taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
  const rank = (point) => ["now", "ghost", "option", "stop"].indexOf(point.kind);
  const ranked = [...points].sort((a, b) => rank(a) - rank(b) || Math.abs(b.gain ?? 0) - Math.abs(a.gain ?? 0));
  for (const point of ranked) {
    if (point.gain !== undefined && dots.some((dot) => Math.hypot(dot.x - point.x, dot.y - point.y) < 7)) continue;
    dots.push(point);
    if (point.kind === "stop") continue;
    const name = drawn("text", { class: `name small ${point.kind}-name` }, point.name);
    const wide = point.name.length * 6.1 + 4;
    for (const [x1, y1] of [[point.x + 9, point.y - 8], [point.x - 9 - wide, point.y - 8], [point.x - wide / 2, point.y - 25], [point.x - wide / 2, point.y + 9]]) {
      const box = [x1, y1, x1 + wide, y1 + 15];
      if (!free(box)) continue;
      taken.push(box);
      name.setAttribute("x", x1 + 2);
      name.setAttribute("y", y1 + 12);
      names.push(name);
      break;
    }
    taken.push([point.x - 4, point.y - 4, point.x + 4, point.y + 4]);
  }
  const circles = dots.reverse().map((dot) => {
    const circle = drawn("circle", { class: `${dot.kind}-dot`, cx: dot.x, cy: dot.y, r: RADII[dot.kind] });
    circle.append(drawn("title", {}, dot.title ?? dot.name));
    return circle;
  });
  return [...circles, ...names];
}

// --- the curve of a slider ---

// Points are [place from 0 to 1, share], drawn over at least five hundredths: what does not matter looks flat.
function sliderPicture(svg, points) {
  const [width, height] = [Math.max(120, svg.clientWidth || 300), 30];
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  if (points.length < 2) return svg.replaceChildren();
  const shares = points.map((point) => point[1]);
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const middle = (low + high) / 2;
  const span = Math.max(high - low, 0.05);
  const at = points.map(([place, share]) => [10 + (width - 20) * place, height / 2 - ((height - 10) * (share - middle)) / span]);
  svg.replaceChildren(drawn("path", { class: "spark", d: path(at) }), ...at.map(([x, y]) => drawn("circle", { class: "spark-dot", cx: x, cy: y, r: 2 })));
}

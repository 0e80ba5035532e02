"use strict";
// Numbers into words. No digit is said that the interval does not carry, and no number is parted from its unit at
// the end of a line.

const NB = "\u00a0";
const MINUS = "\u2212";

const known = (...numbers) => numbers.every(Number.isFinite);
const signed = (number, digits) => (number < 0 ? MINUS : "+") + Math.abs(number).toFixed(digits);
const counted = (number) => number.toLocaleString("en");
const typeset = (text) => String(text).replace("-", MINUS);

// How wide an interval is, where it is known.
const widthOf = ({ low, high }) => (known(low, high) ? high - low : null);

// A share as a percentage, of which `width` is the width of the interval.
function percent(share, width) {
  if (!known(share)) return "an unknown share";
  const digits = known(width) && width <= 0.02 && share > 0.0005 && share < 0.9995 ? 1 : 0;
  return (100 * share).toFixed(digits) + NB + "%";
}

// The two ends of an interval, each written by `write`; the ends are the numbers or nothing.
function between(low, high, write) {
  if (!known(low, high)) return "";
  const [from, to] = [typeset(write(low)), typeset(write(high))];
  if (from === to) return from;
  return /[\u2212+]/.test(from + to) ? `${from} to ${to}` : `${from}–${to}`;
}

function duration(seconds) {
  if (!known(seconds)) return "no known time";
  if (seconds < 89.5) return Math.round(seconds) + NB + "s";
  if (seconds < 89.5 * 60) return Math.round(seconds / 60) + NB + "min";
  if (seconds < 47.5 * 3600) return (seconds / 3600).toFixed(1) + NB + "h";
  return (seconds / 86400).toFixed(1) + NB + "d";
}

// Hours a day, to the tenth; none at all is said as such.
const hours = (value) => (Math.abs(value) < 0.05 ? "0" : value.toFixed(1));

// A value as --set writes it, such as 1h30m or "0.25", for people.
function spoken(value) {
  const units = { ms: "ms", s: "s", m: "min", h: "h", d: "d" };
  const bare = String(value).replace(/^"|"$/g, "");
  if (!/^(\d+(\.\d+)?(ms|[smhd]) ?)+$/.test(bare)) return bare.replace(/_/g, " ");
  return bare.replace(/(\d+(?:\.\d+)?)(ms|[smhd]) ?/g, (_, number, unit) => `${number}${NB}${units[unit]} `).trim();
}

// `a`, `a and b`, `a, b and c`; of more than `most` the rest is only said to be there.
function listed(items, most = 3) {
  if (items.length > most) return items.slice(0, most).join(", ") + " and more";
  return items.length < 2 ? items.join("") : items.slice(0, -1).join(", ") + " and " + items.at(-1);
}

// A word of a command line for a POSIX shell.
const quoted = (word) => (/^[\w.=:,/@%+-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'");

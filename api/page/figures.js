// Values as short figures, and the scale that they are drawn on.

/**
 * @typedef {import("./service.js").Value} Value
 * @typedef {Value & {low: number, high: number}} Quantity
 */

const DIGITS = 4;
const PLAIN_BELOW = 10_000;
const CURRENCY = /^[A-Z]{3}$/;
/** Units that stand behind a number as a sign. @type {ReadonlyMap<string, string>} */
const SIGNS = new Map([
  ["percent", "%"],
  ["percentage points", " pp"],
  ["basis points", " bp"],
]);
const STEPS = [1, 2, 2.5, 5, 10];
const MOST_STEPS = 3;

/**
 * Whether a value is a quantity; days and text are not.
 *
 * @param {Value | null} value
 * @returns {value is Quantity}
 */
export function isQuantity(value) {
  return value !== null && typeof value.low === "number";
}

/** @param {Quantity} quantity */
export function isRange(quantity) {
  return quantity.low !== quantity.high;
}

/**
 * Write a quantity in few characters, as $60–65bn.
 *
 * @param {Quantity} quantity
 */
export function shortFigure(quantity) {
  const { low, high, unit } = quantity;
  const large = Math.max(Math.abs(low), Math.abs(high)) >= PLAIN_BELOW;
  const format = new Intl.NumberFormat("en-GB", {
    maximumSignificantDigits: DIGITS,
    notation: large ? "compact" : "standard",
    ...(unit !== null && CURRENCY.test(unit)
      ? { style: "currency", currency: unit, currencyDisplay: "narrowSymbol" }
      : {}),
  });
  const written = isRange(quantity) ? format.formatRange(low, high) : format.format(low);
  return `${written}${SIGNS.get(unit ?? "") ?? ""}`;
}

/**
 * The unit of a quantity in words, where its short figure does not show it.
 *
 * @param {Quantity} quantity
 * @returns {string | null}
 */
export function unitInWords({ unit }) {
  return unit === null || CURRENCY.test(unit) || SIGNS.has(unit) ? null : unit;
}

/**
 * Round numbers from below the least to above the greatest figure, at most five; from 0 on where
 * that does not squeeze the figures.
 *
 * @param {number} low
 * @param {number} high at least `low`
 * @returns {number[]} ascending, evenly apart
 */
export function scaleOf(low, high) {
  const least = low >= 0 && low < high / 2 ? 0 : low;
  const span = high - least || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / MOST_STEPS));
  const step = power * (STEPS.find((factor) => span / (factor * power) <= MOST_STEPS) ?? 10);
  const first = Math.floor(least / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

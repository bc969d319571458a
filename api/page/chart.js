// A small chart of a figure over time. Places across are in per cent, so that it fits any width.

import { drawn, element } from "./elements.js";
import { isRange, scaleOf, shortFigure } from "./figures.js";
import { sayDay, sayDayShortly } from "./wording.js";

/**
 * @typedef {import("./figures.js").Quantity} Quantity
 *
 * @typedef {object} Point
 * @property {string} day
 * @property {Quantity} quantity
 * @property {string} standing
 * @property {boolean} realised whether it is a result, and not planned, forecast or denied
 * @property {boolean} answers whether it is the answer that stands above
 * @property {string} label what it is, in words
 * @property {string} href where it is cited
 *
 * @typedef {Point & {across: number}} Placed with its place across, in per cent
 */

const TOP = 30;
const PLOT = 130;
const FOOT = 26;
const FIRST = 13;
const LAST = 90;
/** What one per cent across is on a narrow phone, in pixels: labels that fit there fit anywhere. */
const NARROW = 2.3;
const CHARACTER = 8;
const LINE = 12;
const APART = 7;
const MOST_LABELS = 5;
const DAYS_APART = 34;
const BAR = 12;
const THINNEST = 5;
const RADIUS = 6;
const REACH = 13;

/**
 * @param {Point[]} points at least two, of one unit and of different days, the earliest first
 * @returns {HTMLElement}
 */
export function chartView(points) {
  const lows = points.map(({ quantity }) => quantity.low);
  const highs = points.map(({ quantity }) => quantity.high);
  const scale = scaleOf(Math.min(...lows), Math.max(...highs));
  const [least, most] = [scale[0] ?? 0, scale.at(-1) ?? 1];
  const down = (/** @type {number} */ figure) =>
    TOP + PLOT * (1 - (figure - least) / (most - least));
  const placed = placeAcross(points);
  const [first, last] = [points[0], points.at(-1)];
  const days = first && last ? ` from ${sayDay(first.day)} to ${sayDay(last.day)}` : "";
  const unit = points[0]?.quantity.unit ?? null;
  return element(
    "div",
    { class: "chart" },
    drawn(
      "svg",
      {
        role: "group",
        "aria-label": `Chart of ${points.length} figures${days}`,
        height: TOP + PLOT + FOOT,
      },
      drawn(
        "g",
        { class: "scale", "aria-hidden": "true" },
        ...scale.flatMap((figure) => [
          drawn("line", { x1: 0, x2: "100%", y1: down(figure), y2: down(figure) }),
          drawn(
            "text",
            { x: -8, y: down(figure) + 4, "text-anchor": "end" },
            shortFigure({ kind: "number", low: figure, high: figure, unit, approximate: false }),
          ),
        ]),
        ...spaced(placed).map(({ across, day }) =>
          drawn(
            "text",
            { x: `${across}%`, y: TOP + PLOT + 20, "text-anchor": "middle" },
            sayDayShortly(day),
          ),
        ),
      ),
      drawn("g", { class: "course", "aria-hidden": "true" }, ...courseViews(placed, down)),
      ...pointViews(placed, down),
    ),
  );
}

/**
 * @param {Point[]} points
 * @returns {Placed[]}
 */
function placeAcross(points) {
  const times = points.map(({ day }) => Date.parse(day));
  const [start, end] = [Math.min(...times), Math.max(...times)];
  return points.map((point) => ({
    ...point,
    across: FIRST + ((LAST - FIRST) * (Date.parse(point.day) - start)) / (end - start),
  }));
}

/**
 * Lines between figures that follow one another and stand alike: a result is no sequel to a
 * forecast.
 *
 * @param {Placed[]} placed
 * @param {(figure: number) => number} down
 */
function courseViews(placed, down) {
  const middle = (/** @type {Quantity} */ { low, high }) => down((low + high) / 2);
  return [true, false].flatMap((realised) => {
    const alike = placed.filter((point) => point.realised === realised);
    return alike.slice(1).map((point, at) => {
      const before = /** @type {Placed} */ (alike[at]);
      return drawn("line", {
        x1: `${before.across}%`,
        x2: `${point.across}%`,
        y1: middle(before.quantity),
        y2: middle(point.quantity),
      });
    });
  });
}

/**
 * @param {Placed[]} placed
 * @param {(figure: number) => number} down
 */
function pointViews(placed, down) {
  const marks = placed.map(({ quantity, across }) => {
    const [top, foot] = [down(quantity.high), down(quantity.low)];
    return isRange(quantity)
      ? boxOf(across, BAR, top, Math.max(foot - top, THINNEST))
      : boxOf(across, 2 * RADIUS, top - RADIUS, 2 * RADIUS);
  });
  const labels = labelled(placed, marks);
  return placed.map((point, at) => {
    const { quantity, across, realised, answers, label, href } = point;
    const { top, height } = /** @type {Box} */ (marks[at]);
    const mark = isRange(quantity)
      ? drawn("rect", { class: "mark", x: -BAR / 2, y: top, width: BAR, height, rx: 3 })
      : drawn("circle", { class: "mark", cy: top + RADIUS, r: RADIUS });
    const kinds = [realised ? "realised" : "unrealised", ...(answers ? ["answers"] : [])];
    const line = labels.get(point);
    return drawn(
      "a",
      { class: kinds.join(" "), href, "data-follow": "", "aria-label": label },
      drawn("title", {}, label),
      drawn(
        "svg",
        { x: `${across}%`, overflow: "visible" },
        drawn("rect", {
          class: "reach",
          x: -REACH,
          y: top - REACH + RADIUS,
          width: 2 * REACH,
          height: height + 2 * (REACH - RADIUS),
          rx: REACH,
        }),
        mark,
        line === undefined
          ? null
          : drawn("text", { y: line, "text-anchor": "middle" }, shortFigure(quantity)),
      ),
    );
  });
}

/**
 * Where the labels stand that have room, above their mark or else below it.
 *
 * @param {Placed[]} placed
 * @param {Box[]} marks one of each
 * @returns {Map<Placed, number>} the line that each is written on
 */
function labelled(placed, marks) {
  const taken = [...marks];
  /** @type {Map<Placed, number>} */
  const lines = new Map();
  for (const point of byWeight(placed)) {
    const { top, height } = /** @type {Box} */ (marks[placed.indexOf(point)]);
    const width = CHARACTER * shortFigure(point.quantity).length;
    for (const line of [top - APART, top + height + APART + LINE / 2]) {
      const box = boxOf(point.across, width, line - LINE, LINE);
      const inside = box.left > -LINE && line < TOP + PLOT;
      if (lines.size < MOST_LABELS && inside && !taken.some((other) => overlap(box, other))) {
        taken.push(box);
        lines.set(point, line);
        break;
      }
    }
  }
  return lines;
}

/**
 * A box around the middle of a place across, in pixels of a narrow phone.
 *
 * @typedef {{left: number, right: number, top: number, height: number}} Box
 *
 * @param {number} across in per cent
 * @param {number} width
 * @param {number} top
 * @param {number} height
 * @returns {Box}
 */
function boxOf(across, width, top, height) {
  const middle = across * NARROW;
  return { left: middle - width / 2, right: middle + width / 2, top, height };
}

/**
 * @param {Box} one
 * @param {Box} other
 */
function overlap(one, other) {
  const beside = one.right <= other.left || other.right <= one.left;
  return !beside && one.top < other.top + other.height && other.top < one.top + one.height;
}

/**
 * Those whose days have room below the chart.
 *
 * @param {Placed[]} placed
 */
function spaced(placed) {
  /** @type {Placed[]} */
  const chosen = [];
  for (const point of byWeight(placed)) {
    if (chosen.every(({ across }) => Math.abs(across - point.across) >= DAYS_APART)) {
      chosen.push(point);
    }
  }
  return chosen;
}

/**
 * The answer, the last and the first, before the others.
 *
 * @param {Placed[]} placed
 */
function byWeight(placed) {
  const answers = placed.filter((point) => point.answers);
  return [...new Set([...answers, ...placed.slice(-1), ...placed])];
}

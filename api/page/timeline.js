// What articles say of one thing at different times: a chart where it is a figure, and a table.

import { writeAddress } from "./address.js";
import { chartView } from "./chart.js";
import { writeChart } from "./chart_file.js";
import { citedLink, placeOf, titleOf } from "./citations.js";
import { CITED_COLUMNS, citedCells, saveFile, writeCsv } from "./csv.js";
import { element } from "./elements.js";
import { isQuantity, isRange, unitInWords } from "./figures.js";
import { sayDay, sayDayShortly, sayStanding } from "./wording.js";

/**
 * @typedef {import("./address.js").Address} Address
 * @typedef {import("./chart.js").Point} Point
 * @typedef {import("./service.js").Citation} Citation
 * @typedef {import("./service.js").Reply} Reply
 * @typedef {Reply["timeline"][number] & {cited: Citation}} Statement
 */

const REALISED = ["reported", "attributed"];
const CSV_HEAD = ["as of", "words", "low", "high", "unit", "standing", ...CITED_COLUMNS];

/**
 * The statements of a timeline, each with its citation.
 *
 * @param {Reply} reply
 * @returns {Statement[]}
 */
export function statementsOf({ timeline, citations }) {
  return timeline.flatMap((entry) => {
    const cited = citations.find(({ number }) => number === entry.citation);
    return cited === undefined ? [] : [{ ...entry, cited }];
  });
}

/**
 * How what is answered changed; null where it did not.
 *
 * @param {Reply} reply
 * @param {Address} address
 * @returns {HTMLElement | null}
 */
export function timelineView(reply, address) {
  const statements = statementsOf(reply);
  if (reply.agreement !== "revised" || statements.length === 0) {
    return null;
  }
  const points = pointsOf(statements, reply, address);
  const table = tableView(statements, address);
  const save = saveButton("Save as CSV", () =>
    saveFile("over-time.csv", new Blob([csvOf(statements)], { type: "text/csv" })),
  );
  const view = (/** @type {string} */ revised, /** @type {Node[]} */ ...parts) =>
    element(
      "section",
      { class: "timeline", "aria-labelledby": "timeline-title" },
      element("h2", { class: "eyebrow", id: "timeline-title" }, "Over time"),
      element("p", { class: "hint" }, revised),
      ...parts,
    );
  if (points.length === 0) {
    const revised = "Revised: articles of different dates give different answers.";
    return view(revised, table, element("p", { class: "ways" }, save));
  }
  const chart = chartView(points);
  const legend = legendView(points);
  const drawing = saveButton("Save as SVG", () => {
    const svg = /** @type {SVGSVGElement} */ (chart.querySelector("svg"));
    const written = writeChart(svg, reply.question, keyOf(points));
    saveFile("over-time.svg", new Blob([written], { type: "image/svg+xml" }));
  });
  return view(
    "Revised: articles of different dates give different figures. Each point opens its article.",
    chart,
    legend,
    element("details", {}, element("summary", {}, "As a table"), table),
    element("p", { class: "ways" }, drawing, save),
  );
}

/**
 * @param {string} words
 * @param {() => void} click
 */
function saveButton(words, click) {
  return element("button", { type: "button", class: "quiet", on: { click } }, words);
}

/** @param {Statement[]} statements */
function csvOf(statements) {
  const rows = statements.map(({ as_of: day, text, value, standing, cited }) => [
    ...[day, text, value?.low ?? null, value?.high ?? null, value?.unit ?? null, standing],
    ...citedCells(cited),
  ]);
  return writeCsv([CSV_HEAD, ...rows]);
}

/**
 * What can be drawn: quantities of the answer's unit with a day; nothing where all are of one day.
 *
 * @param {Statement[]} statements
 * @param {Reply} reply
 * @param {Address} address
 * @returns {Point[]}
 */
function pointsOf(statements, { answers: [best] }, address) {
  const points = statements.flatMap(({ as_of: day, value, text, standing, cited }) => {
    if (
      day === null ||
      !isQuantity(value) ||
      value.kind !== best?.value?.kind ||
      value.unit !== best.value.unit
    ) {
      return [];
    }
    return {
      day,
      quantity: value,
      standing,
      realised: REALISED.includes(standing),
      answers: best.citations.includes(cited.number),
      label: `${sayDay(day)}: ${text}, ${standing}. ${titleOf(cited.article)}`,
      href: writeAddress({ ...address, place: placeOf(cited) }),
    };
  });
  return new Set(points.map(({ day }) => day)).size > 1 ? points : [];
}

/**
 * What the marks of a chart mean: the unit, and the standings that are drawn filled and hollow.
 *
 * @param {Point[]} points
 */
function meaningsOf(points) {
  const standings = (/** @type {boolean} */ realised) => {
    const alike = points.filter((point) => point.realised === realised);
    return [...new Set(alike.map(({ standing }) => standing))].join(" or ");
  };
  return {
    unit: points[0] === undefined ? null : unitInWords(points[0].quantity),
    filled: standings(true),
    hollow: standings(false),
    ranges: points.some(({ quantity }) => isRange(quantity)),
  };
}

/** @param {Point[]} points */
function legendView(points) {
  const { unit, filled, hollow, ranges } = meaningsOf(points);
  return element(
    "ul",
    { class: "legend", "aria-label": "Key to the chart" },
    unit === null ? null : element("li", {}, `in ${unit}`),
    filled === "" ? null : element("li", {}, sign("realised"), filled),
    hollow === "" ? null : element("li", {}, sign("unrealised"), hollow),
    ranges ? element("li", {}, sign("range"), "a range") : null,
  );
}

/**
 * The same in words, for a file.
 *
 * @param {Point[]} points
 */
function keyOf(points) {
  const { unit, filled, hollow, ranges } = meaningsOf(points);
  const parts = [
    unit === null ? "" : `in ${unit}`,
    filled === "" ? "" : `filled: ${filled}`,
    hollow === "" ? "" : `hollow: ${hollow}`,
    ranges ? "bar: a range" : "",
  ];
  return parts.filter((part) => part !== "").join("; ");
}

/** @param {string} kind */
function sign(kind) {
  return element("i", { class: kind, "aria-hidden": "true" });
}

/**
 * @param {Statement[]} statements
 * @param {Address} address
 */
function tableView(statements, address) {
  const heading = (/** @type {string} */ words) => element("th", { scope: "col" }, words);
  const rows = statements.map(({ as_of: day, text, standing, cited }) => {
    const stands = element("span", { class: "hint" }, sayStanding(standing));
    return element(
      "tr",
      {},
      element("td", {}, day === null ? "Undated" : sayDayShortly(day)),
      element("th", { scope: "row" }, text, " ", stands),
      element("td", {}, citedLink(cited, address)),
    );
  });
  return element(
    "table",
    {},
    element("caption", { class: "visually-hidden" }, "What the articles say over time"),
    element("thead", {}, element("tr", {}, ...["As of", "Words", "Article"].map(heading))),
    element("tbody", {}, ...rows),
  );
}

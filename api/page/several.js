// Replies of several answers: a list with its items, a comparison with its sides.

import { element } from "./elements.js";
import { sayCount } from "./wording.js";

/**
 * @typedef {import("./service.js").Reply} Reply
 * @typedef {NonNullable<Reply["listing"]>} Listing
 * @typedef {NonNullable<Reply["comparison"]>} Comparison
 */

/** @typedef {(at: number) => HTMLElement[]} Shown what shows the answer of a number: words, confidence, citations */

/**
 * The items of a list, and how complete it is likely to be.
 *
 * @param {number} count of answers
 * @param {Listing} listing
 * @param {Shown} shown
 */
export function listView(count, listing, shown) {
  const items = Array.from({ length: count }, (_, at) => element("li", {}, ...shown(at)));
  return element(
    "section",
    { class: "several", "aria-labelledby": "several-title" },
    element(
      "h2",
      { class: "eyebrow", id: "several-title", tabIndex: -1 },
      sayCount(count, "answer"),
    ),
    element("ol", {}, ...items),
    element("p", { class: "hint" }, sayCompleteness(listing)),
  );
}

/**
 * The sides of a comparison, the one that was asked for first.
 *
 * @param {Comparison} comparison
 * @param {Shown} shown
 */
export function comparisonView({ sides, greater, statement }, shown) {
  const numbered = sides.map((side, number) => ({ ...side, greater: number === greater }));
  const rows = numbered
    .sort((one, other) => (one.answer ?? 0) - (other.answer ?? 0))
    .map((side) =>
      element(
        "li",
        {},
        element(
          "h3",
          { class: "subject" },
          side.subject,
          side.greater ? element("span", { class: "greater" }, "greater") : null,
        ),
        ...(side.answer === null ? [] : shown(side.answer)),
      ),
    );
  return element(
    "section",
    { class: "several", "aria-labelledby": "several-title" },
    element("h2", { class: "eyebrow", id: "several-title", tabIndex: -1 }, "Comparison"),
    element("p", { class: "statement" }, statement),
    element("ol", {}, ...rows),
  );
}

/** @param {Listing} listing */
export function sayCompleteness({ complete, articles_searched: searched, below_the_bar: below }) {
  const where = `${sayCount(searched, "article")} searched.`;
  if (complete === "likely") {
    return `${where} The list is likely to be complete.`;
  }
  const near = below.map(({ text }) => `“${text}”`).join(", ");
  return `${where} The list may not be complete${near === "" ? "" : `; not sure enough: ${near}`}.`;
}

// What was found for a question, while it is still being read: calm, and in the answer's own place.

import { originView, titleOf } from "./citations.js";
import { element } from "./elements.js";
import { sayCount } from "./wording.js";

const SHOWN = 3;

/**
 * @typedef {import("./service.js").Passage} Passage
 *
 * @param {Passage[]} passages best first
 * @returns {HTMLElement}
 */
export function findingView(passages) {
  const articles = new Set(passages.map((passage) => passage.article.id)).size;
  const from = sayCount(articles, "article");
  const awaited = (/** @type {string} */ kind) =>
    element("p", { class: kind, "aria-hidden": "true" }, element("i", { class: "awaited" }));
  return element(
    "section",
    { class: "finding" },
    element("p", { class: "eyebrow" }, `Reading ${sayCount(passages.length, "passage")} of ${from}`),
    awaited("words short"),
    awaited("confidence"),
    ...passages.slice(0, SHOWN).map(passageView),
  );
}

/** @param {Passage} passage */
function passageView({ article, page, text }) {
  return element(
    "figure",
    { class: "citation" },
    element("blockquote", {}, element("p", {}, text)),
    element("figcaption", {}, element("span", {}, titleOf(article)), originView(article, { page })),
  );
}

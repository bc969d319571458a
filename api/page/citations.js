// A sentence of an article with the answer marked, and where it stands.

import { unitsOf } from "./code_points.js";
import { element } from "./elements.js";
import { follow } from "./links.js";
import { originalLink } from "./original.js";
import { cellsOf, columnsOf, scrollingTable } from "./table_rows.js";
import { sayDay } from "./wording.js";

/**
 * @typedef {import("./address.js").Address} Address
 * @typedef {import("./service.js").ArticleInfo} ArticleInfo
 * @typedef {import("./service.js").Citation} Citation
 * @typedef {import("./service.js").Nearest} Nearest
 */

const NOTHING = { start: 0, end: 0 };

/**
 * @param {Citation} citation
 * @param {Address} address what the page shows now
 * @param {HTMLElement} copying the menu that copies it
 * @returns {HTMLElement}
 */
export function citationView(citation, address, copying) {
  const { sentence, sentence_start: at, before } = citation;
  const context = before === null ? [] : [element("span", { class: "before" }, `${before} `)];
  const marked = { start: citation.start - at, end: citation.end - at };
  const words = sentenceViews(sentence, marked, context);
  const view = figure(words, citation, { ...address, place: placeOf(citation) });
  view
    .querySelector("figcaption")
    ?.append(originalLink(citation.article.id, citation.page, "Original file"), copying);
  return view;
}

/**
 * @param {Nearest} nearest
 * @param {Address} address what the page shows now
 * @returns {HTMLElement}
 */
export function nearestView(nearest, address) {
  const place = {
    article: nearest.article.id,
    start: nearest.sentence_start,
    end: nearest.sentence_end,
    cited: null,
  };
  const words = sentenceViews(nearest.sentence, NOTHING, []);
  return figure(words, nearest, { ...address, place });
}

/**
 * A sentence with what is cited of it marked; a row of a table as one.
 *
 * @param {string} sentence
 * @param {{start: number, end: number}} marked in code points of it
 * @param {HTMLElement[]} context what stands before it
 */
function sentenceViews(sentence, { start, end }, context) {
  const units = unitsOf(sentence, [start, end]);
  const [from, to] = [units.get(start) ?? 0, units.get(end) ?? 0];
  const part = (/** @type {number} */ first, /** @type {number} */ last) => {
    const opens = Math.min(Math.max(from, first), last);
    const closes = Math.min(Math.max(to, first), last);
    const mark = element("mark", {}, sentence.slice(opens, closes));
    const marked = opens < closes ? [mark] : [];
    return [sentence.slice(first, opens), ...marked, sentence.slice(closes, last)];
  };
  const cells = cellsOf(sentence);
  const isSeen = from === to || cells.some((cell) => Math.max(cell.from, from) < Math.min(cell.to, to));
  if (cells.length === 0 || !isSeen) {
    return [element("p", {}, ...context, ...part(0, sentence.length))];
  }
  const row = cells.map((cell) => ({ label: cell.label, parts: part(cell.from, cell.to) }));
  return [
    ...(context.length === 0 ? [] : [element("p", {}, ...context)]),
    scrollingTable(columnsOf([cells]), [{ at: null, cells: row }]),
  ];
}

/**
 * @param {HTMLElement[]} quoted
 * @param {Nearest} cited
 * @param {Address} opened what the page shows when the article is open
 */
function figure(quoted, { article, page }, opened) {
  return element(
    "figure",
    { class: "citation" },
    element("blockquote", {}, ...quoted),
    element(
      "figcaption",
      {},
      follow(opened, titleOf(article)),
      originView(article, { page }),
    ),
  );
}

/**
 * @param {Citation} citation
 * @returns {import("./address.js").Place}
 */
export function placeOf({ article, start, end }) {
  return { article: article.id, start, end, cited: null };
}

/**
 * A link to what is cited, by the title of its article.
 *
 * @param {Citation} citation
 * @param {Address} address what the page shows now
 */
export function citedLink(citation, address) {
  return follow({ ...address, place: placeOf(citation) }, titleOf(citation.article));
}

/** @param {ArticleInfo} article */
export function titleOf(article) {
  return article.title ?? article.id;
}

/**
 * Who published an article, and when.
 *
 * @param {ArticleInfo} article
 * @param {{author?: boolean, page?: number | null}} [shown] what else
 * @returns {HTMLElement | null}
 */
export function originView(article, { author = false, page = null } = {}) {
  const parts = [
    article.source,
    author ? article.author : null,
    article.published_at === null
      ? null
      : element("time", { dateTime: article.published_at }, sayDay(article.published_at)),
    page === null ? null : `page ${page}`,
    article.recognised ? "OCR text" : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) {
    return null;
  }
  return element("span", { class: "origin" }, ...parts.map((part) => element("span", {}, part)));
}

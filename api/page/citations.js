// A sentence of an article with the answer marked, and where it stands.

import { cutAt } from "./code_points.js";
import { element } from "./elements.js";
import { follow } from "./links.js";
import { originalLink } from "./original.js";
import { sayDay } from "./wording.js";

/**
 * @typedef {import("./address.js").Address} Address
 * @typedef {import("./service.js").ArticleInfo} ArticleInfo
 * @typedef {import("./service.js").Citation} Citation
 * @typedef {import("./service.js").Nearest} Nearest
 */

/**
 * @param {Citation} citation
 * @param {Address} address what the page shows now
 * @param {HTMLElement} copying the menu that copies it
 * @returns {HTMLElement}
 */
export function citationView(citation, address, copying) {
  const first = citation.start - citation.sentence_start;
  const last = citation.end - citation.sentence_start;
  const [before, quote, after] = cutAt(citation.sentence, [first, last]);
  const earlier = citation.before;
  const words = [
    ...(earlier === null ? [] : [element("span", { class: "before" }, `${earlier} `)]),
    before ?? "",
    element("mark", {}, quote ?? ""),
    after ?? "",
  ];
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
  return figure([nearest.sentence], nearest, { ...address, place });
}

/**
 * @param {(Node | string)[]} sentence
 * @param {Nearest} cited
 * @param {Address} opened what the page shows when the article is open
 */
function figure(sentence, { article, page }, opened) {
  return element(
    "figure",
    { class: "citation" },
    element("blockquote", {}, element("p", {}, ...sentence)),
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

// An article, open at the place that was cited.

import { originView, titleOf } from "./citations.js";
import { cutAt } from "./code_points.js";
import { byId, closeButton, closeByClickBeside, element } from "./elements.js";
import { originalLink } from "./original.js";
import { sayError } from "./problems.js";
import { readArticle } from "./service.js";

/**
 * @typedef {import("./address.js").Place} Place
 * @typedef {import("./service.js").Article} Article
 * @typedef {import("./service.js").Nearest} Nearest
 */

const dialog = byId("article", HTMLDialogElement);
const HEADING = /^(#{1,6}[ \t]+)(.*)$/s;
/** What people call the kinds of file, by media type. @type {ReadonlyMap<string, string>} */
const KINDS = new Map([
  ["application/pdf", " (PDF)"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", " (Word)"],
  ["text/csv", " (CSV)"],
  ["text/html", " (HTML)"],
  ["application/xhtml+xml", " (HTML)"],
  ["application/rss+xml", " (feed)"],
  ["application/atom+xml", " (feed)"],
]);
const ITEM = /^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]/;

let wanted = 0;

/**
 * Open an article with a place in it marked and in view.
 *
 * @param {Place} place
 * @param {Nearest | null} cited what cites it; null where that is not known
 */
export async function openArticle(place, cited) {
  wanted += 1;
  const turn = wanted;
  let article = null;
  let failure = null;
  try {
    article = await readArticle(place.article);
  } catch (error) {
    failure = /** @type {Error} */ (error);
  }
  if (turn !== wanted) {
    return; // another article was asked for meanwhile, or none any more
  }
  if (article === null) {
    const [headline, lines] = sayError(/** @type {Error} */ (failure));
    dialog.replaceChildren(
      header(element("h2", { id: "article-title" }, headline)),
      element("div", { class: "text" }, ...lines.map((line) => element("p", {}, line))),
    );
    show();
    return;
  }
  const changed = cited !== null && cited.article.sha256 !== article.sha256;
  const { text, mark } = textView(article.text, changed ? { start: 0, end: 0 } : place);
  dialog.replaceChildren(
    header(
      element("h2", { id: "article-title" }, titleOf(article)),
      originView(article, { author: true }),
      element("span", { class: "sources" }, publishedLink(article.url), fileLink(article, cited)),
    ),
    ...(changed ? [changedView()] : []),
    text,
  );
  show();
  dialog.scrollTop = 0;
  mark?.scrollIntoView({ block: "center" });
  mark?.focus({ preventScroll: true });
}

/** Close what is open, without touching the address. */
export function closeArticle() {
  wanted += 1;
  if (dialog.open) {
    dialog.close();
  }
}

/** @param {() => void} closed called when the reader closes the article */
export function onArticleClosed(closed) {
  closeByClickBeside(dialog);
  dialog.addEventListener("close", closed);
}

function show() {
  if (!dialog.open) {
    dialog.showModal();
  }
}

/** @param {...(HTMLElement | null)} children */
function header(...children) {
  return element("header", {}, ...children, closeButton(dialog));
}

function changedView() {
  const words = "This article has changed since it was cited, so nothing is marked. Ask again.";
  return element("p", { class: "notice" }, words);
}

/**
 * Link to where the article was published; only to the web, since a file may say anything.
 *
 * @param {string | null} url
 */
function publishedLink(url) {
  if (url === null || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return null;
  }
  return element(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer" },
    `Published at ${new URL(url).host}`,
  );
}

/**
 * Link to the file that the article came from, where the service has it.
 *
 * @param {Article} article
 * @param {Nearest | null} cited
 */
function fileLink(article, cited) {
  if (article.original === null) {
    return null;
  }
  const kind = KINDS.get(article.original_type ?? "") ?? "";
  return originalLink(article.id, cited?.page ?? null, `Original file${kind}`);
}

/**
 * Lay out a text line by line, with headings and list items as such, and mark a place in it.
 *
 * @param {string} text
 * @param {{start: number, end: number}} place in code points
 */
export function textView(text, { start, end }) {
  const [before, marked] = cutAt(text, [start, Math.max(start, end)]);
  const first = before?.length ?? 0;
  const last = first + (marked?.length ?? 0);
  const view = element("div", { class: "text" });
  /** @type {HTMLElement | null} */
  let mark = null;
  let at = 0;
  for (const line of text.split("\n")) {
    const cut = (/** @type {number} */ unit) => Math.min(Math.max(unit - at, 0), line.length);
    const [from, to] = [cut(first), cut(last)];
    if (line.trim() !== "") {
      const inside = from < to ? element("mark", {}, line.slice(from, to)) : null;
      view.append(lineView(line, from, to, inside));
      if (mark === null && inside !== null) {
        inside.tabIndex = -1;
        mark = inside;
      }
    }
    at += line.length + 1;
  }
  return { text: view, mark };
}

/**
 * @param {string} line
 * @param {number} from where the marked part begins, in code units of the line
 * @param {number} to
 * @param {HTMLElement | null} mark
 */
function lineView(line, from, to, mark) {
  const hashes = HEADING.exec(line)?.[1]?.length ?? 0;
  if (mark !== null) {
    const parts = [line.slice(0, from), mark, line.slice(to)];
    return hashes > 0
      ? element("h3", {}, ...parts)
      : element("p", ITEM.test(line) ? { class: "item" } : {}, ...parts);
  }
  if (hashes > 0) {
    return element("h3", {}, line.slice(hashes));
  }
  return element("p", ITEM.test(line) ? { class: "item" } : {}, line);
}

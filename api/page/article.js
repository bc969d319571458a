// An article, open at the place that was cited.

import { readAddress } from "./address.js";
import { textView } from "./article_text.js";
import { originView, titleOf } from "./citations.js";
import { byId, closeButton, closeByClickBeside, element } from "./elements.js";
import { follow } from "./links.js";
import { selectingBar } from "./marking.js";
import { originalLink } from "./original.js";
import { sayError } from "./problems.js";
import { Problem, readArticle, verifyQuote } from "./service.js";

/**
 * @typedef {import("./address.js").Place} Place
 * @typedef {import("./service.js").Article} Article
 * @typedef {import("./service.js").Nearest} Nearest
 */

const dialog = byId("article", HTMLDialogElement);
/** What people call the kinds of file, by media type. @type {ReadonlyMap<string, string>} */
const KINDS = new Map([
  ["application/pdf", " (PDF)"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", " (Word)"],
  ["application/vnd.openxmlformats-officedocument.presentationml.presentation", " (PowerPoint)"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", " (Excel)"],
  ["application/vnd.oasis.opendocument.text", " (OpenDocument)"],
  ["application/rtf", " (RTF)"],
  ["application/epub+zip", " (EPUB)"],
  ["message/rfc822", " (e-mail)"],
  ["multipart/related", " (saved page)"],
  ["text/csv", " (CSV)"],
  ["text/html", " (HTML)"],
  ["application/xhtml+xml", " (HTML)"],
  ["application/rss+xml", " (feed)"],
  ["application/atom+xml", " (feed)"],
]);

/**
 * What is marked in an article, in code points, and what is to be said of that.
 *
 * @typedef {{marked: {start: number, end: number}, notice: string | null}} Marked
 */

const UNPROCESSABLE = 422;
const NOWHERE = { start: 0, end: 0 };
/** @type {Marked} */
const CHANGED = {
  marked: NOWHERE,
  notice: "This article has changed since it was cited, so nothing is marked. Ask again.",
};

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
  let standing = null;
  let failure = null;
  try {
    [article, standing] = await Promise.all([readArticle(place.article), findQuote(place)]);
  } catch (error) {
    failure = /** @type {Error} */ (error);
  }
  if (turn !== wanted) {
    return; // another article was asked for meanwhile, or none any more
  }
  if (article === null) {
    const [headline, lines] = sayError(/** @type {Error} */ (failure));
    const lost = place.cited === null ? [] : [`It was cited with “${place.cited.quote}”.`];
    dialog.replaceChildren(
      header(titleView(headline)),
      element("div", { class: "problem" }, ...[...lines, ...lost].map((line) => element("p", {}, line))),
    );
    show();
    return;
  }
  const changed = cited !== null && cited.article.sha256 !== article.sha256;
  const { marked, notice } = standing ?? (changed ? CHANGED : { marked: place, notice: null });
  const { text, mark } = textView(article, marked);
  const title = titleView(titleOf(article));
  dialog.replaceChildren(
    header(
      title,
      originView(article, { author: true }),
      nearView(article),
      element("span", { class: "sources" }, publishedLink(article.url), fileLink(article, cited)),
      selectingBar(article, text),
    ),
    ...(notice === null ? [] : [element("p", { class: "notice" }, notice)]),
    text,
  );
  show();
  dialog.scrollTop = 0;
  dialog.style.scrollPaddingTop = `${dialog.querySelector("header")?.offsetHeight ?? 0}px`;
  mark?.scrollIntoView({ block: "center" });
  (mark ?? title).focus({ preventScroll: true });
}

/** @param {string} words */
function titleView(words) {
  return element("h2", { id: "article-title", tabIndex: -1, autofocus: true }, words);
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

/**
 * Find the words of a link that was copied where they stand now.
 *
 * @param {Place} place
 * @returns {Promise<Marked | null>} null where the link does not say which words they are
 */
async function findQuote({ cited, ...place }) {
  if (cited === null) {
    return null;
  }
  try {
    const { start, end } = await verifyQuote({ ...place, cited });
    return start === null || end === null
      ? { marked: NOWHERE, notice: `“${cited.quote}” does not stand in this article any more.` }
      : { marked: { start, end }, notice: null };
  } catch (error) {
    if (error instanceof Problem && error.status === UNPROCESSABLE) {
      return { marked: NOWHERE, notice: "The link is not whole, so nothing is marked." };
    }
    throw error;
  }
}

/**
 * The articles that say the same, exactly or nearly; null where none do.
 *
 * @param {Article} article
 */
function nearView({ also_at: copies, near_duplicates: near }) {
  const address = readAddress(location.search);
  const link = (/** @type {import("./service.js").ArticleInfo} */ other) =>
    follow(
      { ...address, place: { article: other.id, start: 0, end: 0, cited: null } },
      titleOf(other),
    );
  const lines = [
    ...(copies.length === 0 ? [] : [["The same text: ", ...copies.map((other) => titleOf(other))]]),
    ...(near.length === 0 ? [] : [["Nearly the same: ", ...near.map(({ article }) => link(article))]]),
  ];
  if (lines.length === 0) {
    return null;
  }
  const parts = lines.map(([lead, ...others]) =>
    element(
      "span",
      {},
      lead ?? "",
      ...others.flatMap((other, at) => (at === 0 ? [other] : [", ", other])),
    ),
  );
  return element("p", { class: "near" }, ...parts);
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

// Saying that an answer is right or wrong, and which words of an article are right.

import { citedLink, titleOf } from "./citations.js";
import { countCodePoints } from "./code_points.js";
import { byId, element } from "./elements.js";
import { browseArticles } from "./index_state.js";
import { follow } from "./links.js";
import { sayErrorInLine } from "./problems.js";
import { markAnswer } from "./service.js";

/**
 * @typedef {import("./address.js").Address} Address
 * @typedef {import("./address.js").Filters} Filters
 * @typedef {import("./service.js").Article} Article
 * @typedef {import("./service.js").MarkedWords} MarkedWords
 * @typedef {import("./service.js").Reply} Reply
 */

const announcer = byId("announcer", HTMLElement);

/**
 * The question whose right words are being looked for; null while none are.
 *
 * @type {{question: string, filters: Filters, done: (words: string) => void} | null}
 */
let wanted = null;
/** Looks at what is selected in the article that is open. */
let lookAtSelection = () => {};

document.addEventListener("selectionchange", () => lookAtSelection());

/**
 * Two buttons under an answer, or under that there is none.
 *
 * @param {Reply} reply
 * @param {Address} address what the page shows now
 * @returns {HTMLElement}
 */
export function markingView(reply, address) {
  wanted = null;
  const view = element("div", { class: "marking" });
  const done = (/** @type {string} */ words) => {
    wanted = null;
    view.replaceChildren(element("p", { class: "hint" }, words));
    announcer.textContent = words;
  };
  /** @param {MarkedWords[]} words */
  const send = async (words) => done(await keep(reply.question, address.filters, words));
  const ask = () => {
    wanted = null;
    view.replaceChildren(
      element("span", {}, reply.answers.length === 0 ? "No answer: is that right?" : "Is this right?"),
      button("Right", () => void send(answeredWords(reply))),
      button("Wrong", correct),
    );
  };
  const correct = () => {
    wanted = { question: reply.question, filters: address.filters, done };
    const links = articlesOf(reply, address);
    const where = links.length === 0 ? "." : " there: ";
    view.replaceChildren(
      element(
        "p",
        {},
        "Which words are right? Open an article and select them",
        where,
        ...links.flatMap((link, at) => (at === 0 ? [link] : [", ", link])),
      ),
      button("No article says it", () => void send([])),
      button("Find another article", browseArticles),
      button("Cancel", () => {
        ask();
        view.querySelector("button")?.focus();
      }),
    );
    view.querySelector("button")?.focus();
  };
  ask();
  return view;
}

/**
 * What stands above an article while right words are looked for; null while none are.
 *
 * @param {Article} article
 * @param {HTMLElement} text its lines, as `textView` lays them out
 * @returns {HTMLElement | null}
 */
export function selectingBar(article, text) {
  const sought = wanted;
  if (sought === null) {
    lookAtSelection = () => {};
    return null;
  }
  /** @type {MarkedWords | null} */
  let words = null;
  const click = async () => {
    if (words !== null) {
      const said = await keep(sought.question, sought.filters, [words]);
      sought.done(said);
      bar.replaceChildren(element("p", {}, said));
    }
  };
  const choose = element("button", { type: "button", on: { click } }, "These words are right");
  choose.disabled = true;
  lookAtSelection = () => {
    words = selectedWords(article, text);
    choose.disabled = words === null;
  };
  const bar = element(
    "div",
    { class: "selecting" },
    element("p", {}, `Select the words that answer “${sought.question}”`),
    choose,
  );
  return bar;
}

/**
 * The selected words of an article, without white space around them; null where none are.
 *
 * @param {Article} article
 * @param {HTMLElement} text
 * @returns {MarkedWords | null}
 */
export function selectedWords(article, text) {
  const selection = getSelection();
  const range = selection === null || selection.rangeCount === 0 ? null : selection.getRangeAt(0);
  if (range === null || range.collapsed || !text.contains(range.commonAncestorContainer)) {
    return null;
  }
  const first = unitAt(text, range.startContainer, range.startOffset);
  const last = unitAt(text, range.endContainer, range.endOffset);
  const selected = article.text.slice(first, last);
  const quote = selected.trim();
  const before = article.text.slice(0, first + selected.indexOf(quote));
  const start = countCodePoints(before);
  return quote === ""
    ? null
    : { article_id: article.id, quote, start, end: start + countCodePoints(quote) };
}

/**
 * The code unit of an article's text at a point of its view.
 *
 * @param {HTMLElement} text
 * @param {Node} node
 * @param {number} offset
 */
function unitAt(text, node, offset) {
  const within = node instanceof Element ? node : node.parentElement;
  const line = within?.closest("[data-at]") ?? null;
  if (line === null) {
    // Between lines: the point is where the next one begins, or where the text ends.
    const lines = [...text.querySelectorAll("[data-at]")];
    const point = document.createRange();
    point.setStart(node, offset);
    const next = lines.find((other) => point.comparePoint(other, 0) >= 0);
    return next === undefined ? Infinity : Number(next.getAttribute("data-at"));
  }
  const before = document.createRange();
  before.setStart(line, 0);
  before.setEnd(node, offset);
  return Number(line.getAttribute("data-at")) + before.toString().length;
}

/**
 * The words of the best answer; none where there is no answer.
 *
 * @param {Reply} reply
 * @returns {MarkedWords[]}
 */
function answeredWords({ answers: [best], citations }) {
  const cited = citations.find(({ number }) => number === best?.citations[0]);
  return cited === undefined
    ? []
    : [
        {
          article_id: cited.article.id,
          quote: cited.quote,
          start: cited.start,
          end: cited.end,
        },
      ];
}

/**
 * Links to the articles of a reply, each once.
 *
 * @param {Reply} reply
 * @param {Address} address
 */
function articlesOf({ citations, abstention }, address) {
  const links = new Map(
    (abstention?.nearest ?? []).map(({ article, sentence_start: start, sentence_end: end }) => {
      const place = { article: article.id, start, end, cited: null };
      return [article.id, follow({ ...address, place }, titleOf(article))];
    }),
  );
  for (const citation of citations) {
    if (!links.has(citation.article.id)) {
      links.set(citation.article.id, citedLink(citation, address));
    }
  }
  return [...links.values()];
}

/**
 * @param {string} question
 * @param {Filters} filters
 * @param {MarkedWords[]} words
 * @returns {Promise<string>} what came of it
 */
async function keep(question, filters, words) {
  try {
    const { reviewed } = await markAnswer(question, filters, words);
    return reviewed
      ? "Thank you: kept as a gold question."
      : "Thank you: kept as a gold question, once it is reviewed.";
  } catch (error) {
    return sayErrorInLine(/** @type {Error} */ (error));
  }
}

/**
 * @param {string} words
 * @param {() => void} click
 */
function button(words, click) {
  return element("button", { type: "button", class: "quiet", on: { click } }, words);
}

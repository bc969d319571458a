// What stands under the question: an answer, or why there is none.

import { countFilters, noFilters, writeAddress } from "./address.js";
import { citationView, nearestView, titleOf } from "./citations.js";
import { countCodePoints } from "./code_points.js";
import { element } from "./elements.js";
import { sayConfidence, sayCount } from "./wording.js";

/**
 * @typedef {import("./address.js").Address} Address
 * @typedef {import("./service.js").Citation} Citation
 * @typedef {import("./service.js").Reply} Reply
 */

const LONG_ANSWER = 90;
const MEDIUM_ANSWER = 36;

/**
 * @param {Reply} reply
 * @param {Address} address
 * @param {number} seconds from asking to the reply
 * @returns {HTMLElement[]}
 */
export function replyView(reply, address, seconds) {
  const shown = reply.abstention === null ? answers(reply, address) : abstained(reply, address);
  return [...shown, element("p", { class: "took" }, `Answered in ${seconds.toFixed(2)} s`)];
}

/**
 * The reply in one sentence, for people who do not see it.
 *
 * @param {Reply} reply
 */
export function sayReply(reply) {
  const best = reply.answers[0];
  if (best === undefined) {
    return `No answer. ${reply.abstention?.reason ?? ""}`;
  }
  const { sure, odds } = sayConfidence(best.confidence);
  const cited = reply.citations.find((citation) => citation.number === best.citations[0]);
  const origin = cited === undefined ? "" : ` From ${titleOf(cited.article)}.`;
  return `Answer: ${best.text}. ${sure}, ${odds}.${origin}`;
}

/**
 * @param {Reply} reply
 * @param {Address} address
 */
function answers(reply, address) {
  const [best, ...others] = reply.answers.map((answer) => ({
    ...answer,
    citations: reply.citations.filter((citation) => answer.citations.includes(citation.number)),
  }));
  if (best === undefined) {
    return [];
  }
  const shown = [
    element(
      "article",
      { class: "answer" },
      element("h2", { class: "eyebrow", tabIndex: -1 }, address.guess ? "Best guess" : "Answer"),
      element("p", { class: `words ${sizeOf(best.text)}` }, best.text),
      confidenceView(best.confidence),
      ...citationViews(best.citations, address),
    ),
  ];
  if (others.length > 0) {
    shown.push(othersView(others, address));
  }
  return shown;
}

/**
 * @param {{text: string, confidence: number, citations: Citation[]}[]} others
 * @param {Address} address
 */
function othersView(others, address) {
  const items = others.map((other) =>
    element(
      "li",
      {},
      element("p", { class: `words ${sizeOf(other.text)}` }, other.text),
      confidenceView(other.confidence),
      ...citationViews(other.citations, address),
    ),
  );
  return element(
    "section",
    { class: "others", "aria-labelledby": "others-title" },
    element("h2", { class: "eyebrow", id: "others-title" }, "Or, less likely"),
    element("ol", {}, ...items),
  );
}

/** @param {string} text */
function sizeOf(text) {
  const length = countCodePoints(text);
  return length > LONG_ANSWER ? "long" : length > MEDIUM_ANSWER ? "medium" : "short";
}

/** @param {number} probability */
function confidenceView(probability) {
  const { sure, odds, ofTen } = sayConfidence(probability);
  const dots = Array.from({ length: 10 }, (_, at) =>
    element("i", { class: at < ofTen ? "on" : "off" }),
  );
  return element(
    "p",
    { class: "confidence" },
    element("span", { class: "dots", "aria-hidden": "true" }, ...dots),
    element("strong", {}, sure),
    `: ${odds} such answers are right`,
  );
}

/**
 * @param {Citation[]} citations
 * @param {Address} address
 */
function citationViews([first, ...more], address) {
  if (first === undefined) {
    return [];
  }
  const views = [citationView(first, address)];
  if (more.length > 0) {
    const summary = `The same in ${sayCount(more.length, "more place")}`;
    views.push(
      element(
        "details",
        { class: "more" },
        element("summary", {}, summary),
        ...more.map((citation) => citationView(citation, address)),
      ),
    );
  }
  return views;
}

/**
 * @param {Reply} reply
 * @param {Address} address
 */
function abstained(reply, address) {
  const nearest = reply.abstention?.nearest ?? [];
  const ways = [];
  if (!address.guess && nearest.length > 0) {
    const sure = reply.abstention?.best_confidence ?? null;
    const odds = sure === null ? "" : ` (${sayConfidence(sure).odds})`;
    ways.push(follow({ ...address, guess: true }, `Show the best guess anyway${odds}`));
  }
  if (countFilters(address.filters) > 0) {
    ways.push(follow({ ...address, filters: noFilters() }, "Ask without filters"));
  }
  const shown = [
    element(
      "section",
      { class: "abstained" },
      element("h2", { class: "headline", tabIndex: -1 }, "The articles do not seem to answer this"),
      element("p", { class: "reason" }, reply.abstention?.reason ?? ""),
      ways.length === 0 ? null : element("p", { class: "ways" }, ...ways),
    ),
  ];
  if (nearest.length > 0) {
    shown.push(
      element(
        "section",
        { class: "others", "aria-labelledby": "nearest-title" },
        element("h2", { class: "eyebrow", id: "nearest-title" }, "What came nearest"),
        ...nearest.map((item) => nearestView(item, address)),
      ),
    );
  }
  return shown;
}

/**
 * A link that the page follows without loading anything again.
 *
 * @param {Address} address
 * @param {string} words
 */
export function follow(address, words) {
  return element("a", { href: writeAddress(address), "data-follow": "" }, words);
}

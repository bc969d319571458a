// What stands under the question: an answer, or why there is none.

import { countFilters, noFilters } from "./address.js";
import { citationView, nearestView, titleOf } from "./citations.js";
import { countCodePoints } from "./code_points.js";
import { confidenceView, ESTIMATE } from "./confidence.js";
import { copyMenu } from "./copying.js";
import { element } from "./elements.js";
import { follow } from "./links.js";
import { markingView } from "./marking.js";
import {
  absentView,
  disagreementView,
  readingView,
  sayAbstention,
  sayDisagreement,
  sayReading,
} from "./notes.js";
import { comparisonView, listView } from "./several.js";
import { timelineView } from "./timeline.js";
import { sayConfidence, sayCount, sayDay, sayStanding } from "./wording.js";

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
  const shown = reply.abstention === null ? answers(reply, address) : abstained(reply, reply.abstention, address);
  const did = reply.abstention === null ? "Answered" : "Searched";
  const took = element("p", { class: "took" }, `${did} in ${seconds.toFixed(2)} s`);
  const marking = markingView(reply, address);
  const best = shown.find((view) => view.matches(".answer"));
  best?.append(marking);
  return [
    ...rewrittenView(reply, address),
    ...readingView(reply),
    ...shown,
    ...(best === undefined ? [marking] : []),
    took,
  ];
}

/**
 * What a follow-up was asked as, linked so that it can be asked alone.
 *
 * @param {Reply} reply
 * @param {Address} address
 */
function rewrittenView({ question }, address) {
  if (address.after === null || question === address.question) {
    return [];
  }
  const alone = follow({ ...address, question, after: null, place: null }, question);
  return [element("p", { class: "hint rewritten" }, "Asked: ", alone)];
}

/**
 * The reply in one sentence, for people who do not see it.
 *
 * @param {Reply} reply
 */
export function sayReply(reply) {
  const best = reply.answers[0];
  if (reply.abstention !== null || best === undefined) {
    return `No answer. ${reply.abstention === null ? "" : sayAbstention(reply.abstention).why}`;
  }
  if (reply.comparison !== null) {
    return reply.comparison.statement;
  }
  if (reply.listing !== null) {
    const items = reply.answers.map(({ text }) => text).join("; ");
    return `${sayCount(reply.answers.length, "answer")}: ${items}.`;
  }
  const { sure, odds } = sayConfidence(best.confidence);
  const cited = reply.citations.find((citation) => citation.number === best.citations[0]);
  const origin = cited === undefined ? "" : ` From ${titleOf(cited.article)}.`;
  const answer = `Answer: ${best.text}. ${sure}, ${ESTIMATE}: ${odds}.${origin}`;
  return [...sayReading(reply), ...sayDisagreement(reply), answer].join(" ");
}

/**
 * @param {Reply} reply
 * @param {Address} address
 */
function answers(reply, address) {
  const cited = reply.answers.map((answer) => ({
    ...answer,
    citations: reply.citations.filter((citation) => answer.citations.includes(citation.number)),
  }));
  const [best, ...others] = cited;
  if (best === undefined) {
    return [];
  }
  const { listing, comparison } = reply;
  /** @param {number} at */
  const parts = (at) => answerParts(cited[at] ?? best, reply, address);
  if (comparison !== null) {
    return [...undatedView(reply), comparisonView(comparison, parts)];
  }
  if (listing !== null) {
    return [...undatedView(reply), listView(cited.length, listing, parts)];
  }
  // What changed is no less likely for that, and stands in the timeline.
  const timeline = timelineView(reply, address);
  const past = timeline === null ? [] : reply.timeline.map((entry) => entry.citation);
  const apart = others.filter((other) => other.citations.some((one) => !past.includes(one.number)));
  const shown = [
    ...undatedView(reply),
    disagreementView(reply, address),
    element(
      "article",
      { class: "answer" },
      element("h2", { class: "eyebrow", tabIndex: -1 }, address.guess ? "Best guess" : "Answer"),
      element("p", { class: `words ${sizeOf(best.text)}` }, best.text),
      standingView(best),
      confidenceView(best.confidence, { explained: true }),
      ...citationViews(best.citations, reply, address),
    ),
    timeline,
    apart.length > 0 ? othersView(apart, reply, address) : null,
  ];
  return shown.filter((view) => view !== null);
}

/** @param {Reply} reply */
function undatedView({ undated_left_out: count }) {
  const note = `${sayCount(count, "article")} without a date left out by the filter.`;
  return count > 0 ? [element("p", { class: "hint" }, note)] : [];
}

/**
 * That an answer is a plan or the like, and as of when; null where it is a plain report.
 *
 * @param {Pick<Reply["answers"][number], "standing" | "as_of">} answer
 */
function standingView({ standing, as_of: day }) {
  const since = day === null ? "" : ` as of ${sayDay(day)}`;
  const words = `${sayStanding(standing)}${since}`;
  return standing === "reported" ? null : element("p", { class: "hint standing" }, words);
}

/**
 * One of several answers: its words, how sure they are, and where they stand.
 *
 * @param {{text: string, confidence: number, citations: Citation[]}} answer
 * @param {Reply} reply
 * @param {Address} address
 */
function answerParts(answer, reply, address) {
  return [
    element("p", { class: `words ${sizeOf(answer.text)}` }, answer.text),
    confidenceView(answer.confidence),
    ...citationViews(answer.citations, reply, address),
  ];
}

/**
 * @param {{text: string, confidence: number, citations: Citation[]}[]} others
 * @param {Reply} reply
 * @param {Address} address
 */
function othersView(others, reply, address) {
  const items = others.map((other) => element("li", {}, ...answerParts(other, reply, address)));
  const contested = reply.agreement === "disagree"; // then some may be as right as the answer
  return element(
    "section",
    { class: "others", "aria-labelledby": "others-title" },
    element("h2", { class: "eyebrow", id: "others-title" }, contested ? "Or" : "Or, less likely"),
    element("ol", {}, ...items),
  );
}

/** @param {string} text */
function sizeOf(text) {
  const length = countCodePoints(text);
  return length > LONG_ANSWER ? "long" : length > MEDIUM_ANSWER ? "medium" : "short";
}

/**
 * @param {Citation[]} citations
 * @param {Reply} reply
 * @param {Address} address
 */
function citationViews([first, ...more], reply, address) {
  const view = (/** @type {Citation} */ citation) =>
    citationView(citation, address, copyMenu(citation, reply, address));
  if (first === undefined) {
    return [];
  }
  const views = [view(first)];
  if (more.length > 0) {
    const summary = `The same in ${sayCount(more.length, "more place")}`;
    views.push(
      element(
        "details",
        { class: "more" },
        element("summary", {}, summary),
        ...more.map(view),
      ),
    );
  }
  return views;
}

/**
 * @param {Reply} reply
 * @param {NonNullable<Reply["abstention"]>} abstention its own
 * @param {Address} address
 */
function abstained(reply, abstention, address) {
  const { nearest } = abstention;
  const { why, odds } = sayAbstention(abstention);
  const ways = [];
  if (!address.guess && abstention.best_candidate !== null) {
    const known = odds === null || why.includes(odds) ? "" : ` (${odds})`;
    ways.push(follow({ ...address, guess: true }, `Show the best guess anyway${known}`));
  }
  if (countFilters(address.filters) > 0) {
    ways.push(follow({ ...address, filters: noFilters() }, "Ask without filters"));
  }
  const shown = [
    element(
      "section",
      { class: "abstained" },
      element("h2", { class: "headline", tabIndex: -1 }, "The articles do not seem to answer this"),
      absentView(reply, address) ?? element("p", { class: "reason" }, why),
      ways.length === 0 ? null : element("p", { class: "ways" }, ...ways),
      ...undatedView(reply),
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

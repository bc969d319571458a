// What is to be known before an answer is read: what was asked, whether articles disagree, and why
// there is none.

import { citedLink, titleOf } from "./citations.js";
import { cutAt } from "./code_points.js";
import { ESTIMATE } from "./confidence.js";
import { element } from "./elements.js";
import { isQuantity } from "./figures.js";
import { follow } from "./links.js";
import { statementsOf } from "./timeline.js";
import { sayConfidence, sayPeriod } from "./wording.js";

/**
 * @typedef {import("./address.js").Address} Address
 * @typedef {import("./service.js").Reply} Reply
 * @typedef {import("./timeline.js").Statement} Statement
 * @typedef {Pick<NonNullable<Reply["abstention"]>, "reason" | "best_candidate" | "best_confidence">}
 *     Unanswered
 */

const LONG_GUESS = 90;
/** How the service begins a reason that is about its best candidate. */
const TOO_UNSURE = "The best candidate, ";

/**
 * How the question was read.
 *
 * @param {Reply} reply
 * @returns {string[]} sentences
 */
export function sayReading({ status, names, question_time: time }) {
  const spelled = Object.entries(names.read_as).map(
    ([typed, name]) => `“${typed}” was read as “${name}”.`,
  );
  return time === null ? spelled : [...spelled, sayTime(time, status === "answered")];
}

/**
 * @param {NonNullable<Reply["question_time"]>} time
 * @param {boolean} answered
 */
function sayTime({ from, to, words, use }, answered) {
  const period = sayPeriod(from, to);
  const asked = `“${words}”`;
  const read = period === "" ? `The question is of ${asked}` : `${asked} was read as ${period}`;
  const named = period === "" ? asked : `${asked} (${period})`;
  switch (use) {
    case "filter":
      return `${read}; other times are left out.`;
    case "evidence":
      return `${read}; what is said of that time goes first.`;
    case "not met":
      return `No article answers for ${named}.${answered ? " The answer is of another time." : ""}`;
    case "contradictory":
      return `The times in the question (${asked}) share no day, so the answer may be of any.`;
  }
}

/**
 * @param {Reply} reply
 * @returns {HTMLElement[]}
 */
export function readingView(reply) {
  const unmet = ["not met", "contradictory"].includes(reply.question_time?.use ?? "");
  const sentences = sayReading(reply);
  return sentences.map((words, at) => {
    const last = at === sentences.length - 1;
    return element("p", { class: unmet && last ? "caution" : "hint" }, words);
  });
}

/**
 * Say which values articles give for one thing, and which articles.
 *
 * @param {Reply} reply
 * @returns {string[]} one sentence; none where they do not disagree
 */
export function sayDisagreement(reply) {
  const sides = sidesOf(reply).map((side) => {
    const titles = side.map(({ cited }) => titleOf(cited.article));
    return `${side[0]?.text} in ${titles.join(" and ")}`;
  });
  return sides.length === 0 ? [] : [`${leadOf(reply)} ${sides.join(", but ")}.`];
}

/**
 * That sentence with each article linked at its words; null where articles do not disagree.
 *
 * @param {Reply} reply
 * @param {Address} address
 * @returns {HTMLElement | null}
 */
export function disagreementView(reply, address) {
  const sides = sidesOf(reply);
  if (sides.length === 0) {
    return null;
  }
  const parts = sides.flatMap((side, at) => [
    at === 0 ? " " : ", but ",
    element("b", {}, side[0]?.text ?? ""),
    " in ",
    ...side.flatMap(({ cited }, number) => [
      number === 0 ? "" : number === side.length - 1 ? " and " : ", ",
      citedLink(cited, address),
    ]),
  ]);
  const lead = element("strong", {}, leadOf(reply));
  return element("p", { class: "caution disagreement" }, lead, ...parts, ".");
}

/** @param {Reply} reply */
function leadOf(reply) {
  const articles = new Set(statementsOf(reply).map(({ cited }) => cited.article.id));
  return articles.size === 1 ? "Sources in one article disagree:" : "The articles disagree:";
}

/**
 * The statements of a disagreement by what they say, the answer's first.
 *
 * @param {Reply} reply
 * @returns {Statement[][]} empty where there is none
 */
function sidesOf(reply) {
  if (reply.agreement !== "disagree") {
    return [];
  }
  const best = reply.answers[0]?.citations ?? [];
  /** @type {Map<string, Statement[]>} */
  const sides = new Map();
  for (const statement of statementsOf(reply)) {
    const { value, text, cited } = statement;
    const words = text.toLowerCase();
    const says = isQuantity(value) ? `${value.low} ${value.high} ${value.unit}` : words;
    const side = sides.get(says) ?? [];
    const counted = side.some((other) => other.cited.article.id === cited.article.id);
    sides.set(says, counted ? side : [...side, statement]);
  }
  const isAnswer = (/** @type {Statement[]} */ side) =>
    side.some(({ cited }) => best.includes(cited.number));
  return [...sides.values()].sort((one, other) => Number(isAnswer(other)) - Number(isAnswer(one)));
}

/**
 * Which names no article mentions, with the question linked as it is with a name that is near.
 *
 * @param {Reply} reply
 * @param {Address} address what the page shows now
 * @returns {HTMLElement | null} null where no name is near
 */
export function absentView({ names, question: whole }, address) {
  const links = Object.entries(names.offered).flatMap(([typed, spellings]) =>
    spellings.map((spelling) => {
      const question = respell(whole, typed, spelling);
      return follow({ ...address, question, after: null, guess: false }, spelling);
    }),
  );
  if (links.length === 0) {
    return null;
  }
  const absent = names.absent.map((name) => `“${name}”`).join(", ");
  return element(
    "p",
    { class: "reason" },
    `No article mentions ${absent}. Did you mean `,
    ...links.flatMap((link, at) => (at === 0 ? [link] : [" or ", link])),
    "?",
  );
}

/**
 * @param {string} question
 * @param {string} typed a word of letters alone
 * @param {string} spelling
 */
function respell(question, typed, spelling) {
  return question.replace(/[\p{L}\p{N}]+/gu, (word) => (word === typed ? spelling : word));
}

/**
 * Say why there is no answer; a candidate too unsure without the numbers of the service's log.
 *
 * @param {Unanswered} abstention
 * @returns {{why: string, odds: string | null}} with the odds of the best guess
 */
export function sayAbstention({ reason: why, best_candidate: guess, best_confidence: probability }) {
  if (guess === null || probability === null) {
    return { why, odds: null };
  }
  const { odds } = sayConfidence(probability);
  if (!why.startsWith(TOO_UNSURE)) {
    return { why, odds };
  }
  const [shown, more] = cutAt(guess.replace(/\s+/g, " "), [LONG_GUESS]);
  const quoted = `“${shown}${more === "" ? "" : "…"}”`;
  return { why: `The best guess, ${quoted}, is too unsure to give (${ESTIMATE}: ${odds}).`, odds };
}

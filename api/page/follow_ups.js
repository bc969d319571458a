// What a follow-up takes over: names and time of the last question, as chips that can be taken off.

import { byId, element } from "./elements.js";

/**
 * @typedef {import("./address.js").After} After
 * @typedef {import("./service.js").Reply} Reply
 */

const view = byId("context", HTMLElement);

/** @type {{question: string, kept: Map<string, boolean>} | null} */
let last = null;

/**
 * Offer what a reply's question names; nothing where it names nothing, or there is no reply.
 *
 * @param {Reply | null} reply
 */
export function showContext(reply) {
  const { names, time } = reply?.context ?? { names: [], time: null };
  const words = [...names, ...(time === null ? [] : [time])];
  last =
    reply === null || words.length === 0
      ? null
      : { question: reply.question, kept: new Map(words.map((word) => [word, true])) };
  draw();
}

/** @returns {After | null} what the next question follows up */
export function chosenContext() {
  if (last === null || ![...last.kept.values()].includes(true)) {
    return null;
  }
  const without = [...last.kept].flatMap(([word, kept]) => (kept ? [] : [word]));
  return { question: last.question, without };
}

function draw() {
  const kept = [...(last?.kept ?? [])].flatMap(([word, isKept]) => (isKept ? [word] : []));
  view.hidden = kept.length === 0;
  view.replaceChildren(element("span", {}, "Follow-up on"), ...kept.map(chip));
}

/** @param {string} word */
function chip(word) {
  const click = () => {
    last?.kept.set(word, false);
    draw();
    const next = view.querySelector("button") ?? document.getElementById("question");
    next?.focus();
  };
  return element(
    "button",
    { type: "button", class: "chip", "aria-label": `Leave out ${word}`, on: { click } },
    word,
    element("span", { "aria-hidden": "true" }, "×"),
  );
}

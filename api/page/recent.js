// The questions asked last, kept in this browser and nowhere else.

import { element } from "./elements.js";
import { kept } from "./storage.js";

const SLOT = "article-qa.recent";
const KEPT = 8;

/** @returns {string[]} newest first */
export function recentQuestions() {
  const written = kept.getItem(SLOT);
  if (written === null) {
    return [];
  }
  try {
    const parsed = JSON.parse(written);
    return Array.isArray(parsed) ? parsed.filter((item) => typeof item === "string") : [];
  } catch {
    return []; // another program wrote there; the next question replaces it
  }
}

/** @param {string} question */
export function rememberQuestion(question) {
  const others = recentQuestions().filter((item) => item !== question);
  kept.setItem(SLOT, JSON.stringify([question, ...others].slice(0, KEPT)));
}

/**
 * @param {(question: string) => HTMLElement} link
 * @returns {HTMLElement | null} null where there are none
 */
export function recentView(link) {
  const questions = recentQuestions();
  if (questions.length === 0) {
    return null;
  }
  const view = element(
    "section",
    { class: "questions", "aria-labelledby": "recent-title" },
    element("h2", { id: "recent-title" }, "Asked here before"),
    element("ul", {}, ...questions.map((question) => element("li", {}, link(question)))),
    element(
      "button",
      {
        type: "button",
        class: "quiet",
        on: {
          click: () => {
            kept.removeItem(SLOT);
            view.remove();
            document.getElementById("question")?.focus();
          },
        },
      },
      "Clear",
    ),
  );
  return view;
}

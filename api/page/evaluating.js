// Evaluation for admins: the gold questions asked of what is served, and the figures of each time.

import { element } from "./elements.js";
import {
  cancelEvaluation,
  readEvaluation,
  readEvaluations,
  readGenerations,
  startEvaluation,
} from "./evaluations.js";
import { figuresView } from "./evaluation_figures.js";
import { generationsView } from "./generations.js";
import { adminRefusalView, sayErrorInLine } from "./problems.js";
import { sayCount, sayNumber } from "./wording.js";

/**
 * @typedef {import("./evaluations.js").EvaluationJob} EvaluationJob
 * @typedef {import("./evaluations.js").Missed} Missed
 */

const POLL_MS = 500;
const HINT =
  "Asks the gold questions of the articles, and those that were marked and accepted, one at a time; readers go on asking meanwhile.";
/** @type {Record<Missed["outcome"], string>} */
const OUTCOMES = {
  right: "Right",
  retrieval_missed: "The article was not found",
  reader_missed: "Other words were chosen",
  wrongly_abstained: "The right words were held back",
  wrongly_answered: "No article says it, but it was answered",
  failed: "It failed",
};

/**
 * @param {() => void} switched called when another generation is served
 */
export function evaluatingView(switched) {
  const work = element("div");
  const past = element("div");
  const view = element(
    "details",
    { class: "more evaluating" },
    element("summary", {}, "Evaluation"),
    element("p", { class: "hint" }, HINT),
    work,
    past,
  );

  const fill = async () => {
    try {
      const [{ running, evaluations }, { generations }] = await Promise.all([
        readEvaluations(),
        readGenerations(),
      ]);
      past.replaceChildren(
        figuresView(evaluations, generations),
        generationsView(generations, evaluations, () => {
          switched();
          void fill();
        }),
      );
      if (running !== null) {
        await follow(running);
      } else if (work.childElementCount === 0) {
        offer();
      }
    } catch (error) {
      refused(error, fill);
    }
  };

  /** @param {...Node} outcome of the last evaluation */
  const offer = (...outcome) => {
    const button = element(
      "button",
      { type: "button", class: "quiet", on: { click: () => void start() } },
      "Evaluate now",
    );
    work.replaceChildren(button, ...outcome);
  };

  const start = async () => {
    try {
      await follow(await startEvaluation());
    } catch (error) {
      refused(error, start);
    }
  };

  /**
   * Show how far an evaluation is until it is done.
   *
   * @param {EvaluationJob} begun
   */
  const follow = async (begun) => {
    const bar = element("progress", { id: "evaluation-progress" });
    const words = element("p", { class: "hint", role: "status" }, "Starting…");
    const notCancelled = (/** @type {Error} */ error) => {
      words.textContent = sayErrorInLine(error);
    };
    const cancel = element(
      "button",
      { type: "button", class: "quiet", on: { click: () => void cancelEvaluation(begun.id).catch(notCancelled) } },
      "Cancel",
    );
    const label = element("label", { htmlFor: bar.id }, "Evaluating");
    work.replaceChildren(label, bar, words, cancel);
    for (let job = begun; ; job = await readEvaluation(begun.id)) {
      if (job.status !== "running") {
        offer(...outcomeOf(job));
        await fill();
        return;
      }
      if (job.progress !== null) {
        bar.max = job.progress.questions;
        bar.value = job.progress.questions_done;
        words.textContent = `${sayNumber(bar.value)} of ${sayCount(bar.max, "question")}`;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };

  /**
   * @param {unknown} error
   * @param {() => Promise<void>} again
   */
  const refused = (error, again) => {
    offer(adminRefusalView(/** @type {Error} */ (error), () => void again()));
    work.querySelector("input")?.focus();
  };

  view.addEventListener("toggle", () => {
    if (view.open) {
      void fill();
    }
  });
  return view;
}

/**
 * @param {EvaluationJob} job that has ended
 * @returns {HTMLElement[]}
 */
function outcomeOf({ status, error, evaluation, missed }) {
  if (status === "cancelled") {
    return [element("p", { class: "done", role: "status" }, "Cancelled.")];
  }
  if (evaluation === null) {
    const words = `The evaluation failed: ${error ?? ""}`;
    return [element("p", { class: "notice", role: "alert" }, words)];
  }
  const right = evaluation.outcomes.right ?? 0;
  const done = `Done: ${sayNumber(right)} of ${sayCount(evaluation.questions, "question")} right.`;
  return [element("p", { class: "done", role: "status" }, done), ...missedView(missed)];
}

/** @param {Missed[]} missed */
function missedView(missed) {
  if (missed.length === 0) {
    return [];
  }
  const items = missed.map(({ id, question, outcome, expected, given, error }) =>
    element(
      "li",
      {},
      element("b", {}, question ?? id),
      element("span", { class: "hint" }, `${OUTCOMES[outcome]}${error === null ? "" : `: ${error}`}`),
      ...(expected.length === 0
        ? []
        : [element("span", { class: "hint" }, `Expected: “${expected.join("” or “")}”`)]),
      given === null ? null : element("span", { class: "hint" }, `Best: “${given}”`),
    ),
  );
  return [
    element(
      "details",
      { class: "more" },
      element("summary", {}, `${sayCount(missed.length, "question")} not answered right`),
      element("ul", { class: "marked" }, ...items),
    ),
  ];
}

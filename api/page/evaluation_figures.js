// The figures of all evaluations as a table, and two of them side by side.

import { saveFile } from "./csv.js";
import { element } from "./elements.js";
import { compareEvaluations, fetchReport } from "./evaluations.js";
import { adminRefusalView } from "./problems.js";
import { sayCount, sayMomentShortly, sayNumber } from "./wording.js";

/**
 * @typedef {import("./evaluations.js").Comparison} Comparison
 * @typedef {import("./evaluations.js").Evaluation} Evaluation
 * @typedef {import("./evaluations.js").Generation} Generation
 */

/** @type {readonly (readonly [string, string])[]} */
const MEASURES = [
  ["exact_match", "Exact words"],
  ["f1", "Words in common (F1)"],
  ["answered_right", "Right, of those answered"],
  ["answerable_answered", "Answered, of the answerable"],
  ["auroc", "Confidence tells right from wrong (AUROC)"],
  ["ece", "Confidence is off by (less is better)"],
];
const SHOWN_CHANGES = 50;

/**
 * @param {Evaluation[]} evaluations the latest first
 * @param {Generation[]} generations that are kept
 */
export function figuresView(evaluations, generations) {
  if (evaluations.length === 0) {
    return element("p", { class: "hint" }, "No evaluation so far.");
  }
  /** @type {string[]} */
  let chosen = [];
  const told = element("div");
  const compare = async () => {
    const [recent, old] = evaluations.filter(({ id }) => chosen.includes(id));
    if (recent === undefined || old === undefined) {
      return;
    }
    try {
      told.replaceChildren(...comparisonView(await compareEvaluations(old.id, recent.id)));
    } catch (error) {
      told.replaceChildren(adminRefusalView(/** @type {Error} */ (error), () => void compare()));
    }
  };
  const button = element(
    "button",
    { type: "button", class: "quiet", disabled: true, on: { click: () => void compare() } },
    "Compare the two that are ticked",
  );
  const choose = (/** @type {string} */ id, /** @type {boolean} */ on) => {
    chosen = on ? [...chosen, id] : chosen.filter((other) => other !== id);
    button.disabled = chosen.length !== 2;
  };
  const current = generations.find((generation) => generation.current)?.index_version;
  const rows = evaluations.map((evaluation) =>
    rowView(evaluation, evaluation.index_version === current, choose),
  );
  return element(
    "div",
    {},
    tableOf("Evaluations, the latest first", ["", "When", "Right", "F1", ""], rows),
    evaluations.length > 1 ? button : null,
    told,
  );
}

/**
 * @param {Evaluation} evaluation
 * @param {boolean} current whether it is of the generation that is served
 * @param {(id: string, on: boolean) => void} choose
 */
function rowView(evaluation, current, choose) {
  const { id, created_at: at, index_version: version, questions, of, outcomes } = evaluation;
  const when = sayMomentShortly(at);
  const tick = element("input", {
    type: "checkbox",
    disabled: !evaluation.whole,
    "aria-label": `Compare that of ${when}`,
    on: { change: () => choose(id, tick.checked) },
  });
  const f1 = evaluation.measures["f1"];
  const range = f1 === undefined || f1.low === null ? "" : `${share(f1.low)}–${share(f1.high)}`;
  const asked = questions < of ? ` of ${sayNumber(of)} asked` : "";
  return element(
    "tr",
    {},
    element("td", {}, tick),
    element(
      "th",
      { scope: "row" },
      when,
      current ? element("span", { class: "hint" }, "Served now") : null,
      element("span", { class: "hint version" }, version),
    ),
    element(
      "td",
      {},
      `${sayNumber(outcomes.right ?? 0)} of ${sayNumber(questions)}`,
      element("span", { class: "hint" }, asked),
    ),
    element("td", {}, share(f1?.value ?? null), element("span", { class: "hint" }, range)),
    element("td", {}, evaluation.whole ? reportButton(id, when) : null),
  );
}

/**
 * @param {string} id
 * @param {string} when
 */
function reportButton(id, when) {
  const button = element("button", { type: "button", class: "quiet" }, "Report");
  button.setAttribute("aria-label", `Save the report of ${when}`);
  button.addEventListener("click", async () => {
    try {
      saveFile(`evaluation-${id}.html`, await fetchReport(id));
    } catch (error) {
      button.replaceWith(element("span", { class: "hint" }, /** @type {Error} */ (error).message));
    }
  });
  return button;
}

/** @param {Comparison} comparison */
function comparisonView({ compared, measures, changes }) {
  const rows = MEASURES.flatMap(([name, words]) => {
    const change = measures.find((measure) => measure.name === name);
    if (change === undefined || change.old === null || change.new === null) {
      return [];
    }
    return [
      element(
        "tr",
        {},
        element("th", { scope: "row" }, words),
        ...[share(change.old), share(change.new), chanceOf(change.delta, change.p)].map((cell) =>
          element("td", {}, cell),
        ),
      ),
    ];
  });
  const items = changes
    .slice(0, SHOWN_CHANGES)
    .map(({ id, question, verdict, old_answer: before, new_answer: after }) =>
      element(
        "li",
        {},
        element("b", {}, question ?? id),
        element(
          "span",
          { class: "hint" },
          `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}: ${quoted(before)}, now ${quoted(after)}`,
        ),
      ),
    );
  const caption = `Over ${sayCount(compared, "question")} that both asked`;
  return [
    tableOf(caption, ["Measure", "Before", "Now", "Difference"], rows),
    element("p", { class: "hint" }, `${caption}. ${sayCount(changes.length, "answer")} changed.`),
    ...(items.length === 0 ? [] : [element("ul", { class: "marked" }, ...items)]),
  ];
}

/**
 * @param {number | null} delta
 * @param {number | null} p
 */
function chanceOf(delta, p) {
  if (delta === null || p === null || delta === 0) {
    return "none";
  }
  const sign = delta > 0 ? "+" : "−";
  return `${sign}${share(Math.abs(delta))} (p ${p < 0.001 ? "< .001" : p.toFixed(3).slice(1)})`;
}

/** @param {string | null} answer */
function quoted(answer) {
  return answer === null ? "no answer" : `“${answer}”`;
}

/** @param {number | null} value of 1 */
function share(value) {
  return value === null ? "–" : `${(100 * value).toFixed(1)}%`;
}

/**
 * @param {string} caption
 * @param {string[]} headings
 * @param {HTMLElement[]} rows
 */
function tableOf(caption, headings, rows) {
  const head = headings.map((words) =>
    words === "" ? element("td") : element("th", { scope: "col" }, words),
  );
  return element(
    "table",
    {},
    element("caption", { class: "visually-hidden" }, caption),
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows),
  );
}

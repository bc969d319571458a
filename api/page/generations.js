// The generations of the index that are kept: going back to one, and refusing one.

import { element } from "./elements.js";
import { allowGeneration, refuseGeneration, rollBack } from "./evaluations.js";
import { adminRefusalView } from "./problems.js";
import { sayCount, sayMoment } from "./wording.js";

/**
 * @typedef {import("./evaluations.js").Evaluation} Evaluation
 * @typedef {import("./evaluations.js").Generation} Generation
 */

const LONGEST_REASON = 500;

/**
 * @param {Generation[]} generations the latest first
 * @param {Evaluation[]} evaluations the latest first
 * @param {() => void} changed called when another one is served, or one is refused or allowed
 */
export function generationsView(generations, evaluations, changed) {
  const told = element("div");
  const change = async (/** @type {() => Promise<unknown>} */ send) => {
    try {
      await send();
      changed();
    } catch (error) {
      const again = () => void change(send);
      told.replaceChildren(adminRefusalView(/** @type {Error} */ (error), again));
    }
  };
  const items = generations.map((generation) => itemView(generation, evaluations, change));
  return element(
    "section",
    { class: "generations", "aria-label": "Generations of the index" },
    element("h3", { class: "eyebrow" }, "Generations of the index"),
    element("ul", { class: "marked" }, ...items),
    told,
  );
}

/**
 * @param {Generation} generation
 * @param {Evaluation[]} evaluations
 * @param {(send: () => Promise<unknown>) => Promise<void>} change sends a change
 */
function itemView(generation, evaluations, change) {
  const { index_version: version, created_at: at, articles, chunks, current, refused } = generation;
  const latest = evaluations.find((evaluation) => evaluation.index_version === version);
  const right =
    latest === undefined
      ? "not evaluated"
      : `${latest.outcomes.right ?? 0} of ${sayCount(latest.questions, "gold question")} right`;
  const built = sayMoment(at);
  const allow = () => void change(() => allowGeneration(version));
  const choices =
    refused === null
      ? [
          current ? element("span", { class: "done" }, "Served now") : backButton(version, built, change),
          refusing(version, built, change),
        ]
      : [
          element("span", { class: "notice" }, sayRefusal(refused)),
          element(
            "button",
            { type: "button", class: "quiet", "aria-label": `Allow that of ${built} again`, on: { click: allow } },
            "Allow it again",
          ),
        ];
  return element(
    "li",
    {},
    element("b", {}, built),
    element(
      "span",
      { class: "hint" },
      `${version}: ${sayCount(articles, "article")}, ${sayCount(chunks, "passage")}; ${right}`,
    ),
    ...choices,
  );
}

/** @param {NonNullable<Generation["refused"]>} refused */
function sayRefusal({ refused_at: at, by, reason }) {
  return `Refused on ${sayMoment(at)}${by === null ? "" : ` by ${by}`}: ${reason}`;
}

/**
 * @param {string} version
 * @param {string} built
 * @param {(send: () => Promise<unknown>) => Promise<void>} change
 */
function backButton(version, built, change) {
  const button = element("button", { type: "button", class: "quiet" }, "Go back to it");
  button.setAttribute("aria-label", `Go back to that of ${built}`);
  button.addEventListener("click", () => {
    if (button.textContent === "Go back to it") {
      button.textContent = "Serve it from now on";
      button.setAttribute("aria-label", `Serve that of ${built} from now on`);
    } else {
      void change(() => rollBack(version));
    }
  });
  button.addEventListener("blur", () => {
    button.textContent = "Go back to it";
    button.setAttribute("aria-label", `Go back to that of ${built}`);
  });
  return button;
}

/**
 * A button, and the form that it opens: a generation is refused for a reason.
 *
 * @param {string} version
 * @param {string} built
 * @param {(send: () => Promise<unknown>) => Promise<void>} change
 */
function refusing(version, built, change) {
  const reason = element("input", {
    type: "text",
    required: true,
    maxLength: LONGEST_REASON,
    "aria-label": `Why that of ${built} is refused`,
    placeholder: "Why?",
  });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const words = reason.value.trim();
    if (words !== "") {
      void change(() => refuseGeneration(version, words));
    }
  };
  const form = element(
    "form",
    { class: "refusing", hidden: true, on: { submit } },
    reason,
    element("button", { type: "submit", class: "quiet" }, "Refuse it"),
  );
  const open = () => {
    form.hidden = false;
    opener.hidden = true;
    reason.focus();
  };
  const opener = element(
    "button",
    { type: "button", class: "quiet", "aria-label": `Refuse that of ${built}`, on: { click: open } },
    "Refuse it…",
  );
  return element("span", {}, opener, form);
}

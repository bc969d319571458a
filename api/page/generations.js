// The generations of the index that are kept, and going back to one.

import { element } from "./elements.js";
import { rollBack } from "./evaluations.js";
import { adminRefusalView } from "./problems.js";
import { sayCount, sayMoment } from "./wording.js";

/**
 * @typedef {import("./evaluations.js").Evaluation} Evaluation
 * @typedef {import("./evaluations.js").Generation} Generation
 */

/**
 * @param {Generation[]} generations the latest first
 * @param {Evaluation[]} evaluations the latest first
 * @param {() => void} switched called when another one is served
 */
export function generationsView(generations, evaluations, switched) {
  const told = element("div");
  const back = async (/** @type {string} */ version) => {
    try {
      await rollBack(version);
      switched();
    } catch (error) {
      told.replaceChildren(adminRefusalView(/** @type {Error} */ (error), () => void back(version)));
    }
  };
  const items = generations.map((generation) => itemView(generation, evaluations, back));
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
 * @param {(version: string) => void} back
 */
function itemView({ index_version: version, created_at: at, articles, chunks, current }, evaluations, back) {
  const latest = evaluations.find((evaluation) => evaluation.index_version === version);
  const right =
    latest === undefined
      ? "not evaluated"
      : `${latest.outcomes.right ?? 0} of ${sayCount(latest.questions, "gold question")} right`;
  const built = sayMoment(at);
  const button = element("button", { type: "button", class: "quiet" }, "Go back to it");
  button.setAttribute("aria-label", `Go back to that of ${built}`);
  button.addEventListener("click", () => {
    if (button.textContent === "Go back to it") {
      button.textContent = "Serve it from now on";
      button.setAttribute("aria-label", `Serve that of ${built} from now on`);
    } else {
      back(version);
    }
  });
  button.addEventListener("blur", () => {
    button.textContent = "Go back to it";
    button.setAttribute("aria-label", `Go back to that of ${built}`);
  });
  return element(
    "li",
    {},
    element("b", {}, built),
    element(
      "span",
      { class: "hint" },
      `${version}: ${sayCount(articles, "article")}, ${sayCount(chunks, "passage")}; ${right}`,
    ),
    current ? element("span", { class: "done" }, "Served now") : button,
  );
}

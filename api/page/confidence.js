// How sure an answer is: dots and odds, with words for them on hover or focus.

import { element } from "./elements.js";
import { sayConfidence } from "./wording.js";

const CALIBRATE = "article-qa evaluate --calibrate";
const MEANING =
  "An estimate, not a count: it was fitted on other questions than yours. On news it is " +
  "cautious: answers were right more often than it says. Whoever runs this service can fit " +
  "it to its own articles, with questions whose answers are known, by ";
/** What the odds are odds of. */
export const ESTIMATE = "estimated chance of being right";

let views = 0;

/**
 * @param {number} probability
 * @param {{explained?: boolean}} [how] whether the words also say where the estimate comes from
 * @returns {HTMLElement}
 */
export function confidenceView(probability, { explained = false } = {}) {
  views += 1;
  const id = `confidence-${views}`;
  const { sure, odds } = sayConfidence(probability);
  const view = element(
    "div",
    { class: "confidence" },
    element(
      "button",
      {
        type: "button",
        tabIndex: 0, // or Safari gives it no focus by a click
        "aria-label": `Chance of being right: ${odds}`,
        "aria-describedby": id,
      },
      dotsView(probability),
      odds,
    ),
    element(
      "div",
      { id, class: "tip", role: "tooltip" },
      element("p", {}, element("strong", {}, sure), `: the ${ESTIMATE}.`),
      explained ? element("p", {}, MEANING, element("code", {}, CALIBRATE), ".") : null,
    ),
  );
  for (const event of ["mouseleave", "focusout"]) {
    view.addEventListener(event, () => view.removeAttribute("data-dismissed"));
  }
  return view;
}

/** @param {number} probability */
export function dotsView(probability) {
  const { dots } = sayConfidence(probability);
  const shown = Array.from({ length: 10 }, (_, at) =>
    element("i", { class: at < dots ? "on" : "off" }),
  );
  return element("span", { class: "dots", "aria-hidden": "true" }, ...shown);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const view of document.querySelectorAll(".confidence:is(:hover, :focus-within)")) {
      view.setAttribute("data-dismissed", "");
    }
  }
});

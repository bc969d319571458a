// What went wrong, in the service's own words where it gave some, and what can be done about it.

import { element } from "./elements.js";
import { keepKey, keyFor } from "./keys.js";
import { Problem, Unreachable } from "./service.js";

/**
 * @param {Error} error
 * @param {() => void} again asks once more
 * @returns {HTMLElement}
 */
export function errorView(error, again) {
  if (error instanceof Problem && (error.status === 401 || error.status === 403)) {
    return keyView("ask", error, again);
  }
  const [headline, lines] = sayError(error);
  const view = element(
    "section",
    { class: "problem" },
    element("h2", { class: "headline", tabIndex: -1 }, headline),
    ...lines.map((line) => element("p", {}, line)),
  );
  if (!(error instanceof Problem) || error.status >= 500 || error.status === 429) {
    view.append(againView(error instanceof Problem ? error.retryAfter : null, again));
  }
  return view;
}

/**
 * Say an error as a headline and lines under it.
 *
 * @param {Error} error
 * @returns {[string, string[]]}
 */
export function sayError(error) {
  if (error instanceof Problem) {
    if (error.status === 401 && keyFor("ask") === null) {
      return [WANTS_KEY, ["Ask whoever runs it for one."]];
    }
    const lines =
      error.errors.length > 0 ? error.errors.map((wrong) => wrong.message) : [error.message];
    return [HEADLINES.get(error.status) ?? error.title, lines];
  }
  if (error instanceof Unreachable) {
    const line = navigator.onLine
      ? "It may be stopped or starting up, or something between here and there is in the way."
      : "This device is offline.";
    return [error.message, [line]];
  }
  return ["Something went wrong in this page", [String(error)]];
}

/**
 * Say an error in one line.
 *
 * @param {Error} error
 */
export function sayErrorInLine(error) {
  const [headline, lines] = sayError(error);
  return `${headline}: ${lines.join(" ")}`;
}

const WANTS_KEY = "This service wants a key";
/** @type {ReadonlyMap<number, string>} */
const HEADLINES = new Map([
  [401, WANTS_KEY],
  [403, "This is not allowed"],
  [404, "This is not there"],
  [409, "Not just now"],
  [422, "The service cannot take this question"],
  [429, "Too many questions for now"],
  [500, "The service failed"],
  [503, "The service cannot answer now"],
]);

/**
 * @param {number | null} wait seconds until asking again has a chance; null where not known
 * @param {() => void} again
 */
function againView(wait, again) {
  const button = element("button", { type: "button", on: { click: again } }, "Ask again");
  let left = wait ?? 0;
  const tick = () => {
    button.disabled = left > 0;
    button.textContent = left > 0 ? `Ask again in ${left} s` : "Ask again";
    if (left > 0) {
      left -= 1;
      setTimeout(tick, 1000);
    }
  };
  tick();
  return element("p", {}, button);
}

/**
 * A field for the key that a request lacked.
 *
 * @param {import("./keys.js").Scope} scope
 * @param {Problem} problem
 * @param {() => void} again
 * @returns {HTMLElement}
 */
export function keyView(scope, problem, again) {
  const [headline, lines] = sayError(problem);
  const field = element("input", {
    id: `key-${scope}`,
    type: "password",
    autocomplete: "off",
    required: true,
    spellcheck: false,
  });
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    keepKey(scope, field.value.trim());
    again();
  };
  const label = scope === "ask" ? "Key" : "Key that may rebuild";
  return element(
    "section",
    { class: "problem" },
    element("h2", { class: "headline", tabIndex: -1 }, headline),
    ...lines.map((line) => element("p", {}, line)),
    element(
      "form",
      { class: "key", on: { submit } },
      element("label", { htmlFor: field.id }, label),
      field,
      element("button", { type: "submit" }, "Use it"),
    ),
    element("p", { class: "hint" }, "Kept in this tab until it is closed."),
  );
}

/**
 * Why something for admins was refused: with a field for a key that may, where it lacked one.
 *
 * @param {Error} error
 * @param {() => void} again
 */
export function adminRefusalView(error, again) {
  if (error instanceof Problem && (error.status === 401 || error.status === 403)) {
    return keyView("admin", error, again);
  }
  return element("p", { class: "notice", role: "alert" }, sayErrorInLine(error));
}

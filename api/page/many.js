// Whether a question is asked once or of many: of each name in a list, or of every group.

import { noMany } from "./address.js";
import { byId, element } from "./elements.js";

/** @typedef {import("./address.js").Many} Many */

/** @type {readonly (readonly [Many["by"] | "names", string])[]} */
const WAYS = [
  ["", "Once"],
  ["names", "For each name in a list"],
  ["source", "For each source"],
  ["tag", "For each tag"],
  ["month", "For each month"],
  ["article", "For each article"],
];
const HINT = "Write {name} where the names go: How much is {name} spending?";

const details = byId("many", HTMLDetailsElement);
const panel = byId("many-panel", HTMLElement);
const active = byId("many-active", HTMLElement);

const field = element("textarea", {
  id: "many-names",
  rows: 4,
  autocomplete: "off",
  "aria-describedby": "many-hint",
});
const list = element(
  "div",
  { class: "names", hidden: true },
  element("label", { htmlFor: field.id }, "Names, one per line"),
  field,
  element("p", { id: "many-hint", class: "hint" }, HINT),
);
const ways = WAYS.map(([value, words]) => {
  const input = element("input", {
    type: "radio",
    name: "many",
    value,
    on: { change: () => drawChosen() },
  });
  return { value, input, view: element("label", { class: "choice" }, input, words) };
});

/** @returns {Many} how the next question is to be asked */
export function chosenMany() {
  const chosen = ways.find(({ input }) => input.checked)?.value ?? "";
  if (chosen !== "names") {
    return { by: chosen, names: [] };
  }
  const names = field.value.split("\n").map((line) => line.trim());
  return { by: "", names: names.filter((name) => name !== "") };
}

/** @param {Many} many */
export function showMany({ by, names }) {
  const chosen = names.length > 0 ? "names" : by;
  for (const { value, input } of ways) {
    input.checked = value === chosen;
  }
  if (names.length > 0) {
    field.value = names.join("\n");
  }
  drawChosen();
}

function drawChosen() {
  const chosen = ways.find(({ input }) => input.checked)?.value ?? "";
  list.hidden = chosen !== "names";
  const words = ways.find(({ value }) => value === chosen)?.view.textContent ?? "";
  active.textContent = chosen === "" ? "" : words.toLowerCase();
}

panel.append(
  element(
    "fieldset",
    {},
    element("legend", {}, "Ask"),
    element("div", { class: "choices" }, ...ways.map(({ view }) => view)),
  ),
  list,
);
details.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && details.open) {
    details.open = false;
    details.querySelector("summary")?.focus();
  }
});
showMany(noMany());

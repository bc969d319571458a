// Which articles may answer: by day, source and tag.

import { countFilters, noFilters } from "./address.js";
import { byId, element } from "./elements.js";
import { sayError } from "./problems.js";
import { readFacets } from "./service.js";
import { sayCount, sayDay } from "./wording.js";

/**
 * @typedef {import("./address.js").Filters} Filters
 * @typedef {import("./service.js").FacetValue} FacetValue
 * @typedef {import("./service.js").Facets} Facets
 */

const details = byId("filters", HTMLDetailsElement);
const panel = byId("filters-panel", HTMLElement);
const active = byId("filters-active", HTMLElement);
const SEARCHABLE = 12;

const clear = element(
  "button",
  {
    type: "button",
    class: "quiet",
    on: {
      click: () => {
        chosen = noFilters();
        draw();
        change();
        details.querySelector("summary")?.focus();
      },
    },
  },
  "Clear filters",
);

/** @type {Filters} */
let chosen = noFilters();
/** @type {Facets | null} */
let facets = null;
let changed = () => {};
/** What takes a new count, by field and value. @type {Map<string, HTMLElement>} */
const counts = new Map();
/** How often was counted; of two counts under way, the last is shown. */
let counting = 0;

/**
 * @param {() => void} listener called when a reader has changed the filters
 */
export function onFiltersChanged(listener) {
  changed = listener;
  details.addEventListener("toggle", async () => {
    if (details.open) {
      await load();
    }
  });
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) {
      details.open = false;
      details.querySelector("summary")?.focus();
    }
  });
}

/** @returns {Filters} */
export function chosenFilters() {
  return { ...chosen, sources: [...chosen.sources], tags: [...chosen.tags] };
}

/** @param {Filters} filters */
export function showFilters(filters) {
  if (JSON.stringify(filters) === JSON.stringify(chosen)) {
    return; // drawing them again would take the focus from the one just changed
  }
  chosen = { ...filters, sources: [...filters.sources], tags: [...filters.tags] };
  sayActive();
  if (details.open) {
    draw();
    void count();
  }
}

/** Forget what there is to choose from: the index has changed. */
export async function renewFilters() {
  facets = null;
  if (details.open) {
    await load();
  }
}

async function load() {
  if (facets === null) {
    try {
      facets = await readFacets();
    } catch (error) {
      const [headline, lines] = sayError(/** @type {Error} */ (error));
      panel.replaceChildren(...[headline, ...lines].map((line) => element("p", {}, line)));
      return;
    }
  }
  draw();
  await count();
}

function change() {
  clear.hidden = countFilters(chosen) === 0;
  sayActive();
  void count();
  changed();
}

/** Count again what each value would add, under the filters on the other fields. */
async function count() {
  counting += 1;
  const turn = counting;
  let counted;
  try {
    counted = await readFacets(chosen);
  } catch {
    return; // the answers to the same filters say what is wrong
  }
  if (turn === counting) {
    for (const name of /** @type {const} */ (["sources", "tags"])) {
      for (const { value, articles } of counted[name]) {
        sayCounted(counts.get(`${name} ${value}`), articles);
      }
    }
  }
}

/**
 * @param {HTMLElement | undefined} view
 * @param {number} articles
 */
function sayCounted(view, articles) {
  if (view !== undefined) {
    view.textContent = `${articles}`;
    view.title = sayCount(articles, "article");
    view.closest(".choice")?.toggleAttribute("data-none", articles === 0);
  }
}

function sayActive() {
  active.textContent = sayFilters();
}

/** @returns {string} what is chosen; "" where nothing is */
export function sayFilters() {
  const { from, to, sources, tags } = chosen;
  const days =
    from !== "" && to !== ""
      ? `${sayDay(from)} to ${sayDay(to)}`
      : from !== ""
        ? `from ${sayDay(from)}`
        : to !== ""
          ? `until ${sayDay(to)}`
          : "";
  return [days, ...sources, ...tags].filter((part) => part !== "").join(", ");
}

function draw() {
  if (facets === null) {
    return;
  }
  clear.hidden = countFilters(chosen) === 0;
  counts.clear();
  panel.replaceChildren(
    daysView(facets),
    ...choiceView("Sources", "sources", facets.sources),
    ...choiceView("Tags", "tags", facets.tags),
    clear,
  );
}

/** @param {Facets} known */
function daysView(known) {
  const hint =
    known.first_day === null || known.last_day === null
      ? "No article has a date."
      : `Articles from ${sayDay(known.first_day)} to ${sayDay(known.last_day)}`;
  return element(
    "fieldset",
    { class: "days" },
    element("legend", {}, "Published"),
    dayField("from", "From"),
    dayField("to", "To"),
    element("p", { class: "hint" }, hint),
  );
}

/**
 * @param {"from" | "to"} name
 * @param {string} label
 */
function dayField(name, label) {
  const take = () => {
    // While a year is being typed it passes through the years 2, 20 and 202.
    if (field.value === "" || Number.parseInt(field.value, 10) >= 1000) {
      chosen[name] = field.value;
      change();
    }
  };
  const field = element("input", {
    id: `filter-${name}`,
    type: "date",
    value: chosen[name],
    on: { change: take },
  });
  return element("label", { htmlFor: field.id }, label, field);
}

/**
 * @param {string} title
 * @param {"sources" | "tags"} name
 * @param {FacetValue[]} values
 */
function choiceView(title, name, values) {
  const known = new Set(values.map(({ value }) => value));
  const linked = chosen[name].filter((value) => !known.has(value));
  const all = [...linked.map((value) => ({ value, articles: 0 })), ...values];
  if (all.length === 0) {
    return [];
  }
  const items = all.map((item) => choice(name, item));
  const list = element("div", { class: "choices" }, ...items.map(({ view }) => view));
  const children = [element("legend", {}, title), list];
  if (all.length > SEARCHABLE) {
    children.splice(1, 0, searchField(title, items));
  }
  return [element("fieldset", {}, ...children)];
}

/**
 * @param {"sources" | "tags"} name
 * @param {FacetValue} item
 */
function choice(name, { value, articles }) {
  const box = element("input", {
    type: "checkbox",
    checked: chosen[name].includes(value),
    on: {
      change: () => {
        const others = chosen[name].filter((other) => other !== value);
        chosen[name] = box.checked ? [...others, value] : others;
        change();
      },
    },
  });
  const counted = element("span", { class: "count" });
  const view = element("label", { class: "choice" }, box, element("span", {}, value), counted);
  sayCounted(counted, articles);
  counts.set(`${name} ${value}`, counted);
  return { value, view };
}

/**
 * @param {string} title
 * @param {{value: string, view: HTMLElement}[]} items
 */
function searchField(title, items) {
  const field = element("input", {
    type: "search",
    placeholder: "Narrow the list",
    "aria-label": `Narrow the list of ${title.toLowerCase()}`,
    autocomplete: "off",
    on: {
      input: () => {
        const words = field.value.trim().toLocaleLowerCase();
        for (const { value, view } of items) {
          view.hidden = !value.toLocaleLowerCase().includes(words);
        }
      },
    },
  });
  return field;
}

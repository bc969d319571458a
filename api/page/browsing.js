// The articles that are searched: found by words of their metadata, added and removed.

import { readAddress } from "./address.js";
import { originView, titleOf } from "./citations.js";
import { element } from "./elements.js";
import { chosenFilters, sayFilters } from "./filters.js";
import { follow } from "./links.js";
import { adminRefusalView, sayErrorInLine } from "./problems.js";
import { addFiles, readArticles, removeArticle } from "./service.js";
import { sayCount } from "./wording.js";

/**
 * @typedef {import("./service.js").ArticleInfo} ArticleInfo
 * @typedef {import("./service.js").Change} Change
 */

/**
 * @param {(change: Change) => void} changed called once a change is in the folder of articles
 */
export function browsingView(changed) {
  const found = element("p", { class: "hint", role: "status" });
  const list = element("ul", { class: "articles" });
  const told = element("div");
  /** @type {string | null} */
  let cursor = null;
  let turn = 0;
  const field = element("input", {
    type: "search",
    placeholder: "Find by title, source, author or tag",
    "aria-label": "Find articles",
    autocomplete: "off",
    on: { input: () => void load() },
  });
  const more = element(
    "button",
    { type: "button", class: "quiet", hidden: true, on: { click: () => void load(cursor) } },
    "More",
  );

  /** @param {string | null} [from] where the list goes on; null where it begins */
  const load = async (from = null) => {
    turn += 1;
    const own = turn;
    let page;
    try {
      page = await readArticles(field.value.trim(), chosenFilters(), from);
    } catch (error) {
      found.textContent = sayErrorInLine(/** @type {Error} */ (error));
      return;
    }
    if (own !== turn) {
      return; // more letters were typed meanwhile
    }
    const items = page.articles.map((article) => itemView(article, remove));
    if (from === null) {
      list.replaceChildren(...items);
    } else {
      list.append(...items);
      items[0]?.querySelector("a")?.focus();
    }
    cursor = page.next_cursor;
    more.hidden = cursor === null;
    const filters = sayFilters();
    const passing = filters === "" ? "" : `, of those that pass the filters: ${filters}`;
    found.textContent = `${sayCount(page.total, "article")}${passing}`;
  };

  /** @param {() => Promise<Change>} work */
  const change = async (work) => {
    try {
      const done = await work();
      told.replaceChildren(...changeView(done));
      changed(done);
    } catch (error) {
      told.replaceChildren(adminRefusalView(/** @type {Error} */ (error), () => void change(work)));
      told.querySelector("input")?.focus();
    }
  };
  const remove = (/** @type {string} */ id) => void change(() => removeArticle(id));
  const view = element(
    "details",
    { class: "more browse" },
    element("summary", {}, "Browse the articles"),
    field,
    found,
    list,
    more,
    dropView((files) => void change(() => addFiles(files))),
    told,
  );
  view.addEventListener("toggle", () => {
    if (view.open) {
      void load();
    }
  });
  return {
    view,
    /** Show the list, and wait for words to find articles by. */
    open() {
      view.open = true;
      field.focus();
    },
    /** Read the list again: the index has changed. */
    renew() {
      if (view.open) {
        void load();
      }
    },
  };
}

/**
 * @param {ArticleInfo} article
 * @param {(id: string) => void} remove
 */
function itemView(article, remove) {
  const place = { article: article.id, start: 0, end: 0, cited: null };
  const title = titleOf(article);
  const button = element("button", { type: "button", class: "quiet" }, "Remove");
  button.setAttribute("aria-label", `Remove ${title}`);
  button.addEventListener("click", () => {
    if (button.textContent === "Remove") {
      button.textContent = "Remove for good";
      button.setAttribute("aria-label", `Remove ${title} for good`);
    } else {
      remove(article.id);
    }
  });
  button.addEventListener("blur", () => {
    button.textContent = "Remove";
    button.setAttribute("aria-label", `Remove ${title}`);
  });
  return element(
    "li",
    {},
    follow({ ...readAddress(location.search), place }, title),
    " ",
    originView(article),
    article.tags.length === 0 ? null : element("span", { class: "tags" }, article.tags.join(", ")),
    button,
  );
}

/**
 * A place to drop files on, or to choose them.
 *
 * @param {(files: File[]) => void} add
 */
function dropView(add) {
  const field = element("input", {
    type: "file",
    multiple: true,
    on: {
      change: () => {
        if (field.files !== null && field.files.length > 0) {
          add([...field.files]);
          field.value = "";
        }
      },
    },
  });
  const view = element("label", { class: "drop" }, "Drop files here to add them, or choose: ", field);
  const over = (/** @type {DragEvent} */ event, /** @type {boolean} */ on) => {
    event.preventDefault();
    view.toggleAttribute("data-over", on);
  };
  view.addEventListener("dragover", (event) => over(event, true));
  view.addEventListener("dragleave", (event) => over(event, false));
  view.addEventListener("drop", (event) => {
    over(event, false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) {
      add(files);
    }
  });
  return view;
}

/** @param {Change} change */
function changeView({ kind, articles, skipped, skipped_count: count }) {
  const done = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}: ${sayCount(articles.count, "article")}.`;
  const left = count === 0 ? "" : ` ${sayCount(count, "file or entry", "files or entries")} left out:`;
  const items = skipped.map(({ where, reason }) =>
    element("li", {}, element("b", {}, where), `: ${reason}`),
  );
  return [
    element("p", { class: "done", role: "status" }, done + left),
    ...(items.length === 0 ? [] : [element("ul", {}, ...items)]),
  ];
}

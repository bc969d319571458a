// The text of an article laid out as headings, lists, tables and pages, with a place in it marked.

import { unitsOf } from "./code_points.js";
import { element } from "./elements.js";
import { areOfOneTable, cellsOf, columnsOf, scrollingTable } from "./table_rows.js";

/**
 * @typedef {import("./service.js").Article} Article
 * @typedef {import("./service.js").Heading} Heading
 * @typedef {import("./table_rows.js").Cell} Cell
 *
 * @typedef {object} Line with places in code units of the whole text
 * @property {number} since where the one before ends
 * @property {number} at where it begins
 * @property {number} end
 * @property {number} from where its words begin, behind the sign that marks the line
 * @property {number} to where its words end
 * @property {"heading" | "bullet" | "number" | "paragraph"} kind
 * @property {number} level of a heading
 * @property {boolean} deep whether it is indented
 * @property {Cell[]} cells of a row of a table
 */

/** @typedef {{from: number, to: number}} Shown a part of a line, in code units of the text */

const BULLET = /^[ \t]*[-*+•‣–][ \t]+/;
const NUMBER = /^[ \t]*\d{1,3}[.)][ \t]/;
const INDENTED = /^(?:\t| {2})/;
/** @type {readonly ("h3" | "h4" | "h5" | "h6")[]} of a text under a title */
const HEADINGS = ["h3", "h4", "h5", "h6"];

/**
 * Lay out a text line by line.
 *
 * All of the text stays in the document; what only marks up a line is hidden there, as is a first
 * heading that says the title again.
 *
 * @param {Pick<Article, "text" | "title" | "headings" | "page_starts">} article
 * @param {{start: number, end: number}} marked in code points
 * @returns {{text: HTMLElement, mark: HTMLElement | null}} with what is marked first
 */
export function textView({ text, title, headings, page_starts: starts }, { start, end }) {
  const points = headings.flatMap((heading) => [heading.start, heading.end]);
  const units = unitsOf(text, [start, end, ...points, ...starts]);
  const unit = (/** @type {number} */ point) => units.get(point) ?? 0;
  const lines = linesOf(
    text,
    headings.map((heading) => ({ ...heading, start: unit(heading.start), end: unit(heading.end) })),
  );
  const words = wordsOf(text, unit(start), unit(end), starts.map(unit));
  const view = element("div", { class: "text" });
  /** @type {number[]} levels of the headings that a line stands under */
  const above = [];
  for (let number = 0; number < lines.length; ) {
    const rows = rowsFrom(lines, number, words);
    const line = /** @type {Line} */ (lines[number]);
    view.append(...words.pagesAt(line));
    if (rows.length > 1) {
      view.append(tableView(rows, words));
    } else if (line.kind === "heading") {
      const repeats = text.slice(line.from, line.to) === title?.trim();
      const hidden = repeats && view.childElementCount === 0 && !words.isMarked(line);
      view.append(headingView(line, words, hidden, above));
    } else if (line.kind === "paragraph") {
      view.append(lineView("p", line, words));
    } else {
      listOf(view).append(itemView(line, words));
    }
    number += Math.max(rows.length, 1);
  }
  const mark = words.marks.find((part) => !part.hidden) ?? null;
  if (mark !== null) {
    mark.tabIndex = -1;
  }
  return { text: view, mark };
}

/**
 * The lines of a text that are not blank.
 *
 * @param {string} text
 * @param {Heading[]} headings in code units, in order
 * @returns {Line[]}
 */
function linesOf(text, headings) {
  /** @type {Line[]} */
  const lines = [];
  let at = 0;
  let next = 0;
  for (const line of text.split("\n")) {
    const since = lines.at(-1)?.end ?? 0;
    const end = at + line.length;
    while ((headings[next]?.start ?? Infinity) < at) {
      next += 1; // in a line that has several, as where lines end in another way
    }
    const heading = headings[next];
    const deep = INDENTED.test(line);
    if (heading !== undefined && heading.start < end) {
      const { start: from, end: to, level } = heading;
      lines.push({ since, at, end, from, to, kind: "heading", level, deep, cells: [] });
      next += 1;
    } else if (line.trim() !== "") {
      const sign = BULLET.exec(line)?.[0].length ?? 0;
      const kind = sign > 0 ? "bullet" : NUMBER.test(line) ? "number" : "paragraph";
      const cells = sign > 0 ? cellsOf(line, sign) : [];
      lines.push({ since, at, end, from: at + sign, to: end, kind, level: 0, deep, cells });
    }
    at = end + 1;
  }
  return lines;
}

/**
 * The rows of the table that begins at a line and ends with its page; none where none begins.
 *
 * @param {Line[]} lines
 * @param {number} first
 * @param {Words} words
 */
function rowsFrom(lines, first, words) {
  /** @type {Line[]} */
  const rows = [];
  let widest = lines[first]?.cells ?? [];
  for (let at = first; at < lines.length; at += 1) {
    const line = /** @type {Line} */ (lines[at]);
    const opensPage = rows.length > 0 && words.pagesAt(line).length > 0;
    if (opensPage || !areOfOneTable(widest, line.cells)) {
      break;
    }
    rows.push(line);
    widest = line.cells.length > widest.length ? line.cells : widest;
  }
  return rows;
}

/** @typedef {ReturnType<typeof wordsOf>} Words */

/**
 * The words of a text as nodes, with a part of it marked; keeps the marks that it has made.
 *
 * @param {string} text
 * @param {number} start of what is marked, in code units
 * @param {number} end
 * @param {number[]} starts of pages, in code units
 */
function wordsOf(text, start, end, starts) {
  /** @type {HTMLElement[]} */
  const marks = [];
  const pages = starts
    .map((at, number) => ({ at, view: pageView(number + 1) }))
    .filter(({ at }, number) => number > 0 && at !== starts[number + 1]);

  /**
   * The pages that begin at a place or behind it, up to another place.
   *
   * @param {number} first
   * @param {number} last
   */
  const pagesFrom = (first, last) => {
    let [low, high] = [0, pages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pages[middle]?.at ?? 0) < first) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    let end = low;
    while ((pages[end]?.at ?? Infinity) <= last) {
      end += 1;
    }
    return pages.slice(low, end);
  };

  /**
   * A part with the pages that begin within it; what is not shown only marks up the line.
   *
   * @param {number} first
   * @param {number} last
   * @param {Shown} shown
   * @returns {(Node | string)[]}
   */
  const plain = (first, last, shown) => {
    const from = Math.min(Math.max(shown.from, first), last);
    const to = Math.min(Math.max(shown.to, from), last);
    const begun = pagesFrom(Math.max(from, shown.from) + 1, to - 1);
    const cuts = [from, ...begun.map(({ at }) => at), to];
    return [
      ...hiddenView(text.slice(first, from)),
      ...begun.flatMap(({ view }, at) => [text.slice(cuts[at], cuts[at + 1]), view]),
      text.slice(cuts.at(-2), to),
      ...hiddenView(text.slice(to, last)),
    ];
  };
  return {
    marks,
    /** @param {Line} line */
    isMarked: (line) => Math.max(line.at, start) < Math.min(line.end, end),
    /**
     * @param {number} first
     * @param {number} last
     * @param {Shown} shown
     */
    between(first, last, shown) {
      const from = Math.min(Math.max(start, first), last);
      const to = Math.min(Math.max(end, first), last);
      if (from >= to) {
        return plain(first, last, shown);
      }
      const mark = element("mark", {}, ...plain(from, to, shown));
      mark.hidden = to <= shown.from || from >= shown.to;
      marks.push(mark);
      return [...plain(first, from, shown), mark, ...plain(to, last, shown)];
    },
    /** @param {Line} line above which the pages stand that begin with it, but for the first */
    pagesAt: ({ since, from }) =>
      pagesFrom(since, from).map(({ view }) => view),
  };
}

/** @param {string} text */
function hiddenView(text) {
  return text === "" ? [] : [element("span", { hidden: true }, text)];
}

/** @param {number} number */
function pageView(number) {
  const name = `Page ${number}`;
  return element("span", { class: "page", role: "separator", "aria-label": name });
}

/**
 * @param {Line} line
 * @param {Words} words
 * @param {boolean} hidden
 * @param {number[]} above levels of the headings that it stands under; its own is added
 */
function headingView(line, words, hidden, above) {
  while ((above.at(-1) ?? 0) >= line.level) {
    above.pop();
  }
  const view = lineView(HEADINGS[above.length] ?? "h6", line, words);
  view.hidden = hidden;
  if (!hidden) {
    above.push(line.level);
  }
  return view;
}

/**
 * @param {"h3" | "h4" | "h5" | "h6" | "p" | "li"} name
 * @param {Line} line
 * @param {Words} words
 */
function lineView(name, line, words) {
  return element(name, { "data-at": line.at }, ...words.between(line.at, line.end, line));
}

/**
 * @param {Line} line
 * @param {Words} words
 */
function itemView(line, words) {
  const view = lineView("li", line, words);
  view.className = `${line.kind}${line.deep ? " deep" : ""}`;
  return view;
}

/**
 * The list that ends a text, begun where it ends with something else.
 *
 * @param {HTMLElement} view
 */
function listOf(view) {
  const last = view.lastElementChild;
  if (last instanceof HTMLUListElement) {
    return last;
  }
  const list = element("ul");
  view.append(list);
  return list;
}

/**
 * Rows as a table. The headings of its columns stand in each row of the text, where they are hidden.
 *
 * @param {Line[]} rows
 * @param {Words} words
 */
function tableView(rows, words) {
  const columns = columnsOf(rows.map(({ cells }) => cells));
  return scrollingTable(
    columns,
    rows.map((line) => {
      let first = line.at;
      const cells = line.cells.map(({ label, from, to }, at) => {
        const last = at === line.cells.length - 1 ? line.end : line.at + to;
        const shown = { from: line.at + from, to: line.at + to };
        const parts = words.between(first, last, shown);
        first = last;
        return { label, parts };
      });
      return { at: line.at, cells };
    }),
  );
}

// Rows of tables, which the service writes as text: "Country: Sweden; Boats: 184".

import { element } from "./elements.js";

const BETWEEN = "; ";
const AFTER_LABEL = ": ";
const LABEL = /^[^:\s][^:]{0,99}: (?=\S)/;
const SENTENCE_END = /[.!?…]["”’)]*$/;

/**
 * A cell of a row, in code units of its line; what precedes its value there names its column.
 *
 * @typedef {object} Cell
 * @property {string} label the heading of its column; "" where it has none
 * @property {number} from where its value begins
 * @property {number} to where it ends
 */

/**
 * The cells of a line that looks like a row of a table; none where it does not.
 *
 * @param {string} line
 * @param {number} [first] where the row begins in it
 * @returns {Cell[]}
 */
export function cellsOf(line, first = 0) {
  const cells = [];
  let at = first;
  for (const part of line.slice(first).split(BETWEEN)) {
    const written = LABEL.exec(part)?.[0] ?? "";
    if (written === "" && at > first) {
      return [];
    }
    const label = written.slice(0, -AFTER_LABEL.length);
    cells.push({ label, from: at + written.length, to: at + part.length });
    at += part.length + BETWEEN.length;
  }
  return cells.length > 1 && !SENTENCE_END.test(line) ? cells : [];
}

/**
 * Whether two rows may be of one table: the one has all headings of the other, in their order, and
 * both begin with the same.
 *
 * @param {Cell[]} one
 * @param {Cell[]} other
 */
export function areOfOneTable(one, other) {
  const [few, many] = one.length < other.length ? [one, other] : [other, one];
  let at = 0;
  for (const { label } of many) {
    at += few[at]?.label === label ? 1 : 0;
  }
  return few.length > 0 && at === few.length && few[0]?.label === many[0]?.label;
}

/**
 * The columns of rows of one table: an empty cell is not there in a row.
 *
 * @param {Cell[][]} rows
 */
export function columnsOf(rows) {
  const widest = rows.reduce((most, row) => (row.length > most.length ? row : most), []);
  return widest.map(({ label }) => label);
}

/**
 * A table that scrolls where it is wider than what is around it.
 *
 * @param {string[]} columns
 * @param {{at: number | null, cells: {label: string, parts: (Node | string)[]}[]}[]} rows each with
 *     where its line begins in the text of an article, where it is shown as part of it
 */
export function scrollingTable(columns, rows) {
  const heading = (/** @type {string} */ label) =>
    label === "" ? element("td") : element("th", { scope: "col" }, label);
  const body = rows.map(({ at, cells }) => {
    let next = 0;
    const filled = columns.map((label, column) => {
      const cell = cells[next]?.label === label ? cells[next] : undefined;
      next += cell === undefined ? 0 : 1;
      return column === 0
        ? element("th", { scope: "row" }, ...(cell?.parts ?? []))
        : element("td", {}, ...(cell?.parts ?? []));
    });
    return element("tr", at === null ? {} : { "data-at": at }, ...filled);
  });
  return element(
    "div",
    { class: "rows", role: "group", "aria-label": "Table", tabIndex: 0 },
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...columns.map(heading))),
      element("tbody", {}, ...body),
    ),
  );
}

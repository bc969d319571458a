// One question of many as a table, filled as answers come, sorted by any column, and saved as CSV.

import { noMany } from "./address.js";
import { citedLink, originView } from "./citations.js";
import { confidenceView } from "./confidence.js";
import { CITED_COLUMNS, citedCells, saveFile, writeCsv } from "./csv.js";
import { element } from "./elements.js";
import { isQuantity } from "./figures.js";
import { follow } from "./links.js";
import { sayAbstention } from "./notes.js";
import { sayCount, sayStanding } from "./wording.js";

/**
 * @typedef {import("./address.js").Address} Address
 * @typedef {import("./service.js").TableHead} TableHead
 * @typedef {import("./service.js").TableRow} TableRow
 * @typedef {{label: string, row: TableRow | null, view: HTMLElement}} Line
 * @typedef {"row" | "answer" | "confidence" | "article"} Column
 */

/** @type {readonly (readonly [Column, string])[]} */
const COLUMNS = [
  ["row", "Asked for"],
  ["answer", "Answer"],
  ["confidence", "How sure"],
  ["article", "Cited article"],
];
const CSV_HEAD = [
  ...["asked of", "question", "status", "answer", "confidence", "low", "high", "unit", "as of"],
  ...["standing", ...CITED_COLUMNS, "reason"],
];
const MONTH = /^\d{4}-\d{2}$/;

/**
 * A table whose rows are still to come.
 *
 * @param {TableHead} head
 * @param {Address} address what the page shows now
 */
export function tableOf({ labels, left_out: leftOut }, address) {
  /** @type {Line[]} */
  const lines = labels.map((label) => ({ label, row: null, view: waitingView(label) }));
  const progress = element("p", { class: "hint" });
  const body = element("tbody", { role: "rowgroup" }, ...lines.map(({ view }) => view));
  const saving = element(
    "button",
    { type: "button", class: "quiet", on: { click: () => save(lines) } },
    "Save as CSV",
  );
  const headings = headingsOf((column, down) => {
    const sorted = [...lines].sort(inOrder(column, down));
    body.replaceChildren(...sorted.map(({ view }) => view));
  });
  const view = element(
    "section",
    { class: "many", "aria-labelledby": "many-title" },
    element("h2", { class: "eyebrow", id: "many-title", tabIndex: -1 }, "Table of answers"),
    progress,
    element(
      "table",
      { role: "table", "aria-labelledby": "many-title" },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...headings)),
      body,
    ),
    leftOut > 0 ? element("p", { class: "hint" }, `${leftOut} more were not asked.`) : null,
    element("p", { class: "ways" }, saving),
  );
  /** @returns {string} how far it is */
  const say = () => {
    const done = lines.filter(({ row }) => row !== null);
    const answered = done.filter(({ row }) => row?.status === "answered").length;
    const words =
      labels.length === 0
        ? "No article passes the filters."
        : done.length < lines.length
          ? `${done.length} of ${sayCount(lines.length, "row")} asked…`
          : `${answered} of ${sayCount(lines.length, "row")} answered.`;
    progress.textContent = words;
    return words;
  };
  say();
  return {
    view,
    say,
    /** @param {TableRow} row */
    add(row) {
      const line = lines[row.number - 1];
      if (line !== undefined) {
        const filled = rowView(row, address);
        line.view.replaceWith(filled);
        line.view = filled;
        line.row = row;
        say();
      }
    },
  };
}

/** @param {(column: Column, down: boolean) => void} sort */
function headingsOf(sort) {
  const headings = COLUMNS.map(([column, words]) => {
    const heading = element("th", { scope: "col", role: "columnheader" });
    const click = () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      for (const other of headings) {
        other.removeAttribute("aria-sort");
      }
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(column, down);
    };
    heading.append(element("button", { type: "button", on: { click } }, words));
    return heading;
  });
  return headings;
}

/**
 * The order of a column; rows without an answer come last either way.
 *
 * @param {Column} column
 * @param {boolean} down
 * @returns {(one: Line, other: Line) => number}
 */
function inOrder(column, down) {
  const sign = down ? -1 : 1;
  return (one, other) => {
    const [first, second] = [keyOf(one, column), keyOf(other, column)];
    if (first === null || second === null) {
      return Number(first === null) - Number(second === null);
    }
    return typeof first === "number" && typeof second === "number"
      ? sign * (first - second)
      : sign * `${first}`.localeCompare(`${second}`, "en-GB", { numeric: true });
  };
}

/**
 * @param {Line} line
 * @param {Column} column
 * @returns {string | number | null}
 */
function keyOf({ label, row }, column) {
  switch (column) {
    case "row":
      return label;
    case "answer":
      return row !== null && isQuantity(row.value) ? row.value.low : (row?.answer ?? null);
    case "confidence":
      return row?.confidence ?? null;
    case "article":
      return row?.citation?.article.published_at ?? row?.citation?.article.title ?? null;
  }
}

/** @param {string} label */
function waitingView(label) {
  return element(
    "tr",
    { role: "row", class: "waiting" },
    element("th", { scope: "row", role: "rowheader" }, label),
    element(
      "td",
      { role: "cell", colSpan: 3 },
      element("i", { class: "awaited", "aria-hidden": "true" }),
      element("span", { class: "visually-hidden" }, "not asked yet"),
    ),
  );
}

/**
 * @param {TableRow} row
 * @param {Address} address
 */
function rowView(row, address) {
  const label = element("th", { scope: "row", role: "rowheader" }, labelView(row, address));
  const { citation, answer, confidence } = row;
  if (citation === null || answer === null || confidence === null) {
    const reason = row.reason ?? "";
    const said =
      row.status === "failed"
        ? `Not asked: ${reason}`
        : `No answer. ${sayAbstention({ ...row, reason }).why}`;
    const cell = element("td", { role: "cell", colSpan: 3, class: "none" }, said);
    return element("tr", { role: "row" }, label, cell);
  }
  const notes = [
    row.standing === "reported" || row.standing === null ? "" : sayStanding(row.standing),
    row.agreement === "disagree" ? "The articles disagree" : "",
  ].filter((note) => note !== "");
  return element(
    "tr",
    { role: "row" },
    label,
    element(
      "td",
      { role: "cell", class: "answer" },
      element("span", {}, answer),
      ...(notes.length === 0 ? [] : [" ", element("span", { class: "hint" }, notes.join(". "))]),
    ),
    element("td", { role: "cell", class: "confidence-cell" }, confidenceView(confidence)),
    element(
      "td",
      { role: "cell", class: "article" },
      citedLink(citation, address),
      " ",
      originView(citation.article, { page: citation.page }),
    ),
  );
}

/**
 * What a row is asked of, linked to its question alone, with all that a single answer says.
 *
 * @param {TableRow} row
 * @param {Address} address
 */
function labelView({ label, question }, address) {
  const { by, names } = address.many;
  const alone = { ...address, question, many: noMany(), after: null, place: null };
  if (names.length > 0) {
    return follow(alone, label);
  }
  switch (by) {
    case "source":
      return follow({ ...alone, filters: { ...address.filters, sources: [label] } }, label);
    case "tag":
      return follow({ ...alone, filters: { ...address.filters, tags: [label] } }, label);
    default:
      return MONTH.test(label) && by === "month" ? monthInWords(label) : label;
  }
}

/** @param {string} month as 2025-01 */
function monthInWords(month) {
  const format = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
  return format.format(new Date(`${month}-01T00:00:00Z`));
}

/** @param {Line[]} lines */
function save(lines) {
  const rows = lines.flatMap(({ row }) => (row === null ? [] : [csvOf(row)]));
  const content = new Blob([writeCsv([CSV_HEAD, ...rows])], { type: "text/csv" });
  saveFile("table.csv", content);
}

/**
 * @param {TableRow} row
 * @returns {(string | number | null)[]}
 */
function csvOf(row) {
  const { value } = row;
  return [
    ...[row.label, row.question, row.status, row.answer, row.confidence],
    ...[value?.low ?? null, value?.high ?? null, value?.unit ?? null, row.as_of, row.standing],
    ...[...citedCells(row.citation), row.reason],
  ];
}

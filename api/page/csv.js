// Rows as CSV that a spreadsheet opens as text, whatever an article says.

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Write rows as CSV (RFC 4180), with the mark by which Excel knows UTF-8. Text that would be a
 * formula gets an apostrophe before it; numbers stay as they are.
 *
 * @param {(string | number | null)[][]} rows
 */
export function writeCsv(rows) {
  return `\ufeff${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

/** The columns that say where something is cited. */
export const CITED_COLUMNS = "sentence,article,title,source,published,url,start,end".split(",");

/**
 * Where something is cited, a cell a column.
 *
 * @param {import("./service.js").Citation | null} citation
 * @returns {(string | number | null)[]}
 */
export function citedCells(citation) {
  if (citation === null) {
    return CITED_COLUMNS.map(() => null);
  }
  const { article, sentence, start, end } = citation;
  const { id, title, source, published_at: day, url } = article;
  return [sentence, id, title, source, day, url, start, end];
}

/** @param {string | number | null} value */
function cell(value) {
  if (value === null || typeof value === "number") {
    return value === null ? "" : `${value}`;
  }
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Hand a file over to the browser, which keeps it.
 *
 * @param {string} name
 * @param {Blob} content
 */
export function saveFile(name, content) {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

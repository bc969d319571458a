// What the page shows stands in its address, so that it can be linked and gone back to.

/**
 * @typedef {object} Filters
 * @property {string} from first day, or ""
 * @property {string} to last day, or ""
 * @property {string[]} sources
 * @property {string[]} tags
 *
 * @typedef {object} Quote
 * @property {string} quote
 * @property {string} sha256 of it
 *
 * @typedef {object} Place
 * @property {string} article id of an article
 * @property {number} start first code point of what is marked in it
 * @property {number} end
 * @property {Quote | null} cited what stood there, in a link that was copied
 *
 * @typedef {object} Many
 * @property {"" | "source" | "tag" | "month" | "article"} by a row for each; "" where there are names
 * @property {string[]} names that are put into the question; none where it is asked once, or by group
 *
 * @typedef {object} After
 * @property {string} question the one before
 * @property {string[]} without its names and time that are not taken over
 *
 * @typedef {object} Address
 * @property {string} question "" where nothing is asked
 * @property {Filters} filters
 * @property {Many} many what it is asked of
 * @property {After | null} after what it follows up
 * @property {boolean} guess whether answers are wanted however unsure they are
 * @property {Place | null} place the article that is open
 */

/** @returns {Filters} */
export function noFilters() {
  return { from: "", to: "", sources: [], tags: [] };
}

/** @returns {Many} that a question is asked once */
export function noMany() {
  return { by: "", names: [] };
}

/** @param {Many} many */
export function isOfMany({ by, names }) {
  return by !== "" || names.length > 0;
}

/** @param {Filters} filters */
export function countFilters(filters) {
  const days = (filters.from === "" ? 0 : 1) + (filters.to === "" ? 0 : 1);
  return days + filters.sources.length + filters.tags.length;
}

/**
 * @param {string} search the part of a URL from its question mark on
 * @returns {Address}
 */
export function readAddress(search) {
  const given = new URLSearchParams(search);
  const article = given.get("article");
  return {
    question: given.get("q")?.trim() ?? "",
    filters: {
      from: given.get("from") ?? "",
      to: given.get("to") ?? "",
      sources: given.getAll("source"),
      tags: given.getAll("tag"),
    },
    many: readMany(given.get("by"), given.getAll("name")),
    after: readAfter(given.get("after"), given.getAll("without")),
    guess: given.get("guess") === "1",
    place:
      article === null
        ? null
        : {
            article,
            start: offset(given.get("start")),
            end: offset(given.get("end")),
            cited: readQuote(given.get("quote"), given.get("sha256")),
          },
  };
}

/**
 * @param {string | null} question
 * @param {string[]} without
 */
function readAfter(question, without) {
  return question === null ? null : { question, without };
}

/**
 * @param {string | null} by
 * @param {string[]} names
 * @returns {Many}
 */
function readMany(by, names) {
  switch (by) {
    case "source":
    case "tag":
    case "month":
    case "article":
      return { by, names: [] };
    default:
      return { by: "", names };
  }
}

/**
 * @param {string | null} quote
 * @param {string | null} sha256
 */
function readQuote(quote, sha256) {
  return quote === null || sha256 === null ? null : { quote, sha256 };
}

/** @param {string | null} written */
function offset(written) {
  return written !== null && /^\d{1,9}$/.test(written) ? Number(written) : 0;
}

/**
 * @param {Address} address
 * @returns {string} a relative URL
 */
export function writeAddress(address) {
  const { filters, many, after, place } = address;
  const written = new URLSearchParams();
  /** @type {[string, string][]} */
  const pairs = [
    ["q", address.question],
    ["from", filters.from],
    ["to", filters.to],
    ...filters.sources.map((value) => /** @type {[string, string]} */ (["source", value])),
    ...filters.tags.map((value) => /** @type {[string, string]} */ (["tag", value])),
    ["by", many.by],
    ...many.names.map((value) => /** @type {[string, string]} */ (["name", value])),
    ["after", after?.question ?? ""],
    ...(after?.without ?? []).map((value) => /** @type {[string, string]} */ (["without", value])),
    ["guess", address.guess ? "1" : ""],
  ];
  if (place !== null) {
    pairs.push(["article", place.article], ["start", `${place.start}`], ["end", `${place.end}`]);
    pairs.push(["quote", place.cited?.quote ?? ""], ["sha256", place.cited?.sha256 ?? ""]);
  }
  for (const [name, value] of pairs) {
    if (value !== "") {
      written.append(name, value);
    }
  }
  return written.size === 0 ? "./" : `?${written}`;
}

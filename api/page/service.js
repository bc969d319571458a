// The service's own API, and everything that can go wrong with it.

import { noFilters } from "./address.js";
import { canStream, EVENTS, isStream, readEvents } from "./events.js";
import { keyFor } from "./keys.js";

/**
 * @typedef {import("./address.js").Filters} Filters
 * @typedef {import("./keys.js").Scope} Scope
 *
 * @typedef {object} ArticleInfo
 * @property {string} id
 * @property {string | null} title
 * @property {string | null} url
 * @property {string | null} source
 * @property {string | null} author
 * @property {string | null} published_at
 * @property {boolean} [recognised] whether text of it was recognised in pictures of pages (OCR)
 * @property {string[]} tags
 * @property {string} sha256
 *
 * @typedef {{start: number, end: number, level: number}} Heading
 * @typedef {ArticleInfo & {text: string, headings: Heading[], page_starts: number[], original: string | null, original_type: string | null,
 *     also_at: ArticleInfo[], near_duplicates: {article: ArticleInfo, similarity: number}[]}} Article
 *
 * @typedef {object} Passage
 * @property {ArticleInfo} article
 * @property {string} text
 * @property {number | null} page null where the article has no pages
 *
 * @typedef {object} Nearest
 * @property {number} number
 * @property {ArticleInfo} article
 * @property {string} sentence
 * @property {number} sentence_start
 * @property {number} sentence_end
 * @property {number | null} page null where the article has no pages
 *
 * @typedef {Nearest & {quote: string, quote_sha256: string, start: number, end: number,
 *     before: string | null}} Citation
 *     `before` is the sentence before, where the cited one is not clear without it
 *
 * @typedef {"quotation" | "markdown" | "bibtex" | "ris" | "csl"} CitationFormat
 *
 * @typedef {{article_id: string, quote: string, start: number, end: number}} MarkedWords
 * @typedef {object} MarkedQuestion
 * @property {string} id
 * @property {string} question
 * @property {string[]} answers
 * @property {string[]} articles
 * @property {string | null} marked_by
 * @property {string | null} marked_at
 * @property {boolean} reviewed
 *
 * @typedef {object} VerifiedQuote
 * @property {"intact" | "moved" | "changed" | "gone"} status
 * @property {number | null} start null where the quote does not stand any more
 * @property {number | null} end
 *
 * @typedef {"reported" | "planned" | "forecast" | "denied" | "attributed"} Standing
 *
 * @typedef {object} Value
 * @property {"money" | "percent" | "count" | "number" | "duration" | "date"} kind
 * @property {number | string} low a day where the kind is date
 * @property {number | string} high
 * @property {string | null} unit
 * @property {boolean} approximate
 *
 * @typedef {object} Answer
 * @property {string} text
 * @property {number} confidence
 * @property {Value | null} value
 * @property {string | null} as_of
 * @property {Standing} standing
 * @property {number[]} citations
 *
 * @typedef {object} Reply
 * @property {"answered" | "abstained"} status
 * @property {string} question
 * @property {Answer[]} answers
 * @property {Citation[]} citations
 * @property {{reason: string, nearest: Nearest[], best_candidate: string | null,
 *     best_confidence: number | null} | null} abstention
 * @property {"single" | "agree" | "revised" | "disagree" | null} agreement
 * @property {{as_of: string | null, text: string, value: Value | null, standing: Standing,
 *     citation: number}[]} timeline
 * @property {{from: string | null, to: string | null, words: string,
 *     use: "filter" | "evidence" | "not met" | "contradictory"} | null} question_time
 * @property {{absent: string[], read_as: Record<string, string>,
 *     offered: Record<string, string[]>}} names
 * @property {{names: string[], time: string | null}} context what a follow-up takes over
 * @property {{complete: "likely" | "unknown", articles_searched: number,
 *     below_the_bar: {text: string, confidence: number}[]} | null} listing
 * @property {{sides: {subject: string, answer: number | null}[], greater: number | null,
 *     statement: string} | null} comparison
 * @property {string} index_version
 * @property {number} undated_left_out
 *
 * @typedef {{labels: string[], left_out: number, index_version: string}} TableHead
 * @typedef {object} TableRow
 * @property {number} number from 1
 * @property {string} label
 * @property {string} question
 * @property {"answered" | "abstained" | "failed"} status
 * @property {string | null} answer
 * @property {number | null} confidence
 * @property {Value | null} value
 * @property {string | null} as_of
 * @property {Standing | null} standing
 * @property {Reply["agreement"]} agreement
 * @property {Citation | null} citation
 * @property {string | null} reason
 * @property {string | null} best_candidate what was not sure enough
 * @property {number | null} best_confidence
 *
 * @typedef {object} IndexState
 * @property {string} index_version
 * @property {string} created_at
 * @property {number} articles
 * @property {number} chunks
 * @property {{where: string, reason: string}[]} skipped
 * @property {{count: number, items: {where: string, reason: string}[]}} left_out
 * @property {number} copies
 * @property {number} near_duplicates
 * @property {{model: string}} encoder
 * @property {boolean} originals whether the files that articles came from can be fetched
 *
 * @typedef {{value: string, articles: number}} FacetValue
 * @typedef {object} Facets
 * @property {FacetValue[]} sources
 * @property {FacetValue[]} tags
 * @property {FacetValue[]} months as 2025-01, the newest first
 * @property {string | null} first_day
 * @property {string | null} last_day
 *
 * @typedef {object} Example
 * @property {string} question
 * @property {{published_from: string | null, published_to: string | null, sources: string[],
 *     tags: string[]}} filters
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {"queued" | "running" | "succeeded" | "failed"} status
 * @property {{stage?: string, files_done?: number, files?: number, chunks?: number,
 *     chunks_total?: number, done?: number, total?: number, unit?: string,
 *     questions_done?: number, questions?: number}} progress
 * @property {{articles?: number, skipped?: unknown[] | number} | null} summary
 * @property {string | null} error
 *
 * @typedef {object} Change
 * @property {"added" | "replaced" | "removed"} kind
 * @property {{count: number}} articles
 * @property {{where: string, reason: string}[]} skipped
 * @property {number} skipped_count
 * @property {Job} job that brings it into the index
 */

const PLAIN = "application/json";
const LISTED = 20;

/** A problem that the service described (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {string} detail
   * @param {{field: string, message: string}[]} errors
   * @param {number | null} retryAfter seconds
   */
  constructor(status, title, detail, errors, retryAfter) {
    super(detail);
    this.status = status;
    this.title = title;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/** The service did not answer, or something in between answered in its place. */
export class Unreachable extends Error {}

/**
 * Whether replies come piece by piece; not any more once something in between broke one off that
 * then came in one piece.
 */
let streams = canStream();

/**
 * Ask a question. Where replies can come piece by piece, what was found is told first.
 *
 * @param {import("./address.js").Address} address
 * @param {AbortSignal} signal
 * @param {(passages: Passage[]) => void} found called at most once, before the reply is there
 * @returns {Promise<Reply>}
 */
export async function ask({ question, filters, guess, after }, signal, found) {
  const followed = after === null ? {} : { previous_question: after.question, without: after.without };
  const body = { ...bodyOf(question, filters, guess), ...followed };
  if (!streams) {
    return parse(await postQuestion(body, PLAIN, signal));
  }
  const response = await postQuestion(body, `${EVENTS}, ${PLAIN}`, signal);
  const reply = isStream(response) ? await readReply(response, found) : await parse(response);
  if (reply !== null) {
    return reply;
  }
  const whole = await parse(await postQuestion(body, PLAIN, signal));
  streams = false;
  return whole;
}

/**
 * @param {string} question
 * @param {Filters} filters
 * @param {boolean} guess
 */
function bodyOf(question, filters, guess) {
  return { question, min_confidence: guess ? 0 : null, filters: filtersIn(filters) };
}

/** @param {Filters} filters */
function filtersIn({ from, to, sources, tags }) {
  return {
    published_from: from === "" ? null : from,
    published_to: to === "" ? null : to,
    sources,
    tags,
  };
}

/**
 * Keep which words answer a question.
 *
 * @param {string} question
 * @param {Filters} filters
 * @param {MarkedWords[]} words none where no article answers it
 * @returns {Promise<MarkedQuestion>}
 */
export async function markAnswer(question, filters, words) {
  return parse(await post("v1/gold", { question, filters: filtersIn(filters), words }));
}

/** @returns {Promise<{questions: MarkedQuestion[]}>} */
export function readMarked() {
  return send("v1/gold", "admin");
}

/**
 * @param {string} id
 * @returns {Promise<MarkedQuestion>}
 */
export function reviewMarked(id) {
  return send(`v1/gold/${encodeURIComponent(id)}/review`, "admin", { method: "POST" });
}

/** @param {string} id */
export async function dropMarked(id) {
  await request(`v1/gold/${encodeURIComponent(id)}`, "admin", { method: "DELETE" });
}

/**
 * Ask one question of many; its rows are told as they are answered, where replies can come piece by
 * piece.
 *
 * @param {import("./address.js").Address} address
 * @param {AbortSignal} signal
 * @param {{begin: (head: TableHead) => void, add: (row: TableRow) => void}} table
 */
export async function askTable({ question, filters, guess, many }, signal, table) {
  const { by, names } = many;
  const body = { ...bodyOf(question, filters, guess), names, by: by === "" ? null : by };
  const accept = streams ? `${EVENTS}, ${PLAIN}` : PLAIN;
  const response = await post("v1/ask/table", body, { accept, signal });
  let left = 1;
  if (isStream(response)) {
    for await (const { name, body: sent } of readBodies(response)) {
      if (name === "problem") {
        throw problemOf(sent, response);
      } else if (name === "rows") {
        left = sent.labels.length;
        table.begin(sent);
      } else if (name === "row") {
        left -= 1;
        table.add(sent);
      }
    }
    if (left > 0) {
      throw new Unreachable("The connection broke off");
    }
    return;
  }
  const { rows, ...head } = await parse(response);
  table.begin(head);
  rows.forEach(table.add);
}

/**
 * @param {object} body
 * @param {string} accept
 * @param {AbortSignal} signal
 */
function postQuestion(body, accept, signal) {
  return post("v1/ask", body, { accept, signal });
}

/**
 * @param {string} path
 * @param {object} body
 * @param {{accept?: string, signal?: AbortSignal}} [how]
 */
function post(path, body, { accept = PLAIN, signal } = {}) {
  const headers = { "Content-Type": PLAIN, Accept: accept };
  return request(path, "ask", { method: "POST", headers, body: JSON.stringify(body), signal });
}

/**
 * Read a reply that comes piece by piece.
 *
 * @param {Response} response
 * @param {(passages: Passage[]) => void} found
 * @returns {Promise<Reply | null>} null where it broke off
 */
async function readReply(response, found) {
  for await (const { name, body } of readBodies(response)) {
    if (name === "passages") {
      found(body.passages);
    } else if (name === "answer") {
      return body;
    } else if (name === "problem") {
      throw problemOf(body, response);
    }
  }
  return null;
}

/**
 * Read the events of a reply up to where it ends or breaks off. What goes wrong with an event that
 * was read is not caught here.
 *
 * @param {Response} response
 */
async function* readBodies(response) {
  try {
    for await (const { name, data } of readEvents(response)) {
      yield { name, body: JSON.parse(data) };
    }
  } catch (error) {
    if (isAbort(error)) {
      throw error;
    }
  }
}

/**
 * @param {string} id
 * @returns {Promise<Article>}
 */
export function readArticle(id) {
  return send(`v1/articles/${inPath(id)}`, "ask");
}

/**
 * A part of the list of articles, the newest first.
 *
 * @param {string} words of their metadata
 * @param {Filters} filters that they pass
 * @param {string | null} cursor where it goes on
 * @returns {Promise<{articles: ArticleInfo[], total: number, next_cursor: string | null}>}
 */
export function readArticles(words, filters, cursor) {
  const query = inQuery(filters);
  query.set("sort", "-published_at");
  query.set("limit", `${LISTED}`);
  for (const [name, value] of [["q", words], ["cursor", cursor ?? ""]]) {
    if (value !== "") {
      query.set(name ?? "", value ?? "");
    }
  }
  return send(`v1/articles?${query}`, "ask");
}

/**
 * Add files of articles; the job of the reply indexes them.
 *
 * @param {File[]} files
 * @returns {Promise<Change>}
 */
export function addFiles(files) {
  const body = new FormData();
  for (const file of files) {
    body.append("files", file);
  }
  return send("v1/articles", "admin", { method: "POST", body });
}

/**
 * @param {string} id of an article
 * @returns {Promise<Change>}
 */
export function removeArticle(id) {
  return send(`v1/articles/${inPath(id)}`, "admin", { method: "DELETE" });
}

/**
 * What became of a quote since it was cited.
 *
 * @param {import("./address.js").Place & {cited: import("./address.js").Quote}} place
 * @returns {Promise<VerifiedQuote>}
 */
export async function verifyQuote({ article, start, end, cited: { quote, sha256 } }) {
  const body = { quotes: [{ article_id: article, quote, start, end, quote_sha256: sha256 }] };
  const { quotes } = await parse(await post("v1/verify", body));
  return quotes[0];
}

/**
 * A citation as text.
 *
 * @param {Reply} reply of which it is
 * @param {CitationFormat} format
 * @param {number} number of the citation
 * @returns {Promise<string>}
 */
export async function writeCitations(reply, format, number) {
  const body = { format, reply, numbers: [number] };
  const { text } = await parse(await post("v1/citations", body));
  return text;
}

/**
 * Where the file that an article came from is.
 *
 * @param {string} id
 */
export function addressOfOriginal(id) {
  return `v1/originals/${inPath(id)}`;
}

/**
 * @param {string} id of an article
 * @returns {Promise<{name: string, content: Blob}>} its file
 */
export async function fetchOriginal(id) {
  const response = await request(addressOfOriginal(id), "ask");
  const [, quoted, encoded] =
    /filename(?:="([^"]*)"|\*=UTF-8''([^;]*))/.exec(
      response.headers.get("Content-Disposition") ?? "",
    ) ?? [];
  return { name: quoted ?? decodeURIComponent(encoded ?? ""), content: await response.blob() };
}

/** @param {string} id may hold slashes, which are part of the path */
function inPath(id) {
  return id.split("/").map(encodeURIComponent).join("/");
}

/** @returns {Promise<Record<string, any>>} the description of the API, as OpenAPI */
export function readDescription() {
  return send("openapi.json", "ask");
}

/** @returns {Promise<IndexState>} */
export function readIndex() {
  return send("v1/index", "ask");
}

/**
 * What there is to filter by; each value counts the articles that pass the filters on other fields.
 *
 * @param {Filters} [filters]
 * @returns {Promise<Facets>}
 */
export function readFacets(filters = noFilters()) {
  const query = inQuery(filters);
  return send(`v1/index/facets${query.size === 0 ? "" : `?${query}`}`, "ask");
}

/** @param {Filters} filters */
function inQuery({ from, to, sources, tags }) {
  return new URLSearchParams(
    [
      ["published_from", from],
      ["published_to", to],
      ...sources.map((value) => ["source", value]),
      ...tags.map((value) => ["tag", value]),
    ].filter(([, value]) => value !== ""),
  );
}

/** @returns {Promise<{examples: Example[]}>} */
export function readExamples() {
  return send("v1/index/examples", "ask");
}

/** @returns {Promise<Job>} */
export function rebuild() {
  return send("v1/index/rebuild", "admin", { method: "POST" });
}

/**
 * @param {string} id
 * @returns {Promise<Job>}
 */
export function readJob(id) {
  return send(`v1/index/jobs/${encodeURIComponent(id)}`, "admin");
}

/**
 * @param {string} path relative to the page, which may be served under a prefix
 * @param {Scope} scope what the request needs of a key
 * @param {RequestInit} [options]
 */
export async function send(path, scope, options = {}) {
  return parse(await request(path, scope, options));
}

/**
 * @param {string} path
 * @param {Scope} scope
 * @param {RequestInit} [options]
 * @returns {Promise<Response>} a good one; everything else is thrown
 */
export async function request(path, scope, options = {}) {
  const headers = new Headers(options.headers);
  const key = keyFor(scope);
  if (key !== null) {
    headers.set("Authorization", `Bearer ${key}`);
  }
  let response;
  try {
    response = await fetch(path, { ...options, headers, credentials: "omit", cache: "no-store" });
  } catch (error) {
    if (isAbort(error)) {
      throw error;
    }
    throw new Unreachable("The service cannot be reached", { cause: error });
  }
  if (response.ok) {
    return response;
  }
  throw problemOf(await parse(response), response);
}

/**
 * @param {{status?: number, title?: string, detail?: string, errors?: Problem["errors"]}} body
 * @param {Response} response
 */
function problemOf(body, response) {
  return new Problem(
    body.status ?? response.status,
    body.title ?? response.statusText,
    body.detail ?? "",
    body.errors ?? [],
    seconds(response.headers.get("Retry-After")),
  );
}

/** @param {unknown} error */
function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/** @param {Response} response */
async function parse(response) {
  try {
    return await response.json();
  } catch (error) {
    if (isAbort(error)) {
      throw error;
    }
    throw new Unreachable(`Something other than the service answered (${response.status})`, {
      cause: error,
    });
  }
}

/** @param {string | null} written seconds, or a date, as HTTP allows */
function seconds(written) {
  if (written === null) {
    return null;
  }
  const found = /^\d+$/.test(written)
    ? Number(written)
    : Math.ceil((Date.parse(written) - Date.now()) / 1000);
  return Number.isFinite(found) ? Math.max(0, found) : null;
}

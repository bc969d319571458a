// The page: reads its address, asks, shows, and keeps the address true.

import { isOfMany, noMany, readAddress, writeAddress } from "./address.js";
import { closeArticle, onArticleClosed, openArticle } from "./article.js";
import { byId, element } from "./elements.js";
import { chosenContext, showContext } from "./follow_ups.js";
import { findingView } from "./finding.js";
import { chosenFilters, onFiltersChanged, renewFilters, showFilters } from "./filters.js";
import { loadIndexState, noticeIndex, onIndexRenewed } from "./index_state.js";
import { follow } from "./links.js";
import { chosenMany, showMany } from "./many.js";
import { errorView, sayErrorInLine } from "./problems.js";
import { recentView, rememberQuestion } from "./recent.js";
import { replyView, sayReply } from "./results.js";
import { ask, askTable, readExamples, Unreachable } from "./service.js";
import { tableOf } from "./table.js";

/**
 * @typedef {import("./address.js").Address} Address
 * @typedef {import("./service.js").Example} Example
 * @typedef {import("./service.js").Reply} Reply
 */

const TITLE = document.title;
const KEPT_REPLIES = 30;
/** An answer that is there by then is shown alone: what flashes by is of use to nobody. */
const QUICK_MS = 250;

const form = byId("ask", HTMLFormElement);
const field = byId("question", HTMLTextAreaElement);
const results = byId("results", HTMLElement);
const startView = byId("start", HTMLElement);
const announcer = byId("announcer", HTMLElement);

/**
 * Replies by what was asked, with the seconds they took: going back shows them at once.
 *
 * @type {Map<string, {reply: Reply, seconds: number}>}
 */
const replies = new Map();
/** Tables that are full, by what was asked. @type {Map<string, HTMLElement>} */
const tables = new Map();
/** @type {Example[]} */
let examples = [];
/** What the results are of; null where nothing was asked. @type {string | null} */
let shown = null;
/** @type {AbortController | null} */
let asking = null;
/** @type {Error | null} */
let failure = null;

/** @param {Address} address */
function keyOf(address) {
  return writeAddress({ ...address, place: null });
}

/**
 * Go to an address and show it.
 *
 * @param {Address} address
 * @param {{moveFocus?: boolean}} [how] whether the focus goes to the result, since what had it is
 *     gone
 */
function go(address, { moveFocus = false } = {}) {
  const url = writeAddress(address);
  if (url !== writeAddress(readAddress(location.search))) {
    history.pushState({ within: true }, "", url);
  }
  void show(address, { moveFocus });
}

/**
 * @param {Address} address
 * @param {{moveFocus?: boolean}} [how]
 */
async function show(address, { moveFocus = false } = {}) {
  if (typedQuestion() !== address.question) {
    field.value = address.question;
    fit();
  }
  showFilters(address.filters);
  showMany(address.many);
  startView.hidden = address.question !== "";
  document.title = address.question === "" ? TITLE : `${address.question} · ${TITLE}`;
  if (address.place === null) {
    closeArticle();
  }
  if (address.question === "") {
    clear();
    drawStart();
  } else if (shown !== keyOf(address)) {
    await answer(address, { moveFocus });
  }
  if (address.place !== null && sameAddress(address)) {
    await openArticle(address.place, citedBy(address));
  }
}

/** @param {Address} address */
function sameAddress(address) {
  return writeAddress(address) === writeAddress(readAddress(location.search));
}

function clear() {
  showContext(null);
  asking?.abort();
  shown = null;
  failure = null;
  results.replaceChildren();
  results.removeAttribute("aria-busy");
}

/**
 * @param {Address} address
 * @param {{moveFocus?: boolean}} how
 */
async function answer(address, { moveFocus = false }) {
  asking?.abort();
  const turn = new AbortController();
  asking = turn;
  shown = null;
  const key = keyOf(address);
  const since = performance.now();
  results.setAttribute("aria-busy", "true");
  const cited = { ...address, place: null };
  let waiting = 0;
  const found = (/** @type {import("./service.js").Passage[]} */ passages) => {
    const showFound = () => results.replaceChildren(findingView(passages));
    if (passages.length > 0) {
      waiting = setTimeout(showFound, QUICK_MS - (performance.now() - since));
    }
  };
  turn.signal.addEventListener("abort", () => clearTimeout(waiting));
  try {
    if (isOfMany(address.many)) {
      await fillTable(cited, key, turn.signal, moveFocus);
      return;
    }
    let known = replies.get(key);
    if (known === undefined) {
      const reply = await ask(address, turn.signal, found);
      known = { reply, seconds: (performance.now() - since) / 1000 };
      keep(key, known);
    }
    clearTimeout(waiting);
    const { reply, seconds } = known;
    results.replaceChildren(...replyView(reply, cited, seconds));
    showContext(reply);
    announcer.textContent = sayReply(reply);
    failure = null;
    shown = key;
    rememberQuestion(address.question);
    void noticeIndex(reply.index_version);
  } catch (error) {
    if (turn.signal.aborted) {
      return;
    }
    clearTimeout(waiting);
    failure = /** @type {Error} */ (error);
    const again = () => {
      shown = null;
      void show(readAddress(location.search), { moveFocus: true });
      void loadExamples();
    };
    const filled = results.querySelector(".many"); // what came before stays
    results.replaceChildren(...(filled === null ? [] : [filled]), errorView(failure, again));
    announcer.textContent = sayErrorInLine(failure);
    shown = key;
  }
  results.removeAttribute("aria-busy");
  if (moveFocus) {
    results.querySelector("h2")?.focus();
  }
}

/**
 * Ask one question of many, and show each answer as it comes.
 *
 * @param {Address} address
 * @param {string} key
 * @param {AbortSignal} signal
 * @param {boolean} moveFocus
 */
async function fillTable(address, key, signal, moveFocus) {
  showContext(null);
  const kept = tables.get(key);
  if (kept !== undefined) {
    results.replaceChildren(kept);
  } else {
    /** @type {ReturnType<typeof tableOf> | null} */
    let table = null;
    await askTable(address, signal, {
      begin: (head) => {
        table = tableOf(head, address);
        results.replaceChildren(table.view);
        results.removeAttribute("aria-busy");
        void noticeIndex(head.index_version);
      },
      add: (row) => table?.add(row),
    });
    const filled = /** @type {ReturnType<typeof tableOf> | null} */ (table);
    announcer.textContent = filled?.say() ?? "";
    if (filled !== null) {
      tables.set(key, filled.view);
    }
    rememberQuestion(address.question);
  }
  results.removeAttribute("aria-busy");
  failure = null;
  shown = key;
  if (moveFocus) {
    results.querySelector("h2")?.focus();
  }
}

/**
 * @param {string} key
 * @param {{reply: Reply, seconds: number}} known
 */
function keep(key, known) {
  replies.set(key, known);
  const oldest = replies.keys().next().value;
  if (replies.size > KEPT_REPLIES && oldest !== undefined) {
    replies.delete(oldest);
  }
}

/**
 * What cites the place that is open, in the reply that is shown; null where nothing does.
 *
 * @param {Address} address
 */
function citedBy(address) {
  const reply = replies.get(keyOf(address))?.reply;
  const cited = [...(reply?.citations ?? []), ...(reply?.abstention?.nearest ?? [])].filter(
    ({ article }) => article.id === address.place?.article,
  );
  return cited.find((one) => "start" in one && one.start === address.place?.start) ?? cited[0] ?? null;
}

function drawStart() {
  /** @param {Partial<Address>} part @param {string} words */
  const link = (part, words) =>
    follow(
      {
        ...{ question: words, filters: chosenFilters(), many: noMany() },
        ...{ after: null, guess: false, place: null },
        ...part,
      },
      words,
    );
  const lede =
    "Every answer is the exact words of an article, with the sentence around them and how " +
    "likely they are right. Where no article answers, you are told so.";
  /** @type {HTMLElement[]} */
  const views = [element("p", { class: "lede" }, lede)];
  if (examples.length > 0) {
    const items = examples.map(({ question, filters }) =>
      element("li", {}, link({ filters: exampleFilters(filters) }, question)),
    );
    views.push(
      element(
        "section",
        { class: "questions", "aria-labelledby": "examples-title" },
        element("h2", { id: "examples-title" }, "Try"),
        element("ul", {}, ...items),
      ),
    );
  }
  const recent = recentView((question) => link({}, question));
  startView.replaceChildren(...views, ...(recent === null ? [] : [recent]));
}

/** @param {Example["filters"]} filters */
function exampleFilters({ published_from: from, published_to: to, sources, tags }) {
  return { from: from ?? "", to: to ?? "", sources, tags };
}

async function loadExamples() {
  try {
    ({ examples } = await readExamples());
  } catch {
    examples = []; // what hinders them is said where the reader asks
  }
  if (shown === null) {
    drawStart();
  }
}

/** Make the field as high as the question, where the style sheet alone cannot. */
function fit() {
  if (!CSS.supports("field-sizing", "content")) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
}

function typedQuestion() {
  return field.value.replace(/\s+/g, " ").trim();
}

function submit() {
  const question = typedQuestion();
  if (question === "") {
    field.focus();
    return;
  }
  const before = readAddress(location.search);
  const again = before.question === question;
  const many = chosenMany();
  /** @type {Address} */
  const address = {
    question,
    filters: chosenFilters(),
    many,
    after: again ? before.after : isOfMany(many) ? null : chosenContext(),
    guess: before.guess && again,
    place: null,
  };
  shown = null;
  go(address);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
field.addEventListener("input", fit);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const covered = document.querySelector("dialog[open]") !== null;
  if (event.key === "/" && plain && !typing && !covered) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

document.addEventListener("click", (event) => {
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  const link = event.target instanceof Element ? event.target.closest("a[data-follow]") : null;
  if (plain && link !== null) {
    event.preventDefault();
    const address = readAddress(new URL(link.getAttribute("href") ?? "", location.href).search);
    go(address, { moveFocus: address.place === null });
  }
});

byId("home", HTMLAnchorElement).addEventListener("click", (event) => {
  if (event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    go(readAddress(""));
    field.focus();
  }
});

addEventListener("popstate", () => void show(readAddress(location.search)));
addEventListener("online", () => {
  if (failure instanceof Unreachable) {
    shown = null;
    void show(readAddress(location.search));
  }
});

onArticleClosed(() => {
  const address = readAddress(location.search);
  if (address.place === null) {
    return; // closed by going back
  }
  if (history.state?.within === true) {
    history.back();
  } else {
    history.replaceState(null, "", writeAddress({ ...address, place: null }));
  }
});

onFiltersChanged(() => {
  const address = readAddress(location.search);
  if (address.question === "") {
    drawStart();
  } else if (address.question === typedQuestion()) {
    go({ ...address, filters: chosenFilters(), place: null });
  } // else another question is being written; it will be asked with these filters
});

onIndexRenewed(() => {
  replies.clear();
  tables.clear();
  void renewFilters();
  void loadExamples();
});

void show(readAddress(location.search));
void loadIndexState();
void loadExamples();

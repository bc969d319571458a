// What is searched: how much, how fresh; and rebuilding it.

import { browsingView } from "./browsing.js";
import { byId, closeButton, closeByClickBeside, element } from "./elements.js";
import { evaluatingView } from "./evaluating.js";
import { forgetKeys, keyFor } from "./keys.js";
import { keyView, sayError, sayErrorInLine } from "./problems.js";
import { reviewView } from "./reviewing.js";
import { Problem, readFacets, readIndex, readJob, rebuild, Unreachable } from "./service.js";
import { keptForTab } from "./storage.js";
import { sayAge, sayCount, sayDay, sayDayShortly, sayMoment, sayNumber } from "./wording.js";

/**
 * @typedef {import("./service.js").Facets} Facets
 * @typedef {import("./service.js").IndexState} IndexState
 * @typedef {import("./service.js").Job} Job
 */

const JOB = "article-qa.job";
const POLL_MS = 400;
const LOST_AFTER = 20;

const corner = byId("index-state", HTMLButtonElement);
const dialog = byId("index", HTMLDialogElement);
const state = element("div", { class: "state" });
const work = element("div", { class: "work" });
const review = reviewView();
const evaluating = evaluatingView(() => void loadIndexState());
const browsing = browsingView(({ job }) => {
  keptForTab.setItem(JOB, job.id);
  void follow(job.id);
});

const forget = element(
  "button",
  {
    ...{ type: "button", class: "quiet" },
    on: {
      click: () => {
        forgetKeys();
        draw();
      },
    },
  },
  "Forget the key",
);

/** @type {{index: IndexState, facets: Facets} | null} */
let known = null;
/** Why nothing is known. @type {Error | null} */
let failure = null;
let renewed = () => {};

/** @param {() => void} listener called when another index is served than before */
export function onIndexRenewed(listener) {
  renewed = listener;
  closeByClickBeside(dialog);
  dialog.append(
    element(
      "header",
      {},
      element("h2", { id: "index-title" }, "What is searched"),
      closeButton(dialog),
    ),
    state,
    browsing.view,
    review,
    evaluating,
    work,
    forget,
  );
  corner.addEventListener("click", () => void open());
  setInterval(sayState, 60_000);
}

async function open() {
  draw();
  dialog.showModal();
  await loadIndexState();
}

/** Show the articles that are searched, to find one. */
export function browseArticles() {
  void open();
  browsing.open();
}

/** Load the state; without one, the corner says why. */
export async function loadIndexState() {
  const before = known?.index.index_version;
  try {
    const [index, facets] = await Promise.all([readIndex(), readFacets()]);
    known = { index, facets };
    failure = null;
  } catch (error) {
    known = null;
    failure = /** @type {Error} */ (error);
    const missing = failure instanceof Problem && failure.status === 503;
    corner.textContent = missing ? "No index yet" : sayError(failure)[0];
  }
  corner.hidden = false;
  document.documentElement.toggleAttribute("data-originals", known?.index.originals ?? false);
  sayState();
  if (dialog.open) {
    draw();
  }
  if (before !== undefined && before !== known?.index.index_version) {
    renewed();
    browsing.renew();
  }
}

/** @param {string} version the index that a reply came from */
export async function noticeIndex(version) {
  if (known?.index.index_version !== version) {
    await loadIndexState();
  }
}

function sayState() {
  if (known !== null) {
    const { index, facets } = known;
    const newest = facets.last_day === null ? "" : ` to ${sayDayShortly(facets.last_day)}`;
    corner.replaceChildren(
      element("span", {}, `${sayCount(index.articles, "article")}${newest}`),
      element("span", { class: "age" }, `indexed ${sayAge(index.created_at)}`),
    );
  }
}

/** Draw what is known anew; all else stays in place, with its focus and what is being clicked. */
function draw() {
  const facts = element("dl");
  if (known !== null) {
    const { index, facets } = known;
    const days =
      facets.first_day === null || facets.last_day === null
        ? "none has a date"
        : `${sayDay(facets.first_day)} to ${sayDay(facets.last_day)}`;
    for (const [name, value] of [
      ["Articles", sayNumber(index.articles)],
      ["Published", days],
      ["Copies", copiesOf(index)],
      ["Passages", sayNumber(index.chunks)],
      ["Indexed", `${sayMoment(index.created_at)} (${sayAge(index.created_at)})`],
      ["Version", index.index_version],
      ["Embedded by", index.encoder.model],
    ]) {
      facts.append(
        element("div", {}, element("dt", {}, name ?? ""), element("dd", {}, value ?? "")),
      );
    }
  }
  state.replaceChildren(
    known === null ? failureView() : facts,
    ...skippedView(),
    ...leftOutView(),
  );
  forget.hidden = keyFor("ask") === null;
  if (work.childElementCount === 0) {
    const job = keptForTab.getItem(JOB);
    if (job === null) {
      offer();
    } else {
      void follow(job);
    }
  }
}

/** @param {IndexState} index */
function copiesOf({ copies, near_duplicates: near }) {
  const parts = [
    copies === 0 ? "" : sayCount(copies, "exact copy", "exact copies"),
    near === 0 ? "" : `${sayCount(near, "article")} nearly the same as others`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "none" : parts.join(", ");
}

function failureView() {
  if (failure === null) {
    return element("p", {}, "Asking the service…");
  }
  if (failure instanceof Problem && (failure.status === 401 || failure.status === 403)) {
    return keyView("ask", failure, () => void loadIndexState());
  }
  return element("p", {}, sayErrorInLine(failure));
}

function skippedView() {
  const skipped = known?.index.skipped ?? [];
  return listView(
    skipped,
    `${sayCount(skipped.length, "file or entry", "files or entries")} left out`,
  );
}

function leftOutView() {
  const { count, items } = known?.index.left_out ?? { count: 0, items: [] };
  return listView(items, `${sayCount(count, "part", "parts")} of other files left out`);
}

/**
 * @param {{where: string, reason: string}[]} parts
 * @param {string} headline
 */
function listView(parts, headline) {
  if (parts.length === 0) {
    return [];
  }
  const items = parts.map(({ where, reason }) =>
    element("li", {}, element("b", {}, where), `: ${reason}`),
  );
  const summary = element("summary", {}, headline);
  return [element("details", { class: "more" }, summary, element("ul", {}, ...items))];
}

/** @param {...(Node | string)} outcome of the last rebuild */
function offer(...outcome) {
  const button = element(
    "button",
    { type: "button", class: "quiet", on: { click: start } },
    "Rebuild the index",
  );
  const hint = "Reads the folder of articles again. Questions are answered meanwhile.";
  work.replaceChildren(...outcome, button, element("p", { class: "hint" }, hint));
}

async function start() {
  try {
    const job = await rebuild();
    keptForTab.setItem(JOB, job.id);
    await follow(job.id);
  } catch (error) {
    failed(error, start);
  }
}

/**
 * Show how far a rebuild is until it is done.
 *
 * @param {string} id
 */
async function follow(id) {
  const bar = element("progress", { id: "rebuild-progress" });
  const words = element("p", { class: "hint", role: "status" }, "Starting…");
  work.replaceChildren(element("label", { htmlFor: "rebuild-progress" }, "Rebuilding"), bar, words);
  let lost = 0;
  for (;;) {
    let job;
    try {
      job = await readJob(id);
      lost = 0;
    } catch (error) {
      lost += 1;
      if (error instanceof Unreachable && lost < LOST_AFTER) {
        await pause();
        continue;
      }
      failed(error, () => void follow(id));
      return;
    }
    if (job.status === "queued") {
      words.textContent = "Waiting for another build to end…";
    } else if (job.status !== "running") {
      await ended(job);
      return;
    }
    const [done, total, what] = stepOf(job.progress);
    if (done !== undefined && total !== undefined) {
      bar.max = total;
      bar.value = done;
      words.textContent = `${sayNumber(done)} of ${sayCount(total, what)}`;
    }
    await pause();
  }
}

/**
 * What a rebuild is at: files that are read, passages, ..., or gold questions that are asked.
 *
 * @param {Job["progress"]} progress
 * @returns {[number | undefined, number | undefined, string]}
 */
function stepOf(progress) {
  if (progress.questions !== undefined) {
    return [progress.questions_done, progress.questions, "question"];
  }
  const unit = progress.unit === "chunk" ? "passage" : (progress.unit ?? "file");
  return [progress.done, progress.total, unit];
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** @param {Job} job */
async function ended(job) {
  keptForTab.removeItem(JOB);
  const outcome =
    job.status === "failed"
      ? element("p", { class: "notice", role: "alert" }, `The rebuild failed: ${job.error ?? ""}`)
      : element(
          "p",
          { class: "done", role: "status" },
          `Done: ${sayCount(job.summary?.articles ?? 0, "article")}.`,
        );
  offer(outcome);
  await loadIndexState();
}

/**
 * @param {unknown} error
 * @param {() => void} again
 */
function failed(error, again) {
  if (error instanceof Problem && (error.status === 401 || error.status === 403)) {
    work.replaceChildren(keyView("admin", error, again));
    work.querySelector("input")?.focus();
    return;
  }
  keptForTab.removeItem(JOB);
  const words = sayErrorInLine(/** @type {Error} */ (error));
  offer(element("p", { class: "notice", role: "alert" }, words));
}

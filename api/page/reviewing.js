// Answers that users marked, for an admin to accept or remove.

import { readAddress } from "./address.js";
import { element } from "./elements.js";
import { follow } from "./links.js";
import { adminRefusalView } from "./problems.js";
import { dropMarked, readMarked, reviewMarked } from "./service.js";
import { sayMoment } from "./wording.js";

/** @typedef {import("./service.js").MarkedQuestion} MarkedQuestion */

/** What users marked; read when it is opened, which takes a key that may. */
export function reviewView() {
  const list = element("div");
  const view = element(
    "details",
    { class: "more" },
    element("summary", {}, "Marked answers"),
    list,
  );
  view.addEventListener("toggle", () => {
    if (view.open) {
      void fill(list);
    }
  });
  return view;
}

/** @param {HTMLElement} list */
async function fill(list) {
  try {
    const { questions } = await readMarked();
    list.replaceChildren(
      questions.length === 0
        ? element("p", { class: "hint" }, "None: nobody has marked an answer right or wrong.")
        : element("ul", { class: "marked" }, ...questions.map((marked) => itemView(marked, list))),
    );
  } catch (error) {
    list.replaceChildren(adminRefusalView(/** @type {Error} */ (error), () => void fill(list)));
  }
}

/**
 * @param {MarkedQuestion} marked
 * @param {HTMLElement} list
 */
function itemView({ id, question, answers, articles, reviewed, ...marked }, list) {
  const by = marked.marked_by === null ? "" : ` by ${marked.marked_by}`;
  const at = marked.marked_at === null ? "" : `, ${sayMoment(marked.marked_at)}`;
  const says = answers.length === 0 ? "No article says it" : `“${answers.join("”, “")}”`;
  const links = articles.map((article) => {
    const place = { article, start: 0, end: 0, cited: null };
    return follow({ ...readAddress(location.search), place }, article);
  });
  const refuse = (/** @type {Error} */ error) =>
    list.prepend(adminRefusalView(error, () => void fill(list)));
  const act = (/** @type {string} */ words, /** @type {() => Promise<unknown>} */ work) =>
    element(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": `${words}: ${question}`,
        on: { click: () => void work().then(() => fill(list), refuse) },
      },
      words,
    );
  return element(
    "li",
    {},
    element("b", {}, question),
    ` ${says}`,
    ...links.flatMap((link, number) => [number === 0 ? " in " : ", ", link]),
    element("span", { class: "hint" }, `Marked${by}${at}${reviewed ? "; accepted" : ""}`),
    ...(reviewed ? [] : [act("Accept", () => reviewMarked(id)), " "]),
    act("Remove", () => dropMarked(id)),
  );
}

// A menu beside each citation: it, the answer and a link to both, to be taken elsewhere.

import { writeAddress } from "./address.js";
import { placeOf } from "./citations.js";
import { byId, element } from "./elements.js";
import { sayErrorInLine } from "./problems.js";
import { writeCitations } from "./service.js";

/**
 * @typedef {import("./address.js").Address} Address
 * @typedef {import("./service.js").Citation} Citation
 * @typedef {import("./service.js").CitationFormat} CitationFormat
 * @typedef {import("./service.js").Reply} Reply
 */

/** @type {readonly (readonly [CitationFormat, string])[]} */
const FORMATS = [
  ["quotation", "Quotation"],
  ["markdown", "Answer as Markdown"],
  ["bibtex", "BibTeX"],
  ["ris", "RIS"],
  ["csl", "CSL-JSON"],
];
const SAID_MS = 3000;

const announcer = byId("announcer", HTMLElement);
let menus = 0;

/**
 * @param {Citation} citation
 * @param {Reply} reply of which it is
 * @param {Address} address what the page shows now
 * @returns {HTMLElement}
 */
export function copyMenu(citation, reply, address) {
  menus += 1;
  const id = `copy-${menus}`;
  const label = `Copy citation ${citation.number}`;
  const button = element(
    "button",
    {
      type: "button",
      class: "quiet",
      tabIndex: 0, // or Safari gives it no focus by a click
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-controls": id,
      "aria-label": label,
    },
    "Copy",
  );
  const items = [
    ...FORMATS.map(([format, words]) =>
      item(words, () => writeCitations(reply, format, citation.number)),
    ),
    item("Link to this answer", async () => linkTo(citation, address)),
  ];
  const menu = element(
    "div",
    { id, class: "menu", role: "menu", hidden: true, "aria-label": label },
    ...items.map(({ view }) => view),
  );
  const copying = element("span", { class: "copy" }, button, menu);
  let fading = 0;
  /** @param {string} words said for a while in place of the button's */
  const say = (words) => {
    clearTimeout(fading);
    button.textContent = words;
    announcer.textContent = words;
    fading = setTimeout(() => {
      button.textContent = "Copy";
    }, SAID_MS);
  };

  /** @param {boolean} opened @param {number} [at] of the item that gets the focus */
  const open = (opened, at = 0) => {
    menu.hidden = !opened;
    button.setAttribute("aria-expanded", `${opened}`);
    if (opened) {
      const most = (menu.offsetParent?.clientWidth ?? 0) - menu.offsetWidth;
      menu.style.left = `${Math.max(0, Math.min(button.offsetLeft, most))}px`;
      items.at(at)?.view.focus();
    }
  };
  const close = () => {
    open(false);
    button.focus();
  };
  button.addEventListener("click", () => open(menu.hidden !== false));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open(true, event.key === "ArrowUp" ? -1 : 0);
    }
  });
  menu.addEventListener("keydown", (event) => {
    const at = items.findIndex(({ view }) => view === document.activeElement);
    const next = nextItem(event.key, at, items);
    if (next !== null) {
      event.preventDefault();
      items.at(next)?.view.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  // By a click beside it, by the tabulator, or by another menu that opens.
  copying.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && copying.contains(relatedTarget))) {
      open(false);
    }
  });
  for (const { view, text } of items) {
    view.addEventListener("click", () => {
      close();
      void copy(text).then(say);
    });
  }
  return copying;
}

/**
 * @param {string} words
 * @param {() => Promise<string>} text what is copied
 */
function item(words, text) {
  const view = element("button", { type: "button", role: "menuitem", tabIndex: -1 }, words);
  return { view, words, text };
}

/**
 * The item that a key leads to; null for other keys.
 *
 * @param {string} key
 * @param {number} at
 * @param {{words: string}[]} items
 */
function nextItem(key, at, items) {
  switch (key) {
    case "ArrowDown":
      return (at + 1) % items.length;
    case "ArrowUp":
      return at - 1; // -1 is the last
    case "Home":
      return 0;
    case "End":
      return -1;
    default:
      return null;
  }
}

/**
 * The address of the answer with the cited words open, also where they have moved by then.
 *
 * @param {Citation} citation
 * @param {Address} address
 */
function linkTo(citation, address) {
  const { quote, quote_sha256: sha256 } = citation;
  const place = { ...placeOf(citation), cited: { quote, sha256 } };
  return new URL(writeAddress({ ...address, place }), location.href).href;
}

/**
 * @param {() => Promise<string>} text
 * @returns {Promise<string>} what came of copying it
 */
async function copy(text) {
  try {
    return (await putOnClipboard(await text())) ? "Copied" : "This browser does not let pages copy";
  } catch (error) {
    return sayErrorInLine(/** @type {Error} */ (error));
  }
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it is there
 */
async function putOnClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return putOnClipboardBySelection(text); // the page came unencrypted, or it is forbidden
  }
}

/** @param {string} text */
function putOnClipboardBySelection(text) {
  const before = document.activeElement;
  const field = element("textarea", { class: "visually-hidden", value: text, readOnly: true });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) {
    before.focus();
  }
  return done;
}

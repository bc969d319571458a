// The file that an article came from. It is never shown within this page: a browser that has no
// key to send follows the link itself, and else the file is fetched and handed over.

import { element } from "./elements.js";
import { keyFor } from "./keys.js";
import { sayErrorInLine } from "./problems.js";
import { addressOfOriginal, fetchOriginal } from "./service.js";

const PDF = "application/pdf";
const HANDED_OVER_MS = 60_000;

/**
 * A link to the file that an article came from; at a page, where the place cited has one.
 *
 * @param {string} article its id
 * @param {number | null} page
 * @param {string} words
 * @returns {HTMLAnchorElement}
 */
export function originalLink(article, page, words) {
  const place = page === null ? "" : `#page=${page}`;
  const link = element(
    "a",
    {
      class: "file",
      href: addressOfOriginal(article) + place,
      target: "_blank",
      rel: "noopener noreferrer",
    },
    page === null ? words : `${words}, page ${page}`,
  );
  link.addEventListener("click", (event) => {
    if (keyFor("ask") !== null) {
      event.preventDefault();
      void handOver(article, place, link);
    }
  });
  return link;
}

/**
 * Fetch a file with the key and give it to the browser: a PDF to be shown, others to be kept.
 *
 * @param {string} article
 * @param {string} place
 * @param {HTMLAnchorElement} link
 */
async function handOver(article, place, link) {
  link.parentElement?.querySelector(".notice")?.remove();
  try {
    const { name, content } = await fetchOriginal(article);
    const address = URL.createObjectURL(content);
    const shown = content.type === PDF;
    element("a", {
      href: shown ? address + place : address,
      ...(shown ? { target: "_blank" } : { download: name }),
    }).click();
    setTimeout(() => URL.revokeObjectURL(address), HANDED_OVER_MS);
  } catch (error) {
    const words = sayErrorInLine(/** @type {Error} */ (error));
    link.after(element("span", { class: "notice", role: "alert" }, words));
  }
}

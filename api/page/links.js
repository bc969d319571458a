// Links that the page follows without loading anything again.

import { writeAddress } from "./address.js";
import { element } from "./elements.js";

/**
 * @param {import("./address.js").Address} address
 * @param {string} words
 */
export function follow(address, words) {
  return element("a", { href: writeAddress(address), "data-follow": "" }, words);
}

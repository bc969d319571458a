// API keys: one to ask with, one to rebuild with; kept until the tab is closed, and only there.

import { keptForTab } from "./storage.js";

const SLOT = "article-qa.key.";

/** @typedef {"ask" | "admin"} Scope */

/**
 * The key for something, or, without one of its own, the other: one key may have both scopes.
 *
 * @param {Scope} scope
 * @returns {string | null}
 */
export function keyFor(scope) {
  const other = scope === "ask" ? "admin" : "ask";
  return keptForTab.getItem(SLOT + scope) ?? keptForTab.getItem(SLOT + other);
}

/**
 * @param {Scope} scope
 * @param {string} key
 */
export function keepKey(scope, key) {
  keptForTab.setItem(SLOT + scope, key);
}

export function forgetKeys() {
  keptForTab.removeItem(`${SLOT}ask`);
  keptForTab.removeItem(`${SLOT}admin`);
}

// The browser's storage; where it is blocked, what is kept lasts as long as the page.

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Slots */

/** @returns {Slots} */
function inMemory() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

/**
 * @param {() => Storage} open throws where storage is blocked
 * @returns {Slots}
 */
function orInMemory(open) {
  try {
    return open();
  } catch {
    return inMemory();
  }
}

export const kept = orInMemory(() => window.localStorage);
export const keptForTab = orInMemory(() => window.sessionStorage);

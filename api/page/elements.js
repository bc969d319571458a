// Elements are made here and nowhere else: text only ever becomes text, never markup.

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, unknown>} [properties] `class`, `on` (listeners by event), `data-*` and
 *     `aria-*` as attributes; anything else is set as a property of the element.
 * @param {...(Node | string | null)} children null is left out
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "on") {
      for (const [event, listener] of Object.entries(/** @type {object} */ (value))) {
        made.addEventListener(event, listener);
      }
    } else if (key === "class" || key === "role" || key.includes("-")) {
      made.setAttribute(key, String(value));
    } else {
      Reflect.set(made, key, value);
    }
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * Make an element of a drawing.
 *
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string | null)} children null is left out
 * @returns {SVGElementTagNameMap[Name]}
 */
export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, String(value));
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * Find an element of the page by its id.
 *
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {{new (): Kind}} kind what it must be
 * @returns {Kind}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) {
    throw new TypeError(`#${id}: expected a ${kind.name} in the page`);
  }
  return found;
}

/**
 * Close a dialog by its own button, and by a click beside it.
 *
 * @param {HTMLDialogElement} dialog
 * @returns {HTMLButtonElement}
 */
export function closeButton(dialog) {
  return element(
    "button",
    { type: "button", class: "close", "aria-label": "Close", on: { click: () => dialog.close() } },
    "×",
  );
}

/** @param {HTMLDialogElement} dialog */
export function closeByClickBeside(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
}

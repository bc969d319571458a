// The API reference, made of the service's own description (/openapi.json).

import { byId, element } from "./elements.js";
import { errorView } from "./problems.js";
import { readDescription } from "./service.js";

/**
 * @typedef {Record<string, any>} Schema
 *
 * @typedef {object} Operation
 * @property {string} method
 * @property {string} path
 * @property {Schema} says what the description says of it
 */

const DEEPEST = 6; // of fields in fields
const NO_TAG = "service";

const reference = byId("reference", HTMLDivElement);
const find = byId("find", HTMLInputElement);

/** @type {Schema} */
let description = {};

async function load() {
  try {
    description = await readDescription();
  } catch (error) {
    reference.replaceChildren(errorView(/** @type {Error} */ (error), () => void load()));
    return;
  }
  byId("title", HTMLHeadingElement).textContent =
    `The HTTP API of ${description.info.title} ${description.info.version}`;
  draw();
  openNamed();
}

function draw() {
  /** @type {Map<string, Operation[]>} */
  const groups = new Map();
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, says] of Object.entries(methods)) {
      const tag = says.tags?.[0] ?? NO_TAG;
      groups.set(tag, [...(groups.get(tag) ?? []), { method: method.toUpperCase(), path, says }]);
    }
  }
  reference.replaceChildren(
    ...[...groups].map(([tag, operations]) =>
      element(
        "section",
        {},
        element("h3", {}, `${tag.slice(0, 1).toUpperCase()}${tag.slice(1)}`),
        ...operations.map(operationView),
      ),
    ),
  );
}

/** @param {Operation} operation */
function operationView(operation) {
  const { method, path, says } = operation;
  const [first, ...rest] = (says.description ?? says.summary ?? "").split("\n\n");
  const view = element(
    "details",
    { class: "operation", id: says.operationId, "data-words": wordsOf(operation) },
    element(
      "summary",
      {},
      element("code", { class: "method" }, method),
      element("code", {}, path),
      element("span", { class: "says" }, ...marked(first ?? "")),
    ),
  );
  view.addEventListener(
    "toggle",
    () => {
      view.append(
        ...rest.map((/** @type {string} */ part) => element("p", {}, ...marked(part))),
        ...parametersView(says.parameters ?? []),
        ...bodyView(says.requestBody),
        element("h4", {}, "From a shell"),
        element("pre", {}, commandOf(operation)),
        ...responsesView(says.responses ?? {}),
      );
    },
    { once: true },
  );
  return view;
}

/** @param {Operation} operation */
function wordsOf({ method, path, says }) {
  const text = JSON.stringify([method, path, says.summary, says.description, says.parameters]);
  const names = [says.requestBody, says.responses?.["200"], says.responses?.["202"]].flatMap(
    (part) => contentsOf(part).flatMap(([, content]) => fieldNames(content.schema, 0)),
  );
  return `${text} ${names.join(" ")}`.toLowerCase();
}

/**
 * @param {Schema | undefined} schema
 * @param {number} depth
 * @returns {string[]}
 */
function fieldNames(schema, depth) {
  const { properties } = innermost(schema ?? {});
  if (properties === undefined || depth === DEEPEST) {
    return [];
  }
  return Object.entries(properties).flatMap(([name, field]) => [
    name,
    ...fieldNames(field, depth + 1),
  ]);
}

/** @param {Schema[]} parameters */
function parametersView(parameters) {
  if (parameters.length === 0) {
    return [];
  }
  const rows = parameters.map((parameter) =>
    fieldView(
      parameter.name,
      { description: parameter.description, ...parameter.schema },
      parameter.required === true,
      DEEPEST,
      ` in the ${parameter.in}`,
    ),
  );
  return [element("h4", {}, "Parameters"), element("dl", { class: "fields" }, ...rows)];
}

/** @param {Schema | undefined} body */
function bodyView(body) {
  return contentsOf(body).flatMap(([type, content]) => [
    element("h4", {}, `Body as ${type}`),
    ...schemaView(content.schema ?? {}),
  ]);
}

/** @param {Record<string, Schema>} responses */
function responsesView(responses) {
  const views = Object.entries(responses).flatMap(([status, response]) => {
    if (!status.startsWith("2")) {
      return [];
    }
    const contents = contentsOf(response);
    return contents.slice(0, 3).flatMap(([type, content]) => [
      element("h4", {}, `${status} ${response.description}, as ${type}`),
      ...schemaView(content.schema ?? {}),
    ]);
  });
  const problems = Object.entries(responses).filter(([status]) => !status.startsWith("2"));
  const listed = problems.map(([status, { description: says }]) => `${status} ${says}`).join(", ");
  return problems.length === 0
    ? views
    : [
        ...views,
        element("h4", {}, "Problems (RFC 9457)"),
        element("p", {}, `${listed}.`),
      ];
}

/**
 * @param {Schema | undefined} part a body or a response
 * @returns {[string, Schema][]} by media type
 */
function contentsOf(part) {
  return Object.entries(part?.content ?? {});
}

/**
 * The fields of a schema, and its example.
 *
 * @param {Schema} schema
 */
function schemaView(schema) {
  const whole = resolved(schema);
  const views = [];
  if (whole.description !== undefined) {
    views.push(element("p", {}, ...marked(whole.description)));
  }
  if (whole.properties !== undefined) {
    views.push(fieldsView(whole, 0));
  }
  const example = whole.examples?.[0] ?? whole.example;
  if (example !== undefined) {
    views.push(
      element(
        "details",
        {},
        element("summary", {}, "Example"),
        element("pre", {}, JSON.stringify(example, null, 2)),
      ),
    );
  }
  return views;
}

/**
 * @param {Schema} schema
 * @param {number} depth
 */
function fieldsView(schema, depth) {
  const required = new Set(schema.required ?? []);
  return element(
    "dl",
    { class: "fields" },
    ...Object.entries(schema.properties).map(([name, field]) =>
      fieldView(name, field, required.has(name), depth, ""),
    ),
  );
}

/**
 * @param {string} name
 * @param {Schema} field
 * @param {boolean} required
 * @param {number} depth
 * @param {string} place where it stands, if not in an object
 */
function fieldView(name, field, required, depth, place) {
  const inner = innermost(field);
  const lines = [];
  if (field.description !== undefined) {
    lines.push(element("dd", {}, ...marked(field.description)));
  }
  if (inner.properties !== undefined && depth < DEEPEST) {
    const more = element("details", {}, element("summary", {}, "its fields"));
    more.addEventListener("toggle", () => more.append(fieldsView(inner, depth + 1)), {
      once: true,
    });
    lines.push(element("dd", {}, more));
  }
  const kind = ` ${kindOf(field)}${place}${required ? ", required" : ""}${limitsOf(field)}`;
  return element(
    "div",
    {},
    element("dt", {}, element("code", {}, name), element("span", { class: "kind" }, kind)),
    ...lines,
  );
}

/**
 * @param {Schema} schema
 * @returns {string}
 */
function kindOf(schema) {
  if (schema.anyOf !== undefined) {
    return [...new Set(schema.anyOf.map(kindOf))].join(" or ");
  }
  if (schema.$ref !== undefined) {
    const whole = resolved(schema);
    return whole.enum === undefined ? (whole.title ?? "object") : kindOf(whole);
  }
  if (schema.const !== undefined) {
    return JSON.stringify(schema.const);
  }
  if (schema.enum !== undefined) {
    return schema.enum.map((/** @type {unknown} */ value) => JSON.stringify(value)).join(" | ");
  }
  if (schema.type === "array") {
    return `list of ${kindOf(schema.items ?? {})}`;
  }
  return schema.format ?? schema.type ?? "any";
}

/** @param {Schema} schema */
function limitsOf(schema) {
  const least = schema.minimum ?? schema.minLength ?? schema.minItems;
  const most = schema.maximum ?? schema.maxLength ?? schema.maxItems;
  const limits = [
    least === undefined ? [] : [`at least ${least}`],
    most === undefined ? [] : [`at most ${most}`],
    schema.default === undefined || schema.default === null
      ? []
      : [`${JSON.stringify(schema.default)} where left out`],
  ].flat();
  return limits.length === 0 ? "" : `; ${limits.join(", ")}`;
}

/**
 * @param {Schema} schema
 * @returns {Schema}
 */
function resolved(schema) {
  if (schema.$ref === undefined) {
    return schema;
  }
  const parts = schema.$ref.replace("#/", "").split("/");
  return parts.reduce((/** @type {Schema} */ node, /** @type {string} */ part) => node[part], description);
}

/**
 * What a field holds in the end: of a list its items, of alternatives the object.
 *
 * @param {Schema} schema
 * @returns {Schema}
 */
function innermost(schema) {
  if (schema.anyOf !== undefined) {
    const [object] = schema.anyOf.map(innermost).filter((/** @type {Schema} */ each) => each.properties);
    return object ?? {};
  }
  const whole = resolved(schema);
  return whole.type === "array" ? innermost(whole.items ?? {}) : whole;
}

/** @param {Operation} operation */
function commandOf({ method, path, says }) {
  const address = new URL(path.slice(1), document.baseURI).href.replaceAll(/%7B|%7D/gu, "");
  const words = ["curl", ...(method === "GET" ? [] : ["-X", method]), address];
  if (says.security !== undefined) {
    words.push("-H", "'Authorization: Bearer KEY'");
  }
  const [[type, content] = [undefined, {}]] = contentsOf(says.requestBody);
  if (type === "application/json") {
    const example = resolved(content.schema ?? {}).examples?.[0] ?? {};
    const json = JSON.stringify(example).replaceAll("'", "'\\''");
    words.push("-H", "'Content-Type: application/json'", "-d", `'${json}'`);
  }
  return words.join(" ");
}

/**
 * Text with its ``code`` marked.
 *
 * @param {string} text
 */
function marked(text) {
  return text
    .split(/`{1,2}([^`]+)`{1,2}/u)
    .map((part, at) => (at % 2 === 1 ? element("code", {}, part) : part));
}

function filter() {
  const words = find.value.toLowerCase().split(/\s+/u).filter(Boolean);
  for (const section of reference.querySelectorAll("section")) {
    let shown = 0;
    for (const operation of section.querySelectorAll(".operation")) {
      const has = words.every((word) => operation.getAttribute("data-words")?.includes(word));
      operation.toggleAttribute("hidden", !has);
      shown += has ? 1 : 0;
    }
    section.hidden = shown === 0;
  }
}

/** Open the operation that the address names. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named instanceof HTMLDetailsElement) {
    named.open = true;
    named.scrollIntoView();
  }
}

find.addEventListener("input", filter);
addEventListener("hashchange", openNamed);
void load();

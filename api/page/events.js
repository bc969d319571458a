// Server-sent events of a reply to a POST request, which the browser's own EventSource cannot send.

export const EVENTS = "text/event-stream";

/** Whether this browser gives a reply piece by piece. */
export function canStream() {
  return "ReadableStream" in window && "body" in Response.prototype;
}

/** @param {Response} response */
export function isStream(response) {
  const type = response.headers.get("Content-Type") ?? "";
  return type.toLowerCase().startsWith(EVENTS) && response.body !== null;
}

/**
 * Read the events of a reply, each as soon as it is whole.
 *
 * @param {Response} response
 * @returns {AsyncGenerator<{name: string, data: string}>}
 */
export async function* readEvents(response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let name = "";
  /** @type {string[]} */
  let data = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines.map((whole) => whole.replace(/\r$/, ""))) {
        if (line === "") {
          if (data.length > 0) {
            yield { name, data: data.join("\n") };
          }
          name = "";
          data = [];
        } else if (line.startsWith("event:")) {
          name = line.slice("event:".length).trim();
        } else if (line.startsWith("data:")) {
          data.push(line.slice("data:".length).replace(/^ /, ""));
        }
      }
      if (done) {
        return;
      }
    }
  } finally {
    reader.releaseLock();
  }
}

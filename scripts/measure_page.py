"""How long the page takes from the key press to the answer, in a real Chromium.

``python -m scripts.measure_page --url http://127.0.0.1:8000`` needs a running service with the
sample corpus, and the development packages.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from tqdm import tqdm

from index.loading.gold import load_gold
from scripts.terminal.browser import launched
from scripts.terminal.commands import (
    Command,
    JsonOption,
    command_line,
    print_result,
    print_values,
    reported_errors,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

# From the key event's own time stamp to the first frame that can show the answer. The reply is
# taken from a copy: a browser keeps none of what came piece by piece.
_WATCH: Final = """
() => {
  let pressed = 0;
  const send = window.fetch;
  window.fetch = async (...request) => {
    const reply = await send(...request);
    if (reply.url.endsWith("/v1/ask")) {
      window.replied = reply.clone().text();
    }
    return reply;
  };
  addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  window.answered = () => new Promise((resolve) => {
    const results = document.getElementById("results");
    new MutationObserver((_, observer) => {
      if (results.querySelector(".took") !== null) {
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - pressed));
      }
    }).observe(results, { childList: true });
  });
}
"""


def main(
    url: Annotated[str, typer.Option(help="Address of the service.")] = "http://127.0.0.1:8000",
    gold: Annotated[Path, typer.Option(help="Gold questions to ask.")] = Path("corpus/gold.jsonl"),
    questions: Annotated[int, typer.Option(min=2, help="How many of them.")] = 50,
    chromium: Annotated[str, typer.Option(help="The browser's command.")] = "chromium",
    as_json: JsonOption = False,
) -> None:
    """Ask gold questions on the page and print the milliseconds; JSON last."""
    with reported_errors():
        known = [question.question for question in load_gold(gold)]
    asked = known[:: max(1, len(known) // questions)][:questions]
    with launched(chromium) as browser:
        page = browser.new_page()
        page.goto(url)
        page.evaluate(_WATCH)
        _ask(page, "What is asked first warms up.")
        measured = [_ask(page, question) for question in tqdm(asked, desc="asking", disable=None)]
    result = {
        "questions": len(measured),
        "key_press_to_answer_ms": _percentiles([whole for whole, _ in measured]),
        "service_ms": _percentiles([service for _, service in measured]),
        "page_and_network_ms": _percentiles([whole - rest for whole, rest in measured]),
    }
    print_result(result, lambda: print_values(result), as_json=as_json)


def _ask(page: Page, question: str) -> tuple[float, float]:
    """Ask one question; returns milliseconds in all, and of them those of the service."""
    page.get_by_label("Your question").fill(question)
    waiting = page.evaluate_handle("() => ({ answered: window.answered() })")
    page.keyboard.press("Enter")
    whole: float = waiting.evaluate("({ answered }) => answered")
    service: float = _reply(page.evaluate("window.replied"))["timings_ms"]["total"]
    return whole, service


def _reply(body: str) -> dict[str, Any]:
    """The service's reply: the last of the events, or all there is where there are none."""
    told = body.rpartition("\ndata: ")[2] if body.startswith("event: ") else body
    reply: dict[str, Any] = json.loads(told)
    return reply


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return {"p50": round(statistics.median(values), 1), "p95": round(cuts[-1], 1)}


_EXAMPLES: Final = (
    (
        "python -m scripts.measure_page --url http://127.0.0.1:8000 --questions 20",
        "twenty of the gold questions",
    ),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()

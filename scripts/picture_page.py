"""Take a picture of the page, as the README shows it, in a real Chromium.

``python -m scripts.picture_page --url http://127.0.0.1:8000`` needs a running service with the
sample corpus, and the development packages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final
from urllib.parse import quote_plus

import typer

from scripts.terminal.browser import launched
from scripts.terminal.commands import (
    Command,
    JsonOption,
    command_line,
    print_result,
    print_values,
)

_PATIENCE_MS: Final = 60_000
_SCALE: Final = 2  # pixels of the picture a pixel of the page


def main(
    url: Annotated[str, typer.Option(help="Address of the service.")] = "http://127.0.0.1:8000",
    question: Annotated[
        str, typer.Option(help="The question that is asked.")
    ] = "How much is Meta spending?",
    out: Annotated[Path, typer.Option(help="The picture, a PNG file.")] = Path("docs/page.png"),
    width: Annotated[int, typer.Option(min=320, help="Of the page, in pixels.")] = 760,
    height: Annotated[int, typer.Option(min=320, help="Of the page, in pixels.")] = 960,
    chromium: Annotated[str, typer.Option(help="The browser's command.")] = "chromium",
    as_json: JsonOption = False,
) -> None:
    """Ask a question on the page and save a picture of the answer; JSON last."""
    with launched(chromium) as browser:
        page = browser.new_page(
            viewport={"width": width, "height": height},
            device_scale_factor=_SCALE,
            reduced_motion="reduce",
        )
        page.goto(f"{url}/?q={quote_plus(question)}")
        page.locator("#results > .took").wait_for(timeout=_PATIENCE_MS)
        page.screenshot(path=out)
    result = {"out": str(out), "bytes": out.stat().st_size}
    print_result(result, lambda: print_values(result), as_json=as_json)


_EXAMPLES: Final = (
    ("python -m scripts.picture_page --out docs/page.png", "the picture of the README"),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()

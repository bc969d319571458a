"""A real Chromium for the commands that look at the page; needs the development packages."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@contextmanager
def launched(chromium: str) -> Iterator[Browser]:
    """A browser that is closed in the end.

    Args:
        chromium: The browser's command.

    Raises:
        typer.Exit: If the browser, or what is done with it, fails; the reason is printed.
    """
    program = shutil.which(chromium)
    if program is None:
        typer.echo(f"error: there is no program '{chromium}'; name one by --chromium", err=True)
        raise typer.Exit(1)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, args=["--no-sandbox", "--disable-gpu"]
            )
            yield browser
            browser.close()
    except PlaywrightError as error:
        typer.echo(f"error: {error.message.splitlines()[0]}", err=True)
        raise typer.Exit(1) from error

"""A prompt for questions, with a history file."""

from __future__ import annotations

import os
import readline
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT: Final = 1000
_PROMPT: Final = "question> "


def history_file() -> Path:
    """The history file, in the user's state folder (XDG base directories)."""
    state = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(state) if state else Path.home() / ".local" / "state"
    return folder / "article-qa" / "questions"


def prompted_questions() -> Iterator[str]:
    """Prompt for questions until Ctrl-D, with line editing and a history.

    Only its owner can read the history file. If it cannot be written, a message says so.
    """
    path = history_file()
    if path.exists():
        readline.read_history_file(path)
    readline.set_history_length(_KEPT)
    print("Ask in plain words; Ctrl-D ends.", file=sys.stderr)
    try:
        while True:
            question = input(_PROMPT).strip()
            if question:
                yield question
    except EOFError:
        print(file=sys.stderr)
    finally:
        _keep(path)


def _keep(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        readline.write_history_file(path)
    except OSError as error:
        print(f"the history is not saved: {error}", file=sys.stderr)

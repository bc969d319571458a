"""Questions typed at a prompt, kept for the next time."""

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
    """Where questions are kept: in the user's folder for state (XDG base directories)."""
    state = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(state) if state else Path.home() / ".local" / "state"
    return folder / "article-qa" / "questions"


def prompted_questions() -> Iterator[str]:
    """Prompt for one question after the other until Ctrl-D, with line editing and a history.

    The history is for its owner only. Where it cannot be kept, that is said and all else works.
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
        print(f"the questions are not kept: {error}", file=sys.stderr)

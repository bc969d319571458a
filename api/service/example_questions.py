"""Questions to start from: those gold questions of the corpus that are tagged ``example``."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from api.schemas import ExampleQuestion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOLD_FILE: Final = "gold.jsonl"
EXAMPLE_TAG: Final = "example"
MOST_EXAMPLES: Final = 8

_LOGGER = logging.getLogger(__name__)


class ExampleQuestions:
    """The example questions of the corpus that is being served, read once per index."""

    def __init__(self) -> None:
        self._version: str | None = None
        self._known: list[ExampleQuestion] = []

    def of(self, index_version: str, corpus_dir: Path) -> list[ExampleQuestion]:
        """Look up the examples of an index.

        A service answers without them too: a file that is missing gives none, and one with a
        wrong line none, and a warning that names the line.

        Args:
            index_version: The index that is being served.
            corpus_dir: Where its articles are.
        """
        if self._version != index_version:
            self._known = _load(corpus_dir / GOLD_FILE)
            self._version = index_version
        return self._known


def _load(path: Path) -> list[ExampleQuestion]:
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        _LOGGER.warning("%s: no example questions: %s", path, error)
        return []
    try:
        return [found for _, found in zip(range(MOST_EXAMPLES), _examples(lines), strict=False)]
    except _WrongLineError as error:
        _LOGGER.warning("%s, line %d: no example questions: %s", path, error.line, error)
        return []


class _WrongLineError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _examples(lines: list[bytes]) -> Iterator[ExampleQuestion]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
            if not isinstance(parsed, dict):
                raise _WrongLineError(number, "expected a JSON object")
            if EXAMPLE_TAG in parsed.get("tags", ()):
                yield ExampleQuestion.model_validate(parsed)
        except (ValueError, TypeError, RecursionError, ValidationError) as error:
            raise _WrongLineError(number, str(error).splitlines()[0]) from error

"""Example questions: the gold questions of the corpus that are tagged ``example``."""

from __future__ import annotations

import logging
from itertools import islice
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from api.schemas import ExampleQuestion
from index.errors import GoldError
from index.field_faults import first_fault
from index.loading.gold import GoldQuestion, read_gold_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOLD_FILE: Final = "gold.jsonl"
EXAMPLE_TAG: Final = "example"
MOST_EXAMPLES: Final = 8

_LOGGER = logging.getLogger(__name__)


class ExampleQuestions:
    """The example questions of the corpus being served, read once for each index."""

    def __init__(self) -> None:
        self._version: str | None = None
        self._examples: list[ExampleQuestion] = []

    def of(self, index_version: str, corpus_dir: Path) -> list[ExampleQuestion]:
        """The example questions of an index.

        They are optional: a missing file gives none, and so does a file with a malformed line,
        which is logged.

        Args:
            index_version: The index being served.
            corpus_dir: Its corpus folder.
        """
        if self._version != index_version:
            self._examples = _load(corpus_dir / GOLD_FILE)
            self._version = index_version
        return self._examples


def _load(path: Path) -> list[ExampleQuestion]:
    try:
        return list(islice(_examples(path), MOST_EXAMPLES))
    except GoldError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            _LOGGER.warning("no example questions: %s", error)
        return []


def _examples(path: Path) -> Iterator[ExampleQuestion]:
    for number, read in read_gold_lines(path):
        if not isinstance(read, GoldQuestion):
            raise GoldError(read[0].describe(path))
        if EXAMPLE_TAG in read.tags:
            try:
                yield ExampleQuestion.model_validate(
                    read.model_dump(include={"question": True, "filters": True})
                )
            except ValidationError as error:
                raise GoldError(f"{path}, line {number}: {first_fault(error)}") from error

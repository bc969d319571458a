"""Progress of a build: a bar on standard error, JSON lines on standard output, or nothing."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Never, Self

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from index.loading.gold import GoldQuestion
    from index.progress import BuildProgress, Stage


class ProgressStyle(StrEnum):
    """How progress is shown."""

    BAR = "bar"
    JSON = "json"
    NONE = "none"


def _asking_with_bar(questions: Sequence[GoldQuestion]) -> Iterable[GoldQuestion]:
    return tqdm(questions, desc="asking", unit="question", disable=None)


def _asking_with_lines(questions: Sequence[GoldQuestion]) -> Iterable[GoldQuestion]:
    for done, question in enumerate(questions):
        yield question
        progress = {"questions_done": done + 1, "questions": len(questions)}
        print(json.dumps({"progress": progress}), flush=True)


def _asking_silently(questions: Sequence[GoldQuestion]) -> Iterable[GoldQuestion]:
    return questions


ASKING: Final = {
    ProgressStyle.BAR: _asking_with_bar,
    ProgressStyle.JSON: _asking_with_lines,
    ProgressStyle.NONE: _asking_silently,
}


class BuildReporter:
    """Shows the progress of a build.

    Attributes:
        show: To be called with the progress of the build.
    """

    def __init__(self, style: ProgressStyle) -> None:
        self._bar: tqdm[Never] | None = None
        self._stage: Stage | None = None
        self.show: Callable[[BuildProgress], None] = self._ignore
        if style is ProgressStyle.BAR:
            self._bar = tqdm(disable=None)
            self.show = self._advance
        elif style is ProgressStyle.JSON:
            self.show = self._print

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _advance(self, progress: BuildProgress) -> None:
        if self._bar is None:
            return
        if self._stage is not progress.stage:  # each has its own rate and time left
            self._stage = progress.stage
            self._bar.reset(progress.total)
            self._bar.unit = progress.stage.unit
            self._bar.set_description(progress.stage)
        self._bar.update(progress.done - self._bar.n)

    @staticmethod
    def _print(progress: BuildProgress) -> None:
        line = {"progress": {**asdict(progress), "unit": progress.stage.unit}}
        print(json.dumps(line), flush=True)

    @staticmethod
    def _ignore(progress: BuildProgress) -> None:
        del progress

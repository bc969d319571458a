"""Progress of a build: a bar or lines on standard error, JSON on standard output, or nothing."""

from __future__ import annotations

import functools
import json
import sys
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Never

from tqdm import tqdm

from api.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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


@contextmanager
def build_reporter(style: ProgressStyle) -> Iterator[Callable[[BuildProgress], None]]:
    """Show the progress of a build; yields the function to call with it.

    The bar is for terminals: elsewhere lines say how far the build is, ever more rarely.
    """
    if style is ProgressStyle.JSON:
        yield _print
    elif style is ProgressStyle.NONE:
        yield _ignore
    elif sys.stderr.isatty():
        # Its clock goes on while a batch takes long.
        with tqdm(disable=None) as bar, Waiting("building the index", lambda _: bar.refresh()):
            yield _Bar(bar).advance
    else:
        with Waiting("building the index") as waiting:
            yield functools.partial(_tell, waiting)


class _Bar:
    """A bar of the stage that a build is in."""

    def __init__(self, bar: tqdm[Never]) -> None:
        self._bar = bar
        self._stage: Stage | None = None

    def advance(self, progress: BuildProgress) -> None:
        if self._stage is not progress.stage:  # each has its own rate and time left
            self._stage = progress.stage
            self._bar.reset(progress.total)
            self._bar.unit = progress.stage.unit
            self._bar.set_description(progress.stage)
        self._bar.update(progress.done - self._bar.n)


def _tell(waiting: Waiting, progress: BuildProgress) -> None:
    stage = progress.stage
    how_far = f"{progress.done:,} of {progress.total:,} {stage.unit}s"
    waiting.what = f"building the index: {stage}, {how_far}"


def _print(progress: BuildProgress) -> None:
    line = {"progress": {**asdict(progress), "unit": progress.stage.unit}}
    print(json.dumps(line), flush=True)


def _ignore(progress: BuildProgress) -> None:
    del progress

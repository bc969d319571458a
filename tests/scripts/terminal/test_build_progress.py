from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from api.waiting import Waiting
from index.progress import BuildProgress, Stage
from scripts.terminal import build_progress
from scripts.terminal.build_progress import ProgressStyle, build_reporter

if TYPE_CHECKING:
    from collections.abc import Callable

EMBEDDING = BuildProgress(Stage.EMBEDDING, 65, 65, 120, 1433, 120, 1433)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(
    stream: Callable[[], io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Noted] = []

    class Noted(Waiting):
        def __init__(self, what: str, say: Callable[[str], object] = print) -> None:
            super().__init__(what, seconds=10.0**6)
            self.remind = say
            begun.append(self)

    monkeypatch.setattr(build_progress, "Waiting", Noted)
    monkeypatch.setattr(sys, "stderr", stderr := stream())
    with build_reporter(ProgressStyle.BAR) as show:
        show(EMBEDDING)
        (waiting,) = begun
        shown_before = stderr.getvalue()
        if stream is Terminal:
            waiting.remind("")
            assert len(stderr.getvalue()) > len(shown_before)  # the bar's clock
        else:
            assert waiting.what == "building the index: embedding, 120 of 1,433 chunks"
    assert ("embedding" in shown_before) == (stream is Terminal)

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
    begun: list[Waiting] = []

    class Noted(Waiting):
        def __init__(self, what: str) -> None:
            super().__init__(what, seconds=10.0**6)
            begun.append(self)

    monkeypatch.setattr(build_progress, "Waiting", Noted)
    monkeypatch.setattr(sys, "stderr", shown := stream())
    with build_reporter(ProgressStyle.BAR) as show:
        show(EMBEDDING)
        lines = [waiting.what for waiting in begun]
    assert ("embedding" in shown.getvalue()) == (stream is Terminal)
    told = "building the index: embedding, 120 of 1,433 chunks"
    assert lines == ([] if stream is Terminal else [told])

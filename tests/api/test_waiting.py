from __future__ import annotations

import queue
import re
from typing import TYPE_CHECKING

from api.waiting import Waiting

if TYPE_CHECKING:
    import pytest

_LONG = 10.0**6


def test_what_goes_on_is_said_again_and_again() -> None:
    said: queue.Queue[str] = queue.Queue()
    with Waiting("Loading", said.put, seconds=0.001) as waiting:
        assert re.fullmatch(r"Loading \.\.\. \d+ s", said.get())
        waiting.what = "Reading"
        while not said.get().startswith("Reading ... "):
            pass
        waiting.end()
        lines = said.qsize()
    assert said.qsize() == lines


def test_what_is_over_at_once_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    with Waiting("Loading", seconds=_LONG) as waiting:
        waiting.end()
    with Waiting("Loading", seconds=_LONG):
        pass
    assert capsys.readouterr().err == ""

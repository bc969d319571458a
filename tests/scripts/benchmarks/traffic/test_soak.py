"""A short soak: mixed questions, nasty ones among them, to the service in this process."""

from __future__ import annotations

import gc
import logging
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scripts.benchmarks.traffic.mixed import mixed_questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient


@pytest.fixture(autouse=True)
def _without_records() -> Iterator[None]:
    """Log nothing: pytest keeps the records of a test, and they would be what is left behind."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_nasty_questions_are_answered_and_leave_nothing_behind(client: TestClient) -> None:
    plain = "Who runs Meta?"
    nasty = [question for question in mixed_questions([plain]) if question != plain][::3]
    objects = []
    for _ in range(4):
        replies = [client.post("/v1/ask", json={"question": question}) for question in nasty]
        assert Counter(reply.status_code for reply in replies) == {200: len(nasty)}
        del replies
        gc.collect()
        objects.append(len(gc.get_objects()))
    # The first round loads modules and fills the answer cache; a leak is in every other one.
    growth = [after - before for before, after in pairwise(objects[1:])]
    assert min(growth) < len(nasty)

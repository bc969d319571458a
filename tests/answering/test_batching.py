"""Reading for several questions in shared batches."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from api.answering.batching import BatchingReader, given_up
from api.answering.reader import ScoredSpan
from index.errors import GivenUpError
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.records import Passage

WAIT = 30  # seconds: only a bound, so that a broken test ends


def _spans(question: str) -> list[ScoredSpan]:
    return [ScoredSpan(0, Span(0, 1), float(len(question)), 0.0, 0.0)]


class HeldReader:
    """Notes its batches; the first waits until it is let go."""

    name = "held"

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.begun = threading.Event()
        self.go = threading.Event()

    def read_many(self, asked: Sequence[tuple[str, Sequence[Passage]]]) -> list[list[ScoredSpan]]:
        self.batches.append([question for question, _ in asked])
        self.begun.set()
        assert self.go.wait(WAIT)
        if any("throw" in question for question, _ in asked):
            raise RuntimeError("cannot read this")
        return [_spans(question) for question, _ in asked]


@pytest.fixture
def held() -> HeldReader:
    return HeldReader()


@pytest.fixture
def reader(held: HeldReader) -> Iterator[BatchingReader]:
    # What the first one takes depends on the test, so time must not bound the batches.
    batching = BatchingReader(held, most=3, batch_seconds=1e9)
    yield batching
    held.go.set()
    batching.close()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def _gather(reader: BatchingReader, count: int) -> None:
    """Wait until so many questions wait behind the batch that is read."""
    end = threading.Event()
    for _ in range(WAIT * 100):
        if reader._asked.qsize() == count:
            return
        end.wait(0.01)
    raise AssertionError(f"{reader._asked.qsize()} wait; expected {count}")


def _behind(
    reader: BatchingReader, held: HeldReader, threads: ThreadPoolExecutor, questions: list[str]
) -> list[Any]:
    """Ask questions while another one is being read."""
    asked = [threads.submit(reader.read, "first", [])]
    assert held.begun.wait(WAIT)
    for count, question in enumerate(questions, start=1):
        asked.append(threads.submit(reader.read, question, []))
        _gather(reader, count)
    return asked


def test_lone_question_is_read_at_once(reader: BatchingReader, held: HeldReader) -> None:
    held.go.set()
    assert reader.read("alone", []) == _spans("alone")
    assert held.batches == [["alone"]]
    assert reader.name == "held"


def test_questions_that_come_while_one_is_read_share_the_next_batches(
    reader: BatchingReader, held: HeldReader, threads: ThreadPoolExecutor
) -> None:
    questions = ["a", "bb", "ccc", "dddd"]
    asked = _behind(reader, held, threads, questions)
    held.go.set()
    assert [one.result(WAIT) for one in asked] == [_spans("first"), *map(_spans, questions)]
    assert held.batches == [["first"], ["a", "bb", "ccc"], ["dddd"]]


def test_question_that_cannot_be_read_fails_alone(
    reader: BatchingReader, held: HeldReader, threads: ThreadPoolExecutor
) -> None:
    asked = _behind(reader, held, threads, ["a", "throw", "ccc"])
    held.go.set()
    assert [one.result(WAIT) for one in (asked[1], asked[3])] == [_spans("a"), _spans("ccc")]
    with pytest.raises(RuntimeError, match="cannot read this"):
        asked[2].result(WAIT)
    assert reader.read("after", []) == _spans("after")


def test_question_that_nobody_waits_for_is_not_read(
    reader: BatchingReader, held: HeldReader, threads: ThreadPoolExecutor
) -> None:
    left = threading.Event()

    def read_then_leave() -> list[ScoredSpan]:
        given_up.set(left)
        return reader.read("left", [])

    first = threads.submit(reader.read, "first", [])
    assert held.begun.wait(WAIT)
    waiting = threads.submit(read_then_leave)
    _gather(reader, 1)
    left.set()
    held.go.set()
    assert first.result(WAIT) == _spans("first")
    with pytest.raises(GivenUpError, match="nobody waits"):
        waiting.result(WAIT)
    assert held.batches == [["first"]]


def test_closing_reads_what_was_asked_and_refuses_the_rest(
    held: HeldReader, threads: ThreadPoolExecutor
) -> None:
    reader = BatchingReader(held)
    asked = _behind(reader, held, threads, ["a"])
    closing = threads.submit(reader.close)
    held.go.set()
    closing.result(WAIT)
    assert [one.result(WAIT) for one in asked] == [_spans("first"), _spans("a")]
    with pytest.raises(GivenUpError, match="has ended"):
        reader.read("late", [])


def test_batch_holds_no_more_than_can_be_read_in_time(
    held: HeldReader, threads: ThreadPoolExecutor
) -> None:
    reader = BatchingReader(held, most=8, batch_seconds=1e-9)  # less than any question takes
    asked = _behind(reader, held, threads, ["a", "bb"])
    held.go.set()
    assert [one.result(WAIT) for one in asked] == [_spans("first"), _spans("a"), _spans("bb")]
    assert held.batches == [["first"], ["a"], ["bb"]]
    reader.close()


@pytest.mark.parametrize("count", [1, 2, 20])
def test_every_question_gets_its_own_spans(
    threads: ThreadPoolExecutor, held: HeldReader, count: int
) -> None:
    held.go.set()
    reader = BatchingReader(held, most=4)
    ask: Callable[[str], list[ScoredSpan]] = lambda question: reader.read(question, [])  # noqa: E731
    questions = ["x" * length for length in range(1, count + 1)]
    assert list(threads.map(ask, questions)) == [_spans(question) for question in questions]
    reader.close()

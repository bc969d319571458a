"""Encoding and reading for several questions in shared batches."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from api.answering.questions.question import Question
from api.answering.reading.reader import BatchReader, ReaderFacts, ScoredSpan, Unit
from api.errors import GivenUpError
from api.service.batched_models import BatchingEncoder, BatchingReader, ManyEncoder
from api.service.batching import DynamicBatcher, given_up
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.records import Passage

WAIT = 240  # seconds: only a bound, so that a broken test ends


def _spans(question: str) -> list[ScoredSpan]:
    return [ScoredSpan(0, Span(0, 1), float(len(question)), 0.0, 0.0)]


class HeldReader:
    """Notes its batches and with how many threads it reads; the first waits until it is let go."""

    facts = ReaderFacts("held", "f", Unit.SPAN, reads_apart=True, own_weights=True)

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self.seconds = 0  # as its own clock shows them: one for each question that it has read
        self.batches: list[list[str]] = []
        self.used: list[int] = []
        self.begun = threading.Event()
        self.go = threading.Event()

    def use_threads(self, count: int) -> None:
        self.used.append(count)

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        self.batches.append([question.text for question, _ in questions])
        self.begun.set()
        assert self.go.wait(WAIT)
        if any("throw" in question.text for question, _ in questions):
            raise RuntimeError("cannot read this")
        self.seconds += len(questions)
        return [_spans(question.text) for question, _ in questions]


@pytest.fixture
def held() -> HeldReader:
    return HeldReader()


@pytest.fixture
def reader(held: HeldReader) -> Iterator[BatchingReader]:
    # What the first one takes depends on the test, so time must not bound the batches.
    batching = BatchingReader(held, max_batch=3, batch_seconds=1e9)
    yield batching
    held.go.set()
    batching.close()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def _wait_for(reader: BatchingReader, count: int) -> None:
    """Wait until so many questions wait behind the batch that is read."""
    end = threading.Event()
    for _ in range(WAIT * 100):
        if len(reader._batcher._waiting) == count:
            return
        end.wait(0.01)
    raise AssertionError(f"{len(reader._batcher._waiting)} wait; expected {count}")


def _behind(
    reader: BatchingReader, held: HeldReader, threads: ThreadPoolExecutor, questions: list[str]
) -> list[Any]:
    """Ask questions while another one is being read."""
    asked = [threads.submit(reader.read, Question.parse("first"), [])]
    assert held.begun.wait(WAIT)
    for count, question in enumerate(questions, start=1):
        asked.append(threads.submit(reader.read, Question.parse(question), []))
        _wait_for(reader, count)
    return asked


def _read_until(left: threading.Event, reader: BatchingReader, question: str) -> list[ScoredSpan]:
    """Read for somebody who waits no longer once the event is set."""
    given_up.set(left)
    return reader.read(Question.parse(question), [])


def test_lone_question_is_read_at_once(reader: BatchingReader, held: HeldReader) -> None:
    held.go.set()
    assert reader.read(Question.parse("alone"), []) == _spans("alone")
    assert held.batches == [["alone"]]
    assert reader.facts == held.facts


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
    assert reader.read(Question.parse("after"), []) == _spans("after")


def test_question_that_nobody_waits_for_is_not_read(
    reader: BatchingReader, held: HeldReader, threads: ThreadPoolExecutor
) -> None:
    left = threading.Event()
    first = threads.submit(reader.read, Question.parse("first"), [])
    assert held.begun.wait(WAIT)
    waiting = threads.submit(_read_until, left, reader, "left")
    _wait_for(reader, 1)
    left.set()
    held.go.set()
    assert first.result(WAIT) == _spans("first")
    with pytest.raises(GivenUpError, match="nobody waits"):
        waiting.result(WAIT)
    assert held.batches == [["first"]]


def test_closing_ends_what_is_read_and_gives_up_the_rest(
    held: HeldReader, threads: ThreadPoolExecutor
) -> None:
    reader = BatchingReader(held)
    asked = _behind(reader, held, threads, ["a"])
    closing = threads.submit(reader.close)
    with pytest.raises(GivenUpError, match="has ended"):
        asked[1].result(WAIT)
    with pytest.raises(GivenUpError, match="has ended"):
        reader.read(Question.parse("late"), [])
    held.go.set()
    closing.result(WAIT)
    assert asked[0].result(WAIT) == _spans("first")
    assert held.batches == [["first"]]


def test_closing_does_not_wait_for_what_takes_long(
    held: HeldReader, threads: ThreadPoolExecutor
) -> None:
    asked = _behind(reader := BatchingReader(held), held, threads, [])
    reader.close()  # comes back, though nothing lets the reader go
    assert not asked[0].done()
    held.go.set()
    assert asked[0].result(WAIT) == _spans("first")


def test_batch_holds_no_more_than_can_be_read_in_time(
    held: HeldReader, threads: ThreadPoolExecutor
) -> None:
    reader = BatchingReader(held, max_batch=8, batch_seconds=1e-9)  # less than any question takes
    asked = _behind(reader, held, threads, ["a", "bb"])
    held.go.set()
    assert [one.result(WAIT) for one in asked] == [_spans("first"), _spans("a"), _spans("bb")]
    assert held.batches == [["first"], ["a"], ["bb"]]
    reader.close()


@pytest.mark.parametrize(
    ("question", "error"), [("left", GivenUpError), ("throw", RuntimeError)], ids=["left", "failed"]
)
def test_question_that_is_not_read_does_not_count_as_read_fast(
    held: HeldReader,
    threads: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    error: type[Exception],
) -> None:
    clock = SimpleNamespace(perf_counter=lambda: held.seconds, monotonic=time.monotonic)
    monkeypatch.setattr("api.service.batching.time", clock)
    reader = BatchingReader(held, max_batch=8, batch_seconds=1)
    first = threads.submit(reader.read, Question.parse("first"), [])
    assert held.begun.wait(WAIT)
    left = threading.Event()
    unread = threads.submit(_read_until, left, reader, question)
    _wait_for(reader, 1)
    asked = []
    for count, name in enumerate(["a", "bb"], start=2):
        asked.append(threads.submit(reader.read, Question.parse(name), []))
        _wait_for(reader, count)
    if question == "left":
        left.set()
    held.go.set()
    assert [one.result(WAIT) for one in (first, *asked)] == list(map(_spans, ("first", "a", "bb")))
    with pytest.raises(error):
        unread.result(WAIT)
    assert held.batches[-2:] == [["a"], ["bb"]]
    reader.close()


@pytest.mark.parametrize("count", [1, 2, 20])
def test_every_question_gets_its_own_spans(
    threads: ThreadPoolExecutor, held: HeldReader, count: int
) -> None:
    held.go.set()
    reader = BatchingReader(held, max_batch=4)

    def ask(question: str) -> list[ScoredSpan]:
        return reader.read(Question.parse(question), [])

    questions = ["x" * length for length in range(1, count + 1)]
    assert list(threads.map(ask, questions)) == [_spans(question) for question in questions]
    reader.close()


def test_question_alone_is_read_with_all_threads(held: HeldReader) -> None:
    held.threads = 3
    held.go.set()
    reader = BatchingReader(held)
    assert [reader.read(Question.parse(name), []) for name in "ab"] == [_spans("a"), _spans("b")]
    reader.close()
    assert held.used == [3, 3]


@pytest.mark.parametrize("question", ["answered", "throw"])
def test_thread_is_free_again_before_its_last_question_is_settled(
    reader: BatchingReader, held: HeldReader, threads: ThreadPoolExecutor, question: str
) -> None:
    asked = _behind(reader, held, threads, ["a", question])
    busy: list[int] = []
    last = reader._batcher._waiting[-1].result
    last.add_done_callback(lambda _: busy.append(reader._batcher._busy))
    held.go.set()
    assert asked[1].result(WAIT) == _spans("a")
    _until(lambda: bool(busy))
    assert busy == [0]


def test_workers_read_at_the_same_time_and_share_what_waits_and_the_threads(
    threads: ThreadPoolExecutor,
) -> None:
    held = HeldReader(threads=2)
    reader = BatchingReader(held, max_batch=8, batch_seconds=1e9)
    asked = [threads.submit(reader.read, Question.parse("first"), [])]
    assert held.begun.wait(WAIT)
    asked.append(threads.submit(reader.read, Question.parse("second"), []))
    _until(lambda: len(held.batches) == 2)
    for count, question in enumerate(["a", "bb", "ccc", "dddd"], start=1):
        asked.append(threads.submit(reader.read, Question.parse(question), []))
        _wait_for(reader, count)
    held.go.set()
    assert [one.result(WAIT) for one in asked] == [
        _spans(question) for question in ("first", "second", "a", "bb", "ccc", "dddd")
    ]
    reader.close()
    assert held.batches[:2] == [["first"], ["second"]]
    assert held.used[:2] == [2, 1]
    # Half, the rest is for the other worker, which may well begin with it first.
    assert ["a", "bb"] in held.batches[2:]
    assert sorted(question for batch in held.batches[2:] for question in batch) == [
        *("a", "bb", "ccc", "dddd"),
    ]


def _until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened; the time is only a bound."""
    end = threading.Event()
    for _ in range(WAIT * 100):
        if happened():
            return
        end.wait(0.01)
    raise AssertionError("it never happened")


class HeldEncoder:
    """Embeds a question as its length; notes its batches, the first waits until it is let go."""

    model, dimension, fingerprint = "held", 1, "f"

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.used: list[int] = []
        self.begun = threading.Event()
        self.go = threading.Event()

    def use_threads(self, count: int) -> None:
        self.used.append(count)

    def encode_chunks(self, texts: Sequence[str]) -> Any:
        return np.array([[len(text)] for text in texts], dtype=np.float32)

    def encode_questions(self, questions: Sequence[str]) -> Any:
        self.batches.append(list(questions))
        self.begun.set()
        assert self.go.wait(WAIT)
        if "throw" in questions:
            raise RuntimeError("cannot embed this")
        return self.encode_chunks(questions)


def test_questions_are_embedded_together_each_as_alone(threads: ThreadPoolExecutor) -> None:
    held = HeldEncoder()
    encoder = BatchingEncoder(held)
    first = threads.submit(encoder.encode_question, "first")
    assert held.begun.wait(WAIT)
    asked = [threads.submit(encoder.encode_question, name) for name in ("aa", "throw", "b")]
    _until(lambda: len(encoder._batcher._waiting) == 3)
    held.go.set()
    assert [one.result(WAIT).tolist() for one in (first, asked[0], asked[2])] == [[5], [2], [1]]
    with pytest.raises(RuntimeError, match="cannot embed this"):
        asked[1].result(WAIT)
    assert [sorted(batch) for batch in held.batches[:2]] == [["first"], ["aa", "b", "throw"]]
    assert set(held.used) == {1}
    assert encoder.encode_chunks(["four"]).tolist() == [[4]]
    assert (encoder.model, encoder.dimension, encoder.fingerprint) == ("held", 1, "f")
    encoder.close()
    with pytest.raises(GivenUpError, match="has ended"):
        encoder.encode_question("late")


@pytest.mark.model  # which loads torch
def test_models_that_ship_work_for_several_questions_at_once() -> None:
    from api.answering.reading.trained_reader import TrainedReader  # noqa: PLC0415
    from index.embedding.encoder import SentenceTransformerEncoder  # noqa: PLC0415

    for kind, protocol in ((SentenceTransformerEncoder, ManyEncoder), (TrainedReader, BatchReader)):
        wanted = {name for name in vars(protocol) if not name.startswith("_")}
        assert wanted <= set(dir(kind)), kind


def _ended(ask: Callable[[], object]) -> list[object]:
    """What asking gave or raised, as the one thing in a list; asked where waiting ends nothing."""
    ended: list[object] = []

    def note() -> None:
        try:
            ended.append(ask())
        except (RuntimeError, ValueError) as error:
            ended.append(str(error))

    thread = threading.Thread(target=note, daemon=True)
    thread.start()
    thread.join(WAIT)
    return ended


@pytest.mark.parametrize("count", [0, 2])
def test_results_of_another_number_fail_that_question_and_not_the_next(count: int) -> None:
    batcher: DynamicBatcher[int, str] = DynamicBatcher(
        lambda asked: ["result"] * asked[0], "counted"
    )
    expected = f"got {count} results; expected 1, one for each"
    assert _ended(lambda: batcher.compute(count)) == [expected]
    assert _ended(lambda: batcher.compute(1)) == ["result"]
    batcher.close()


def test_thread_that_cannot_be_prepared_fails_that_question_and_not_the_next() -> None:
    faults = [RuntimeError("no such threads")]

    def prepare(_: int) -> None:
        if faults:
            raise faults.pop()

    batcher: DynamicBatcher[str, str] = DynamicBatcher(
        lambda asked: asked, "prepared", prepare=prepare
    )
    assert _ended(lambda: batcher.compute("first")) == ["no such threads"]
    assert _ended(lambda: batcher.compute("next")) == ["next"]
    batcher.close()

"""Quality against cost, with readers that find written words and a clock that counts passages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from api.answering.errors import ReaderError
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.reading.cascade_reader import CascadeReader
from api.answering.reading.reader import BatchReader, ReaderFacts, ScoredSpan, Unit
from scripts.evaluate_cost import in_units, load_measured, measure_curves
from scripts.evaluation.cost_plot import plot_costs
from scripts.evaluation.read_once import ReadOnce
from scripts.training.calibration_sets import CalibrationQuestion
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.records import Passage

QUESTION = Question.parse("Who pays?")
PASSAGES = [
    replace(make_passage(text, article_id=text[:3]), chunk_id=number)
    for number, text in enumerate(["Bob pays two.", "Eve pays nine.", "Ann pays ten."])
]
ASKED = [CalibrationQuestion(QUESTION.text, ("Ann",))]


@dataclass
class CountingReader:
    """Finds the payer, with a score by name; a passage takes it some seconds of its own clock."""

    name: str
    takes: float
    scores: dict[str, float]
    breadth: float = 1.0
    reads_apart: bool = True
    seconds: float = 0.0
    asked: list[list[int]] = field(default_factory=list)
    threads: int = 1

    @property
    def facts(self) -> ReaderFacts:
        return ReaderFacts(self.name, self.name, Unit.SPAN, self.reads_apart, own_weights=True)

    def use_threads(self, count: int) -> None:
        self.threads = count

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        (((_, passages)),) = questions
        self.asked.append([passage.chunk_id for passage in passages])
        self.seconds += self.takes * len(passages)
        spans = [
            find_span([*passages], index, passage.chunk.text[:3], self.scores[passage.article.id])
            for index, passage in enumerate(passages)
        ]
        return [sorted(spans, key=lambda span: -span.score)]


def _small() -> CountingReader:
    return CountingReader("small", 1.0, {"Bob": 5.0, "Eve": 4.0, "Ann": 3.0})


def _large() -> CountingReader:
    return CountingReader("large", 5.0, {"Bob": 2.0, "Eve": 1.0, "Ann": 9.0})


def _ranker(reader: object) -> Ranker:
    return Ranker(reader, fake_calibration())  # type: ignore[arg-type]


def _retriever() -> Any:
    def retrieve(_: str, top_k: int, read: int) -> Any:
        return SimpleNamespace(passages=PASSAGES[: max(top_k, read)])

    return SimpleNamespace(retrieve=retrieve)


def _curves(
    rankers: dict[str, Ranker], clocks: Sequence[CountingReader], depths: Sequence[int]
) -> dict[str, list[dict[str, float]]]:
    measured = load_measured(rankers)
    for reader in measured.values():
        for stage in reader.stages:
            stage.clock = lambda: sum(each.seconds for each in clocks)
    return in_units(measure_curves(ASKED, _retriever(), measured, depths))


def test_passage_is_read_once_and_costs_what_it_took_each_time() -> None:
    small = _small()
    reader = ReadOnce(small, clock=lambda: small.seconds)
    assert isinstance(reader, BatchReader)
    assert len(reader.read(QUESTION, PASSAGES[:1])) == 1
    spans = reader.read(QUESTION, [PASSAGES[2], PASSAGES[0]])
    assert small.asked == [[0], [2]]
    assert reader.seconds == 1.0 + 2.0
    assert [(span.passage, span.score) for span in spans] == [(1, 5.0), (0, 3.0)]
    reader.forget()
    assert reader.read_many([(QUESTION, PASSAGES[:1])]) == [reader.read(QUESTION, PASSAGES[:1])]
    assert small.asked[2:] == [[0]]


def test_curves_have_quality_and_cost_by_passages_in_units_of_the_first() -> None:
    small, large = _small(), _large()
    curves = _curves({"small": _ranker(small), "large": _ranker(large)}, [small, large], [1, 2, 3])
    assert [point["cost"] for point in curves["small"]] == [1, 2, 3]
    assert [point["cost"] for point in curves["large"]] == [5, 10, 15]
    assert [point["f1"] for point in curves["small"]] == [0, 0, 0]
    assert [point["f1"] for point in curves["large"]] == [0, 0, 1]
    assert curves["large"][0]["ms"] == 5000
    assert small.asked == large.asked == [[0], [1], [2]]


def test_cascade_shares_the_stages_that_others_have_and_pays_for_both() -> None:
    small, large = _small(), _large()
    cascade = CascadeReader(small, large, reread=1, sure_margin=None, breadth=2.0)
    curves = _curves({"small": _ranker(small), "cascade": _ranker(cascade)}, [small, large], [1, 3])
    assert [point["cost"] for point in curves["small"]] == [1, 3]
    assert [point["cost"] for point in curves["cascade"]] == [2 + 5, 3 + 5]
    assert small.asked == [[0], [1], [2]]
    assert large.asked == [[0]]


def test_reader_that_cannot_be_measured_is_refused() -> None:
    whole = replace(_small(), reads_apart=False)
    for reader in (whole, FakeReader()):
        with pytest.raises(ReaderError, match="reader 'other': expected one that reads each"):
            load_measured({"other": _ranker(reader)})
    with pytest.raises(ReaderError, match="'large' cannot be loaded, and 'fake' would read"):
        load_measured({"large": replace(_ranker(FakeReader()), instead_of="large")})


def test_plot_has_a_line_a_reader_and_the_passages_beside_it(tmp_path: Path) -> None:
    curve = [{"passages": n, "f1": 0.1 * n, "ms": 1.0 * n, "cost": 1.0 * n} for n in (1, 2, 4)]
    one = {"questions": 3, "readers": {"small": curve, "large": curve}}
    plot_costs({"news": one, "squad": one}, tmp_path / "cost.svg")
    drawn = (tmp_path / "cost.svg").read_text("utf-8")
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - drawn just now
    assert "SQuAD: F1 by passages read" in drawn
    assert ">large<" in drawn
    assert "#0101" not in drawn

"""Two stages of reading, with stages whose spans are written down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from api.answering.errors import ReaderError
from api.answering.questions.question import Question
from api.answering.reading.cascade_reader import CascadeConfig, CascadeReader
from api.answering.reading.reader import CascadeScores, ReaderFacts, ScoredSpan, Unit
from api.answering.reading.registry import LARGE_MODEL, SHIPPED_CASCADE, SHIPPED_MODEL
from tests.api.answering.making import find_span, make_passage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.records import Passage

QUESTION = Question.parse("Who pays?")
PASSAGES = [
    make_passage("Ann Lee pays ten.", article_id="a"),
    make_passage("Bob pays two.", article_id="b"),
    make_passage("Eve pays nine.", article_id="c"),
]
FURTHER = make_passage("Dan pays three.", article_id="d")


@dataclass
class Stage:
    """A reader that returns, of the spans given for each article, those of what it is to read."""

    spans: dict[str, list[ScoredSpan]]
    name: str = "stage"
    asked: list[list[str]] = field(default_factory=list)
    threads: int = 2
    used: int | None = None

    @property
    def facts(self) -> ReaderFacts:
        return ReaderFacts(self.name, self.name, Unit.SPAN, reads_apart=True, own_weights=True)

    def use_threads(self, count: int) -> None:
        self.used = count

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        read = []
        for _, passages in questions:
            self.asked.append([passage.article.id for passage in passages])
            read.append(
                [
                    replace(span, passage=index)
                    for index, passage in enumerate(passages)
                    for span in self.spans.get(passage.article.id, [])
                ]
            )
        return read


def _stages() -> tuple[Stage, Stage]:
    first = Stage(
        {
            "a": [find_span(PASSAGES, 0, "Lee pays", score=4.0, null_score=1.0)],
            "b": [find_span(PASSAGES, 1, "Bob", score=9.0, null_score=8.0)],
            "c": [find_span(PASSAGES, 2, "Eve", score=3.0, null_score=1.0)],
        },
        "first",
    )
    second = Stage(
        {
            "a": [find_span(PASSAGES, 0, "Ann Lee", score=7.0, null_score=2.0)],
            "c": [find_span(PASSAGES, 2, "Eve", score=2.0, null_score=6.0)],
        },
        "second",
    )
    return first, second


def _words(spans: Sequence[ScoredSpan]) -> list[str]:
    return [PASSAGES[span.passage].chunk.text[slice(*span.span)] for span in spans]


def test_second_stage_reads_the_passages_with_the_best_margins() -> None:
    first, second = _stages()
    spans = CascadeReader(first, second, reread=2, sure_margin=None).read(QUESTION, PASSAGES)
    assert (first.asked, second.asked) == ([["a", "b", "c"]], [["a", "c"]])
    assert sorted(_words(spans)) == ["Ann Lee", "Bob", "Eve"]


def test_passages_read_once_come_below_and_keep_their_margin() -> None:
    first, second = _stages()
    spans = CascadeReader(first, second, reread=2, sure_margin=None).read(QUESTION, PASSAGES)
    assert _words(spans) == ["Ann Lee", "Bob", "Eve"]
    assert [span.score for span in spans] == [7.0, 2.0, 2.0]
    assert [span.margin for span in spans] == [5.0, 1.0, -4.0]


def test_spans_carry_what_the_first_stage_says_of_their_passage() -> None:
    first, second = _stages()
    ann, bob, eve = CascadeReader(first, second, reread=2, sure_margin=None).read(
        QUESTION, PASSAGES
    )
    # "Ann Lee" and "Lee pays" share three of twelve code points.
    assert ann.cascade == CascadeScores(3.0, 0.5, 3 / 12, read_twice=True)
    assert eve.cascade == CascadeScores(2.0, 0.5, 1.0, read_twice=True)
    assert bob.cascade == CascadeScores(1.0, 0.5, 1.0, read_twice=False)


@pytest.mark.parametrize(("sure_margin", "reread"), [(3.0, 3), (None, 0)])
def test_first_stage_stands_alone_where_it_is_sure_enough(
    sure_margin: float | None, reread: int
) -> None:
    first, second = _stages()
    spans = CascadeReader(first, second, reread, sure_margin).read(QUESTION, PASSAGES)
    assert second.asked == []
    assert _words(spans) == ["Bob", "Lee pays", "Eve"]
    assert [span.score for span in spans] == [9.0, 4.0, 3.0]


def test_second_stage_reads_where_the_first_is_not_sure() -> None:
    first, second = _stages()
    CascadeReader(first, second, reread=1, sure_margin=3.01).read(QUESTION, PASSAGES)
    assert second.asked == [["a"]]


def test_passage_in_which_the_second_stage_finds_nothing_keeps_the_first_ones_spans() -> None:
    first, _ = _stages()
    spans = CascadeReader(first, Stage({}), reread=3, sure_margin=None).read(QUESTION, PASSAGES)
    assert _words(spans) == ["Bob", "Lee pays", "Eve"]
    assert not any(span.cascade is None or span.cascade.read_twice for span in spans)


def test_questions_are_read_together_in_each_stage() -> None:
    first, second = _stages()
    cascade = CascadeReader(first, second, reread=1, sure_margin=None)
    alone = cascade.read(QUESTION, PASSAGES[1:])
    both = cascade.read_many([(QUESTION, PASSAGES), (QUESTION, []), (QUESTION, PASSAGES[1:])])
    assert both[1:] == [[], alone]
    assert second.asked[1:] == [["a"], [], ["c"]]


@pytest.mark.parametrize(("enough", "further"), [(5.0, []), (5.01, [["c"]])])
def test_second_stage_reads_on_until_it_is_sure(enough: float, further: list[list[str]]) -> None:
    first, second = _stages()
    first.spans["d"] = [find_span([*PASSAGES, FURTHER], 3, "Dan", score=5.0, null_score=2.5)]
    cascade = CascadeReader(first, second, reread=3, sure_margin=None, enough_margin=enough)
    spans = cascade.read(QUESTION, [*PASSAGES, FURTHER])
    assert second.asked == [["a", "d"], *further]
    assert spans[0].margin == 5.0  # of "Ann Lee"


def test_questions_that_are_sure_are_left_out_of_the_second_round() -> None:
    first, second = _stages()
    cascade = CascadeReader(first, second, reread=3, sure_margin=None, enough_margin=5.0)
    unsure = PASSAGES[1:]
    together = cascade.read_many([(QUESTION, PASSAGES), (QUESTION, unsure)])
    assert together == [cascade.read(QUESTION, PASSAGES), cascade.read(QUESTION, unsure)]


def test_fingerprint_changes_with_whatever_changes_the_scores() -> None:
    first, second = _stages()
    cascade = CascadeReader(first, second, reread=1, sure_margin=None)
    other = replace(second, name="other")
    changed = [
        replace(cascade, second=other),
        replace(cascade, sure_margin=2.0),
        replace(cascade, enough_margin=2.0),
    ]
    assert len({one.facts.fingerprint for one in (cascade, *changed)}) == 4
    assert not cascade.facts.reads_apart


def test_both_stages_use_the_threads_that_are_said() -> None:
    first, second = _stages()
    cascade = CascadeReader(first, second, reread=1, sure_margin=None)
    cascade.use_threads(1)
    assert (first.used, second.used, cascade.threads) == (1, 1, 2)


def test_configuration_survives_saving(tmp_path: Path) -> None:
    config = CascadeConfig(
        first=tmp_path / "a", second=tmp_path / "b", sure_margin=1.5, enough_margin=3.0
    )
    config.save(tmp_path)
    assert CascadeConfig.load(tmp_path) == config


def test_shipped_cascade_is_of_the_small_and_the_large_reader() -> None:
    config = CascadeConfig.load(SHIPPED_CASCADE)
    assert (SHIPPED_CASCADE / config.first).resolve() == SHIPPED_MODEL
    assert (SHIPPED_CASCADE / config.second).resolve() == LARGE_MODEL


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "No such file"),
        ('{"first": "a"}', "field 'second': Field required"),
        ('{"first": "a", "second": "b", "sure_margin": "x"}', "field 'sure_margin'"),
        ('{"first": "a", "second": "b", "breadth": 0}', "field 'breadth'"),
    ],
)
def test_configuration_that_is_wrong_is_named(
    tmp_path: Path, text: str | None, message: str
) -> None:
    if text is not None:
        (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReaderError, match=rf"config\.json: {message}"):
        CascadeConfig.load(tmp_path)


@pytest.mark.parametrize(
    ("breadth", "top_k", "count"), [(1.0, 8, 8), (2.5, 8, 20), (2.5, 1, 2), (2.5, 40, 50)]
)
def test_breadth_is_the_passages_that_are_read_for_each_that_is_asked_for(
    breadth: float, top_k: int, count: int
) -> None:
    first, second = _stages()
    cascade = CascadeReader(first, second, reread=1, sure_margin=None, breadth=breadth)
    assert cascade.facts.passages_to_read(top_k) == count


def test_more_passages_than_the_bound_are_read_where_they_are_asked_for() -> None:
    first, second = _stages()
    cascade = CascadeReader(first, second, reread=1, sure_margin=None, breadth=2.0)
    assert cascade.facts.passages_to_read(60) == 60

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.answering.combining.comparisons.comparison_questions import AskedSide
from api.answering.combining.comparisons.side_reading import SideAnswer
from api.answering.combining.comparisons.told_beside import told_beside
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.values.parsing import parse_value
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeReader, fake_calibration

if TYPE_CHECKING:
    from index.records import Passage

SIDES = [AskedSide(name, f"How much did {name} spend?") for name in ("Acme", "Beta")]


def sure(subject: str, words: str, passages: list[Passage], passage: int = 0) -> SideAnswer:
    question = Question.parse(f"How much did {subject} spend?")
    scored = find_span(passages, passage, words, 9.0)
    (ranked,) = Ranker(FakeReader(), fake_calibration()).weigh(question, [scored], passages)
    value = parse_value(words)
    assert value is not None
    place = passages[passage].article.id, scored.span
    return SideAnswer(subject, question, ranked, value, place)


def beside(*sentences: str) -> list[str]:
    """What the second side gets where only Acme's $5 million is sure."""
    passages = [make_passage(*sentences)]
    told = told_beside(SIDES, [[sure("Acme", "$5 million", passages)], []], passages, 0.1)
    return [each.text for each in told[1]]


@pytest.mark.parametrize(
    "sentences",
    [
        ("Spending was: Acme, $5 million; Beta, $4 million.",),
        ("Acme spent $5 million and Beta $4 million.",),
        ("Acme spent $5 million.", "The council of Beta managed $4 million."),
    ],
)
def test_a_side_without_an_answer_gets_the_figure_beside_a_sure_one(
    sentences: tuple[str, ...],
) -> None:
    assert beside(*sentences) == ["$4 million"]


@pytest.mark.parametrize(
    "sentences",
    [
        ("Acme spent $5 million and Beta 4%.",),
        ("Acme spent $5 million and Gamma $4 million.",),
        ("Acme spent $5 million.", "It had spent $4 million before."),
        ("Acme spent $5 million.", "Beta's profit was a record.", "Beta paid $4 million."),
        ("Acme spent $5 million.", "Beta spent a further $4 million."),
    ],
)
def test_what_is_of_another_unit_name_or_thing_is_not_taken(sentences: tuple[str, ...]) -> None:
    assert beside(*sentences) == []


def test_sides_that_one_sentence_tells_are_compared_as_told_there() -> None:
    passages = [
        make_passage("Spending was: Acme, $5 million; Beta, $4 million."),
        make_passage("Beta spent $7 million.", article_id="b"),
    ]
    acme = sure("Acme", "$5 million", passages)
    beta = sure("Beta", "$7 million", passages, 1)
    told = told_beside(SIDES, [[acme], [beta]], passages, 0.1)
    assert [each.text for each in told[1]] == ["$4 million"]
    assert told[1][0].ranked.confidence < acme.ranked.confidence
    apart = [make_passage("Acme spent $5 million.", "Beta has $4 million."), passages[1]]
    told = told_beside(SIDES, [[sure("Acme", "$5 million", apart)], [beta]], apart, 0.1)
    assert [each.text for each in told[1]] == ["$7 million"]


def test_nothing_is_told_beside_an_answer_that_would_not_be_sure_enough() -> None:
    passages = [make_passage("Acme spent $5 million and Beta $4 million.")]
    acme = sure("Acme", "$5 million", passages)
    assert told_beside(SIDES, [[acme], []], passages, acme.ranked.confidence) == [[acme], []]
    assert told_beside(SIDES, [[], []], passages, 0.1) == [[], []]

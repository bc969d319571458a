from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.answering.combining.claims.claim import claims_of
from api.answering.combining.comparisons.change_points import told_change
from api.answering.combining.comparisons.comparing import (
    compared,
    matched,
    measured,
    sure_answers,
    with_equivalent,
)
from api.answering.combining.comparisons.ownership import Ownership
from api.answering.combining.comparisons.side_reading import SideAnswer
from api.answering.combining.series.choosing import Choice
from api.answering.combining.spans.figures_apart import figures_apart
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.values.parsing import parse_value
from index.records import Span
from tests.api.answering.making import find_span, make_list, make_passage
from tests.conftest import FakeReader, fake_calibration

if TYPE_CHECKING:
    from api.answering.combining.comparisons.comparatives import Aim
    from api.answering.values.value import Value


def value(words: str) -> Value:
    parsed = parse_value(words)
    assert parsed is not None
    return parsed


def answer(subject: str, words: str, score: float = 8.0) -> SideAnswer:
    passages = [make_passage(f"{subject} has {words} now.", article_id=subject)]
    spans = [find_span(passages, 0, words, score, 5.0)]
    question = Question.parse(f"How much has {subject}?")
    (ranked,) = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages)
    return SideAnswer(subject, question, ranked, value(words), (subject, spans[0].span))


@pytest.mark.parametrize(
    ("left", "right", "aim", "first", "greater"),
    [
        ("$5 million", "$7 million", "most", 1, 1),
        ("$5 million", "$7 million", "least", 0, 1),
        ("$5 million", "$7 million", "change", 0, 1),
        ("5%", "12%", "most", 1, 1),
        ("$64-72 million", "about $88 million", "change", 0, 1),
        ("380 billion yuan ($53 billion)", "$60 billion", "most", 1, 1),
        ("3,400 metres", "2 kilometres", "most", 0, 0),
        ("£640,000 a year", "1.1 million pounds", "most", 1, 1),
        ("2,310", "1,540 spectators", "most", 0, 0),
        ("8.9 tonnes", "7.4", "most", 0, 0),
        ("14 launches", "13 times", "most", 0, 0),
        ("22", "13 times", "most", 0, 0),
        ("11.5 million euros", "18 million", "most", 1, 1),
    ],
)
def test_values_of_one_unit_are_compared(
    left: str, right: str, aim: Aim, first: int, greater: int
) -> None:
    numbers, comparison = compared([answer("Acme", left), answer("Beta", right)], aim)
    assert numbers[0] == first
    assert comparison.greater == greater
    assert [side.subject for side in comparison.sides] == ["Acme", "Beta"]
    assert [side.answer for side in comparison.sides] == [numbers.index(0), numbers.index(1)]
    assert comparison.statement.startswith("Compared by value: ")


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("$5 million", "€7 million", "can't be compared"),
        ("$5 million", "12%", "can't be compared"),
        ("2 kilometres", "3 hours", "can't be compared"),
        ("5%", "19,500", "can't be compared"),
        ("$5 million", "$5 million", "are equal"),
        ("$5 million to $8 million", "$7 million", "overlap"),
    ],
)
def test_neither_is_the_greater_where_values_do_not_tell(left: str, right: str, said: str) -> None:
    _, comparison = compared([answer("Acme", left), answer("Beta", right)], "most")
    assert comparison.greater is None
    assert said in comparison.statement


def test_of_several_sides_the_greatest_answers_first() -> None:
    answers = [
        answer("Acme", "$5 million"),
        answer("Beta", "$9 million"),
        answer("Gamma", "$7 million"),
    ]
    numbers, comparison = compared(answers, "most")
    assert (numbers, comparison.greater) == ([1, 2, 0], 1)
    assert comparison.statement == (
        "Compared by value: Beta, $9 million, is above Gamma, $7 million; Acme, $5 million."
    )


def test_how_far_sides_are_apart_is_not_worked_out() -> None:
    sides = [answer("Acme", "$5 million"), answer("Beta", "$9 million")]
    _, comparison = compared(sides, "least", for_difference=True)
    assert comparison.statement == (
        "Compared by value: Acme, $5 million, is below Beta, $9 million. "
        "The difference is not worked out."
    )


def test_answers_are_matched_by_unit() -> None:
    acme = [answer("Acme", "12%", 9.0), answer("Acme", "$5 million", 7.0)]
    chosen = matched([acme, [answer("Beta", "$7 million")]])
    assert chosen is not None
    assert [each.text for each in chosen] == ["$5 million", "$7 million"]


def test_one_place_answers_for_one_side_only() -> None:
    acme = answer("Acme", "$5 million")
    assert matched([[acme], [acme]]) is None
    assert matched([[acme], []]) is None


def test_what_stands_in_brackets_behind_a_value_is_the_same() -> None:
    sentence = "It is worth €11.7 billion ($13.8 billion) now."
    euros = with_equivalent(value("€11.7 billion"), "€11.7 billion", sentence, 12)
    assert measured([euros, value("$183 billion")]) is not None
    plain = with_equivalent(value("€11.7 billion"), "€11.7 billion", "€11.7 billion (2024)", 0)
    assert measured([plain, value("$183 billion")]) is None


@pytest.mark.parametrize(
    ("sentences", "words", "owner"),
    [
        (["Acme earned $5 and Beta Bank $7."], "$5", 0),
        (["Acme earned $5 and Beta Bank $7."], "$7", 1),
        (["The $7 of Beta Bank is more."], "$7", 1),
        (["Acme grew.", "It earned $5."], "$5", 0),
        (["It earned $5."], "$5", None),
        (["It was 61% at Acme and 47% at Beta Bank."], "61%", 0),
        (["It was 61% at Acme and 47% at Beta Bank."], "47%", 1),
        (["Acme won.", "It got $5, twice that of Beta Bank, which had $3."], "$5", 0),
        (["Acme won.", "It pays $5, it said; Beta Bank pays $3."], "$5", 0),
        (["Acme won.", "It pays $5, it said; Beta Bank pays $3."], "$3", 1),
        (["Acme won.", "It got $5, twice that of Beta Bank, which had $3."], "$3", 1),
    ],
)
def test_a_value_is_of_the_side_named_nearest(
    sentences: list[str], words: str, owner: int | None
) -> None:
    passage = make_passage(*sentences)
    ownership = Ownership(["Acme", "Beta Bank"], [passage])
    assert ownership.owner(find_span([passage], 0, words), passage) == owner


def test_an_item_of_a_list_is_of_its_head() -> None:
    passage = make_list("Gamma: 54%", "Acme: 49%")
    ownership = Ownership(["Acme", "Beta"], [passage])
    assert ownership.owner(find_span([passage], 0, "54%"), passage) == -1
    assert ownership.owner(find_span([passage], 0, "49%"), passage) == 0


def test_a_whole_name_that_stands_anywhere_is_asked_for_whole() -> None:
    passages = [make_passage("Google Cloud earned $15."), make_passage("Google earned $102.")]
    ownership = Ownership(["AWS", "Google Cloud"], passages)
    assert ownership.owner(find_span(passages, 0, "$15"), passages[0]) == 1
    assert ownership.owner(find_span(passages, 1, "$102"), passages[1]) is None


def test_figures_in_one_span_are_taken_apart() -> None:
    passages = [make_passage("He pays 85,000 euros and Beta 22,000 euros, or 3%.")]
    spans = [find_span(passages, 0, "85,000 euros and Beta 22,000 euros", 8.0, 5.0)]
    apart = figures_apart(spans, passages)
    words = [passages[0].chunk.words(scored.span) for scored in apart]
    assert words == ["85,000 euros", "22,000 euros"]
    whole = [find_span(passages, 0, "3%", 8.0, 5.0)]
    assert figures_apart(whole, passages) == whole


def test_a_less_sure_answer_counts_beside_one_that_its_article_tells_alike() -> None:
    sure = answer("Acme", "$5 million")
    doubtful = replace(answer("Beta", "$7 million"), place=("Acme", Span(90, 100)))
    doubtful = replace(doubtful, ranked=replace(doubtful.ranked, confidence=0.2))
    bar = 0.3
    assert sure.ranked.confidence >= bar
    assert sure_answers([[sure], [doubtful]], bar) == [[sure], [doubtful]]
    elsewhere = replace(doubtful, place=("Beta", Span(90, 100)))
    assert sure_answers([[sure], [elsewhere]], bar) == [[sure], []]


@pytest.mark.parametrize(
    ("sentences", "words", "ends"),
    [
        (["It fell to 31 million euros, from 44 million in 2024."], "31 million euros", (44, 31)),
        (["It rose to 9% from 7%."], "7%", (7, 9)),
        (["It had 412,000 visitors.", "A year earlier 341,000 had come."], "412,000", (341, 412)),
        (["It had 412,000 visitors.", "Beta had 341,000."], "412,000", None),
    ],
)
def test_an_article_tells_a_change(
    sentences: list[str], words: str, ends: tuple[int, int] | None
) -> None:
    passages = [make_passage(*sentences)]
    spans = [find_span(passages, 0, words, 8.0, 5.0)]
    question = Question.parse("How did it change?")
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages)
    choice = Choice(ranked, list(claims_of(0, ranked[0], passages)), None)
    told = told_change(question, choice)
    figures = None if told is None else [re.sub(r"\D.*", "", end.text) for end in told]
    assert figures == (None if ends is None else [str(end) for end in ends])

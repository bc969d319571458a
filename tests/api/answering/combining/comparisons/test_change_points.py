import datetime as dt

import pytest

from api.answering.combining.claims.claim import claim_of
from api.answering.combining.comparisons.change_points import (
    dated_former_figure,
    ends_of_change,
    figures_between,
    told_change_between,
)
from api.answering.combining.series.agreement import combine
from api.answering.periods import Period
from api.answering.questions.question import Question
from api.answering.values.parsing import parse_value
from tests.api.answering.combining.making import Said, choice_of
from tests.api.answering.making import find_span, make_passage

COST = "What does the tunnel cost?"


def test_a_change_ends_with_what_answers_not_with_what_critics_expect() -> None:
    planned = Said("The tunnel will cost £480 million.", "£480 million", "2024-10-02", 9)
    dearer = Said("The tunnel will cost £610 million.", "£610 million", "2025-07-22", 8)
    critics = Said(
        "The tunnel will cost £750 million, says the Forum.", "£750 million", "2025-07-22", 7
    )
    choice = choice_of(COST, planned, dearer, critics)
    combined = combine(choice.series, str, [], Question.parse(COST))
    ends = ends_of_change(Question.parse(COST), combined, choice, None)
    assert [end.text for end in ends or []] == ["£480 million", "£610 million"]


def test_two_values_of_one_day_are_no_change() -> None:
    one = Said("The tunnel will cost £610 million.", "£610 million", "2025-07-22", 8)
    critics = Said(
        "The tunnel will cost £750 million, says the Forum.", "£750 million", "2025-07-22", 7
    )
    choice = choice_of(COST, one, critics)
    combined = combine(choice.series, str, [], Question.parse(COST))
    assert ends_of_change(Question.parse(COST), combined, choice, None) is None


@pytest.mark.parametrize(
    ("first", "last", "ends"),
    [
        ("2023", "2024", ["SFr1.7bn", "SFr2.1bn"]),
        ("2019", "2024", None),
        ("2022", "2023", None),
    ],
)
def test_a_change_that_an_article_tells_is_one_between_the_asked_years(
    first: str, last: str, ends: list[str] | None
) -> None:
    sentence = "Acme made a profit of SFr2.1bn in 2024, up from SFr1.7bn the year before."
    question = "What was Acme's profit?"
    choice = choice_of(question, Said(sentence, "SFr2.1bn", "2025-02-13", 9))
    years = [Period(dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)) for year in (first, last)]
    told = told_change_between(Question.parse(question), choice, *years)
    assert (None if told is None else [end.text for end in told]) == ends


def test_only_the_first_figures_of_a_table_are_read() -> None:
    """Each is read with its whole sentence."""
    row = " ".join(f"{number}%" for number in range(100, 200))
    passages = [make_passage(row)]
    claim = claim_of(0, find_span(passages, 0, "100%"), passages[0], None)
    figures = [figure.text for figure in figures_between(claim, 0, len(row))]
    assert figures == [f"{number}%" for number in range(100, 140)]


@pytest.mark.parametrize(
    ("sentence", "words", "former"),
    [
        ("It sold 41 million in 2024, up from 38 million in 2023.", "41 million", "2023-12-31"),
        ("Sales rose to $7bn in 2024, from $6bn a year earlier.", "$7bn", "2023-12-31"),
        ("It spent $7bn in 2024, after $6bn in the year before.", "$7bn", "2023-12-31"),
        (
            "It sold $7bn in the second quarter of 2025, compared with $6bn in that of last year.",
            "$7bn",
            "2024-06-30",
        ),
        ("Sales rose to $7bn, from $6bn a year earlier.", "$7bn", None),
        ("Sales rose to $7bn in 2024, from $6bn.", "$7bn", None),
        ("Sales were $7bn in 2024.", "$7bn", None),
    ],
)
def test_a_former_figure_is_of_its_own_time_or_of_the_year_before(
    sentence: str, words: str, former: str | None
) -> None:
    passages = [make_passage(sentence, day=dt.date(2025, 9, 1))]
    claim = claim_of(0, find_span(passages, 0, words), passages[0], parse_value(words))
    figure = dated_former_figure(claim)
    assert (None if figure is None else str(figure.statement.period.end)) == former

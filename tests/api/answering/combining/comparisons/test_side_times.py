from __future__ import annotations

import datetime as dt

import pytest

from api.answering.combining.claims.claim import claim_of
from api.answering.combining.comparisons.side_reading import SideAnswer
from api.answering.combining.comparisons.side_times import differing_times, of_one_time
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.values.parsing import parse_value
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeReader, fake_calibration


def times(*told: tuple[str, str]) -> str | None:
    passages = [
        make_passage(sentence, article_id=str(number), day=dt.date(2025, 9, 1))
        for number, (sentence, _) in enumerate(told)
    ]
    spans = [find_span(passages, number, words) for number, (_, words) in enumerate(told)]
    return differing_times([claim_of(0, span, passages[span.passage], None) for span in spans])


def test_a_quarter_beside_a_year_is_said_to_be_of_another_time() -> None:
    quarter = ("In the second quarter of 2025 Acme had revenue of $46 billion.", "$46 billion")
    year = ("Beta had revenue of $25 billion in 2024.", "$25 billion")
    said = times(quarter, year)
    assert said is not None
    assert "second quarter of 2025" in said
    assert "2024" in said


@pytest.mark.parametrize(
    "other",
    [
        "Beta had revenue of $25 billion in 2024.",
        "Beta had revenue of $25 billion in the 2024 financial year.",
        "Beta has revenue of $25 billion.",
    ],
)
def test_of_one_time_or_none_nothing_is_said(other: str) -> None:
    acme = ("Acme had revenue of $46 billion in 2024.", "$46 billion")
    assert times(acme, (other, "$25 billion")) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Acme had revenue of $46 billion in 2024.", "Beta had revenue of $25 billion in 2023."),
        (
            "Acme had revenue of $46 billion in the first quarter of 2025.",
            "Beta had revenue of $25 billion in the second quarter of 2025.",
        ),
    ],
)
def test_one_year_or_quarter_is_not_of_the_time_of_the_next(left: str, right: str) -> None:
    assert times((left, "$46 billion"), (right, "$25 billion")) is not None


Read = list[tuple[str, str, float]]
"""The sentences of a side, the figure of each, and its score."""

ACME_2024: Read = [("Acme had revenue of $46 billion in 2024.", "$46 billion", 9.0)]
BETA_QUARTER: Read = [
    ("Beta had revenue of $7 billion in the second quarter of 2025.", "$7 billion", 9.0)
]


def of_time(*sides: Read) -> list[str]:
    """What of each side is compared, where the first figure of each is its best."""
    told = [each for side in sides for each in side]
    passages = [
        make_passage(sentence, article_id=str(number), day=dt.date(2025, 9, 1))
        for number, (sentence, _, _) in enumerate(told)
    ]
    answers: list[list[SideAnswer]] = []
    for subject, side in zip(("Acme", "Beta"), sides, strict=True):
        question = Question.parse(f"How large is {subject}'s revenue?")
        answers.append([])
        for _, words, score in side:
            number = sum(map(len, answers))
            scored = find_span(passages, number, words, score, 5.0)
            (ranked,) = Ranker(FakeReader(), fake_calibration()).weigh(question, [scored], passages)
            value = parse_value(words)
            assert value is not None
            answers[-1].append(
                SideAnswer(subject, question, ranked, value, (str(number), scored.span))
            )
    best = [side[0] for side in answers]
    chosen = of_one_time(best, answers, passages)
    assert [each.ranked.confidence for each in chosen] == [each.ranked.confidence for each in best]
    return [each.text for each in chosen]


def test_an_unsure_figure_of_the_other_time_is_as_sure_as_one_of_the_same_thing() -> None:
    quarter = ("Acme had revenue of $12 billion in the second quarter of 2025.", "$12 billion", 4.0)
    assert of_time([*ACME_2024, quarter], BETA_QUARTER) == ["$12 billion", "$7 billion"]


def test_the_newest_time_that_all_sides_have_is_compared() -> None:
    beta: Read = [
        *BETA_QUARTER,
        ("Beta had revenue of $25 billion in 2023.", "$25 billion", 8.0),
        ("Beta had revenue of $27 billion in 2024.", "$27 billion", 7.0),
    ]
    older = ("Acme had revenue of $41 billion in 2023.", "$41 billion", 8.0)
    assert of_time([*ACME_2024, older], beta) == ["$46 billion", "$27 billion"]


@pytest.mark.parametrize(
    ("acme", "figure"),
    [
        ("Acme had revenue of $46 billion in 2024, up from $43 billion in 2023.", "$43 billion"),
        (
            "Revenue at Acme rose to $46 billion in 2024, from $42 billion a year earlier.",
            "$42 billion",
        ),
        ("Acme had revenue of $46 billion in 2024, up from $43 billion.", "$46 billion"),
    ],
)
def test_what_a_figure_was_in_the_year_before_is_of_that_time(acme: str, figure: str) -> None:
    beta: Read = [("Beta had revenue of $25 billion in 2023.", "$25 billion", 9.0)]
    assert of_time([(acme, "$46 billion", 9.0)], beta) == [figure, "$25 billion"]


@pytest.mark.parametrize(
    "other",
    [
        ("Acme made a profit of $2 billion in the second quarter of 2025.", "$2 billion", 8.0),
        ("Acme had revenue of €12 billion in the second quarter of 2025.", "€12 billion", 8.0),
        ("Acme had revenue of $12 billion in the second quarter of 2023.", "$12 billion", 8.0),
        ("Acme expects revenue of $12 billion in the second quarter of 2025.", "$12 billion", 8.0),
        ("Acme had revenue of $12 billion.", "$12 billion", 8.0),
    ],
)
def test_what_is_of_another_thing_unit_time_or_standing_is_not_taken(
    other: tuple[str, str, float],
) -> None:
    assert of_time([*ACME_2024, other], BETA_QUARTER) == ["$46 billion", "$7 billion"]


def test_figures_of_one_time_stay_as_they_are() -> None:
    beta: Read = [("Beta had revenue of $25 billion in 2024.", "$25 billion", 9.0), *BETA_QUARTER]
    quarter = ("Acme had revenue of $12 billion in the second quarter of 2025.", "$12 billion", 8.0)
    assert of_time([*ACME_2024, quarter], beta) == ["$46 billion", "$25 billion"]

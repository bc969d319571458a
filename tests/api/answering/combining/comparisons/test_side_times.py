from __future__ import annotations

import datetime as dt

import pytest

from api.answering.combining.claims.claim import claim_of
from api.answering.combining.comparisons.side_times import differing_times
from tests.api.answering.making import find_span, make_passage


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

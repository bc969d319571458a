from __future__ import annotations

import datetime as dt

import pytest

from api.answering.combining.claims.claim import Claim, claim_of
from api.answering.combining.claims.recency import is_recalled
from api.answering.values.parsing import parse_value
from tests.api.answering.making import find_span, make_passage

MARCH, MAY, JULY = (dt.date(2025, month, 9) for month in (3, 5, 7))


def claim(sentence: str, words: str, day: dt.date) -> Claim:
    passage = make_passage(sentence, article_id=str(day), day=day)
    value = parse_value(words, sentence, sentence.index(words), day)
    return claim_of(0, find_span([passage], 0, words, 9.0), passage, value)


@pytest.mark.parametrize(
    ("last", "words", "recalled"),
    [
        ("The bridge of £46 million is named after her.", "£46 million", True),
        ("The bridge costs £46 million again.", "£46 million", False),
        ("The bridge cost £46 million in June.", "£46 million", False),
        ("The bridge of £60 million is named after her.", "£60 million", False),
        ("The bridge of £58 million is named after her.", "£58 million", False),
    ],
)
def test_a_figure_that_was_replaced_is_recalled_not_told_anew(
    last: str, words: str, recalled: bool
) -> None:
    told = claim(last, words, JULY)
    series = [
        claim("The bridge will cost £46 million.", "£46 million", MARCH),
        claim("The bridge will cost £58 million.", "£58 million", MAY),
        told,
    ]
    assert is_recalled(told, series) is recalled

from __future__ import annotations

import pytest

from api.answering.combining.claims.claim import claim_of
from api.answering.combining.claims.subjects import speaks_of_another
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage


@pytest.mark.parametrize(
    ("question", "sentence", "of_another"),
    [
        ("How many people did the flood kill?", "An earlier flood in 2019 killed 31.", True),
        ("How many did the floods in Skar kill?", "Another flood killed 31 in May.", True),
        ("How many did the 2019 flood kill?", "An earlier flood in 2019 killed 31.", False),
        ("How many will the plant in Skar employ?", "A second plant, in Skar, hires 31.", False),
        ("How much will the tram cost?", "A new depot beside it will cost £31 million.", True),
        ("How much will the depot cost?", "A new depot beside it will cost £31 million.", False),
        ("How much will the tram cost?", "An earlier estimate put it at £31 million.", False),
        ("What was the bid for Acme worth?", "A second bid of £31 million was refused.", False),
        ("How much will the second line cost?", "A second line will cost £31 million.", False),
        ("How many people did the flood kill?", "Another of its floods killed 31.", False),
        ("How many work at Orle Sands hospital?", "Orle Sands Hotel, by the pier, has 31.", True),
        ("How many work at the Orle Sands hospital?", "In May Orle Sands airport had 31.", True),
        ("How many work at Orle Sands hospital?", "Orle Sands Clinic has a staff of 31.", False),
        ("How many work at Orle Sands hospital?", "The hospital by Orle Sands Inn has 31.", False),
        ("How many work at the Orle tyre plant?", "The Orle works has a payroll of 31.", False),
        ("How many work at Orle Sands hospital?", "Orle Sands lost 31 nurses.", False),
        ("How much will the tram cost?", "The tram will cost £31 million.", False),
    ],
)
def test_a_sentence_may_open_with_another_thing(
    question: str, sentence: str, of_another: bool
) -> None:
    passage = make_passage(sentence)
    claim = claim_of(0, find_span([passage], 0, "31"), passage, None)
    assert speaks_of_another(claim, Question.parse(question)) is of_another

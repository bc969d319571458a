"""The normal form of an answer."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.values.normal_form import normalise_answer


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  $65 Billion.", "$ 65 billion"),
        ("“an AI lab”", "ai lab"),
        ("Theatre", "theatre"),
        ("state-of-the-art", "state of art"),
        ("3.50 and 1,118, -5%", "3.5 and 1118 -5 percent"),
        ("12 per cent", "12 percent"),
        ("Café Łódź", "cafe lodz"),
        ("C++ or AA-", "c++ or aa-"),
        ("Plan A", "plan a"),
        ("P B Balaji and J. K. Lee", "pb balaji and jk lee"),
        ("U.S. A.B. Lee", "us ab lee"),
        ("the", "the"),
        ("…", "..."),
        ("", ""),
    ],
)
def test_normalise_answer_drops_case_marks_and_english_articles(text: str, normal: str) -> None:
    assert normalise_answer(text) == normal


@given(st.text(st.sampled_from("aAbeéÉtThnłŁ '’“–-. ")))
def test_normalise_answer_is_the_same_in_any_case_and_composition(text: str) -> None:
    normal = normalise_answer(text.lower())
    assert normalise_answer(unicodedata.normalize("NFD", text.lower())) == normal
    assert normalise_answer(f"  {text.lower()}\n") == normal

"""The normal form of an answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.answering.normal_form import normalise_answer


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  $65 Billion.", "65 billion"),
        ("“an AI lab”", "ai lab"),
        ("Theatre", "theatre"),
        ("state-of-the-art", "stateoftheart"),
        ("the", ""),
        ("", ""),
    ],
)
def test_normalise_answer_drops_case_marks_and_english_articles(text: str, normal: str) -> None:
    assert normalise_answer(text) == normal


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_normalise_answer_is_idempotent(text: str) -> None:
    once = normalise_answer(text)
    assert normalise_answer(once) == once

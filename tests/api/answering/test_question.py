"""Names, years and words of a question."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.answering.question import (
    QuestionTerms,
    question_terms,
    share_present,
    text_words,
)


def test_question_terms_are_names_years_and_content_words() -> None:
    assert question_terms("How much did Meta spend in 2025?") == QuestionTerms(
        names=frozenset({"meta"}),
        years=frozenset({"2025"}),
        words=frozenset({"meta", "spend", "2025"}),
    )


def test_question_terms_do_not_take_the_first_word_for_a_name() -> None:
    assert question_terms("Spending by Meta").names == {"meta"}


def test_question_terms_do_not_take_a_capitalised_function_word_for_a_name() -> None:
    assert question_terms("who and What About Intel").names == {"intel"}


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("in 1899", set()),
        ("in 1900", {"1900"}),
        ("in 2099", {"2099"}),
        ("in 2100", set()),
        ("in 20255", set()),
        ("a $2025 bill", {"2025"}),
    ],
)
def test_question_terms_know_years_from_1900_to_2099(question: str, years: set[str]) -> None:
    assert question_terms(question).years == years


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Meta's Llama", {"meta", "llama"}),
        ("Meta’s budget", {"meta", "budget"}),
        ("AT&T and U.S. gas-fired", {"at&t", "and", "u.s", "gas-fired"}),
        ("snake_case", {"snake", "case"}),
        ("Ångström É", {"ångström", "é"}),
        ("?! …", set()),
        ("", set()),
    ],
)
def test_text_words_split_fold_and_drop_possessives(text: str, words: set[str]) -> None:
    assert text_words(text) == words


@pytest.mark.parametrize(
    ("wanted", "present", "share"),
    [
        ({"a", "b"}, {"b", "c"}, 0.5),
        ({"a"}, {"a"}, 1.0),
        ({"a"}, set(), 0.0),
        (set(), {"a"}, 1.0),
    ],
)
def test_share_present_counts_wanted_terms(
    wanted: set[str], present: set[str], share: float
) -> None:
    assert share_present(frozenset(wanted), frozenset(present)) == share


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_question_terms_all_stand_in_the_question(question: str) -> None:
    terms = question_terms(question)
    assert terms.names | terms.years <= terms.words <= text_words(question)

"""Folding: the same word in any typing."""

from __future__ import annotations

import unicodedata

import pytest

from index.folding import fold, plain_marks, spelled_words, word_forms


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Nestlé", "nestle"),
        (unicodedata.normalize("NFD", "Nestlé"), "nestle"),
        ("Sæther", "saether"),
        ("O’Brien", "o'brien"),
        ("Saint\u2010Aubert", "saint-aubert"),
        ("Micro\u00adsoft", "microsoft"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("한국", "한국"),
    ],
)
def test_fold_gives_one_form(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_plain_marks_keeps_accents() -> None:
    assert plain_marks(unicodedata.normalize("NFD", "Lefèvre")) == "Lefèvre"


def test_spelled_words_leave_possessives_out() -> None:
    assert spelled_words("Meta’s and Boss' Nestlé") == ["Meta", "and", "Boss", "Nestlé"]


def test_word_forms_hold_the_parts_and_the_whole() -> None:
    assert word_forms("O'Brien") == ("o", "brien", "obrien")
    assert word_forms("Meta") == ("meta",)

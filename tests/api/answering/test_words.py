"""Words of a text."""

from __future__ import annotations

import pytest

from api.answering.words import has_capital, share_present, text_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Meta's Llama", {"meta", "llama"}),
        ("Meta’s budget", {"meta", "budget"}),
        ("AT&T and U.S. gas-fired", {"at&t", "and", "u.s", "gas-fired"}),
        ("snake_case", {"snake", "case"}),
        ("Ångström É", {"angstrom", "e"}),
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


@pytest.mark.parametrize("word", ["Acme", "IBM", "easyJet", "eBay", "iRobot", "Émile"])
def test_names_have_a_capital_at_their_start_or_inside(word: str) -> None:
    assert has_capital(word)


@pytest.mark.parametrize("word", ["acme", "kWh", "mRNA", "dB", "65", ""])
def test_units_and_abbreviations_are_not_spelled_as_names(word: str) -> None:
    assert not has_capital(word)

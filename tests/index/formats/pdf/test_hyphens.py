"""A hyphen at a line end goes where it splits a word, and stays where it belongs to it."""

from __future__ import annotations

import pytest

from index.formats.pdf.hyphens import Hyphenation, Joint


@pytest.mark.parametrize(
    ("above", "below", "joint"),
    [
        ("the harbour's first engi-", "neer said", Joint.NOTHING),
        ("the second-", "largest port", Joint.HYPHEN),
        ("a long-", "term loan", Joint.HYPHEN),
        ("they came to-", "gether, at last", Joint.NOTHING),
        ("THE FIRST ENGI-", "NEER", Joint.NOTHING),
        ("of state-of-", "the art boats", Joint.HYPHEN),
        ("a non-engi-", "neer", Joint.NOTHING),
        ("from Smith-", "Jones", Joint.HYPHEN),
        ("in 2020-", "2021", Joint.HYPHEN),
        ("the COVID-", "19 years", Joint.HYPHEN),
        ("by e-", "mail", Joint.HYPHEN),
        ("two-", "and three-year loans", Joint.SPACE),
        ("the boat -", "a ferry", Joint.SPACE),
        ("the elek\u2010", "trolyse", Joint.NOTHING),
    ],
)
def test_line_end_is_joined(above: str, below: str, joint: Joint) -> None:
    assert Hyphenation([above, below]).joint(above, below) is joint


def test_other_words_of_the_document_decide_before_the_dictionary() -> None:
    hyphenated = Hyphenation(["the co-operation of", "all co-", "operation"])
    assert hyphenated.joint("all co-", "operation") is Joint.HYPHEN
    joined = Hyphenation(["the longterm of", "a long-", "term"])
    assert joined.joint("a long-", "term") is Joint.NOTHING

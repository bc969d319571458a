"""When answers are the same, and when they contradict each other."""

import pytest

from api.answering.values.equality import contradicts, is_same, meaning


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("$53bn", "53 billion US dollars"),
        ("$53bn", "US$53,000 million"),
        ("about $5m", "$5 million"),
        ("25 basis points", "0.25 percentage points"),
        ("18 months", "a year and a half"),
        ("3.4 kilometres", "3,400 metres"),
        ("12 per cent", "Twelve percent"),
        ("“Café Zoë”", "cafe zoe"),
        ("Łódź", "Lodz"),
        ("Cafe\u0301", "Café"),
        ("the O’Brien plan", "O'Brien plan"),
        ("long-term", "long–term"),
        ("co\u00adoperation", "cooperation"),
        ("U.S.", "US"),
        ("AT&T", "AT & T"),
        ("a tax of $15.9 billion", "a tax of $15.90 billion"),
    ],
)
def test_answers_are_the_same_in_any_style(left: str, right: str) -> None:
    assert is_same(left, right)
    assert not contradicts(meaning(left), meaning(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("€3.5 million", "€35 million"),
        ("1,118", "11.18"),
        ("-5%", "5%"),
        ("$5m", "€5m"),
        ("5%", "5 percentage points"),
        ("5 km", "5 miles"),
        ("$64-72 billion", "$72 billion"),
        ("12 days", "12 weeks"),
        ("June 2024", "July 2024"),
        ("GPT-4", "GPT-5"),
        ("a tax of $15.9 billion", "a tax of $159 billion"),
        ("fell 1.2% to 3", "fell 12% to 3"),
    ],
)
def test_figures_that_differ_contradict_each_other(left: str, right: str) -> None:
    assert not is_same(left, right)
    assert contradicts(meaning(left), meaning(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Tim Cook", "Cook"),
        ("860 million yuan", "yuan"),
        ("74,000 jobs", "74,000"),
        ("74,000 jobs", "74,000 posts"),
        ("$540 a week", "$540"),
        ("2024", "June 2024"),
        ("380 billion yuan ($53 billion)", "$53 billion"),
        ("5 Kenyan shillings", "5 shillings"),
        ("C++", "C"),
        ("AA-", "AA"),
        ("Plan A", "Plan"),
        ("a margin of 39.5%", "39.5%"),
        ("-", "–"),
    ],
)
def test_answers_that_say_less_are_neither_the_same_nor_contradicting(
    left: str, right: str
) -> None:
    assert not is_same(left, right)
    assert not contradicts(meaning(left), meaning(right))

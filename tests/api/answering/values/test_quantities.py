"""Quantities and ranges grow to their whole; what only looks like a range doesn't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.values.quantities import complete_quantity


def _completed(text: str, words: str) -> str:
    start = text.index(words)
    begin, end = complete_quantity(text, start, start + len(words))
    return text[begin:end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It would spend $64 billion to $72 billion this year.", "$64 billion to $72 billion"),
        ("It would spend $64 to $72 billion this year.", "$64 to $72 billion"),
        ("It would spend $64-72 billion this year.", "$64-72 billion"),
        ("It would spend $64bn – $72bn this year.", "$64bn – $72bn"),
        ("It would spend $800 million to $1.2 billion.", "$800 million to $1.2 billion"),
        ("It hoped for $47 to $55 a share.", "$47 to $55"),
        ("It is 20 to 25% of the load.", "20 to 25%"),
        ("It is 20% to 25% of the load.", "20% to 25%"),
        ("It is about 5-10 per cent of sales.", "about 5-10 per cent"),
        ("It stays between 6.7% and 12% of it.", "between 6.7% and 12%"),
        ("A plan of between $12bn and $14bn.", "between $12bn and $14bn"),
        ("Sales ranging from €7.5 million to €8.0 million.", "€7.5 million to €8.0 million"),
        ("Prices rose 3–4% a year.", "3–4%"),
        ("It was $64bn - $72bn then.", "$64bn - $72bn"),
        ("The range was raised to $30 billion to $37 billion.", "$30 billion to $37 billion"),
        ("A range of 1,500 to 1,920 megawatts.", "1,500 to 1,920 megawatts"),
    ],
)
def test_complete_quantity_takes_in_the_other_end_of_a_range(text: str, expected: str) -> None:
    low = next(at for at, letter in enumerate(text) if letter.isdigit())
    high = max(at for at, letter in enumerate(text) if letter.isdigit())
    assert _completed(text, text[low]) == expected
    start, end = complete_quantity(text, high, high + 1)
    assert text[start:end] == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("It cost SFr1.7bn to build.", "1.7", "SFr1.7bn"),
        ("It cost US$1.7bn to build.", "1.7", "US$1.7bn"),
        ("It cost EUR 500 a night.", "500", "EUR 500"),
        ("He told us 500 jobs would go.", "500", "500"),
        ("In the US 5 million people did.", "5", "5 million"),
    ],
)
def test_complete_quantity_takes_in_letters_of_a_currency(
    text: str, words: str, expected: str
) -> None:
    assert _completed(text, words) == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("It took five minutes and 40 seconds.", "40 seconds", "five minutes and 40 seconds"),
        ("He is 6 feet 2 inches tall.", "6 feet", "6 feet 2 inches"),
        ("It took five minutes, and 40 people came.", "40", "40"),
        ("It took two days and 40 people.", "two days", "two days"),
    ],
)
def test_complete_quantity_takes_in_both_units(text: str, words: str, expected: str) -> None:
    assert _completed(text, words) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Shares moved from $13.5 billion to $20 billion.", "$13.5 billion"),
        ("It rose $2 billion to $12 billion.", "$2 billion"),
        ("Costs fell by $1 billion to $3 billion.", "$3 billion"),
        ("Revenue rose 14% to $16.1 billion.", "14%"),
        ("Revenue rose 14% to $16.1 billion.", "$16.1 billion"),
        ("It paid $5 billion and $6 billion.", "$5 billion"),
        ("Microsoft plans $80 billion to $65 billion at Meta.", "$80 billion"),
        ("Fines of €35 million or 7% of sales.", "€35 million"),
        ("It went from 2023 to 2025 that way.", "2023"),
        ("It won 3-1 at home.", "3"),
        ("It paid €5 million to $6 million a head.", "€5 million"),
        ("Of 20% to 25 degrees.", "20%"),
        ("A range of -5% to 10% is given.", "10%"),
        ("It was −5 °C to 10 °C outside.", "10 °C"),
        ("Apollo 11 - 600 million viewers.", "600 million"),
        ("It sold in 2019 - 5,000 tonnes.", "5,000 tonnes"),
        ("It went from 3 in 2019 to 5,000 tonnes.", "5,000 tonnes"),
        ("Revenue improved $2 billion to $12 billion.", "$2 billion"),
        ("The plan is $5 billion\nto $6 billion.", "$5 billion"),
        ("Between them $5 billion and $6 billion went.", "$5 billion"),
    ],
)
def test_complete_quantity_keeps_figures_apart_that_are_no_range(text: str, words: str) -> None:
    assert _completed(text, words) == words


@given(
    st.text(st.sampled_from("0123456789.,$€% -–\nbtoandmilionby"), max_size=60),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_complete_quantity_never_shrinks_or_leaves_the_text(
    text: str, one: int, other: int
) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    first, last = complete_quantity(text, start, end)
    assert 0 <= first <= start <= end <= last <= len(text)

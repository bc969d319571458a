"""What stands on the pages of a PDF is in its text, and nothing else."""

from __future__ import annotations

import pytest

from index.formats.pdf.document import read_pdf
from tests.index.formats.pdf.making import Words, column, make_pdf


def test_word_hyphenated_at_a_line_end_is_whole_and_its_paragraph_too() -> None:
    lines = column(
        "The harbour has a new engi-",
        "neer, who comes from the second-",
        "largest port. She begins in 2026-",
        "2027 and writes two-",
        "and three-page reports, they say.",
        "The mayor is glad of it.",
    )
    assert read_pdf(make_pdf(lines)).text == (
        "The harbour has a new engineer, who comes from the second-largest port. "
        "She begins in 2026-2027 and writes two- and three-page reports, they say. "
        "The mayor is glad of it."
    )


def test_word_hyphenated_at_the_end_of_a_column_runs_on_in_the_next() -> None:
    lines = [
        *column("The harbour has", "a new engi-", top=712),
        *column("neer, they say.", left=300, top=712),
    ]
    assert read_pdf(make_pdf(lines)).text == "The harbour has a new engineer, they say."


@pytest.mark.parametrize("gap", [0, 2.5])
def test_footnote_mark_parts_neither_the_sentence_nor_joins_the_number(gap: float) -> None:
    lines = [
        Words("It cost 310 million crowns in 2024", 50, 700),
        Words("3", 202 + gap, 704, 6),
        Words("and 355 in 2025.", 209, 700),
        *column("Nobody knew why, and it was said so.", top=688),
    ]
    text = read_pdf(make_pdf(lines)).text
    assert text == (
        "It cost 310 million crowns in 2024³ and 355 in 2025. Nobody knew why, and it was said so."
    )


def test_power_is_no_digit_and_subscript_parts_no_line() -> None:
    lines = [
        Words("An area of 10 m", 50, 700),
        Words("2", 121, 704, 6),
        Words("at 10", 127, 700),
        Words("6", 149.8, 704, 6),
        Words("g of CO", 156, 700),
        Words("2", 191, 698, 6),
        Words("now.", 197, 700),
    ]
    assert read_pdf(make_pdf(lines)).text == "An area of 10 m² at 10⁶ g of CO2 now."


def test_footnote_begins_with_its_mark() -> None:
    lines = [Words("3", 50, 104, 6), Words("See the budget.", 54, 100)]
    assert read_pdf(make_pdf(lines)).text == "³ See the budget."


def test_columns_are_read_one_after_the_other_however_they_were_written() -> None:
    left = column("The ferry goes to the", "island in the sound, and", "it comes back at noon.")
    right = column("The bus goes to the hill", "and stays there for all", "of the night.", left=300)
    by_column = "The ferry goes to the island in the sound, and it comes back at noon.\n\n"
    by_column += "The bus goes to the hill and stays there for all of the night."
    in_turn = [words for row in zip(left, right, strict=True) for words in row]
    assert read_pdf(make_pdf([*left, *right])).text == by_column
    assert read_pdf(make_pdf(in_turn)).text == by_column


def test_larger_lines_are_headings_unless_they_state_a_value() -> None:
    lines = [
        *column("Fares in the harbour", size=16),
        *column("They rose a bit.", "They fell.", top=660),
        *column("355 million crowns", size=24, top=600),
    ]
    assert read_pdf(make_pdf(lines)).text == (
        "## Fares in the harbour\n\nThey rose a bit. They fell.\n\n355 million crowns"
    )

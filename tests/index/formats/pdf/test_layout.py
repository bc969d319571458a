"""Lines with their places become paragraphs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.formats.pdf.layout import Line, lay_out
from index.records import Span


def page(
    *lines: str | None, top: float = 700, left: float = 50, height: float = 10, width: float = 5
) -> list[Line]:
    """A page of lines 12 points apart; None leaves a gap between paragraphs."""
    made, bottom = [], top
    for words in lines:
        if words is not None:
            made.append(Line(words, left, left + width * len(words), bottom, height))
        bottom -= 12 if words is not None else 8
    return made


def test_wrapped_lines_are_joined_and_gaps_part_paragraphs() -> None:
    text, pages = lay_out([page("The ferry is", "quite blue.", None, "It is new,", "they say.")])
    assert text == "The ferry is quite blue.\n\nIt is new, they say."
    assert pages == (Span(0, len(text)),)


def test_line_that_ends_early_ends_there_on_purpose() -> None:
    lines = page("The boats", "Auk", "Gannet", "and the fares are low.", "They rose a bit.")
    assert lay_out([lines])[0] == (
        "The boats\nAuk\nGannet\nand the fares are low. They rose a bit."
    )


def test_sentence_that_ends_early_ends_its_paragraph() -> None:
    lines = page("The ferry is blue all over.", "It is new.", "Gannets nest on the quay, too.")
    assert lay_out([lines])[0] == (
        "The ferry is blue all over. It is new.\n\nGannets nest on the quay, too."
    )


def test_larger_line_is_a_paragraph_of_its_own() -> None:
    heading = page("Fares", top=730, height=16)
    assert lay_out([[*heading, *page("They rose", "a bit.")]])[0] == "# Fares\n\nThey rose a bit."


def test_items_stand_on_lines_of_their_own() -> None:
    lines = page("• one long item", "of two lines", "• another item", "2. a third one here")
    assert lay_out([lines])[0] == (
        "• one long item of two lines\n• another item\n2. a third one here"
    )


def test_hyphen_at_the_end_of_a_line_goes_and_others_stay() -> None:
    assert lay_out([page("an elec-", "tric ferry"), page("and")])[0].startswith("an electric ferry")
    assert lay_out([page("from Smith-", "Jones here")])[0] == "from Smith-Jones here"
    assert lay_out([page("in 2020-", "2021 and so")])[0] == "in 2020-2021 and so"


def test_sentence_runs_on_over_the_end_of_a_page() -> None:
    text, pages = lay_out([page("It goes on"), page("and ends. Now"), page("Another begins.")])
    assert text == "It goes on and ends. Now\n\nAnother begins."
    assert [text[slice(*span)] for span in pages] == [
        "It goes on",
        "and ends. Now",
        "Another begins.",
    ]


def test_word_parted_by_the_end_of_a_page_begins_on_the_first() -> None:
    text, pages = lay_out([page("an elec-"), [], page("tric ferry")])
    assert text == "an electric ferry"
    assert [text[slice(*span)] for span in pages] == ["an elec", "", "tric ferry"]


def test_sentence_runs_on_in_the_next_column() -> None:
    columns = [*page("It goes on", top=300), *page("and ends.", left=300)]
    assert lay_out([columns])[0] == "It goes on and ends."


def test_no_pages_and_blank_pages_have_no_text() -> None:
    assert lay_out([]) == ("", ())
    assert lay_out([[], []]) == ("", (Span(0, 0), Span(0, 0)))


_lines = st.builds(
    Line,
    words=st.sampled_from(["Meta said", "a", "-", "elec-", "tric", "• item", "Yes.", "Page 1"]),
    left=st.sampled_from([50.0, 300.0]),
    right=st.sampled_from([80.0, 400.0]),
    bottom=st.integers(0, 60).map(lambda row: row * 12.0),
    height=st.sampled_from([10.0, 18.0]),
)


@given(st.lists(st.lists(_lines, max_size=8), max_size=5))
def test_pages_lie_in_order_and_hold_every_word(pages: list[list[Line]]) -> None:
    text, spans = lay_out(pages)
    assert len(spans) == len(pages)
    end = 0
    for span in spans:
        assert end <= span.start <= span.end <= len(text)
        assert text[end : span.start].strip() == ""
        end = span.end
    assert end == len(text)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert _letters(text) == _letters("".join(line.words for page in pages for line in page))


def _letters(text: str) -> str:
    return "".join(text.replace("-", "").replace("#", "").split())

"""Cutting articles into chunks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking.blocks import BlockKind, split_blocks
from index.chunking.chunker import ChunkingParameters, chunk_article, count_tokens
from tests.index.making import article, texts

if TYPE_CHECKING:
    from index.records import Chunk

parameters = st.integers(1, 40).flatmap(
    lambda most: st.builds(ChunkingParameters, st.just(most), st.integers(0, min(most - 1, 15)))
)


def chunks(text: str, most: int = 100, overlap: int = 0, title: str | None = None) -> list[Chunk]:
    return chunk_article(article(text, title), ChunkingParameters(most, overlap))


def tokens_of_sentences(chunk: Chunk, text: str) -> int:
    return sum(count_tokens(text[slice(*sentence)]) for sentence in chunk.sentences)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        (" \n", 0),
        ("It rained.", 3),
        ("a" * 12, 1),
        ("a" * 13, 2),
        ("東京は雨", 4),
        ("$65", 2),
    ],
)
def test_count_tokens_is_about_that_of_word_pieces(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


@pytest.mark.parametrize(
    ("most", "overlap", "wrong"),
    [(0, 0, "max_tokens is 0"), (5, 5, "overlap_tokens is 5"), (5, -1, "overlap_tokens is -1")],
)
def test_parameters_out_of_range_are_named(most: int, overlap: int, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        ChunkingParameters(most, overlap)


def test_chunk_carries_title_and_headings_above_it() -> None:
    text = "# Big\n\nOne.\n\n## Small\n\nTwo.\n\n# Other\n\nThree."
    assert [(chunk.text, chunk.context) for chunk in chunks(text, title="Title")] == [
        ("One.", "Title — Big"),
        ("Two.", "Title — Big — Small"),
        ("Three.", "Title — Other"),
    ]


def test_heading_equal_to_the_title_is_in_the_context_once() -> None:
    (chunk,) = chunks("# Title\n\nIt rained.", title="Title")
    assert chunk.context == "Title"
    assert chunk.indexed_text == "Title\nIt rained."


def test_chunk_without_title_and_heading_is_indexed_as_it_is() -> None:
    (chunk,) = chunks("It rained.")
    assert (chunk.context, chunk.indexed_text) == ("", "It rained.")


def test_list_is_apart_from_prose_and_carries_the_line_that_announces_it() -> None:
    text = "It rained. Three firms spent:\n\n- Meta\n- Apple\n\nThat was all."
    assert [(chunk.text, chunk.context) for chunk in chunks(text)] == [
        ("It rained. Three firms spent:", ""),
        ("Meta\n- Apple", "Three firms spent:"),
        ("That was all.", ""),
    ]


def test_each_row_of_a_table_is_a_chunk_below_the_line_that_announces_it() -> None:
    text = (
        "Sales by country:\n\n- Country: Sweden; Sales: 540\n- Country: Denmark; Sales: 450\n- Auk"
    )
    _, *rows = chunks(text)
    assert [(row.context, row.text) for row in rows] == [
        ("Sales by country:", "Country: Sweden; Sales: 540"),
        ("Sales by country:", "Country: Denmark; Sales: 450"),
        ("Sales by country:", "Auk"),
    ]


def test_list_far_from_a_colon_does_not_carry_it() -> None:
    text = "Three firms spent:\n\n# Other\n\n- Meta\n"
    assert [chunk.context for chunk in chunks(text)] == ["", "Other"]


def test_windows_repeat_whole_sentences_up_to_the_overlap() -> None:
    text = "Aa bb cc. Dd ee. Ff gg. Hh ii jj."
    assert [chunk.text for chunk in chunks(text, most=7, overlap=3)] == [
        "Aa bb cc. Dd ee.",
        "Dd ee. Ff gg.",
        "Ff gg. Hh ii jj.",
    ]


def test_sentence_longer_than_a_chunk_is_cut_between_words() -> None:
    text = "aa bb cc dd ee."
    assert [chunk.text for chunk in chunks(text, most=2)] == ["aa bb", "cc dd", "ee."]


def test_one_huge_sentence_without_spaces_is_cut() -> None:
    text = "x" * 100_000
    found = chunks(text)
    assert "".join(chunk.text for chunk in found) == text
    assert max(len(chunk.text) for chunk in found) == 1200


@pytest.mark.parametrize("space", [" ", "\n", " \n", "\t", "\u00a0", "\u3000"])
def test_no_chunk_is_full_of_white_space(space: str) -> None:
    gap = space * (100_000 // len(space))
    found = chunks(f"Rain fell.{gap}It{gap}snowed.", most=10, overlap=5)
    assert all(len(chunk.text) <= 160 for chunk in found)
    words = [word for chunk in found for word in chunk.text.split()]
    assert words == ["Rain", "fell.", "It", "snowed."]


@pytest.mark.parametrize("text", ["", "\n \n", "---\n", "- \n"])
def test_text_without_words_has_no_chunk_of_words(text: str) -> None:
    assert not any(mark.isalnum() for chunk in chunks(text) for mark in chunk.text)


@given(texts, parameters)
def test_chunks_are_slices_that_hold_their_sentences(text: str, chosen: ChunkingParameters) -> None:
    for chunk in chunk_article(article(text), chosen):
        assert chunk.text == text[chunk.start : chunk.end]
        assert (chunk.start, chunk.end) == (chunk.sentences[0].start, chunk.sentences[-1].end)
        assert all(one.end <= two.start for one, two in pairwise(chunk.sentences))
        for sentence in chunk.sentences:
            assert text[slice(*sentence)] == text[slice(*sentence)].strip() != ""


@given(texts, parameters)
def test_chunks_hold_every_letter_but_those_of_headings(
    text: str, chosen: ChunkingParameters
) -> None:
    found = chunk_article(article(text), chosen)
    inside = {at for chunk in found for span in chunk.sentences for at in range(*span)}
    headings = {
        at
        for block in split_blocks(text)
        if block.kind is BlockKind.HEADING
        for at in range(*block.span)
    }
    in_chunks = {at for chunk in found for at in range(chunk.start, chunk.end)}
    assert not headings & in_chunks
    assert all(at in inside | headings for at, mark in enumerate(text) if mark.isalpha())


@given(texts, parameters)
def test_chunks_keep_to_their_size_and_overlap(text: str, chosen: ChunkingParameters) -> None:
    found = chunk_article(article(text), chosen)
    for chunk in found:
        assert tokens_of_sentences(chunk, text) <= chosen.max_tokens
    for first, second in pairwise(found):
        shared = set(first.sentences) & set(second.sentences)
        repeated = sum(count_tokens(text[slice(*sentence)]) for sentence in shared)
        assert repeated <= chosen.overlap_tokens
        assert first.end < second.end
        assert first.start < second.start


@given(texts)
def test_chunks_of_equal_articles_are_equal(text: str) -> None:
    assert chunks(text, 20, 5, "Title") == chunks(text, 20, 5, "Title")

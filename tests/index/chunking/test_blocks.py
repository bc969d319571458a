"""Splitting a text into headings, items and paragraphs."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from index.chunking.blocks import BlockKind, split_blocks
from tests.index.making import texts

H, I, P = BlockKind.HEADING, BlockKind.ITEM, BlockKind.PARAGRAPH  # noqa: E741
PROSE = "It rained all day, and nobody in the whole of Dublin minded the weather at all."


def blocks(text: str) -> list[tuple[BlockKind, str, int]]:
    return [
        (block.kind, text[slice(*block.span)], block.level)
        for block in split_blocks(text, guess_headings=True)
    ]


@pytest.mark.parametrize(
    ("line", "words", "level"),
    [
        ("# Title", "Title", 1),
        ("###### Deep", "Deep", 6),
        ("## Closed ##", "Closed", 2),
        ("## About C#", "About C#", 2),
        ("Title\n=====", "Title", 1),
        ("Title\n-----", "Title", 2),
        ("Plain title\n", "Plain title", 2),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_heading_is_found_without_its_marks(
    line: str, words: str, level: int, newline: str
) -> None:
    text = f"{line}\n{PROSE}\n" if line[-1] != "\n" else f"{line}\n{PROSE}"
    assert blocks(text.replace("\n", newline)) == [(H, words, level), (P, PROSE, 0)]


@pytest.mark.parametrize(
    "line",
    [
        "####### Seven",
        "#hashtag first",
        "It rained.",
        "one small line",
        "Who spends,",
        " ".join(["Word"] * 15),
    ],
)
def test_line_that_is_no_heading_is_prose(line: str) -> None:
    assert blocks(f"{line}\n\n{PROSE}") == [(P, line, 0), (P, PROSE, 0)]


def test_items_lose_their_markers_and_keep_their_indented_lines() -> None:
    text = "- one\n  and more\n* two\n3. three\n• four\n– five\n"
    assert [words for _, words, _ in blocks(text)] == [
        "one\n  and more",
        "two",
        "three",
        "four",
        "five",
    ]
    assert {kind for kind, _, _ in blocks(text)} == {I}


def test_table_rows_are_items_and_the_rule_between_them_is_nothing() -> None:
    text = "| Firm | Spend |\n|:-----|------:|\n| Meta | $65 |\n"
    assert blocks(text) == [(I, "| Firm | Spend |", 0), (I, "| Meta | $65 |", 0)]


@pytest.mark.parametrize(
    "rule", ["---", "***", "* * *", "_ _ _", "=====", "|---|---|", ":--: | --", "-- --"]
)
def test_rule_is_no_block_and_parts_paragraphs(rule: str) -> None:
    text = f"It rained.\n\n{rule}\n\nIt snowed."
    assert blocks(text) == [(P, "It rained.", 0), (P, "It snowed.", 0)]


def test_wrapped_lines_are_one_paragraph_and_long_lines_are_several() -> None:
    long = " ".join([PROSE] * 2)
    assert blocks("it rained\nall day") == [(P, "it rained\nall day", 0)]
    assert blocks(f"{long}\n{long}") == [(P, long, 0), (P, long, 0)]


def test_minus_and_numbers_in_prose_are_no_items() -> None:
    assert [kind for kind, _, _ in blocks("-5 degrees.\n\n2025. A year.\n\n3.5 percent.")] == [
        P
    ] * 3


def test_text_of_headings_only_is_paragraphs() -> None:
    assert blocks("# One\n## Two\n") == [(P, "One", 0), (P, "Two", 0)]


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "---\n***\n"])
def test_text_without_words_has_no_block(text: str) -> None:
    assert split_blocks(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "-" * 5000 + ">",
        "-- " * 2000 + "x",
        "--  |" * 2000 + "x",
        "* " * 5000 + "x",
        "# a" + " " * 50_000 + "x",
        "# a" + " #" * 20_000 + "x",
    ],
)
def test_line_that_almost_is_a_rule_or_heading_takes_no_exponential_time(line: str) -> None:
    assert split_blocks(line)[0].span.end == len(line)


@given(texts)
def test_blocks_are_stripped_ordered_and_hold_every_letter(text: str) -> None:
    spans = [block.span for block in split_blocks(text)]
    assert all(text[slice(*span)] == text[slice(*span)].strip() != "" for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))
    inside = {at for span in spans for at in range(*span)}
    assert [at for at, mark in enumerate(text) if mark.isalpha() and at not in inside] == []


def _marked(text: str) -> list[tuple[BlockKind, str, int]]:
    return [(block.kind, text[slice(*block.span)], block.level) for block in split_blocks(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Price: 55 crowns a night",
        "Founded in 1907",
        "Harbour master: Jo Lind",
        "Telephone 555 0199",
        "Length 40 metres",
        "Open 9 to 17 daily",
        "Share of women 38 %",
        "Capacity 400 people",
        "Admission $12",
    ],
)
def test_line_that_states_a_value_is_a_paragraph_even_where_headings_are_guessed(line: str) -> None:
    assert blocks(f"{line}\n\n{PROSE}") == [(P, line, 0), (P, PROSE, 0)]


@pytest.mark.parametrize(
    "line", ["Plain title", "The 2024 budget", "20 ways to cook fish", "What now"]
)
def test_line_that_states_none_is_a_heading_only_where_headings_are_guessed(line: str) -> None:
    assert blocks(f"{line}\n\n{PROSE}") == [(H, line, 2), (P, PROSE, 0)]
    assert _marked(f"{line}\n\n{PROSE}") == [(P, line, 0), (P, PROSE, 0)]


@pytest.mark.parametrize("fence", ["```", "~~~~", "   ```sh"])
def test_lines_of_fenced_code_are_items_whatever_they_look_like(fence: str) -> None:
    closing = fence.strip().removesuffix("sh")
    code = "# The default port is 8123\n\nTitle\n-----\n| a |\n  serve"
    assert _marked(f"Start it:\n\n{fence}\n{code}\n{closing}\n\n# End\n\n{PROSE}") == [
        (P, "Start it:", 0),
        (I, "# The default port is 8123", 0),
        (I, "Title", 0),
        (I, "-----", 0),
        (I, "| a |", 0),
        (I, "serve", 0),
        (H, "End", 1),
        (P, PROSE, 0),
    ]


def test_fence_that_is_not_closed_runs_to_the_end_and_another_does_not_close_it() -> None:
    assert _marked("````\n# a\n```\n# b") == [(I, "# a", 0), (I, "```", 0), (I, "# b", 0)]


@pytest.mark.parametrize("indent", ["    ", "\t", "  \t"])
def test_indented_number_sign_is_no_heading(indent: str) -> None:
    assert _marked(f"{indent}# of employees: 12\n\n{PROSE}") == [
        (P, "# of employees: 12", 0),
        (P, PROSE, 0),
    ]

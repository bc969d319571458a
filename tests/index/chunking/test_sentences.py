"""Cutting a stretch of text into sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
import sentencex
from hypothesis import given
from hypothesis import strategies as st

from index.chunking.sentences import split_sentences, strip_span
from index.records import Span
from tests.index.making import texts


def sentences(text: str, language: str = "en") -> list[str]:
    spans = split_sentences(text, Span(0, len(text)), language)
    return [text[slice(*span)] for span in spans]


def sentencex_sentences(language: str, text: str) -> list[str]:
    ends = [int(each["end_index"]) for each in sentencex.get_sentence_boundaries(language, text)]
    return [text[low:high].strip() for low, high in pairwise([0, *ends])]


def test_sentences_keep_abbreviations_and_numbers_whole() -> None:
    text = "Dr. Smith paid $3.5 billion. It rained! Did it?"
    assert sentences(text) == ["Dr. Smith paid $3.5 billion.", "It rained!", "Did it?"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It opened in May.", "A new depot followed."),
        ("It will open by May.", "It costs more."),
        ("It opened in May.", "Ann Lee left."),
        ("“It opens in May.”", "A depot follows."),
        ("It opened in May.", "“A depot” followed."),
        ("It shut in March.", "The town lost 40 jobs."),
        ("It opened in Sept.", "A new depot followed."),
        ("It opened at 5 p.m.", "An old depot shut."),
        ("She runs Acme Inc.", "A rival runs Beta."),
        ("He met Theresa May.", "Ann Lee left."),
    ],
)
def test_a_sentence_ends_behind_a_month_and_before_an_article(first: str, second: str) -> None:
    assert sentences(f"{first} {second}") == [first, second]


@pytest.mark.parametrize(
    "text",
    [
        "It opened on May 4 and May 5.",
        "It may. or may not.",
        "Mr. A said so.",
        "It has No. A and No. B.",
        "On Jan. 5 it opened.",
        "In the U.S. Ann A. Lee leads.",
        "The plan (figs. A and B) holds.",
        "It follows from sec. A of the act.",
        "Pupils with good grades, e.g. A in maths, were let in.",
        "The court heard Skar v. A local council.",
    ],
)
def test_a_sentence_goes_on_behind_other_abbreviations(text: str) -> None:
    assert sentences(text) == [text]


def test_months_are_those_of_english() -> None:
    text = "Il vit à Le May. Ann Lee vit à Paris."
    assert sentences(text, "fr") == sentencex_sentences("fr", text)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_sentence_goes_on_over_a_line_break(newline: str) -> None:
    assert sentences(f"It rained{newline}all day. It stopped.") == [
        f"It rained{newline}all day.",
        "It stopped.",
    ]


def test_sentence_offsets_are_code_points_behind_emoji_and_combining_marks() -> None:
    text = "👩‍👩‍👧 e\u0301te\u0301 🇩🇪. Second 🎉 one. Third."
    assert sentences(text) == ["👩‍👩‍👧 e\u0301te\u0301 🇩🇪.", "Second 🎉 one.", "Third."]


def test_sentences_of_a_stretch_stay_in_it() -> None:
    text = "Left out. Kept one. Kept two. Left out."
    spans = split_sentences(text, Span(10, 29), "en")
    assert [text[slice(*span)] for span in spans] == ["Kept one.", "Kept two."]


def test_sentences_of_an_unknown_language_follow_general_rules() -> None:
    assert sentences("Ta bo. Ta bi.", "xx") == ["Ta bo.", "Ta bi."]


def test_strip_span_takes_white_space_off_and_nothing_else() -> None:
    assert strip_span("a \n b\u00a0 c", Span(1, 6)) == Span(4, 5)
    assert strip_span("a \n\u00a0 c", Span(1, 5)) is None
    assert strip_span("abc", Span(1, 1)) is None


@given(texts, st.sampled_from(["en", "ja", "ar", "xx"]), st.data())
def test_sentences_are_stripped_ordered_and_hold_every_visible_character(
    text: str, language: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = list(split_sentences(text, Span(start, end), language))
    assert all(start <= span.start < span.end <= end for span in spans)
    assert all(text[slice(*span)] == text[slice(*span)].strip() for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))
    inside = {at for span in spans for at in range(*span)}
    assert all(text[at].isspace() or at in inside for at in range(start, end))


@pytest.mark.parametrize("nasty", ["\u201c", "(", "a", "\u201ca. ", ". "])
def test_long_paragraph_is_split_in_windows_that_hold_every_word(
    monkeypatch: pytest.MonkeyPatch, nasty: str
) -> None:
    text, lengths = nasty * (100_000 // len(nasty)), []
    split = sentencex.get_sentence_boundaries

    def noted(language: str, paragraph: str) -> object:
        lengths.append(len(paragraph))
        return split(language, paragraph)

    monkeypatch.setattr(sentencex, "get_sentence_boundaries", noted)
    assert "".join(sentences(text)).replace(" ", "") == text.replace(" ", "")
    assert max(lengths) <= 4000
    assert sum(lengths) <= 2.5 * len(text)


def test_windows_cut_no_sentence() -> None:
    text = "Dr. Smith paid \u201ca lot\u201d to U.S. firms. It rained! " * 500
    assert (
        sentences(text) == ["Dr. Smith paid \u201ca lot\u201d to U.S. firms.", "It rained!"] * 500
    )

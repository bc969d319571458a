"""Grouping spans that say the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.ranking.candidates import group_spans
from api.answering.reading.reader import ScoredSpan
from api.answering.values.value import Value
from index.records import Span
from tests.api.answering.making import find_span, make_passage


def test_group_spans_joins_equal_words_of_two_articles() -> None:
    passages = [
        make_passage("It paid $65 billion.", article_id="one"),
        make_passage("A total of $65 Billion, it said.", article_id="two"),
    ]
    first = find_span(passages, 0, "$65 billion", score=1)
    second = find_span(passages, 1, "$65 Billion", score=2)
    (candidate,) = group_spans([first, second], passages)
    assert candidate.text == "$65 Billion"
    assert candidate.spans == (second, first)
    assert candidate.best is second


@pytest.mark.parametrize(
    ("best", "other"),
    [
        ("$53bn", "53 billion US dollars"),
        ("about $53bn", "US$53,000 million"),
        ("1,118 jobs", "1118 jobs"),
        ("“Café Zoë”", "cafe Zoe"),
    ],
)
def test_group_spans_joins_what_says_the_same_in_another_style(best: str, other: str) -> None:
    passages = [
        make_passage(f"It was {best}.", article_id="one"),
        make_passage(f"They say {other}.", article_id="two"),
    ]
    spans = [find_span(passages, 0, best, score=2), find_span(passages, 1, other, score=1)]
    (candidate,) = group_spans(spans, passages)
    assert list(candidate.spans) == spans


@pytest.mark.parametrize(
    ("text", "words", "others"),
    [
        ("It paid €3.5 million.", "€3.5 million", "€35 million"),
        ("It paid 860 million yuan.", "860 million yuan", "yuan"),
        ("It fell -5%.", "-5%", "5%"),
        ("It was 11.18.", "11.18", "1,118"),
        ("It was 640 homes.", "640", "640 jobs"),
        ("It was $64 billion to $72 billion.", "$64 billion to $72 billion", "$72 billion"),
        ("Susan Li said so.", "Susan Li", "Chief Susan Li"),
        ("Susan Li said so.", "Susan Li", "Li"),
    ],
)
def test_group_spans_keeps_apart_what_only_shares_words(text: str, words: str, others: str) -> None:
    passages = [
        make_passage(text, article_id="one"),
        make_passage(f"Then it was {others}.", article_id="two"),
    ]
    spans = [find_span(passages, 0, words, score=2), find_span(passages, 1, others, score=1)]
    assert [candidate.text for candidate in group_spans(spans, passages)] == [words, others]


def test_group_spans_takes_a_last_name_for_the_full_name_near_it() -> None:
    passages = [
        make_passage("Tim Cook said so.", article_id="one"),
        make_passage("Tim Cook came.", "Mr Cook left.", article_id="two"),
        make_passage("Cook left.", article_id="three"),
    ]
    spans = [
        find_span(passages, 0, "Tim Cook", score=3),
        find_span(passages, 1, "Mr Cook", score=2),
        find_span(passages, 2, "Cook", score=1),
    ]
    first, second = group_spans(spans, passages)
    assert list(first.spans) == spans[:2]
    assert second.text == "Cook"


def test_group_spans_keeps_only_the_best_of_nested_spans() -> None:
    passages = [make_passage("Apple's Tim Cook left.")]
    spans = [
        find_span(passages, 0, "Tim Cook", score=2),
        find_span(passages, 0, "Apple's Tim Cook", score=1),
    ]
    (candidate,) = group_spans(spans, passages)
    assert candidate.spans == (spans[0],)


def test_group_spans_gives_candidates_their_values() -> None:
    passages = [make_passage("It has 1,118 spectators at Meta.")]
    number = find_span(passages, 0, "1,118", score=2)
    name = find_span(passages, 0, "Meta", score=1)
    first, second = group_spans([number, name], passages)
    assert first.value == Value("count", Fraction(1118), Fraction(1118), "spectators")
    assert second.value is None


def test_group_spans_keeps_apart_words_that_only_share_letters() -> None:
    passages = [make_passage("Meta.", article_id="one"), make_passage("Metal.", article_id="two")]
    spans = [find_span(passages, 0, "Meta", score=1), find_span(passages, 1, "Metal", score=2)]
    assert [candidate.text for candidate in group_spans(spans, passages)] == ["Metal", "Meta"]


def test_group_spans_does_not_join_spans_without_words_to_others() -> None:
    passages = [make_passage("The … Meta")]
    spans = [find_span(passages, 0, "The", score=1), find_span(passages, 0, "Meta", score=2)]
    assert [candidate.text for candidate in group_spans(spans, passages)] == ["Meta", "The"]


def test_group_spans_counts_one_stretch_in_overlapping_passages_once() -> None:
    passages = [make_passage("One.", "Meta spends."), make_passage("Meta spends.", start=5)]
    better, worse = (
        find_span(passages, 1, "Meta", score=2),
        find_span(passages, 0, "Meta", score=1),
    )
    (candidate,) = group_spans([worse, better], passages)
    assert candidate.spans == (better,)


def test_group_spans_counts_two_places_of_one_article_twice() -> None:
    passages = [make_passage("Meta spends."), make_passage("Meta saves.", start=50)]
    spans = [find_span(passages, 0, "Meta", score=2), find_span(passages, 1, "Meta", score=1)]
    (candidate,) = group_spans(spans, passages)
    assert list(candidate.spans) == spans


def test_group_spans_counts_equal_offsets_of_two_articles_twice() -> None:
    passages = [make_passage("Meta.", article_id="one"), make_passage("Meta.", article_id="two")]
    spans = [find_span(passages, at, "Meta", score=2 - at) for at in (0, 1)]
    (candidate,) = group_spans(spans, passages)
    assert list(candidate.spans) == spans


def test_group_spans_of_nothing_is_nothing() -> None:
    assert group_spans([], []) == []


_TEXT = "the cat sat on the mat the cat"


@st.composite
def _scored_spans(draw: st.DrawFn) -> ScoredSpan:
    start = draw(st.integers(0, len(_TEXT) - 1))
    end = draw(st.integers(start + 1, len(_TEXT)))
    score = draw(st.floats(-9, 9))
    return ScoredSpan(draw(st.integers(0, 2)), Span(start, end), score, 0.0, 0.0)


@given(st.lists(_scored_spans(), max_size=12))
def test_group_spans_ranks_by_best_score_and_invents_nothing(spans: list[ScoredSpan]) -> None:
    passages = [make_passage(_TEXT, article_id=name) for name in "xyx"]
    candidates = group_spans(spans, passages)
    best = [candidate.best.score for candidate in candidates]
    assert best == sorted(best, reverse=True)
    assert best[:1] == sorted((span.score for span in spans), reverse=True)[:1]
    kept = [span for candidate in candidates for span in candidate.spans]
    assert all(kept.count(span) <= spans.count(span) for span in kept)
    for candidate in candidates:
        scores = [span.score for span in candidate.spans]
        assert scores == sorted(scores, reverse=True)
        assert candidate.text == _TEXT[slice(*candidate.best.span)]
        places = [(passages[span.passage].article.id, span.span) for span in candidate.spans]
        for at, (article, one) in enumerate(places):
            for other_article, other in places[at + 1 :]:
                assert article != other_article or one.end <= other.start or other.end <= one.start

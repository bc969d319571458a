"""Citations are slices of articles, and answers have them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.answers import Abstention, Answer, Reply, Timings
from api.answering.citations import cite, nearest
from api.answering.errors import CitationError, ReaderError
from api.answering.reading.reader import ScoredSpan, check_spans
from api.answering.sentences import refers_back, sentence_around
from index.records import Article, Span
from tests.api.answering.making import find_span, make_article, make_passage

ARTICLE = make_article("😀 Intro. Meta spends $65 billion. It rained.")
PASSAGE = make_passage("Meta spends $65 billion.", "It rained.", start=9)
TIMINGS = Timings(0, 0, 0, 0)


def test_cite_quotes_the_article_in_code_points() -> None:
    citation = cite(7, find_span([PASSAGE], 0, "$65 billion", score=4), PASSAGE, ARTICLE)
    assert (citation.number, citation.quote, citation.span) == (7, "$65 billion", (21, 32))
    assert (citation.sentence, citation.sentence_span) == ("Meta spends $65 billion.", (9, 33))
    assert citation.passage_span == (9, 44)
    assert citation.reader_score == 4
    assert citation.retrieval == PASSAGE.scores


def test_cite_takes_in_every_sentence_that_the_span_touches() -> None:
    citation = cite(1, find_span([PASSAGE], 0, "billion. It"), PASSAGE, ARTICLE)
    assert citation.sentence == "Meta spends $65 billion. It rained."


@pytest.mark.parametrize(
    ("sentence", "refers"),
    [
        ("It rained.", True),
        ("But they fell by 4%.", True),
        ("“Together, the two spent $5 billion.", True),
        ("The company’s costs rose.", True),
        ("In addition, its margin fell.", True),
        ("Italy raised its rate.", False),
        ("The company of players left.", True),
        ("Meta spends $65 billion.", False),
        ("Thousands left.", False),
    ],
)
def test_sentence_that_begins_with_a_pronoun_or_the_like_refers_back(
    sentence: str, *, refers: bool
) -> None:
    assert refers_back(sentence) is refers


def test_cite_gives_the_sentence_before_one_that_refers_back() -> None:
    citation = cite(1, find_span([PASSAGE], 0, "rained"), PASSAGE, ARTICLE)
    assert (citation.before, citation.before_span) == ("Meta spends $65 billion.", (9, 33))
    plain = cite(1, find_span([PASSAGE], 0, "Meta"), PASSAGE, ARTICLE)
    assert (plain.before, plain.before_span) == (None, None)


def test_cite_takes_the_sentence_before_from_another_passage_under_the_same_headings() -> None:
    article = make_article("Head. Meta fell. It rained.")
    passage = make_passage("It rained.", start=17, context="Weather")
    rained = find_span([passage], 0, "rained")
    chunks = [
        make_passage("Head.", context="Other").chunk,
        make_passage("Meta fell.", start=6, context="Weather").chunk,
        passage.chunk,
    ]
    citation = cite(1, rained, passage, article, lambda: chunks)
    assert (citation.before, citation.before_span) == ("Meta fell.", (6, 16))
    assert cite(1, rained, passage, article, lambda: [chunks[0]]).before is None


@pytest.mark.parametrize(
    "article",
    [
        make_article(ARTICLE.text, article_id="other"),
        make_article(ARTICLE.text.replace("$65", "$66")),
        make_article(f" {ARTICLE.text}"),
        make_article("short"),
    ],
    ids=["other id", "other words", "moved", "too short"],
)
def test_cite_refuses_a_passage_that_is_not_a_slice_of_the_article(
    article: Article,
) -> None:
    found = find_span([PASSAGE], 0, "$65 billion")
    with pytest.raises(CitationError, match="rebuild the index"):
        cite(1, found, PASSAGE, article)
    with pytest.raises(CitationError, match="rebuild the index"):
        nearest(1, PASSAGE, article, found)


def test_nearest_shows_the_sentence_of_the_best_span() -> None:
    near = nearest(2, PASSAGE, ARTICLE, find_span([PASSAGE], 0, "rained", score=3))
    assert (near.number, near.sentence, near.reader_score) == (2, "It rained.", 3)
    assert ARTICLE.text[slice(*near.sentence_span)] == near.sentence


def test_nearest_shows_the_first_sentence_where_nothing_was_read() -> None:
    near = nearest(1, PASSAGE, ARTICLE, None)
    assert (near.sentence, near.reader_score) == ("Meta spends $65 billion.", None)


@given(st.data())
def test_sentence_around_holds_the_span_within_the_passage(data: st.DataObject) -> None:
    chunk = PASSAGE.chunk
    start = data.draw(st.integers(chunk.start, chunk.end - 1))
    end = data.draw(st.integers(start + 1, chunk.end))
    around = sentence_around(PASSAGE, Span(start, end))
    assert chunk.start <= around.start <= start < end <= around.end <= chunk.end


@pytest.mark.parametrize(
    ("passage", "start", "end"),
    [(1, 9, 10), (-1, 9, 10), (0, 8, 10), (0, 43, 45), (0, 12, 12), (0, 13, 12), (0, -3, -1)],
)
def test_check_spans_refuses_what_cannot_have_been_read(passage: int, start: int, end: int) -> None:
    with pytest.raises(ReaderError, match=r"expected (a part of \(9, 44\)|0 to 0)"):
        check_spans([ScoredSpan(passage, Span(start, end), 1, 0, 1)], [PASSAGE])


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_check_spans_refuses_scores_that_are_not_finite(wrong: float) -> None:
    for scores in ((wrong, 0.0, 1.0), (1.0, wrong, 1.0), (1.0, 0.0, wrong)):
        with pytest.raises(ReaderError, match="expected finite ones"):
            check_spans([ScoredSpan(0, Span(9, 44), *scores)], [PASSAGE])


def test_check_spans_accepts_the_whole_passage() -> None:
    check_spans([ScoredSpan(0, Span(9, 44), 1, 0, 1)], [PASSAGE])


def test_answer_without_citation_cannot_be_made() -> None:
    with pytest.raises(CitationError, match="needs at least one citation"):
        Answer("$65 billion", 0.9, ())


def test_reply_holds_either_answers_or_an_abstention() -> None:
    citation = cite(1, find_span([PASSAGE], 0, "$65 billion"), PASSAGE, ARTICLE)
    answer = Answer(citation.quote, 0.9, (citation,))
    abstention = Abstention("no", (), None, None)
    Reply("?", (answer,), None, "v", TIMINGS)
    Reply("?", (), abstention, "v", TIMINGS)
    with pytest.raises(CitationError, match="either answers or an abstention"):
        Reply("?", (answer,), abstention, "v", TIMINGS)
    with pytest.raises(CitationError, match="either answers or an abstention"):
        Reply("?", (), None, "v", TIMINGS)

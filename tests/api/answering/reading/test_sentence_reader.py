"""The reader without a trained model."""

from __future__ import annotations

import pytest

from api.answering.questions.question import Question
from api.answering.reading.reader import check_spans
from api.answering.reading.sentence_reader import SentenceReader
from tests.api.answering.making import make_passage
from tests.conftest import FakeEncoder

QUESTION = Question.parse("How much does Meta spend?")


def test_sentence_reader_puts_the_sentence_that_repeats_the_question_first() -> None:
    passages = [
        make_passage("It rained in Dublin.", article_id="rain"),
        make_passage("Nobody knows.", "How much does Meta spend?", start=20),
    ]
    spans = SentenceReader(FakeEncoder()).read(QUESTION, passages)
    assert (spans[0].passage, spans[0].span) == (1, (34, 59))
    assert spans[0].score == pytest.approx(1.0)
    assert len(spans) == 3
    assert [span.score for span in spans] == sorted((span.score for span in spans), reverse=True)
    check_spans(spans, passages)


def test_sentence_reader_scores_a_sentence_of_two_passages_once_in_the_better() -> None:
    passages = [make_passage("Meta spends.", start=5), make_passage("One.", "Meta spends.")]
    spans = SentenceReader(FakeEncoder()).read(QUESTION, passages)
    assert sorted((span.passage, tuple(span.span)) for span in spans) == [
        (0, (5, 17)),
        (1, (0, 4)),
    ]


def test_sentence_reader_keeps_equal_offsets_of_two_articles_apart() -> None:
    passages = [make_passage("Meta.", article_id=name) for name in "xy"]
    spans = SentenceReader(FakeEncoder()).read(QUESTION, passages)
    assert [span.passage for span in spans] == [0, 1]


def test_sentence_reader_counts_the_words_of_headings() -> None:
    passages = [
        make_passage("It does.", article_id="bare"),
        make_passage("It does.", article_id="headed", context="Meta spend"),
    ]
    spans = SentenceReader(FakeEncoder()).read(QUESTION, passages)
    assert [span.passage for span in spans] == [1, 0]


def test_sentence_reader_reads_nothing_from_nothing() -> None:
    encoder = FakeEncoder()
    assert SentenceReader(encoder).read(QUESTION, []) == []
    assert encoder.encoded == []

"""Ranked candidates over one-sentence articles, for the tests of combining."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from api.answering.combining.series.choosing import Choice, choose
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.time.frames import read_question_time
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeReader, fake_calibration

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim
    from api.answering.ranking.confidence import Calibration
    from index.records import Passage

TODAY = dt.date(2026, 1, 15)


class Said(NamedTuple):
    """Sentences of an article, a line each, the words that a reader finds there, and the score.

    Attributes:
        source: Of the article.
        title: Of the article.
    """

    sentence: str
    words: str
    day: str | None
    score: float = 8.0
    article: str | None = None
    source: str | None = None
    title: str = ""


def choice_of(
    question: str,
    *said: Said,
    threshold: float = 0.5,
    calibration: Calibration | None = None,
) -> Choice:
    """Choose among what articles say."""
    passages = [_passage(item, number) for number, item in enumerate(said)]
    spans = [
        find_span(passages, number, item.words, item.score, 5.0) for number, item in enumerate(said)
    ]
    parsed = Question.parse(question)
    calibration = fake_calibration() if calibration is None else calibration
    ranked = Ranker(FakeReader(), calibration).weigh(parsed, spans, passages)
    asked_time = read_question_time(question, TODAY)
    return choose(parsed, asked_time, ranked, passages, spans, calibration, threshold)


def _passage(said: Said, number: int) -> Passage:
    passage = make_passage(
        *said.sentence.split("\n"),
        article_id=said.article or f"a{number}",
        context=said.title,
        day=None if said.day is None else dt.date.fromisoformat(said.day),
    )
    return replace(passage, article=replace(passage.article, source=said.source))


def told(claims: list[Claim]) -> list[tuple[str, str, str]]:
    """Words, day and standing of claims."""
    return [(claim.text, str(claim.as_of), claim.statement.standing) for claim in claims]

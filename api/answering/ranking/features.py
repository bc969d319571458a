"""Features: what the confidence of a candidate rests on.

A new feature is a name in `FEATURES` and a value in `candidate_features`. A calibration uses the
features that it was fitted on, so one fitted before stays valid.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from api.answering.questions.answer_kind import kind_fit, repeats_question
from api.answering.sentences import sentence_around
from api.answering.time.frames import read_question_time
from api.answering.words import STOP_WORDS, share_present, text_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.question import Question
    from api.answering.ranking.candidates import Candidate
    from api.answering.reading.reader import CascadeScores
    from index.records import Passage

FEATURES: Final = (
    "margin", "answerable", "lead", "support", "dense", "fused",
    "names", "years", "names_near", "words_near", "kind", "new_words",
    "first_margin", "first_answerable", "agreement", "read_twice", "recency",
)  # fmt: skip
_WIDEST: Final = 12.0  # a larger difference of scores says nothing more
_MONTH: Final = 30  # days


def candidate_features(
    question: Question, candidates: Sequence[Candidate], passages: Sequence[Passage]
) -> list[dict[str, float]]:
    """Compute the features of each candidate, from its best span unless said otherwise.

    - ``margin``: score minus null score, in [-12, 12];
    - ``answerable``: the reader's log-odds that the passage answers, in [-12, 12];
    - ``lead``: score minus the best score of any other candidate, in [-12, 12]; 12 if there is
      no other;
    - ``support``: natural logarithm of the number of spans that say it and beat "not here", 0
      where none does;
    - ``dense``: cosine similarity of question and passage; 0 if only its words were found;
    - ``fused``: the score that ranked the passage;
    - ``names``: share of the question's names in the passage and its headings;
    - ``years``: share of its years there, or equal to the article's year of publication;
    - ``names_near``: share of its names in the sentence of the span;
    - ``words_near``: share of its content words in the sentence of the span or the headings;
    - ``kind``: how well its words fit the kind of answer asked for, -1, 0 or 1;
    - ``new_words``: share of its own words that the question does not have;
    - ``first_margin``, ``first_answerable``: margin and log-odds of the first stage of a cascade,
      for the same passage; these and the next two are 0 with a reader of one stage;
    - ``agreement``: how far both stages agree on the words, in [0, 1];
    - ``read_twice``: whether the second stage read the passage;
    - ``recency``: minus the logarithm of 1 and the months by which its article is older than the
      newest whose span beats "not here"; 0 where the question asks about a time, and for an
      article without a day.

    Returns:
        One dictionary a candidate, with all `FEATURES`.
    """
    scores = [candidate.best.score for candidate in candidates]
    recencies = _recencies(question, candidates, passages)
    features = []
    for index, candidate in enumerate(candidates):
        best = candidate.best
        passage = passages[best.passage]
        rivals = [score for place, score in enumerate(scores) if place != index]
        near = text_words(passage.chunk.words(sentence_around(passage, best.span)))
        headings = text_words(passage.chunk.context)
        around = text_words(passage.chunk.text) | headings
        day = passage.article.published_at
        published = frozenset[str]() if day is None else frozenset({str(day.year)})
        features.append(
            {
                "margin": within_bounds(best.margin),
                "answerable": within_bounds(best.answerable),
                "lead": lead_over(best.score, rivals),
                "support": math.log(max(1, sum(span.margin > 0 for span in candidate.spans))),
                "dense": 0.0 if passage.scores.dense is None else passage.scores.dense,
                "fused": passage.scores.fused,
                "names": question.share_named(around),
                "years": share_present(question.years, around | published),
                "names_near": question.share_named(near),
                "words_near": share_present(question.words, near | headings),
                "kind": kind_fit(question.kind, candidate.text),
                "new_words": 1.0 - repeats_question(question.words, own_words(candidate.text)),
                **_of_stages(best.cascade),
                "recency": recencies[index],
            }
        )
    return features


def lead_over(score: float, rivals: Sequence[float]) -> float:
    """The feature ``lead`` of a candidate with this score, by the scores of all others."""
    return within_bounds(score - max(rivals) if rivals else _WIDEST)


def _recencies(
    question: Question, candidates: Sequence[Candidate], passages: Sequence[Passage]
) -> list[float]:
    days = [passages[candidate.best.passage].article.published_at for candidate in candidates]
    dated = [
        (candidate.best.margin > 0, day)
        for candidate, day in zip(candidates, days, strict=True)
        if day is not None
    ]
    newest = max(dated)[1] if dated else None
    if newest is None or read_question_time(question.text, newest).bound:
        return [0.0] * len(days)
    return [
        0.0 if day is None else -math.log1p(max(0, (newest - day).days) / _MONTH) for day in days
    ]


def _of_stages(scores: CascadeScores | None) -> dict[str, float]:
    if scores is None:
        return {"first_margin": 0.0, "first_answerable": 0.0, "agreement": 0.0, "read_twice": 0.0}
    return {
        "first_margin": within_bounds(scores.margin),
        "first_answerable": within_bounds(scores.answerable),
        "agreement": scores.agreement,
        "read_twice": float(scores.read_twice),
    }


def within_bounds(value: float) -> float:
    """A difference of scores as a feature has it: in [-12, 12]."""
    return max(-_WIDEST, min(_WIDEST, value))


def own_words(text: str) -> frozenset[str]:
    """The words of an answer without stop words, in lower case."""
    return text_words(text) - STOP_WORDS

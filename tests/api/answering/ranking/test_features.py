"""Features of candidates."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pytest

from api.answering.questions.question import Question
from api.answering.ranking.candidates import group_spans
from api.answering.ranking.features import FEATURES, candidate_features
from api.answering.reading.reader import CascadeScores
from tests.api.answering.making import find_span, make_passage


def test_candidate_features_of_a_single_candidate() -> None:
    passages = [
        make_passage("Meta spends $65 billion.", "It rained in 2024.", context="Budgets"),
        make_passage("The sum is $65 billion.", article_id="b"),
    ]
    spans = [
        find_span(passages, 0, "$65 billion", score=3, null_score=1),
        find_span(passages, 1, "$65 billion", score=2),
    ]
    question = "How much does Meta or Intel spend on budgets in 2024?"
    (features,) = candidate_features(
        Question.parse(question), group_spans(spans, passages), passages
    )
    assert features == {
        "margin": 2.0,
        "answerable": 0.5,
        "lead": 12.0,
        "support": math.log(2),
        "dense": 0.5,
        "fused": 0.25,
        "names": 0.5,
        "years": 1.0,
        "names_near": 0.5,
        "words_near": 2 / 5,
        "kind": 1.0,
        "new_words": 1.0,
        "first_margin": 0.0,
        "first_answerable": 0.0,
        "agreement": 0.0,
        "read_twice": 0.0,
        "recency": 0.0,
    }
    assert features.keys() == set(FEATURES)


def test_candidate_features_count_as_support_only_what_beats_not_here() -> None:
    passages = [
        make_passage(f"Alibaba spends {sum_}.", article_id=sum_) for sum_ in ("one", "two", "three")
    ]

    def support(*scores: float) -> float:
        spans = [
            find_span(passages, number, "Alibaba", score=score, null_score=1)
            for number, score in enumerate(scores)
        ]
        candidates = group_spans(spans, passages)
        (features,) = candidate_features(Question.parse("Who?"), candidates, passages)
        return features["support"]

    assert support(3, 2, 1) == math.log(2)
    assert support(1, 0, -1) == 0.0


def test_candidate_features_lead_is_negative_for_all_but_the_first() -> None:
    passages = [make_passage("Meta and Intel and Nvidia.")]
    spans = [
        find_span(passages, 0, "Meta", score=5),
        find_span(passages, 0, "Intel", score=3),
        find_span(passages, 0, "Nvidia", score=2),
    ]
    features = candidate_features(Question.parse("Who?"), group_spans(spans, passages), passages)
    assert [values["lead"] for values in features] == [2.0, -2.0, -3.0]


def test_candidate_features_clip_differences_of_scores() -> None:
    passages = [make_passage("Meta and Intel.")]
    spans = [find_span(passages, 0, "Meta", score=1e9), find_span(passages, 0, "Intel", score=-1e9)]
    best, worst = candidate_features(Question.parse("Who?"), group_spans(spans, passages), passages)
    assert (best["margin"], best["lead"]) == (12.0, 12.0)
    assert (worst["margin"], worst["lead"]) == (-12.0, -12.0)


def test_candidate_features_of_a_cascade_are_those_of_both_stages() -> None:
    passages = [make_passage("Meta and Intel.")]
    first = CascadeScores(margin=-99.0, answerable=1.5, agreement=0.25, read_twice=True)
    span = replace(find_span(passages, 0, "Meta", score=5), cascade=first)
    (features,) = candidate_features(
        Question.parse("Who?"), group_spans([span], passages), passages
    )
    assert (features["margin"], features["first_margin"]) == (5.0, -12.0)
    assert features["first_answerable"] == 1.5
    assert (features["agreement"], features["read_twice"]) == (0.25, 1.0)


def test_candidate_features_count_the_year_of_publication() -> None:
    passages = [make_passage("Meta.", day=dt.date(2025, 4, 30))]
    candidates = group_spans([find_span(passages, 0, "Meta")], passages)
    years = [
        candidate_features(Question.parse(question), candidates, passages)[0]["years"]
        for question in ("in 2025", "in 2024", "ever")
    ]
    assert years == [1.0, 0.0, 1.0]


def test_candidate_features_of_a_passage_found_by_words_only_have_no_cosine() -> None:
    passages = [make_passage("Meta.", dense=None)]
    candidates = group_spans([find_span(passages, 0, "Meta")], passages)
    assert candidate_features(Question.parse("Who?"), candidates, passages)[0]["dense"] == 0.0


def _recencies(question: str, days: list[dt.date | None], margins: list[float]) -> list[float]:
    passages = [
        make_passage(f"Ann {number}.", article_id=f"a{number}", day=day)
        for number, day in enumerate(days)
    ]
    spans = [
        find_span(passages, number, f"Ann {number}", score=margin)
        for number, margin in enumerate(margins)
    ]
    candidates = group_spans(spans, passages)
    features = candidate_features(Question.parse(question), candidates, passages)
    by_passage = {
        candidate.best.passage: values["recency"]
        for candidate, values in zip(candidates, features, strict=True)
    }
    return [by_passage[number] for number in range(len(days))]


_DAYS = [dt.date(2025, 4, 30), dt.date(2025, 3, 31), dt.date(2025, 5, 30), None]


def test_candidate_features_of_an_older_article_are_less_recent() -> None:
    # The newest holds no answer, so nothing is old beside it.
    assert _recencies("Who won?", _DAYS, [3, 2, -1, 1]) == [0.0, -math.log(2), 0.0, 0.0]


def test_candidate_features_of_articles_without_an_answer_compare_with_the_newest() -> None:
    expected = [-math.log(2), -math.log(3), 0.0, 0.0]
    assert _recencies("Who won?", _DAYS, [-3, -2, -1, -4]) == pytest.approx(expected)


def test_candidate_features_are_as_recent_as_any_where_a_time_is_asked_for() -> None:
    assert _recencies("Who won in March 2025?", _DAYS, [3, 2, -1, 1]) == [0.0] * 4

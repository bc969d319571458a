"""Scoring replies against gold questions, and fitting a confidence."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from api.answering.answerer import Answerer, AskParameters
from api.answering.confidence import FEATURES
from index.generation import open_current
from index.retriever import Retriever
from scripts.calibrate_reader import Outcome, fit, is_right
from scripts.evaluate import Scored, score, summarise
from scripts.gold_questions import GoldQuestion
from scripts.metrics import auroc
from tests.conftest import META, FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.builder import BuildSummary
    from tests.conftest import FakeEncoder


def question(*answers: str, articles: tuple[str, ...] = ("meta",)) -> GoldQuestion:
    return GoldQuestion(
        id="q",
        question="How much capital expenditure does Meta expect?",
        answers=answers,
        articles=articles if answers else (),
    )


@pytest.fixture
def ask(
    build: Callable[[], BuildSummary], index_dir: Path, encoder: FakeEncoder
) -> Callable[[GoldQuestion, float], Scored]:
    build()
    retriever = Retriever(open_current(index_dir, encoder), encoder)
    answerer = Answerer(retriever, FakeReader(), fake_calibration())

    def scored(gold: GoldQuestion, least: float) -> Scored:
        reply = answerer.ask(gold.question, AskParameters(min_confidence=least, max_answers=1))
        return score(gold, reply, 0.5)

    return scored


def test_right_answer_scores_full_marks(ask: Callable[[GoldQuestion, float], Scored]) -> None:
    known = ask(question(META), 0.0)
    assert (known.exact, known.f1, known.cited) == (1.0, 1.0, True)


def test_answer_from_another_article_is_not_a_gold_citation(
    ask: Callable[[GoldQuestion, float], Scored],
) -> None:
    assert ask(question(META, articles=("rain",)), 0.0).cited is False


def test_wrong_abstention_scores_nothing(ask: Callable[[GoldQuestion, float], Scored]) -> None:
    known = ask(question(META), 1.0)
    assert (known.answer, known.exact, known.f1, known.cited) == (None, 0.0, 0.0, None)


def test_unanswerable_question_scores_by_abstaining(
    ask: Callable[[GoldQuestion, float], Scored],
) -> None:
    assert (ask(question(), 1.0).exact, ask(question(), 0.0).exact) == (1.0, 0.0)


def test_summary_counts_abstention_both_ways(ask: Callable[[GoldQuestion, float], Scored]) -> None:
    summary: Any = summarise(
        [ask(question(META), 0.0), ask(question(META), 1.0), ask(question(), 1.0)]
    )
    assert summary["questions"] == 3
    assert summary["exact_match"] == pytest.approx(2 / 3, abs=1e-4)
    assert summary["abstention_precision"] == 0.5
    assert summary["abstention_recall"] == 1.0
    assert summary["answerable"]["abstained"] == 0.5
    assert summary["citations_in_gold_articles"] == 1.0
    assert json.loads(json.dumps(summary)) == summary


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=30),
    st.lists(st.integers(0, 5), min_size=1, max_size=30),
)
def test_auroc_agrees_with_scikit_learn(positive: list[int], negative: list[int]) -> None:
    labels = [1] * len(positive) + [0] * len(negative)
    expected = roc_auc_score(labels, [*positive, *negative])
    assert auroc(positive, negative) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "reader", "right"),
    [
        ("about $65 billion", "span", True),
        ("$65 billion in 2025 for Meta and others", "span", False),
        ("Meta has set aside $65 billion for 2025.", "sentence", True),
        ("Meta has set aside $650 billion.", "sentence", False),
    ],
)
def test_rightness_of_spans_and_sentences(text: str, reader: str, *, right: bool) -> None:
    assert is_right(text, ["$65 billion"], reader) is right


def test_fitted_confidence_follows_the_outcomes_and_the_error_rate() -> None:
    rng = random.Random(3)
    outcomes = []
    for _ in range(2000):
        margin = rng.uniform(-3, 3)
        features = {name: margin if name == "margin" else 0.0 for name in FEATURES}
        outcomes.append(Outcome(features, rng.random() < 1 / (1 + 2.718 ** (-2 * margin)), True))
    calibration = fit(outcomes, "fake", 2000, 0.1)
    assert calibration.confidence(outcomes[0].features | {"margin": 0.0}) == pytest.approx(
        0.5, abs=0.07
    )
    given_ = [
        one
        for one in outcomes
        if calibration.confidence(one.features) >= calibration.threshold - 1e-12
    ]
    wrong = sum(not one.right for one in given_) / len(given_)
    assert 0.05 < wrong <= 0.1 + 1e-9

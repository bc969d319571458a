"""Measuring a reader on gold paragraphs: reading (SQuAD 1.1) and knowing (SQuAD 2.0)."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from api.answering.reading.trained_reader import PassageReading, ReadablePassage, SpanReader
from scripts.evaluation.calibration import pick_threshold
from scripts.evaluation.squad_metrics import auroc, exact_match, reliability, token_f1
from scripts.training.squad import Question

ERROR_RATE = 0.3
"""The default threshold is the lowest confidence from which on at most this share is wrong."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What a reader answered, aligned with its questions.

    answers: the best span's text; features: (n, 2) float64, span score minus null score, and
    answerability log-odds.
    """

    answers: list[str]
    features: NDArray[np.float64]


def read_gold(reader: SpanReader, questions: Sequence[Question], *, titles: bool) -> Readings:
    """Each question read over its own paragraph, with the article's title or without."""
    found: list[PassageReading] = []
    for first in tqdm(range(0, len(questions), 512), desc="reading", disable=None):
        part = questions[first : first + 512]
        found += reader.read_many(
            [
                (
                    q.question,
                    ReadablePassage(q.context, q.title.replace("_", " ") if titles else ""),
                )
                for q in part
            ]
        )
    answers, features = [], np.zeros((len(questions), 2))
    for row, (question, reading) in enumerate(zip(questions, found, strict=True)):
        best = reading.spans[0]
        answers.append(question.context[best.start : best.end])
        features[row] = best.score - best.null_score, reading.answerable
    return Readings(answers, features)


def reading_scores(questions: Sequence[Question], answers: Sequence[str]) -> dict[str, float]:
    """Mean exact match and token F1 in per cent over answerable questions."""
    golds = [[text for text, _ in question.answers] for question in questions]
    return {
        "questions": len(questions),
        "exact_match": 100 * float(np.mean(list(map(exact_match, answers, golds)))),
        "f1": 100 * float(np.mean(list(map(token_f1, answers, golds)))),
    }


def rightness(questions: Sequence[Question], answers: Sequence[str]) -> NDArray[np.float64]:
    """(n,) 1.0 where the answer is right: token F1 of at least a half.

    An answer to an unanswerable question is wrong.
    """
    return np.array(
        [
            float(token_f1(answer, [text for text, _ in question.answers]) >= 0.5)
            for question, answer in zip(questions, answers, strict=True)
        ]
    )


@dataclass(frozen=True, slots=True)
class ReadingConfidence:
    """The confidence that an answer is right, fitted, and the threshold for `ERROR_RATE`."""

    model: LogisticRegression
    threshold: float

    @classmethod
    def fit(cls, questions: Sequence[Question], readings: Readings) -> "ReadingConfidence":
        """Fit to answers of which some are right and some wrong."""
        right = rightness(questions, readings.answers)
        # Thousands of answers and two features: nothing to hold back.
        model = LogisticRegression(C=1e6).fit(readings.features, right)
        picked = pick_threshold(model.predict_proba(readings.features)[:, 1], right > 0, ERROR_RATE)
        return cls(model, 1.0 if picked is None else picked.confidence)

    def of(self, readings: Readings) -> NDArray[np.float64]:
        """The probability that each answer is right, ``(n,)``."""
        chances: NDArray[np.float64] = self.model.predict_proba(readings.features)[:, 1]
        return chances


def knowing_scores(
    questions: Sequence[Question], readings: Readings, fitted: ReadingConfidence
) -> dict[str, object]:
    """AUROC of answerable against unanswerable, what the threshold does, and calibration."""
    confidence = fitted.of(readings)
    answerable = np.array([bool(question.answers) for question in questions])
    kept = confidence >= fitted.threshold
    golds = [[text for text, _ in question.answers] for question in questions]
    f1 = np.array(
        [
            token_f1(a, g) if k else 0.0
            for a, g, k in zip(readings.answers, golds, kept, strict=True)
        ]
    )
    right = rightness(questions, readings.answers)
    table, error = reliability(confidence, right)
    return {
        "questions": len(questions),
        "unanswerable": int((~answerable).sum()),
        "auroc": auroc(confidence[answerable].tolist(), confidence[~answerable].tolist()),
        "auroc_right": auroc(confidence[right > 0].tolist(), confidence[right == 0].tolist()),
        "threshold": fitted.threshold,
        "answerable_f1": 100 * float(f1[answerable].mean()),
        "answerable_refused": float((~kept[answerable]).mean()),
        "unanswerable_refused": float((~kept[~answerable]).mean()),
        "error_rate": float(1 - right[kept].mean()) if kept.any() else 0.0,
        "overall_f1": 100 * float(np.where(answerable, f1, ~kept).mean()),
        "expected_calibration_error": error,
        "reliability": table,
    }


def reading_cost(reader: SpanReader, passages: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Median time of reading some passages, and of the bare network on the same tokens."""
    asked = [(question, ReadablePassage(text)) for question, text in passages]
    whole, bare = [], []
    for _ in range(7):
        began = time.perf_counter()
        reader.read_many(asked)
        whole.append(time.perf_counter() - began)
        tensors = [reader.tensors(batch) for batch in reader.batches(asked)]
        began = time.perf_counter()
        for batch in tensors:
            reader.forward(batch)
        bare.append(time.perf_counter() - began)
    read, floor = float(np.median(whole[1:])), float(np.median(bare[1:]))
    return {"read_ms": 1e3 * read, "encoder_ms": 1e3 * floor, "ratio": read / floor}

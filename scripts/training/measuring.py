"""Measuring a reader on gold paragraphs: reading (SQuAD 1.1) and knowing (SQuAD 2.0)."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from api.answering.questions.question import Question
from api.answering.ranking.ranker import describe
from api.answering.reading.reader import check_spans
from api.answering.reading.span_reader import ReadablePassage
from index.chunking.sentences import split_sentences
from index.records import ArticleInfo, Chunk, Passage, RetrievalScores, Span
from scripts.evaluation.calibration import (
    Candidates,
    FittedConfidence,
    judge_described,
    pick_threshold,
)
from scripts.evaluation.metrics.calibration_error import (
    expected_calibration_error,
    reliability_table,
)
from scripts.evaluation.metrics.squad_metrics import exact_match, token_f1

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from api.answering.reading.reader import BatchReader
    from api.answering.reading.span_reader import SpanReader
    from scripts.training.questions.squad import Question as SquadQuestion

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

ERROR_RATE: Final = 0.3
"""The default threshold is the lowest confidence from which on at most this share is wrong."""
_READ_TOGETHER: Final = 512  # questions


@dataclass(frozen=True, slots=True)
class Readings:
    """The candidates of some questions.

    Attributes:
        texts: The words of each question's candidates, best reader score first.
        candidates: The same candidates, judged.
    """

    texts: list[list[str]]
    candidates: Candidates

    @property
    def first(self) -> list[str]:
        """The words with the best reader score; empty if there are none."""
        return [texts[0] if texts else "" for texts in self.texts]


def read_gold(reader: BatchReader, questions: Sequence[SquadQuestion], *, titles: bool) -> Readings:
    """Read each question's own paragraph, with the article's title as context or without."""
    texts, judged = [], []
    for first in tqdm(range(0, len(questions), _READ_TOGETHER), desc="reading", disable=None):
        part = questions[first : first + _READ_TOGETHER]
        asked = [(Question.parse(one.question), [gold_passage(one, titles=titles)]) for one in part]
        for one, (question, passages), spans in zip(
            part, asked, reader.read_many(asked), strict=True
        ):
            check_spans(spans, passages)
            described = describe(question, spans, passages)
            answers = [text for text, _ in one.answers]
            texts.append([each.candidate.text for each in described])
            judged.append(judge_described(described, answers, reader.facts.unit))
    return Readings(texts, Candidates.stack(judged))


def gold_passage(question: SquadQuestion, *, titles: bool) -> Passage:
    """A question's own paragraph, as if it had been retrieved."""
    text, title = question.context, question.title.replace("_", " ")
    whole = Span(0, len(text))
    sentences = tuple(split_sentences(text, whole, "en"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Passage(
        chunk_id=0,
        chunk=Chunk("gold", *whole, text, title if titles else "", sentences),
        article=ArticleInfo("gold", title, None, None, None, None, (), digest, "gold"),
        scores=RetrievalScores(None, None, 1.0),
        rank=1,
    )


def reading_scores(questions: Sequence[SquadQuestion], answers: Sequence[str]) -> dict[str, float]:
    """Mean exact match and token F1 in per cent over answerable questions."""
    golds = [[text for text, _ in question.answers] for question in questions]
    return {
        "questions": len(questions),
        "exact_match": 100 * float(np.mean(list(map(exact_match, answers, golds)))),
        "f1": 100 * float(np.mean(list(map(token_f1, answers, golds)))),
    }


@dataclass(frozen=True, slots=True)
class ReadingConfidence:
    """A confidence fitted to readings as a calibration is, and the threshold for `ERROR_RATE`."""

    model: FittedConfidence
    threshold: float

    @classmethod
    def fit(cls, readings: Readings) -> ReadingConfidence:
        """Fit to readings with right and wrong candidates."""
        model = FittedConfidence.fit(readings.candidates)
        best, right = readings.candidates.best(model.confidence(readings.candidates))
        picked = pick_threshold(best, right, ERROR_RATE)
        return cls(model, 1.0 if picked is None else picked.confidence)

    def choose(self, readings: Readings) -> tuple[list[str], Floats, Bools]:
        """The surest candidate of each question.

        Returns:
            Its words, its confidence and whether it is right; "", 0 and False if there is none.
        """
        values = self.model.confidence(readings.candidates)
        best, right = readings.candidates.best(values)
        rows = readings.candidates.best_rows(values)
        places = readings.candidates.place
        words = [
            "" if row < 0 else texts[places[row]]
            for row, texts in zip(rows.tolist(), readings.texts, strict=True)
        ]
        return words, best, right


def knowing_scores(
    questions: Sequence[SquadQuestion], readings: Readings, fitted: ReadingConfidence
) -> dict[str, object]:
    """AUROC of answerable against unanswerable, what the threshold does, and calibration."""
    answers, confidence, right = fitted.choose(readings)
    answerable = np.array([bool(question.answers) for question in questions])
    kept = confidence >= fitted.threshold
    golds = [[text for text, _ in question.answers] for question in questions]
    f1 = np.array(
        [token_f1(a, g) if k else 0.0 for a, g, k in zip(answers, golds, kept, strict=True)]
    )
    outcome = right.astype(np.float64)
    (error,) = expected_calibration_error(confidence, outcome, np.ones((1, len(questions))))
    return {
        "questions": len(questions),
        "unanswerable": int((~answerable).sum()),
        "auroc": float(roc_auc_score(answerable, confidence)),
        "auroc_right": float(roc_auc_score(right, confidence)),
        "threshold": fitted.threshold,
        "answerable_f1": 100 * float(f1[answerable].mean()),
        "answerable_refused": float((~kept[answerable]).mean()),
        "unanswerable_refused": float((~kept[~answerable]).mean()),
        "error_rate": float(1 - right[kept].mean()) if kept.any() else 0.0,
        "overall_f1": 100 * float(np.where(answerable, f1, ~kept).mean()),
        "expected_calibration_error": float(error),
        "reliability": reliability_table(confidence, outcome),
    }


def reading_cost(reader: SpanReader, passages: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Median time of reading some passages, and of the bare network on the same tokens."""
    asked = [(question, ReadablePassage(text)) for question, text in passages]
    whole, bare = [], []
    for _ in range(7):
        began = time.perf_counter()
        reader.read_many(asked)
        whole.append(time.perf_counter() - began)
        batches = reader.batches(asked)
        began = time.perf_counter()
        reader.compute(batches)
        bare.append(time.perf_counter() - began)
    read, floor = float(np.median(whole[1:])), float(np.median(bare[1:]))
    return {"read_ms": 1e3 * read, "encoder_ms": 1e3 * floor, "ratio": read / floor}

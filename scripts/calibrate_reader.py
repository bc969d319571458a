"""Fit a reader's confidence: `python -m scripts.calibrate_reader --data DIR --out FILE`.

Asks the calibration articles' questions of SQuAD dev, answerable and not, over all paragraphs as
one corpus, and fits the probability that a candidate is right to how the candidates turned out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from api.answering.confidence import FEATURES, Calibration, Feature, candidate_features
from api.answering.spans import group_spans, normalise_answer
from api.serving import load_reader
from api.settings import SENTENCE, TRAINED
from index.encoder import DEFAULT_MODEL, Precision, SentenceTransformerEncoder
from index.retriever import Retriever
from scripts.commands import PrecisionOption, reported_errors
from scripts.metrics import token_f1
from scripts.reader_training.data import DEV2_FILE, DEV_FILE, Question, in_split, load_squad
from scripts.squad_corpus import open_squad_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reader import Reader

_CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """One candidate of a question: what its confidence rests on, and whether it was right."""

    features: dict[str, float]
    right: bool
    first: bool


def main(
    *,
    data: Annotated[Path, typer.Option(help="Folder with the SQuAD files.")],
    out: Annotated[Path, typer.Option(help="Calibration file to write.")],
    reader: Annotated[str, typer.Option(help="trained, sentence, or a folder.")] = TRAINED,
    work: Annotated[Path, typer.Option(help="Folder for the SQuAD index.")] = Path("var/squad"),
    precision: PrecisionOption = Precision.FLOAT32,
    top_k: Annotated[int, typer.Option(min=1, help="Passages to read.")] = 8,
    questions: Annotated[int, typer.Option(min=10, help="Questions to ask, at most.")] = 1500,
    max_error: Annotated[
        float, typer.Option(min=0.01, max=0.99, help="Wrong answers among those given.")
    ] = 0.2,
) -> None:
    """Fit and write the calibration; prints what it rests on as JSON."""
    with reported_errors():
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL, precision=precision)
        squad = open_squad_corpus(data, work, encoder, lambda _: None)
        loaded, _ = load_reader(reader, encoder)
        asked = _calibration_questions(data, questions)
        retriever = Retriever(squad.generation, encoder)
        outcomes = [
            outcome
            for question in tqdm(asked, desc="asking")
            for outcome in _outcomes(question, retriever, loaded, top_k)
        ]
        calibration = fit(outcomes, loaded.name, len(asked), max_error)
        out.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    print(
        json.dumps(
            {
                "questions": len(asked),
                "unanswerable": sum(not question.answers for question in asked),
                "candidates": len(outcomes),
                "first_right": round(
                    float(np.mean([one.right for one in outcomes if one.first])), 4
                ),
                "threshold": round(calibration.threshold, 4),
            }
        )
    )


def _calibration_questions(data: Path, most: int) -> list[Question]:
    """Half answerable, half not, from the calibration articles, spread evenly over them."""
    answerable = in_split(load_squad(data / DEV_FILE), "calibration")
    unanswerable = [
        question
        for question in in_split(load_squad(data / DEV2_FILE), "calibration")
        if not question.answers
    ]
    return [*_spread(answerable, most // 2), *_spread(unanswerable, most // 2)]


def _spread(questions: Sequence[Question], most: int) -> list[Question]:
    step = max(1, -(-len(questions) // most))
    return list(questions[::step])


def _outcomes(
    question: Question, retriever: Retriever, reader: Reader, top_k: int
) -> list[Outcome]:
    passages = retriever.retrieve(question.question, top_k).passages
    candidates = group_spans(reader.read(question.question, passages), passages)
    features = candidate_features(question.question, candidates, passages)
    answers = [text for text, _ in question.answers]
    return [
        Outcome(known, is_right(candidate.text, answers, reader.name), place == 0)
        for place, (candidate, known) in enumerate(
            zip(candidates[:_CANDIDATES], features[:_CANDIDATES], strict=True)
        )
    ]


def is_right(text: str, answers: Sequence[str], reader: str) -> bool:
    """Whether a candidate counts as right.

    A span must share at least half of its words with an answer (token F1); a sentence must hold
    one.
    """
    if reader == SENTENCE:
        words = f" {normalise_answer(text)} "
        return any(f" {normalise_answer(answer)} " in words for answer in answers)
    return token_f1(text, answers) >= 0.5


def fit(outcomes: Sequence[Outcome], reader: str, questions: int, max_error: float) -> Calibration:
    """Fit a logistic regression, and the lowest threshold that keeps to the error rate.

    The threshold is the lowest confidence from which on at most ``max_error`` of the first
    candidates are wrong; 1 where there is none.
    """
    values = np.array([[one.features[name] for name in FEATURES] for one in outcomes])
    right = np.array([one.right for one in outcomes])
    first = np.array([one.first for one in outcomes])
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-6)
    model: Any = LogisticRegression(C=1.0, max_iter=1000).fit((values - mean) / scale, right)
    confidence = model.predict_proba((values - mean) / scale)[:, 1]
    order = np.argsort(-confidence[first])
    wrong = np.cumsum(~right[first][order]) / np.arange(1, first.sum() + 1)
    within = np.flatnonzero(wrong <= max_error)
    threshold = float(confidence[first][order[within[-1]]]) if len(within) else 1.0
    return Calibration(
        reader=reader,
        fitted_on="SQuAD dev, calibration articles, asked over all paragraphs as one corpus",
        questions=questions,
        max_error=max_error,
        threshold=threshold,
        intercept=float(model.intercept_[0]),
        features={
            name: Feature(mean=float(mean[place]), scale=float(scale[place]), weight=float(weight))
            for place, (name, weight) in enumerate(zip(FEATURES, model.coef_[0], strict=True))
        },
    )


if __name__ == "__main__":
    typer.run(main)

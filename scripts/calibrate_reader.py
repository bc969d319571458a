"""Fit a reader's confidence: `python -m scripts.calibrate_reader --data DIR --out FILE`.

Asks the calibration articles' questions of SQuAD dev, answerable and not, over all paragraphs as
one corpus, and fits the probability that a candidate is right to how the candidates turned out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

from api.serving import load_reader
from api.settings import TRAINED
from index.encoder import DEFAULT_MODEL, Precision, SentenceTransformerEncoder
from index.retriever import Retriever
from scripts.commands import PrecisionOption, reported_errors
from scripts.evaluation.calibration import (
    Candidates,
    FittedConfidence,
    judge_candidates,
    pick_threshold,
)
from scripts.reader_training.data import DEV2_FILE, DEV_FILE, Question, in_split, load_squad
from scripts.squad_corpus import open_squad_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.confidence import Calibration


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
        candidates = Candidates.stack(
            [
                judge_candidates(
                    question.question,
                    [text for text, _ in question.answers],
                    retriever.retrieve(question.question, top_k).passages,
                    loaded,
                )
                for question in tqdm(asked, desc="asking")
            ]
        )
        calibration = fit(candidates, loaded.name, max_error)
        out.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    print(
        json.dumps(
            {
                "questions": len(asked),
                "unanswerable": sum(not question.answers for question in asked),
                "candidates": len(candidates.right),
                "first_right": round(float(candidates.right[candidates.place == 0].mean()), 4),
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


def fit(candidates: Candidates, reader: str, max_error: float) -> Calibration:
    """Fit the confidence, and the lowest threshold that keeps to the error rate.

    The threshold is 1 where there is none that does.
    """
    fitted = FittedConfidence.fit(candidates)
    picked = pick_threshold(*candidates.best(fitted.confidence(candidates)), max_error)
    return fitted.to_calibration(
        reader=reader,
        fitted_on="SQuAD dev, calibration articles, asked over all paragraphs as one corpus",
        questions=candidates.questions,
        max_error=max_error,
        threshold=1.0 if picked is None else picked.confidence,
    )


if __name__ == "__main__":
    typer.run(main)

"""Ask the invented news families: `python -m scripts.evaluate_news`.

Every question of a split is asked over all articles of it and of the splits before it, as the
service would. The chosen answer stands beside the oracle: the best of the passages' first spans.
The report split is for publishing figures; nothing is chosen by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
import typer
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker, load_ranker, read_spans
from api.answering.reading.registry import DEFAULT_READER
from api.service.models import reader_options
from api.settings import read_settings
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.retriever import Retriever
from scripts.evaluation.calibration import is_right
from scripts.evaluation.first_spans import first_spans
from scripts.evaluation.metrics.calibration_error import expected_calibration_error
from scripts.evaluation.metrics.squad_metrics import exact_match, token_f1
from scripts.terminal.commands import (
    Command,
    JsonOption,
    command_line,
    print_result,
    print_values,
    reported_errors,
)
from scripts.training.calibration_sets import CalibrationQuestion, news_set
from scripts.training.questions.news import NewsSplit  # noqa: TC001 - an option's type, read at run time

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(
    *,
    split: Annotated[
        NewsSplit, typer.Option(help="calibration, to choose by; report, to publish.")
    ] = "calibration",
    reader: Annotated[
        str, typer.Option(help="small, large, cascade, sentence, or a folder.")
    ] = DEFAULT_READER,
    work: Annotated[Path, typer.Option(help="Folder for the index.")] = Path("var/calibration"),
    top_k: Annotated[int, typer.Option(min=1, help="Passages to read.")] = 8,
    questions: Annotated[int, typer.Option(min=10, help="Questions, at most.")] = 1200,
    as_json: JsonOption = False,
) -> None:
    """Print EM, F1, oracle and how honest the confidence is; JSON last."""
    with reported_errors():
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        ranker = load_ranker(reader, encoder, reader_options(read_settings()))
        news = news_set(work, encoder, questions, split)
        retriever = Retriever(news.generation, encoder)
        rows = [
            _measured(question, ranker, retriever, top_k)
            for question in tqdm(news.questions, desc="asking", disable=None)
        ]
        result = summarise(news.questions, rows, ranker.calibration.threshold)
    print_result(result, lambda: print_values(result), as_json=as_json)


def _measured(
    question: CalibrationQuestion, ranker: Ranker, retriever: Retriever, top_k: int
) -> dict[str, float]:
    """What one question gave: the chosen candidate's figures and the oracle's F1."""
    parsed = Question.parse(question.text)
    count = ranker.reader.facts.passages_to_read(top_k)
    passages = retriever.retrieve(parsed.text, top_k, read=count).passages
    spans = read_spans(ranker.reader, parsed, passages)
    ranked = ranker.weigh(parsed, spans, passages)
    chosen = ranked[0].candidate.text if ranked else ""
    return {
        "confidence": ranked[0].confidence if ranked else 0.0,
        "right": float(is_right(chosen, question.answers, ranker.reader.facts.unit)),
        "exact": exact_match(chosen, question.answers),
        "f1": token_f1(chosen, question.answers),
        "oracle": max(
            (token_f1(text, question.answers) for text in first_spans(spans, passages).values()),
            default=0.0,
        ),
    }


def summarise(
    questions: Sequence[CalibrationQuestion],
    rows: Sequence[dict[str, float]],
    threshold: float,
) -> dict[str, float]:
    """The measures over all questions; EM, F1 and oracle over the answerable ones."""
    answerable = np.array([bool(question.answers) for question in questions])
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    confidence, right = columns["confidence"], columns["right"]
    given = confidence >= threshold
    f1, oracle = columns["f1"][answerable].mean(), columns["oracle"][answerable].mean()
    error = expected_calibration_error(confidence, right, np.ones((1, len(right))))[0]
    values = {
        "questions": len(rows),
        "answerable": answerable.sum(),
        "exact_match": columns["exact"][answerable].mean(),
        "f1": f1,
        "oracle_f1": oracle,
        "of_oracle": f1 / oracle,
        "auroc_right": roc_auc_score(right, confidence),
        "auroc_answerable": roc_auc_score(answerable, confidence),
        "ece": error,
        "threshold": threshold,
        "answers_right": right[given].mean() if given.any() else 0.0,
        "answerable_answered": given[answerable].mean(),
        "unanswerable_abstained": 1 - given[~answerable].mean(),
    }
    return {name: round(float(value), 4) for name, value in values.items()}


_EXAMPLES: Final = (
    ("python -m scripts.evaluate_news", "the calibration families"),
    ("python -m scripts.evaluate_news --split report", "the figures of the model card"),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()

"""Fit a reader's confidence: `python -m scripts.calibrate_reader --data DIR --out FILE`.

The probability that a candidate is right is fitted to how candidates turned out on questions of
several kinds, none of them trained on: news, SQuAD, search questions and others. The table says
how it does on each set when that set is left out of the fit: what to expect of text unlike all of
them.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
import typer
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from api.answering.questions.question import Question
from api.answering.reading.cascade_reader import CascadeConfig, CascadeReader
from api.answering.reading.registry import DEFAULT_READER, load_reader, reader_row
from api.service.models import reader_options
from api.settings import read_settings
from index.embedding.encoder import DEFAULT_MODEL, Precision, SentenceTransformerEncoder
from index.retriever import Retriever
from scripts.evaluation.calibration import (
    Candidates,
    FittedConfidence,
    JudgedCandidate,
    judge_candidates,
    pick_threshold,
)
from scripts.evaluation.metrics.calibration_error import expected_calibration_error
from scripts.terminal.commands import (
    Command,
    JsonOption,
    PrecisionOption,
    command_line,
    print_result,
    reported_errors,
)
from scripts.training.calibration_sets import (
    CalibrationSet,
    held_back_sets,
    news_set,
    reworded_set,
    squad_set,
)
from scripts.training.second_stage import JudgedStages, fit_sure_margin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from api.answering.ranking.confidence import Calibration
    from api.answering.reading.reader import Reader, ReaderFacts

    Judged = Sequence[Sequence[JudgedCandidate]]

_ERRORS: Final = (0.1, 0.2, 0.3, 0.4, 0.5)
_COLUMNS: Final = ("questions", "first_right", "auroc", "ece", "auroc_left_out", "ece_left_out")


def main(
    *,
    data: Annotated[Path, typer.Option(help="Folder of the question files.")],
    out: Annotated[Path, typer.Option(help="Calibration file to write.")],
    reader: Annotated[
        str, typer.Option(help="small, large, cascade, sentence, or a folder.")
    ] = DEFAULT_READER,
    work: Annotated[Path, typer.Option(help="Folder for the sets' indexes.")] = Path(
        "var/calibration"
    ),
    precision: PrecisionOption = Precision.FLOAT32,
    top_k: Annotated[int, typer.Option(min=1, help="Passages to read.")] = 8,
    news: Annotated[int, typer.Option(min=10, help="News questions of each set, at most.")] = 1200,
    others: Annotated[int, typer.Option(min=10, help="Questions of each other set.")] = 240,
    max_error: Annotated[
        float, typer.Option(min=0.01, max=0.99, help="Wrong answers among those given, on news.")
    ] = 0.3,
    right_share: Annotated[
        float | None,
        typer.Option(
            min=0.01, max=0.99, help="Questions with a right first candidate where it will be used."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fit and write the calibration, and print how it does under shift; JSON last.

    Of a cascade, also from which margin on its first stage answers alone; that is written into
    config.json beside the calibration, so that their folder is a cascade of its own.

    The sets are harder than most corpora: with --right-share, the confidence is that of corpora
    where so many questions are read rightly; the table says how it does on the sets as they are.
    """
    with reported_errors():
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL, precision=precision)
        loaded = load_reader(reader, encoder, reader_options(read_settings()))
        of_families = news_set(work, encoder, news)
        on_news = [
            of_families,
            news_set(work, encoder, news, "tests"),
            reworded_set(of_families, news),
        ]
        sets = [
            *on_news,
            squad_set(data, work, encoder, others),
            *held_back_sets(data, work, encoder, others),
        ]
        asking = [
            (one.name, partial(judge, one, Retriever(one.generation, encoder), top_k=top_k))
            for one in sets
        ]
        report: dict[str, object] = {}
        if isinstance(loaded, CascadeReader):
            stages = {name: JudgedStages.judge(loaded, ask) for name, ask in asking}
            sure_margin = fit_sure_margin(list(stages.values()))
            loaded = replace(loaded, sure_margin=sure_margin)
            judged = {name: both.served(sure_margin) for name, both in stages.items()}
            write_cascade(reader_row(reader).folder, out.parent, sure_margin)
            report["sure_margin"] = sure_margin
        else:
            judged = {name: ask(loaded) for name, ask in asking}
        calibration = fit(
            _stacked(judged.values()),
            loaded.facts,
            max_error,
            threshold_on=_stacked(judged[one.name] for one in on_news),
            fitted_on=", ".join(judged) + _as_if(right_share),
            right_share=right_share,
        )
        report |= {
            "sets": under_shift(judged, right_share),
            "thresholds": _described_thresholds(judged, [one.name for one in on_news], right_share),
            "threshold": round(calibration.threshold, 4),
        }
        out.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    print_result(report, lambda: _show(report), as_json=as_json)


def write_cascade(folder: Path, out: Path, sure_margin: float | None) -> None:
    """Write the configuration of the cascade in a folder into another, with a fitted margin."""
    config = CascadeConfig.load(folder)
    stages = {
        name: Path(os.path.relpath(folder / getattr(config, name), out))
        for name in ("first", "second")
    }
    config.model_copy(update={**stages, "sure_margin": sure_margin}).save(out)


def judge(one: CalibrationSet, retriever: Retriever, reader: Reader, top_k: int) -> Judged:
    """Ask a set's questions as the service would, and judge every candidate."""
    count = reader.facts.passages_to_read(top_k)
    judged = []
    for question in tqdm(one.questions, desc=one.name, disable=None):
        parsed = Question.parse(question.text)
        passages = [
            passage
            for passage in retriever.retrieve(parsed.text, top_k + 1, read=count + 1).passages
            if passage.article.id != question.without
        ][:count]
        judged.append(judge_candidates(parsed, question.answers, passages, reader))
    return judged


def fit(
    candidates: Candidates,
    reader: ReaderFacts,
    max_error: float,
    *,
    threshold_on: Candidates,
    fitted_on: str,
    right_share: float | None = None,
) -> Calibration:
    """Fit the confidence, and the lowest threshold that keeps to an error rate.

    Args:
        candidates: What it is fitted to.
        reader: Of the reader whose candidates they are.
        max_error: The share of wrong answers among those given.
        threshold_on: What the error rate is about. The threshold is 1 where none keeps to it.
        fitted_on: The data, in words.
        right_share: See `FittedConfidence.fit`.
    """
    fitted = FittedConfidence.fit(candidates, right_share)
    picked = pick_threshold(*threshold_on.best(fitted.confidence(threshold_on)), max_error)
    return fitted.to_calibration(
        reader=reader.name,
        reader_fingerprint=reader.fingerprint if reader.own_weights else None,
        fitted_on=fitted_on,
        questions=candidates.questions,
        max_error=max_error,
        threshold=1.0 if picked is None else picked.confidence,
    )


def under_shift(
    judged: Mapping[str, Judged], right_share: float | None = None
) -> dict[str, dict[str, float]]:
    """How the confidence does on each set: fitted to all sets, and to all but that one."""
    fitted = FittedConfidence.fit(_stacked(judged.values()), right_share)
    rows = {}
    for name, own in judged.items():
        candidates = Candidates.stack(own)
        rest = FittedConfidence.fit(
            _stacked(more for key, more in judged.items() if key != name), right_share
        )
        row = {
            "questions": float(len(own)),
            "first_right": float(np.mean([bool(some) and some[0].right for some in own])),
        }
        for suffix, confidence in (("", fitted), ("_left_out", rest)):
            sure, right = candidates.best(confidence.confidence(candidates))
            row[f"auroc{suffix}"] = float(roc_auc_score(right, sure))
            row[f"ece{suffix}"] = float(
                expected_calibration_error(
                    sure, right.astype(np.float64), np.ones((1, len(right)))
                )[0]
            )
        rows[name] = {key: round(value, 4) for key, value in row.items()}
    return rows


def _as_if(right_share: float | None) -> str:
    return "" if right_share is None else f"; as if {right_share:g} of them were read rightly"


def _stacked(judged: Iterable[Judged]) -> Candidates:
    return Candidates.stack([some for one in judged for some in one])


def _described_thresholds(
    judged: Mapping[str, Judged], names: Sequence[str], right_share: float | None
) -> list[dict[str, float | None]]:
    """On some sets: the threshold for each error rate, and how many questions are answered."""
    candidates = _stacked(judged[name] for name in names)
    fitted = FittedConfidence.fit(_stacked(judged.values()), right_share)
    confidence, right = candidates.best(fitted.confidence(candidates))
    described = []
    for max_error in _ERRORS:
        picked = pick_threshold(confidence, right, max_error)
        described.append(
            {
                "max_error": max_error,
                "threshold": None if picked is None else round(picked.confidence, 4),
                "answered": None if picked is None else round(picked.answered / len(right), 4),
            }
        )
    return described


def _show(report: dict[str, object]) -> None:
    sets = report["sets"]
    if isinstance(sets, dict):
        print(f"{'set':24}" + "".join(f"{name:>16}" for name in _COLUMNS))
        for name, row in sets.items():
            print(f"{name:24}" + "".join(f"{row[column]:16.3f}" for column in _COLUMNS))
    print(f"threshold {report['threshold']}")


_EXAMPLES: Final = (
    (
        "python -m scripts.calibrate_reader --data ~/squad --out calibration.json",
        "for the reader that ships",
    ),
    (
        "python -m scripts.calibrate_reader --data DIR --reader cascade --out own/calibration.json",
        "for a cascade, to be read with by QA_READER=own",
    ),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()

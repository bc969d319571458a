"""Measure a reader on the report half of the dev articles; prints JSON.

    python -m scripts.evaluate_reader --data DIR [--model DIR] [--precision bfloat16]

`--fit` first fits the confidence and its threshold on the calibration articles and stores them
next to the weights; without it the stored ones are used.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import torch

from api.answering.reader_precision import ReaderPrecision
from api.answering.span_reader import SpanReader
from scripts.reader_training.data import DEV2_FILE, DEV_FILE, Split, in_split, load_squad
from scripts.reader_training.evaluation import (
    ERROR_RATE,
    fit_confidence,
    knowing_scores,
    read_gold,
    reading_cost,
    reading_scores,
)
from scripts.reader_training.logistic import Logistic
from scripts.reader_training.sources import base_folder

SHIPPED = Path(__file__).parents[1] / "api" / "answering" / "model"
CALIBRATION_FILE = "gold_paragraph_calibration.json"


def main(arguments: list[str] | None = None) -> int:
    """Read, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the question files")
    parser.add_argument("--model", type=Path, default=SHIPPED, help="folder of the reader")
    parser.add_argument(
        "--precision",
        type=ReaderPrecision,
        choices=list(ReaderPrecision),
        default=ReaderPrecision.FLOAT32,
        help="number format to compute in",
    )
    parser.add_argument("--fit", action="store_true", help="fit the confidence and store it")
    parser.add_argument("--split", choices=("report", "calibration"), default="report")
    parser.add_argument("--threads", type=int, help="CPU threads")
    options = parser.parse_args(arguments)
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    reader = SpanReader.load(options.model, base_folder(), options.precision)
    if options.fit:
        _fit(reader, options.data, options.model / CALIBRATION_FILE)
    print(json.dumps(_report(reader, options.data, options.split, options.model), indent=2))
    return 0


def _fit(reader: SpanReader, data: Path, path: Path) -> None:
    questions = in_split(load_squad(data / DEV2_FILE), "calibration")
    model, threshold = fit_confidence(questions, read_gold(reader, questions, titles=True))
    stored = {**asdict(model), "threshold": threshold, "error_rate": ERROR_RATE}
    path.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")


def _report(reader: SpanReader, data: Path, split: Split, folder: Path) -> dict[str, object]:
    asked = in_split(load_squad(data / DEV_FILE), split)
    report: dict[str, object] = {"split": split}
    for name, titles in (("reading", True), ("reading_without_titles", False)):
        readings = read_gold(reader, asked, titles=titles)
        report[name] = reading_scores(asked, readings.answers)
    stored = json.loads((folder / CALIBRATION_FILE).read_text("utf-8"))
    confidence = Logistic(tuple(stored["weights"]), stored["bias"])
    known = in_split(load_squad(data / DEV2_FILE), split)
    readings = read_gold(reader, known, titles=True)
    report["knowing"] = knowing_scores(known, readings, confidence, stored["threshold"])
    contexts = list(dict.fromkeys(question.context[:480] for question in asked))[:10]
    report["cost"] = reading_cost(reader, [(asked[0].question, text) for text in contexts])
    return report


if __name__ == "__main__":
    sys.exit(main())

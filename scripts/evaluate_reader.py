"""Measure a reader on the report half of the dev articles; prints JSON.

    python -m scripts.evaluate_reader --data DIR [--model DIR] [--precision bfloat16]

The confidence that it reports on, and its threshold, are fitted on the calibration articles first.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from api.answering.reader_precision import ReaderPrecision
from api.answering.span_reader import SpanReader
from scripts.reader_training.data import DEV2_FILE, DEV_FILE, Split, in_split, load_squad
from scripts.reader_training.evaluation import (
    ReadingConfidence,
    knowing_scores,
    read_gold,
    reading_cost,
    reading_scores,
)
from scripts.reader_training.sources import base_folder

SHIPPED = Path(__file__).parents[1] / "api" / "answering" / "model"


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
    parser.add_argument("--split", choices=("report", "calibration"), default="report")
    parser.add_argument("--threads", type=int, help="CPU threads")
    options = parser.parse_args(arguments)
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    reader = SpanReader.load(options.model, base_folder(), options.precision)
    print(json.dumps(_report(reader, options.data, options.split), indent=2))
    return 0


def _report(reader: SpanReader, data: Path, split: Split) -> dict[str, object]:
    asked = in_split(load_squad(data / DEV_FILE), split)
    report: dict[str, object] = {"split": split}
    for name, titles in (("reading", True), ("reading_without_titles", False)):
        readings = read_gold(reader, asked, titles=titles)
        report[name] = reading_scores(asked, readings.answers)
    calibration = in_split(load_squad(data / DEV2_FILE), "calibration")
    fitted = ReadingConfidence.fit(calibration, read_gold(reader, calibration, titles=True))
    known = in_split(load_squad(data / DEV2_FILE), split)
    report["knowing"] = knowing_scores(known, read_gold(reader, known, titles=True), fitted)
    contexts = list(dict.fromkeys(question.context[:480] for question in asked))[:10]
    report["cost"] = reading_cost(reader, [(asked[0].question, text) for text in contexts])
    return report


if __name__ == "__main__":
    sys.exit(main())

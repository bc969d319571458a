"""Measure a reader on the report half of SQuAD's dev: `python -m scripts.evaluate_reader`."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import torch
import typer

from api.answering.reading.reader import ReaderPrecision
from api.answering.reading.registry import SHIPPED_MODEL
from api.answering.reading.trained_reader import TrainedReader
from api.service.models import reader_options
from api.settings import read_settings
from scripts.terminal.commands import (
    Command,
    JsonOption,
    command_line,
    print_result,
    print_values,
    reported_errors,
)
from scripts.training.measuring import (
    ReadingConfidence,
    knowing_scores,
    read_gold,
    reading_cost,
    reading_scores,
)
from scripts.training.questions.squad import DEV2_FILE, DEV_FILE, Split, in_split, load_squad
from scripts.training.sources import base_folder


class SplitName(StrEnum):
    """Which half of the dev articles."""

    REPORT = "report"
    CALIBRATION = "calibration"


def main(
    *,
    data: Annotated[Path, typer.Option(help="Folder of the question files.")],
    model: Annotated[Path, typer.Option(help="Folder of the reader.")] = SHIPPED_MODEL,
    precision: Annotated[
        ReaderPrecision, typer.Option(help="Number format to compute in.")
    ] = ReaderPrecision.FLOAT32,
    split: Annotated[SplitName, typer.Option(help="Half of the dev articles.")] = SplitName.REPORT,
    threads: Annotated[int | None, typer.Option(min=1, help="CPU threads.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure a reader on dev articles: what it reads, and what it knows of it; JSON last.

    The confidence that it reports on is fitted on the calibration articles, from the features
    that the service uses.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    with reported_errors():
        options = replace(reader_options(read_settings()), precision=precision)
        report = _report(TrainedReader(model, base_folder(), options), data, split.value)
    print_result(report, lambda: print_values(report), as_json=as_json)


def _report(reader: TrainedReader, data: Path, split: Split) -> dict[str, object]:
    asked = in_split(load_squad(data / DEV_FILE), split)
    report: dict[str, object] = {"split": split}
    for name, titles in (("reading", True), ("reading_without_titles", False)):
        readings = read_gold(reader, asked, titles=titles)
        report[name] = reading_scores(asked, readings.first)
    calibration = in_split(load_squad(data / DEV2_FILE), "calibration")
    fitted = ReadingConfidence.fit(read_gold(reader, calibration, titles=True))
    both_kinds = in_split(load_squad(data / DEV2_FILE), split)
    readings = read_gold(reader, both_kinds, titles=True)
    report["knowing"] = knowing_scores(both_kinds, readings, fitted)
    contexts = list(dict.fromkeys(question.context[:480] for question in asked))[:10]
    report["cost"] = reading_cost(
        reader.span_reader, [(asked[0].question, text) for text in contexts]
    )
    return report


_EXAMPLES: Final = (
    ("python -m scripts.evaluate_reader --data ~/squad", "the reader that ships"),
    (
        "python -m scripts.evaluate_reader --data ~/squad --model var/run/model --json",
        "one of one's own",
    ),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()

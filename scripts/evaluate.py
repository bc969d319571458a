"""Answer gold questions and measure the answers: `article-qa evaluate --gold FILE`."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from tqdm import tqdm

from api.answering.reading.registry import DEFAULT_READER
from api.client import Client
from api.config_file import CONFIG_FILE
from api.schemas import MAX_TOP_K
from api.service.models import load_models
from api.settings import read_settings, variable
from index.embedding.encoder import DEFAULT_MODEL, Precision
from index.generations.generation import current_folder, open_current
from index.loading.gold import GoldQuestion, GoldSet, load_gold_set
from index.loading.local_gold import gold_beside
from index.manifest import read_manifest
from scripts.evaluation.asking import LocalSystem, System
from scripts.evaluation.comparison import compare
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.evaluating import evaluate, unknown_articles
from scripts.evaluation.gate import GATED, LEVEL, TOLERANCE, Gate
from scripts.evaluation.results import EvaluationResult, load_result
from scripts.evaluation.tables import open_console, print_calibration, print_evaluation
from scripts.terminal.commands import (
    CalibrationOption,
    Command,
    DeviceOption,
    EncoderOption,
    IndexOption,
    PrecisionOption,
    ReaderOption,
    command_line,
    reported_errors,
)
from scripts.terminal.extras import require_extra

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from api.settings import Settings

_KEY_VARIABLE = "QA_API_KEY"
_TIMEOUT_SECONDS = 120.0
_MAX_RETRIES = 4  # of one question, for a server that says when to come back
_MAX_WAIT_SECONDS = 120.0
_STANDARD_OUTPUT = Path("-")
_GATE = "What must hold; exit status 1 otherwise"
_OUT = "What is written"
_CALIBRATE = "Calibrating"
_GATED: Final = ",".join(GATED)


_GoldOption = Annotated[
    Path | None,
    typer.Option(
        help="Gold questions, one JSON object a line; without it, gold.jsonl of the folder that "
        "the index was built from, with what users marked there and was reviewed."
    ),
]
_ServerOption = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="QA_URL",
        help=f"Ask this server instead of an index, with the key in {_KEY_VARIABLE}.",
    ),
]
_TopKOption = Annotated[int, typer.Option(min=1, max=MAX_TOP_K, help="Passages to read.")]
_SkipOption = Annotated[
    bool, typer.Option("--skip-invalid", help="Report malformed lines and leave them out.")
]
_CalibrateOption = Annotated[
    Path | None,
    typer.Option(
        "--calibrate",
        help="Fit the confidence to this gold set, of 30 questions or more, instead, and write it "
        "here for QA_CALIBRATION.",
        rich_help_panel=_CALIBRATE,
    ),
]
_MaxErrorOption = Annotated[
    float,
    typer.Option(
        min=0.01,
        max=0.99,
        help="Share of wrong answers among those given, for which the threshold is picked.",
        rich_help_panel=_CALIBRATE,
    ),
]
_JsonFileOption = Annotated[
    Path | None,
    typer.Option(
        "--json",
        help="Every question and measure; - for standard output, and nothing else there.",
        rich_help_panel=_OUT,
        allow_dash=True,
    ),
]
_BaselineOption = Annotated[
    Path | None,
    typer.Option(
        help="The same without texts, to commit and give to --no-worse-than.", rich_help_panel=_OUT
    ),
]
_ReportOption = Annotated[
    Path | None,
    typer.Option(help="Folder for an HTML report with every question.", rich_help_panel=_OUT),
]
_CompareOption = Annotated[
    Path | None,
    typer.Option("--compare", help="An older --json or --baseline file.", rich_help_panel=_OUT),
]
_FailUnderOption = Annotated[
    str | None,
    typer.Option(
        help="Limits such as em=0.8,f1=0.85 (least values) and ece=0.1 (the most, where less is "
        "better).",
        rich_help_panel=_GATE,
    ),
]
_NoWorseThanOption = Annotated[
    Path | None, typer.Option(help="An older --json or --baseline file.", rich_help_panel=_GATE)
]
_GatedOption = Annotated[
    str, typer.Option(help="Measures of --no-worse-than.", rich_help_panel=_GATE)
]
_ToleranceOption = Annotated[
    float,
    typer.Option(
        min=0, max=1, help="A loss beyond it is refused in any case.", rich_help_panel=_GATE
    ),
]
_LevelOption = Annotated[
    float,
    typer.Option(
        min=0,
        max=1,
        help="A smaller loss is refused if the paired bootstrap's p is at most this.",
        rich_help_panel=_GATE,
    ),
]


def main(
    *,
    gold: _GoldOption = None,
    index: IndexOption = Path("var/index"),
    url: _ServerOption = None,
    encoder: EncoderOption = DEFAULT_MODEL,
    device: DeviceOption = None,
    precision: PrecisionOption = Precision.FLOAT32,
    reader: ReaderOption = DEFAULT_READER,
    calibration: CalibrationOption = None,
    top_k: _TopKOption = 8,
    calibrate_to: _CalibrateOption = None,
    max_error: _MaxErrorOption = 0.2,
    skip_invalid: _SkipOption = False,
    json_file: _JsonFileOption = None,
    baseline: _BaselineOption = None,
    report: _ReportOption = None,
    compare_with: _CompareOption = None,
    fail_under: _FailUnderOption = None,
    no_worse_than: _NoWorseThanOption = None,
    gated: _GatedOption = _GATED,
    tolerance: _ToleranceOption = TOLERANCE,
    level: _LevelOption = LEVEL,
) -> None:
    """Answer every gold question as the service does, and measure the answers; JSON last.

    Every measure comes with its 95% bootstrap interval. A question that failed counts as zero.

    A gold question is a line such as {"id": "1", "question": "Who runs Intel?", "answers":
    ["Lip-Bu Tan"], "articles": ["intel"]}; both lists are empty where the articles do not answer
    it. 'article-qa gold lint FILE' says what is wrong with a file of them.
    """
    with reported_errors():
        require_extra("evaluation")
        alone = json_file == _STANDARD_OUTPUT
        _check_folders(None if alone else json_file, baseline, calibrate_to, report)
        if report is not None and report.exists() and not report.is_dir():
            raise EvaluationError(f"--report {report}: not a folder; expected one, or a new name")
        gate = Gate(fail_under, no_worse_than, gated, tolerance, level)
        other = None if compare_with is None else load_result(compare_with)
        gold_set = (
            gold_beside(_corpus_of(index, url), skip_invalid=skip_invalid)
            if gold is None
            else load_gold_set(gold, skip_invalid=skip_invalid)
        )
        for message in gold_set.skipped:
            print(f"skipped {message}", file=sys.stderr)
        settings = read_settings(
            index_dir=index,
            encoder=encoder,
            device=device,
            precision=precision,
            reader=reader,
            calibration=calibration,
        )
        if calibrate_to is not None:
            if url is not None:
                raise EvaluationError("--calibrate needs the index itself; leave --url out")
            _calibrate(gold_set, settings, calibrate_to, top_k, max_error, alone=alone)
            return
        with _opened(settings, url) as system:
            result = evaluate(gold_set, system, top_k=top_k, show=_with_bar)
        _write(result, None if alone else json_file, baseline)
        checks, against_baseline = gate.check(result)
        comparison = against_baseline if other is None else compare(other, result)
        if report is not None:
            from scripts.evaluation.report.page import write_report  # noqa: PLC0415 - of an extra

            page = write_report(report, result, comparison, checks)
            print(f"report: {page}", file=sys.stderr)
    if alone:
        print(result.model_dump_json())
    else:
        print_evaluation(result, comparison, checks)
    if not all(check.passed for check in checks):
        lost = ", ".join(check.measure for check in checks if not check.passed)
        print(f"error: worse than --fail-under or --no-worse-than allow: {lost}", file=sys.stderr)
        raise typer.Exit(1)


def _corpus_of(index: Path, url: str | None) -> Path:
    """The folder of the articles of an index.

    Raises:
        EvaluationError: If a server is asked, whose folder is not known here.
    """
    if url is not None:
        raise EvaluationError(
            "--url without --gold: the folder of a running service is not looked into for its "
            "gold.jsonl; expected --gold FILE, too"
        )
    return Path(read_manifest(current_folder(index)).corpus_dir)


def _check_folders(*paths: Path | None) -> None:
    """Refuse a path without a folder now, not after minutes of asking.

    Raises:
        EvaluationError: If a folder is missing.
    """
    for path in paths:
        if path is not None and not path.absolute().parent.is_dir():
            raise EvaluationError(f"{path}: there is no folder {path.parent} to write it to")


@contextmanager
def _opened(settings: Settings, url: str | None) -> Iterator[System]:
    if url is None:
        models = load_models(settings)
        generation = open_current(settings.index_dir, models.encoder)
        yield LocalSystem(str(settings.index_dir), generation, models)
        return
    with Client(
        url,
        api_key=os.environ.get(_KEY_VARIABLE),
        timeout=_TIMEOUT_SECONDS,
        max_retries=_MAX_RETRIES,
        max_wait=_MAX_WAIT_SECONDS,
    ) as client:
        yield System(url, client)


def _calibrate(
    gold: GoldSet, settings: Settings, path: Path, top_k: int, max_error: float, *, alone: bool
) -> None:
    """Calibrate, print the figures, and write the file; a table precedes the JSON unless alone.

    Raises:
        EvaluationError: If no threshold keeps to the error; nothing is written then.
    """
    from scripts.evaluation.own_calibration import (  # noqa: PLC0415 - of an extra
        LEAST_ANSWERS,
        calibrate,
    )

    models = load_models(settings)
    system = LocalSystem(
        str(settings.index_dir), open_current(settings.index_dir, models.encoder), models
    )
    unknown_articles(gold, system)
    calibration, report = calibrate(
        gold,
        system.retriever,
        models,
        top_k=top_k,
        max_error=max_error,
        show=_with_bar,
    )
    if not alone:
        print_calibration(open_console(), report)
    print(report.model_dump_json())
    if calibration is None:
        least = "" if report.best_error is None else f"; the least is {report.best_error:.3f}"
        raise EvaluationError(
            f"no threshold with at least {LEAST_ANSWERS} answers keeps the share of wrong ones to "
            f"{max_error:g}{least}; nothing written: ask for a larger --max-error, or improve "
            "retrieval or reader"
        )
    path.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    print(
        f'written to {path}; {variable("calibration")}={path}, or calibration = "{path}" in '
        f"{CONFIG_FILE}, uses it",
        file=sys.stderr,
    )


def _with_bar(questions: Sequence[GoldQuestion]) -> Iterable[GoldQuestion]:
    return tqdm(questions, desc="asking", unit="question", disable=None)


def _write(result: EvaluationResult, json_file: Path | None, baseline: Path | None) -> None:
    if json_file is not None:
        result.write(json_file)
    if baseline is not None:
        result.write_baseline(baseline)


_EXAMPLES: Final = (
    (
        "article-qa evaluate --gold corpus/gold.jsonl --json new.json --compare old.json",
        "what got better and what worse",
    ),
    (
        "article-qa evaluate --gold g.jsonl --url http://127.0.0.1:8000 --fail-under em=0.5",
        "a running service, as a gate",
    ),
    ("article-qa evaluate --gold gold.jsonl --report var/report", "an HTML report"),
    (
        "article-qa evaluate --gold gold.jsonl --calibrate var/calibration.json",
        "fit the confidence to your own questions",
    ),
    ("article-qa evaluate --gold gold.jsonl --json - | jq .metrics.f1", "into a program"),
)
_STATUSES: Final = (
    "0 when measured and all limits hold, 1 when one does not or it could not be measured, "
    "2 for a wrong argument, 130 when interrupted."
)
app = command_line(Command(main, _EXAMPLES, _STATUSES))

if __name__ == "__main__":
    app()

"""Check a gold set, choose settings with it, mark answers: `article-qa gold --help`."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

from api.answering.reading.registry import DEFAULT_READER
from api.service.models import load_models
from api.settings import read_settings
from index.chunking.chunker import ChunkingParameters
from index.embedding.encoder import DEFAULT_MODEL, Precision
from index.generations.generation import open_current
from index.loading.gold import load_gold_set
from scripts.evaluation.asking import LocalSystem
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.lint.findings import Severity
from scripts.evaluation.lint.known_articles import from_corpus, from_index
from scripts.evaluation.lint.linting import (
    LEAST_OF_TAG,
    LEAST_SIMILARITY,
    check_answered,
    in_order,
    lint,
)
from scripts.evaluation.metrics.measures import BY_NAME
from scripts.evaluation.sweep.grid import make_grid, parse_numbers, parse_shares
from scripts.evaluation.sweep.sweeping import TIMED_QUESTIONS, Sweeper
from scripts.evaluation.sweep.table import print_sweep
from scripts.evaluation.tables import open_console
from scripts.terminal.commands import (
    Command,
    DeviceOption,
    EncoderOption,
    IndexOption,
    JsonOption,
    PrecisionOption,
    ReaderOption,
    command_group,
    print_result,
    reported_errors,
)
from scripts.terminal.extras import require_extra
from scripts.terminal.marks import list_marks, mark_answer, review_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scripts.evaluation.lint.checks import Placed
    from scripts.evaluation.lint.findings import Finding


def lint_command(
    *,
    file: Annotated[Path, typer.Argument(help="Gold questions, one JSON object a line.")],
    index: IndexOption = Path("var/index"),
    corpus: Annotated[
        Path | None, typer.Option(help="Check against this folder of articles instead.")
    ] = None,
    similarity: Annotated[
        float,
        typer.Option(min=1, max=100, help="Least similarity of near-duplicates, in per cent."),
    ] = LEAST_SIMILARITY,
    min_tag: Annotated[
        int, typer.Option(min=1, help="Fewest questions that a tag should have.")
    ] = LEAST_OF_TAG,
    answered_above: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Also ask the unanswerable questions, and report those that are answered with at "
            "least this confidence.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Report everything wrong with a gold set; exit status 1 if anything makes figures wrong."""
    if corpus is not None and answered_above is not None:
        raise typer.BadParameter("--answered-above asks the index; leave --corpus out")
    with reported_errors():
        require_extra("evaluation")
        articles = from_index(index) if corpus is None else from_corpus(corpus)
        placed, findings = lint(file, articles, least_similarity=similarity, least_of_tag=min_tag)
        if answered_above is not None:
            findings = in_order([*findings, *_answered(placed, index, answered_above)])
    counts = Counter(finding.severity for finding in findings)
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    summary = {
        "file": str(file),
        "questions": len(placed),
        "errors": errors,
        "warnings": warnings,
        "findings": [asdict(finding) for finding in findings],
    }

    def show() -> None:
        for finding in findings:
            print(_line(file, finding))
        counted = f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
        print(f"{file}: {counted} in {_counted(len(placed), 'question')}")

    print_result(summary, show, as_json=as_json, json_last=False)
    if errors:
        raise typer.Exit(1)


def sweep_command(
    *,
    gold: Annotated[Path, typer.Option(help="Gold questions, one JSON object a line.")],
    corpus: Annotated[
        Path, typer.Option(envvar="QA_CORPUS_DIR", help="Folder of articles.")
    ] = Path("corpus"),
    max_tokens: Annotated[str, typer.Option(help="Most tokens in a chunk.")] = "60,100,150",
    overlap_tokens: Annotated[
        str, typer.Option(help="Most tokens that a chunk repeats of the one before.")
    ] = "0,30",
    top_k: Annotated[str, typer.Option(help="Passages to read.")] = "4,8",
    dense_weight: Annotated[
        str, typer.Option(help="Weight of the dense score in the fused one.")
    ] = "0.6,0.8",
    language: Annotated[
        str, typer.Option(help="ISO 639 code for sentences and words.")
    ] = ChunkingParameters().language,
    measure: Annotated[str, typer.Option(help="Name of the measure that decides.")] = "f1",
    timed: Annotated[
        int, typer.Option(min=1, help="Questions asked again to time one.")
    ] = TIMED_QUESTIONS,
    encoder: EncoderOption = DEFAULT_MODEL,
    device: DeviceOption = None,
    precision: PrecisionOption = Precision.FLOAT32,
    reader: ReaderOption = DEFAULT_READER,
    as_json: JsonOption = False,
) -> None:
    """Measure every combination of settings on a gold set: the quality and the cost of each.

    Values of a setting are separated by commas. The index of each chunking is built in a temporary
    folder; the one being served is not touched.
    """
    with reported_errors():
        require_extra("evaluation")
        grid = make_grid(
            parse_numbers("--max-tokens", max_tokens),
            parse_numbers("--overlap-tokens", overlap_tokens),
            parse_numbers("--top-k", top_k),
            parse_shares("--dense-weight", dense_weight),
            language=language,
        )
        if measure not in BY_NAME:
            raise EvaluationError(f"--measure '{measure}': expected one of {', '.join(BY_NAME)}")
        for size, overlap in grid.left_out:
            print(f"left out: chunks of {size} tokens overlapping by {overlap}", file=sys.stderr)
        gold_set = load_gold_set(gold)
        settings = read_settings(encoder=encoder, device=device, precision=precision, reader=reader)
        sweeper = Sweeper(
            gold_set,
            corpus,
            load_models(settings),
            BY_NAME[measure],
            timed=timed,
        )
        total = len(grid) * len(gold_set.questions)
        with tqdm(total=total, desc="asking", unit="question", disable=None) as bar:
            sweep = sweeper.run(
                grid,
                on_build=lambda built: bar.set_postfix_str(f"{built.chunks} chunks"),
                on_question=bar.update,
            )
    print_result(
        sweep.model_dump(mode="json"),
        lambda: print_sweep(open_console(), sweep),
        as_json=as_json,
        json_last=False,
    )


def _answered(placed: Sequence[Placed], index: Path, least: float) -> Iterator[Finding]:
    models = load_models(read_settings(index_dir=index))
    system = LocalSystem(str(index), open_current(index, models.encoder), models)
    unanswerable = [question for question in placed if not question.question.answers]
    with tqdm(unanswerable, desc="asking", unit="question", disable=None) as bar:
        for question in bar:
            yield from check_answered([question], system, least)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _line(file: Path, finding: Finding) -> str:
    """A finding in the format of compilers, which editors parse to find the place."""
    line = "" if finding.line is None else f":{finding.line}"
    question = "" if finding.id is None else f"'{finding.id}': "
    field = "" if finding.field is None else f"field '{finding.field}': "
    return f"{file}{line}: {finding.severity}: {question}{field}{finding.message} [{finding.rule}]"


app = command_group(
    "Check a gold set, choose settings with it, mark answers.",
    {
        "lint": Command(
            lint_command,
            (
                (
                    "article-qa gold lint corpus/gold.jsonl --corpus corpus",
                    "against a folder of articles",
                ),
                (
                    "article-qa gold lint gold.jsonl --answered-above 0.5",
                    "ask the index what it should not answer, too",
                ),
            ),
            "0 when nothing is wrong, 1 when something makes figures wrong or cannot be read, 2 "
            "for a wrong argument, 130 when interrupted.",
        ),
        "sweep": Command(
            sweep_command,
            (
                (
                    "article-qa gold sweep --gold corpus/gold.jsonl --max-tokens 60,100",
                    "two sizes of chunks, with every other setting",
                ),
                (
                    "article-qa gold sweep --gold gold.jsonl --measure em --json",
                    "every measure of every combination",
                ),
            ),
        ),
        "marks": Command(
            list_marks,
            (
                ("article-qa gold marks --open", "what waits for a review"),
                ("article-qa gold marks --url http://127.0.0.1:8000", "of a running service"),
            ),
        ),
        "mark": Command(
            mark_answer,
            (
                (
                    'article-qa gold mark "Who runs Intel?" --article intel --words "Lip-Bu Tan"',
                    "these words are right",
                ),
                ('article-qa gold mark "Who runs Google?" --none', "no article says it"),
            ),
        ),
        "review": Command(
            review_marks,
            (
                (
                    "article-qa gold review local-2f0c4b1d9a3e-open",
                    "evaluations ask it from now on",
                ),
                ("article-qa gold review local-2f0c4b1d9a3e --remove", "it is no gold question"),
            ),
        ),
    },
)

if __name__ == "__main__":
    app()

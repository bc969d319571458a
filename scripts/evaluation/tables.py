"""Results, comparisons and gates as tables on a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scripts.evaluation.metrics.measures import BY_NAME, MEASURES
from scripts.evaluation.results import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scripts.evaluation.comparison import Comparison
    from scripts.evaluation.gate import Check
    from scripts.evaluation.own_calibration import CalibrationReport
    from scripts.evaluation.results import Estimate, EvaluationResult

_LEAST_WIDTH: Final = 110
_SHOWN_CHANGES: Final = 40
SHOWN_OF_TAGS: Final = ("exact_match", "f1", "passage_recall@10", "citation_precision")
SHOWN_OF_KINDS: Final = ("f1", "value_accuracy", "timeline_precision", "timeline_recall")
_OUTCOMES: Final = {
    Outcome.RIGHT: "right",
    Outcome.RETRIEVAL_MISSED: "retrieval missed the article",
    Outcome.READER_MISSED: "reader missed the span",
    Outcome.WRONGLY_ABSTAINED: "wrongly abstained",
    Outcome.WRONGLY_ANSWERED: "wrongly answered",
    Outcome.FAILED: "failed",
}


def open_console(*, stderr: bool = False) -> Console:
    """A console, wide enough for the tables even without a terminal."""
    console = Console(highlight=False, stderr=stderr)
    if not console.is_terminal:
        console.width = max(console.width, _LEAST_WIDTH)
    return console


def print_evaluation(
    result: EvaluationResult, comparison: Comparison | None, checks: Sequence[Check]
) -> None:
    """Print tables, then a summary as one line of JSON."""
    console = open_console()
    print_result(console, result)
    if result.unknown_articles:
        print(f"gold articles that are not in the index: {', '.join(result.unknown_articles)}")
    if comparison is not None:
        print_comparison(console, comparison)
    if checks:
        print_checks(console, checks)
    summary: dict[str, Any] = {
        "index_version": result.settings.index_version,
        "questions": len(result.questions),
        **result.model_dump(mode="json", include={"metrics", "confusion", "outcomes", "cost"}),
        "tags": {
            tag: {name: metrics[name].value for name in SHOWN_OF_TAGS}
            for tag, metrics in result.tags.items()
        },
        "kinds": {
            kind: {
                name: estimate.value
                for name, estimate in metrics.items()
                if name in SHOWN_OF_KINDS or BY_NAME[name].group == "statements"
            }
            for kind, metrics in result.kinds.items()
        },
        "skipped": list(result.skipped),
        "unknown_articles": list(result.unknown_articles),
    }
    if comparison is not None:
        summary["comparison"] = comparison.model_dump(mode="json", exclude={"changes"})
    if checks:
        summary["gate"] = {
            "passed": all(check.passed for check in checks),
            "checks": [check.model_dump() for check in checks],
        }
    print(json.dumps(summary))


def print_result(console: Console, result: EvaluationResult) -> None:
    """Print every measure with its interval, the outcomes, and the questions that failed."""
    table = Table("measure", "value", "95% interval", "questions", box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    group = ""
    for measure in MEASURES:
        estimate = result.metrics[measure.name]
        if measure.group == "statements" and not estimate.questions:
            continue  # most gold sets expect none of them
        if measure.group != group:
            group = measure.group
            table.add_row(Text(group, style="bold"))
        digits = 1 if measure.group == "latency" else 3
        interval = (
            ""
            if estimate.low is None or estimate.high is None
            else f"{estimate.low:.{digits}f} to {estimate.high:.{digits}f}"
        )
        value = "undefined" if estimate.value is None else f"{estimate.value:.{digits}f}"
        table.add_row(f"  {measure.name}", value, interval, str(estimate.questions))
    console.print(table)
    _print_groups(console, "tag", result.tags, SHOWN_OF_TAGS)
    _print_groups(console, "kind", result.kinds, SHOWN_OF_KINDS)
    _print_outcomes(console, [result.outcomes], [""])
    for question in result.questions:
        if question.outcome is Outcome.FAILED:
            console.print(Text(f"failed: {question.id}: {question.error}", style="red"))


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Print how measures, outcomes and questions changed."""
    console.print(
        f"\n{comparison.compared} questions compared: {comparison.old_version} (old) with "
        f"{comparison.new_version} (new)"
    )
    for text, ids in (
        ("only in the old result", comparison.only_old),
        ("only in the new result", comparison.only_new),
        ("asked differently than before", comparison.asked_otherwise),
    ):
        if ids:
            console.print(Text(f"not compared, {text}: {_named(ids)}"))
    table = Table("measure", "old", "new", "difference", "95% interval", "p", box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for measure in comparison.measures:
        if (
            measure.delta is None
            or measure.low is None
            or measure.high is None
            or measure.p is None
        ):
            # A baseline holds no times.
            undefined = measure.old is None and measure.new is None
            if BY_NAME[measure.name].group != "latency" and not undefined:
                shown = [
                    "undefined" if v is None else f"{v:.3f}" for v in (measure.old, measure.new)
                ]
                table.add_row(measure.name, *shown)
            continue
        style = "" if not measure.loss else "red" if measure.loss > 0 else "green"
        table.add_row(
            measure.name,
            f"{measure.old:.3f}",
            f"{measure.new:.3f}",
            Text(f"{measure.delta:+.3f}", style=style),
            f"{measure.low:+.3f} to {measure.high:+.3f}",
            f"{measure.p:.3f}",
        )
    console.print(table)
    _print_outcomes(console, [comparison.old_outcomes, comparison.new_outcomes], ["old", "new"])
    _print_changes(console, comparison)


def print_checks(console: Console, checks: Sequence[Check]) -> None:
    """Print what a gate asked for, what it found, and why it passed or not."""
    table = Table("", "measure", "wanted", "found", "why", box=None)
    for check in checks:
        mark = Text("pass", style="green") if check.passed else Text("FAIL", style="bold red")
        table.add_row(mark, check.measure, check.wanted, check.found, check.reason)
    console.print(table)


def print_calibration(console: Console, report: CalibrationReport) -> None:
    """Print what a calibration rests on, and what it reaches, always out of fold."""
    console.print(
        f"{report.questions} questions, {report.answerable} of them answerable, about "
        f"{report.groups} sets of articles, in {report.folds} folds; {report.candidates} "
        f"candidates, {report.right} of them right"
    )
    table = Table("measure", "now", "95% interval", "calibrated", "95% interval", box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, before in report.before.measures.items():
        cells = []
        for estimate in (before, report.after.measures[name]):
            cells += [
                "undefined" if estimate.value is None else f"{estimate.value:.3f}",
                ""
                if estimate.low is None or estimate.high is None
                else f"{estimate.low:.3f} to {estimate.high:.3f}",
            ]
        table.add_row(name, *cells)
    console.print(table)
    if report.threshold is not None and report.error is not None:
        console.print(
            f"threshold {report.threshold:.3f}: {report.answered} of {report.questions} questions "
            f"answered, {report.error:.3f} of them wrongly (wanted: at most {report.max_error:g})"
        )
    for warning in report.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))


def _print_groups(
    console: Console,
    name: str,
    groups: Mapping[str, Mapping[str, Estimate]],
    shown: Sequence[str],
) -> None:
    """Print some measures of groups of questions; nothing where there are no groups."""
    table = Table(name, "questions", *shown, box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for group, metrics in groups.items():
        cells = [
            f"{estimate.value:.3f} ({estimate.low:.2f} to {estimate.high:.2f})"
            if estimate.value is not None and estimate.low is not None and estimate.high is not None
            else "undefined"
            for estimate in (metrics[name] for name in shown)
        ]
        table.add_row(group, str(metrics["exact_match"].questions), *cells)
    if groups:
        console.print(table)


def _print_outcomes(
    console: Console, counts: Sequence[dict[Outcome, int]], names: Sequence[str]
) -> None:
    table = Table("outcome", *names, box=None)
    for outcome, words in _OUTCOMES.items():
        table.add_row(words, *(str(count.get(outcome, 0)) for count in counts))
    console.print(table)


def _print_changes(console: Console, comparison: Comparison) -> None:
    for verdict in ("worse", "better", "changed"):
        some = [change for change in comparison.changes if change.verdict == verdict]
        if not some:
            continue
        console.print(Text(f"{verdict}: {len(some)} questions", style="bold"))
        table = Table("question", "was", "is", "F1 was", "F1 is", "answer was", "is", box=None)
        for change in some[:_SHOWN_CHANGES]:
            table.add_row(
                change.id,
                _OUTCOMES[change.old_outcome],
                _OUTCOMES[change.new_outcome],
                f"{change.old_f1:.2f}",
                f"{change.new_f1:.2f}",
                _short(change.old_answer),
                _short(change.new_answer),
            )
        console.print(table)
        if len(some) > _SHOWN_CHANGES:
            console.print(f"and {len(some) - _SHOWN_CHANGES} more")


def _short(answer: str | None) -> Text:
    return Text("" if answer is None else answer, overflow="ellipsis", no_wrap=True)


def _named(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:10])
    return shown if len(ids) <= 10 else f"{shown} and {len(ids) - 10} more"

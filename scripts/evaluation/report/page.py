"""An evaluation result as one self-contained HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scripts.evaluation.report import plots, view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.evaluation.comparison import Comparison
    from scripts.evaluation.gate import Check
    from scripts.evaluation.results import EvaluationResult

PAGE_FILE: Final = "index.html"
_HERE: Final = Path(__file__).parent
_TEMPLATE: Final = "page.html.jinja"
_STYLE: Final = "page.css"


def write_report(
    folder: Path,
    result: EvaluationResult,
    comparison: Comparison | None = None,
    checks: Sequence[Check] = (),
) -> Path:
    """Write the report of an evaluation, a page that needs no network and runs no script.

    Args:
        folder: Where to write it; made where it is missing.
        result: What to show.
        comparison: With an older result, to be shown beside it.
        checks: Of the gate, where there was one.

    Returns:
        The page's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PAGE_FILE
    path.write_text(render(result, comparison, checks), encoding="utf-8")
    return path


def render(
    result: EvaluationResult,
    comparison: Comparison | None = None,
    checks: Sequence[Check] = (),
) -> str:
    """The page as text; see `write_report`."""
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    questions = view.question_views(result)
    return environment.get_template(_TEMPLATE).render(
        result=result,
        comparison=comparison,
        checks=checks,
        style=Markup((_HERE / _STYLE).read_text(encoding="utf-8")),  # noqa: S704 - our own file
        headlines=view.headlines(result),
        statement_headlines=view.statement_headlines(result),
        bars=view.outcome_bars(result),
        outcomes=view.OUTCOMES,
        measures=view.measure_rows(result),
        main_measures=view.MAIN_MEASURES,
        stages=view.stage_times(result),
        tags=view.tag_names(result),
        questions=questions,
        numbers={question.result.id: question.number for question in questions},
        mark_quote=view.mark_quote,
        mark_answers=view.mark_answers,
        figures=_figures(result),
    )


def _figures(result: EvaluationResult) -> list[tuple[str, str, Markup]]:
    """A figure with its title and how to read it."""
    drawn = [
        (
            "Risk and coverage",
            "How many answers are wrong if only the surest questions are answered.",
            plots.risk_coverage(result),
        ),
        (
            "Reliability",
            "How many are right of those held so sure. Big dots: many; on the line: honest.",
            plots.reliability_diagram(result),
        ),
        (
            "Confidence",
            "What the threshold lets through, and what it withholds.",
            plots.confidences(result),
        ),
        (
            "Recall at k",
            "How much of what answers is among the first k articles or passages.",
            plots.recall_at_k(result),
        ),
        ("Latency", "How long questions took, without the network.", plots.latency(result)),
    ]
    return [(title, meaning, figure) for title, meaning, figure in drawn if figure is not None]

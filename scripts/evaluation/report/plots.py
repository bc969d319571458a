"""The figures of a report, drawn from the results of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter, PercentFormatter
from scipy.stats import binomtest

from scripts.evaluation.curves import recall_curve, reliability_points, risk_coverage_curve
from scripts.evaluation.metrics.columns import to_columns
from scripts.evaluation.report.svg import (
    ACCENT,
    GRID,
    INK,
    MUTED,
    OPEN,
    RIGHT,
    SECOND,
    SURFACE,
    WRONG,
    draw,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup
    from matplotlib.axes import Axes

    from scripts.evaluation.results import EvaluationResult, QuestionResult

_BINS: Final = 20
_KS: Final = (1, 2, 5, 10, 20, 50)


def risk_coverage(result: EvaluationResult) -> Markup:
    """Share of wrong answers against share of questions answered, most confident first."""
    points = risk_coverage_curve(result.questions)
    coverage = np.array([point[1] for point in points])
    risk = np.array([point[2] for point in points])
    threshold = result.settings.threshold
    taken = [point for point in points if threshold is not None and point[0] >= threshold]
    at = taken[-1] if taken else None
    share_right = 1 - risk[-1]

    def paint() -> Figure:
        figure, axes = _axes("questions answered", "answers that are wrong")
        ideal = np.linspace(0.001, 1, 200)
        axes.plot(
            ideal,
            np.maximum(0, 1 - share_right / ideal),
            color=MUTED,
            linestyle=(0, (2, 2)),
            linewidth=1,
            label="perfect order",
        )
        axes.plot(coverage, risk, color=ACCENT, label="this system")
        if at is not None:
            axes.plot(*at[1:], "o", color=ACCENT, markeredgecolor=SURFACE, markersize=8)
            axes.annotate(
                f"threshold {at[0]:.2f}",
                at[1:],
                xytext=(8, -12) if at[1] < 0.6 else (-8, 10),
                textcoords="offset points",
                ha="left" if at[1] < 0.6 else "right",
            )
        _percent(axes, x=True, y=True)
        axes.set_ylim(0, max(0.1, float(risk.max()) * 1.15))
        axes.legend(loc="upper left")
        return figure

    told = "" if at is None else f" At the threshold {at[1]:.0%} are answered, {at[2]:.0%} wrong."
    return draw(
        "risk",
        "Risk-coverage curve",
        f"Answering every question, {risk[-1]:.0%} of the answers would be wrong.{told}",
        paint,
    )


def reliability_diagram(result: EvaluationResult) -> Markup:
    """Share right against the confidence, in ten bins; bars are 95% Wilson intervals."""
    points = reliability_points(result.questions)
    sure = np.array([point["confidence"] for point in points])
    right = np.array([point["right"] for point in points])
    count = np.array([point["count"] for point in points])
    intervals = [
        binomtest(round(share * of), round(of)).proportion_ci(method="wilson")
        for share, of in zip(right, count, strict=True)
    ]
    low, high = zip(*intervals, strict=True)

    def paint() -> Figure:
        figure, axes = _axes("confidence", "candidates that are right")
        axes.plot([0, 1], [0, 1], color=MUTED, linestyle=(0, (2, 2)), linewidth=1)
        axes.vlines(sure, low, high, color=ACCENT, linewidth=1.4)
        axes.scatter(
            sure, right, s=18 + 160 * count / count.max(), color=ACCENT, edgecolor=SURFACE, zorder=3
        )
        axes.text(0.04, 0.93, "too modest", color=MUTED)
        axes.text(0.96, 0.05, "too sure", color=MUTED, ha="right")
        _percent(axes, x=True, y=True)
        axes.set_ylim(0, 1)
        return figure

    bins = "; ".join(
        f"{mean:.0%} sure, {share:.0%} right of {number:.0f}"
        for mean, share, number in zip(sure, right, count, strict=True)
    )
    return draw("reliability", "Reliability diagram", f"{bins}.", paint)


def confidences(result: EvaluationResult) -> Markup:
    """Distribution of the best candidates' confidence, right and wrong ones apart."""
    columns = to_columns(result.questions)
    kinds = [
        ("right", RIGHT, columns.right == 1),
        ("wrong", WRONG, (columns.right == 0) & (columns.answerable == 1)),
        ("no answer in the corpus", OPEN, columns.answerable == 0),
    ]
    threshold = result.settings.threshold

    def paint() -> Figure:
        figure, axes = _axes("confidence of the best candidate", "questions")
        axes.hist(
            [columns.confidence[kind] for _, _, kind in kinds],
            bins=list(np.linspace(0, 1, _BINS + 1)),
            stacked=True,
            color=[colour for _, colour, _ in kinds],
            label=[f"{name} ({int(kind.sum())})" for name, _, kind in kinds],
            edgecolor=SURFACE,
            linewidth=0.6,
        )
        if threshold is not None:
            _mark(axes, threshold, f"threshold {threshold:.2f}", leftwards=threshold > 0.6)
        _percent(axes, x=True, y=False)
        axes.set_ylim(0, axes.get_ylim()[1] * 1.25)
        axes.legend(loc="upper right", bbox_to_anchor=(1.0, 0.93))
        return figure

    medians = "; ".join(
        f"{name}: {int(kind.sum())} questions, half of them below "
        f"{float(np.median(columns.confidence[kind])):.0%}"
        for name, _, kind in kinds
        if kind.any()
    )
    return draw("confidences", "Confidence of the best candidates", f"{medians}.", paint)


def recall_at_k(result: EvaluationResult) -> Markup | None:
    """Mean recall against the number of passages; None where no question has a relevant one."""
    answerable = [question for question in result.questions if question.answerable]
    if not answerable:
        return None
    depth = result.settings.search_depth
    curves = [
        ("articles", ACCENT, recall_curve([question.articles for question in answerable], depth)),
        ("passages", SECOND, recall_curve([question.passages for question in answerable], depth)),
    ]
    ks = list(range(1, depth + 1))

    def paint() -> Figure:
        figure, axes = _axes("k (first results)", "recall")
        for name, colour, curve in curves:
            axes.plot(ks, curve, color=colour, label=name)
        axes.set_xscale("log")
        axes.set_xlim(1, depth)
        top_k = result.settings.top_k
        _mark(axes, top_k, f"{top_k} are read", height=0.08, leftwards=top_k > depth / 3)
        axes.set_xticks([k for k in _KS if k <= depth], [str(k) for k in _KS if k <= depth])
        axes.xaxis.set_minor_formatter(NullFormatter())
        least = min(min(curve) for _, _, curve in curves)
        axes.set_ylim(max(0.0, np.floor(least * 10) / 10 - 0.05), 1.005)
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.grid(visible=False, which="minor")
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.08))
        return figure

    told = "; ".join(
        f"{name} {', '.join(f'{curve[k - 1]:.0%} at {k}' for k in _KS if k <= depth)}"
        for name, _, curve in curves
    )
    return draw("recall", "Recall at k", f"{told}.", paint)


def latency(result: EvaluationResult) -> Markup | None:
    """Distribution of the times of questions; None without times."""
    times = _totals(result.questions)
    if not times.size:
        return None
    marks = {share: result.metrics[f"total_p{share}_ms"].value or 0.0 for share in (50, 95, 99)}
    low, high = max(float(times.min()), 1e-3), max(float(times.max()), 1e-3)
    edges = np.geomspace(low * 0.98, high * 1.02, 31)

    def paint() -> Figure:
        figure, axes = _axes("milliseconds for a question", "questions")
        axes.hist(times, bins=list(edges), color=ACCENT, edgecolor=SURFACE, linewidth=0.6)
        axes.set_xscale("log")
        axes.set_ylim(0, axes.get_ylim()[1] * 1.22)
        for step, (share, at) in enumerate(marks.items()):
            shown = f"{at:.0f}" if at >= 10 else f"{at:.1f}"
            # On the side where there is room.
            leftwards = np.log(at / edges[0]) > 0.6 * np.log(edges[-1] / edges[0])
            text = f"p{share} {shown} ms"
            _mark(axes, at, text, height=0.80 + 0.09 * step, leftwards=bool(leftwards))
        plain = FuncFormatter(lambda value, _: f"{value:g}")
        axes.xaxis.set_major_formatter(plain)
        ticks = _round_ticks(edges[0], edges[-1])
        axes.set_xticks(ticks)
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.grid(visible=False, axis="x")
        return figure

    return draw(
        "latency",
        "Latency",
        f"Half of the questions took at most {marks[50]:.0f} milliseconds, 95% at most "
        f"{marks[95]:.0f}, 99% at most {marks[99]:.0f}.",
        paint,
    )


def _axes(x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure()
    axes = figure.add_subplot()
    axes.set_axisbelow(True)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    return figure, axes


def _mark(
    axes: Axes, at: float, text: str, *, height: float = 0.98, leftwards: bool = False
) -> None:
    """Draw a vertical line at a value, labelled at a height in [0, 1]."""
    axes.axvline(
        at, ymax=height if height > 0.5 else 1, color=INK, linewidth=1, linestyle=(0, (3, 2))
    )
    axes.annotate(
        text,
        (at, height),
        xycoords=axes.get_xaxis_transform(),
        xytext=(-4 if leftwards else 4, 0),
        textcoords="offset points",
        va="top",
        ha="right" if leftwards else "left",
    )


def _percent(axes: Axes, *, x: bool, y: bool) -> None:
    if x:
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    if y:
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _round_ticks(low: float, high: float) -> list[float]:
    """Ticks at 1, 2 and 5 times powers of ten in the range; the ends where it has none."""
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    ticks = [float(power * step) for power in powers for step in (1, 2, 5)]
    return [tick for tick in ticks if low <= tick <= high] or [low, high]


def _totals(questions: Sequence[QuestionResult]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    totals = [
        question.timings_ms["total"] for question in questions if "total" in question.timings_ms
    ]
    return np.array(totals, dtype=np.float64)

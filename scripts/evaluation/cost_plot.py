"""Plot of the readers' quality against the cost of reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter, PercentFormatter

from scripts.evaluation.report.svg import ACCENT, MUTED, OPEN, RIGHT, SECOND, save

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

_SIZE: Final = (9.0, 3.4)  # inches
_COLOURS: Final = (ACCENT, SECOND, RIGHT, OPEN)
_TITLES: Final = {"news": "news", "squad": "SQuAD"}
_PLAIN: Final = FuncFormatter(lambda value, _: f"{value:,.10g}")


def plot_costs(result: Mapping[str, Any], path: Path) -> None:
    """Plot F1 against processor time, a panel a set and a line a reader, as an SVG file.

    Args:
        result: By set, ``readers``: by reader, points with ``passages``, ``f1`` and ``cost``.
        path: The file.
    """

    def paint() -> Figure:
        figure = Figure(figsize=_SIZE)
        panels = figure.subplots(1, len(result), squeeze=False)[0]
        for axes, (name, one) in zip(panels, result.items(), strict=True):
            for number, (reader, curve) in enumerate(one["readers"].items()):
                _line(axes, curve, _COLOURS[number % len(_COLOURS)], reader)
            first, curve = next(iter(one["readers"].items()))
            unit = f"{first}, passages: {curve[0]['passages']:.0f}"
            _finish(axes, f"{_TITLES.get(name, name)}: F1 by passages read", unit)
        return figure

    save(path, paint)


def _line(axes: Axes, curve: Sequence[Mapping[str, float]], colour: str, label: str) -> None:
    """Draw a reader's curve, with the number of passages beside each point."""
    axes.plot(
        [point["cost"] for point in curve],
        [point["f1"] for point in curve],
        color=colour,
        label=label,
        marker="o",
        markersize=4,
    )
    for point in curve:
        axes.annotate(
            f"{point['passages']:.0f}",
            (point["cost"], point["f1"]),
            textcoords="offset points",
            xytext=(0, -11),
            ha="center",
            fontsize=7,
            color=MUTED,
        )


def _finish(axes: Axes, title: str, unit: str) -> None:
    axes.set_xscale("log", base=2)
    axes.set_xlabel(f"processor time of reading; 1: {unit}")
    axes.set_title(title, fontsize=10)
    axes.xaxis.set_major_formatter(_PLAIN)
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.legend(loc="lower right")

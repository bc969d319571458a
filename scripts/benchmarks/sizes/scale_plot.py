"""Plot of cost against index size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from scripts.evaluation.report.svg import ACCENT, MUTED, RIGHT, SECOND, save

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    Row = Mapping[str, Any]

_LEAST: Final = 1e-3  # of a logarithmic axis
_HEADROOM: Final = 30  # for the legend, on the same axis
_SIZE: Final = (11.0, 3.4)  # inches
_PLAIN: Final = FuncFormatter(lambda value, _: f"{value:,.10g}")


def plot_sizes(rows: Sequence[Row], path: Path) -> None:
    """Plot build time, search time and memory against the number of chunks, as an SVG file.

    Args:
        rows: What `scripts.benchmarks.scale.measure_sizes` returns.
        path: The file.
    """

    def paint() -> Figure:
        figure = Figure(figsize=_SIZE)
        building, searching, memory = figure.subplots(1, 3)
        for name, colour, label in (
            ("vectors", ACCENT, "vector index"),
            ("lexical", SECOND, "BM25 index"),
            ("articles", RIGHT, "article database"),
        ):
            _line(building, rows, ("seconds", name), colour, label)
        _finish(building, "building, without embedding (s)")
        for name, colour, label in (
            ("exact", MUTED, "exact dense"),
            ("dense", ACCENT, "dense"),
            ("bm25", SECOND, "BM25"),
            ("retrieval", RIGHT, "whole retrieval"),
        ):
            _line(searching, rows, ("ms", name, "p50"), colour, label)
            _line(searching, rows, ("ms", name, "p95"), colour)
        _finish(searching, "a search (processor ms): p50, dashed p95")
        for name, colour, label in (
            ("float32", MUTED, "vectors as float32"),
            ("vectors", ACCENT, "vectors in memory"),
            ("disk", SECOND, "whole index on disk"),
        ):
            _line(memory, rows, ("megabytes", name), colour, label)
        _finish(memory, "megabytes")
        return figure

    save(path, paint)


def _line(
    axes: Axes,
    rows: Sequence[Row],
    keys: Sequence[str],
    colour: str,
    label: str | None = None,
) -> None:
    """Draw one figure of all rows; dashed without a label of its own."""
    values = []
    for row in rows:
        value: Any = row
        for key in keys:
            value = value[key]
        values.append(max(float(value), _LEAST))
    axes.plot(
        [row["chunks"] for row in rows],
        values,
        color=colour,
        label=label,
        linestyle=(0, (2, 2)) if label is None else "solid",
        marker=None if label is None else "o",
        markersize=4,
    )


def _finish(axes: Axes, title: str) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("chunks")
    axes.set_title(title, fontsize=10)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_PLAIN)
        axis.set_minor_formatter(NullFormatter())
    axes.set_ylim(top=axes.get_ylim()[1] * _HEADROOM)
    axes.legend(loc="upper left")

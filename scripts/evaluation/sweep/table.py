"""A sweep as a table on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from scripts.evaluation.results import Estimate
    from scripts.evaluation.sweep.rows import Sweep, SweepRow

_ALSO_SHOWN: Final = "passage_success@5"
_COLUMNS: Final = ("chunk", "overlap", "top k", "dense", "chunks", "index s", "p50 ms")


def print_sweep(console: Console, sweep: Sweep) -> None:
    """Print every setting, best first, and the recommended one."""
    measures = list(dict.fromkeys([sweep.ranked_by, _ALSO_SHOWN]))
    table = Table(*_COLUMNS, *measures, "behind", "p", box=None, pad_edge=False)
    for column in table.columns:
        column.justify = "right"
        column.no_wrap = True
    for row in sweep.rows:
        style = "bold" if row.setting == sweep.recommended else ""
        table.add_row(*(Text(cell, style=style) for cell in _cells(row, measures)))
    console.print(table)
    best = sweep.recommended
    alike = sum(row.is_as_good_as_best for row in sweep.rows)
    console.print(
        f"{sweep.questions} questions; by {sweep.ranked_by}, {alike} of {len(sweep.rows)} settings "
        "cannot be told from the best (paired bootstrap, p above 0.05). The fastest of them: "
        f"chunks of {best.max_tokens} tokens overlapping by {best.overlap_tokens}, "
        f"{best.top_k} passages, dense weight {best.dense_weight:g}."
    )


def _cells(row: SweepRow, measures: list[str]) -> list[str]:
    setting = row.setting
    return [
        str(setting.max_tokens),
        str(setting.overlap_tokens),
        str(setting.top_k),
        f"{setting.dense_weight:g}",
        str(row.chunks),
        f"{row.index_seconds:.1f}",
        f"{row.p50_ms:.0f}",
        *(_with_interval(row.metrics[name]) for name in measures),
        "" if row.behind is None else f"{row.behind:.3f}",
        "" if row.p is None else f"{row.p:.3f}",
    ]


def _with_interval(estimate: Estimate) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "undefined"
    return f"{estimate.value:.3f} {estimate.low:.2f}–{estimate.high:.2f}"

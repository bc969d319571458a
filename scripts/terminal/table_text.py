"""A table in plain text for a terminal: a row as soon as it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from api.cited_text import source_of

if TYPE_CHECKING:
    from api.client import Table
    from api.schemas import TableRowOut

_LONGEST_LABEL: Final = 40


def print_table(table: Table) -> None:
    """Print each row: its label, its answer with the confidence, and where that stands."""
    console = Console(highlight=False)
    console.soft_wrap = not console.is_terminal
    width = min(max(map(len, table.head.labels), default=0), _LONGEST_LABEL)
    for row in table:
        label = row.label if len(row.label) <= width else f"{row.label[: width - 1]}…"
        console.print(Text(f"{label:<{width}}  ").append_text(_words(row)))
    if not table.head.labels:
        console.print("No article passes the filters.")
    if table.head.left_out:
        console.print(Text(f"{table.head.left_out} more were not asked.", style="dim"))


def _words(row: TableRowOut) -> Text:
    if row.citation is None:
        said = "no answer" if row.status == "abstained" else "not asked"
        return Text(f"{said}: {row.reason}", style="dim")
    when = "" if row.standing in (None, "reported") else f", {row.standing}"
    contested = ", the articles disagree" if row.agreement == "disagree" else ""
    return (
        Text(row.answer or "", style="bold")
        .append(f"  ({row.confidence:.0%}{when}{contested})", "not bold")
        .append(f"  {source_of(row.citation)}", "not bold dim")
    )

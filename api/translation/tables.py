"""Tables of one question asked of many, on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.questions.table_rows import rows_of_groups, rows_of_names
from api.schemas import TableHeadOut, TableRowOut
from api.translation.citations import from_citation
from api.translation.values import from_value

if TYPE_CHECKING:
    from api.answering.answers import Reply
    from api.answering.questions.table_rows import TableRow, TableRows
    from api.schemas import TableRequest
    from index.generations.generation import Generation


def to_rows(request: TableRequest, generation: Generation) -> TableRows:
    """The rows to ask for a table, of one generation of the index."""
    filters = request.filters.to_filters()
    if request.by is None:
        return rows_of_names(request.question, dict.fromkeys(request.names), filters)
    return rows_of_groups(request.question, request.by, filters, generation.articles)


def from_rows(table: TableRows, generation: Generation) -> TableHeadOut:
    """The rows of a table that are to come."""
    return TableHeadOut(
        labels=[row.label for row in table.rows],
        left_out=table.left_out,
        index_version=generation.version,
    )


def from_row(number: int, row: TableRow, reply: Reply | None, reason: str = "") -> TableRowOut:
    """A row of a table with its best answer.

    Args:
        number: The row's number, from 1.
        row: What was asked.
        reply: The reply; None where the question could not be asked.
        reason: Why it could not.
    """
    fields = {"number": number, "label": row.label, "question": row.question}
    if reply is None:
        return TableRowOut(**fields, status="failed", reason=reason)
    if (abstention := reply.abstention) is not None:
        return TableRowOut(
            **fields,
            status="abstained",
            reason=abstention.reason,
            best_candidate=abstention.best_candidate,
            best_confidence=abstention.best_confidence,
        )
    best = reply.answers[0]
    return TableRowOut(
        **fields,
        status="answered",
        answer=best.text,
        confidence=best.confidence,
        value=None if best.value is None else from_value(best.value),
        as_of=best.as_of,
        standing=best.standing,
        agreement=reply.agreement,
        citation=from_citation(best.citations[0]),
    )

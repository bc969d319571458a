"""Asking a table: its rows one after the other, each admitted as a question of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.answering.questions.question import Question
from api.errors import OverloadedError
from api.translation.tables import from_row

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from api.answering.answerer import AskParameters
    from api.answering.questions.table_rows import TableRows
    from api.schemas import TableRowOut
    from api.service.asking import Asking
    from api.service.serving import Served


async def ask_rows(
    asking: Asking, served: Served, table: TableRows, parameters: AskParameters
) -> AsyncGenerator[TableRowOut]:
    """Ask the rows of a table; other questions get their turn between two of them.

    A row that there is no room for is yielded as failed, unless it is the first: then there is no
    table.

    Raises:
        OverloadedError: If the first row gets no slot, or takes too long.
    """
    for number, row in enumerate(table.rows, start=1):
        question = Question.parse(row.question)
        try:
            (cached,) = await asking.ask(
                served, [question], replace(parameters, filters=row.filters)
            )
        except OverloadedError as error:
            if number == 1:
                raise
            yield from_row(number, row, None, str(error))
        else:
            yield from_row(number, row, cached.reply)

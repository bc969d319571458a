"""Tables as clients read them: rows, each as soon as it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx2

from api.client.calls import unreachable
from api.client.errors import ServiceError
from api.client.replies import check, problem_in, text_as
from api.schemas import TableHeadOut, TableRowOut

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

EVENTS: Final = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being filled: its labels, and an iterator over its rows.

    To leave early, close the iterator or let it go: the service then asks no further row.

    Attributes:
        head: The labels of the rows, and how many there would be beyond the most of a table.
        rows: The rows in order, each once it is answered. Raises `ProblemError` where the service
            can't go on, and `ServiceError` where the connection breaks off.
    """

    head: TableHeadOut
    rows: Iterator[TableRowOut]

    def __iter__(self) -> Iterator[TableRowOut]:
        return self.rows


@dataclass(frozen=True, slots=True)
class AsyncTable:
    """The asynchronous `Table`."""

    head: TableHeadOut
    rows: AsyncIterator[TableRowOut]

    def __aiter__(self) -> AsyncIterator[TableRowOut]:
        return self.rows


class EventLines:
    """Reads server-sent events line by line."""

    def __init__(self) -> None:
        self._name = ""
        self._data: list[str] = []

    def take(self, line: str) -> tuple[str, str] | None:
        """Take a line; gives the name and data of the event that it ends, if it ends one."""
        if line.startswith("event:"):
            self._name = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            self._data.append(line.removeprefix("data:").removeprefix(" "))
        elif not line:
            event = (self._name, "\n".join(self._data)) if self._data else None
            self._name, self._data = "", []
            return event
        return None


def read_table(response: httpx2.Response) -> Table:
    """Read a table from the open reply of a service.

    Raises:
        ProblemError: If it is a problem.
        ServiceError: If it does not come from this service.
    """
    if not response.headers.get("content-type", "").startswith(EVENTS):
        response.read()
        check(response)
    events = _events(response)
    head = _head(next(events, None), response)
    return Table(head, _rows(events, len(head.labels), response))


def _events(response: httpx2.Response) -> Iterator[tuple[str, str]]:
    reading = EventLines()
    try:
        for line in response.iter_lines():
            event = reading.take(line)
            if event is not None:
                yield event
    except httpx2.TransportError as error:
        raise unreachable(str(response.request.url), error) from error
    finally:
        response.close()


def _rows(
    events: Iterator[tuple[str, str]], count: int, response: httpx2.Response
) -> Iterator[TableRowOut]:
    number = 0
    for event in events:
        number += 1
        yield _row(event, response)
    _check_whole(number, count, response)


async def read_async_table(response: httpx2.Response) -> AsyncTable:
    """Read a table as `read_table` does, asynchronously."""
    if not response.headers.get("content-type", "").startswith(EVENTS):
        await response.aread()
        check(response)
    events = _async_events(response)
    head = _head(await anext(events, None), response)
    return AsyncTable(head, _async_rows(events, len(head.labels), response))


async def _async_events(response: httpx2.Response) -> AsyncIterator[tuple[str, str]]:
    reading = EventLines()
    try:
        async for line in response.aiter_lines():
            event = reading.take(line)
            if event is not None:
                yield event
    except httpx2.TransportError as error:
        raise unreachable(str(response.request.url), error) from error
    finally:
        await response.aclose()


async def _async_rows(
    events: AsyncIterator[tuple[str, str]], count: int, response: httpx2.Response
) -> AsyncIterator[TableRowOut]:
    number = 0
    async for event in events:
        number += 1
        yield _row(event, response)
    _check_whole(number, count, response)


def _head(event: tuple[str, str] | None, response: httpx2.Response) -> TableHeadOut:
    if event is None or event[0] != "rows":
        raise ServiceError(f"{response.request.url}: a table without its labels")
    return text_as(TableHeadOut, event[1], response)


def _check_whole(number: int, count: int, response: httpx2.Response) -> None:
    if number < count:
        raise ServiceError(f"{response.request.url}: the table broke off after {number} rows")


def _row(event: tuple[str, str], response: httpx2.Response) -> TableRowOut:
    name, data = event
    if name == "problem":
        raise problem_in(data, response)
    return text_as(TableRowOut, data, response)

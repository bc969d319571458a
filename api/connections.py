"""Connections of `python -m api`: how many, and how long one may keep the server waiting.

uvicorn bounds neither: it waits for ever for the first byte, for the end of headers, and for a
client that reads nothing.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

    from uvicorn.protocols.http.h11_impl import RequestResponseCycle

# Connections that one turn of the event loop accepts before any of them is refused.
BACKLOG: Final = 128
_OTHER_FILES: Final = 128  # descriptors of the index, of original files, of logs
_FEWEST: Final = 16
_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits on the connections of one process.

    Attributes:
        most: Open connections.
        per_address: Those from one address.
        header_seconds: The longest from the first wait for a request to the end of its headers.
        send_seconds: The longest that a client may take nothing of what waits for it.
    """

    most: int
    per_address: int
    header_seconds: float
    send_seconds: float

    @classmethod
    def of(
        cls, most: int, per_address: int | None, header_seconds: float, send_seconds: float
    ) -> ConnectionLimits:
        """Make limits that leave the process descriptors for everything else.

        Args:
            most: Open connections; lowered to what the process may open.
            per_address: Those from one address; None for half of them all.
            header_seconds: As the attribute.
            send_seconds: As the attribute.
        """
        fitting = max(_FEWEST, _open_files() - BACKLOG - _OTHER_FILES)
        most = min(most, fitting)
        share = max(1, most // 2) if per_address is None else min(per_address, most)
        return cls(most, share, header_seconds, send_seconds)


def _open_files() -> int:
    """The most files that this process may have open."""
    if sys.platform == "win32":
        return 8192
    import resource  # noqa: PLC0415 - Windows has none

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft


class LimitedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 connection, with limits on number and time.

    Where there are too many connections, one that waits without a request in progress is closed
    for the new one, the longest first; if all are at work, the new one is refused with 503.
    """

    def __init__(self, *arguments: Any, limits: ConnectionLimits, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._limits = limits
        self._refused = False
        self._waits_since = self.loop.time()
        self._header_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._closing_timer: asyncio.TimerHandle | None = None
        self._was_closing = False

    @property
    def is_waiting(self) -> bool:
        """Whether no request is in progress."""
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn declares that it is never None
        return cycle is None or cycle.response_complete

    @property
    def waits_since(self) -> float:
        """When the wait for a request began, by the clock of the event loop."""
        return self._waits_since

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection, or refuse it."""
        super().connection_made(transport)
        self._closing_timer = self.loop.call_later(self._limits.send_seconds, self._check_closing)
        if self._make_room():
            self._await_request()
        else:
            self._refused = True
            transport.write(_FULL)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        for timer in (self._header_timer, self._stall_timer, self._closing_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request; its headers have a time limit, whatever drips in."""
        if self._refused:
            return
        super().data_received(data)
        if self.is_waiting:
            self._await_request()
        elif self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def on_response_complete(self) -> None:
        """Begin the wait for the next request."""
        self._waits_since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Begin the wait for a client that does not read."""
        super().pause_writing()
        self._stall_timer = self.loop.call_later(self._limits.send_seconds, self.cut)

    def resume_writing(self) -> None:
        """End the wait for a client that reads again."""
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def cut(self) -> None:
        """Close the connection at once; what it has not taken is dropped."""
        self.connections.discard(self)
        self.transport.abort()

    def _await_request(self) -> None:
        if self._header_timer is None:
            self._header_timer = self.loop.call_later(
                self._limits.header_seconds, self._end_waiting
            )

    def _end_waiting(self) -> None:
        self._header_timer = None
        if self.is_waiting:
            self.cut()

    def _check_closing(self) -> None:
        """Cut a connection that was closed and whose client does not take the rest."""
        if self._was_closing:
            self.cut()
            return
        self._was_closing = self.transport.is_closing()
        self._closing_timer = self.loop.call_later(self._limits.send_seconds, self._check_closing)

    def _make_room(self) -> bool:
        """Close a waiting connection where there are too many; whether there is room then."""
        others = [
            each
            for each in self.connections
            if isinstance(each, LimitedProtocol) and each is not self
        ]
        address = self._address
        near = [each for each in others if each._address == address]  # noqa: SLF001 - its own class
        if address is not None and len(near) >= self._limits.per_address:
            return _close_longest_waiting(near)
        return len(others) < self._limits.most or _close_longest_waiting(others)

    @property
    def _address(self) -> str | None:
        """The other end; None on a Unix socket."""
        return None if self.client is None else self.client[0]


def _close_longest_waiting(connections: Iterable[LimitedProtocol]) -> bool:
    waiting = [each for each in connections if each.is_waiting]
    if not waiting:
        return False
    min(waiting, key=lambda each: each.waits_since).cut()
    return True

"""Lines that say what goes on, and for how long, while nothing else is shown."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable

_SECONDS: Final = 4.0
_RARER: Final = 20  # a line after every twentieth of the time so far, once that is longer


def _print(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - progress of a command


class Waiting:
    """Says every four seconds what goes on; of what takes minutes, ever more rarely.

    Attributes:
        what: What goes on; may change meanwhile.
    """

    def __init__(
        self, what: str, say: Callable[[str], None] = _print, seconds: float = _SECONDS
    ) -> None:
        """Begin nothing yet.

        Args:
            what: What goes on.
            say: Called with each line, in a thread of its own.
            seconds: The least time before a line.
        """
        self.what = what
        self._say = say
        self._seconds = seconds
        self._over = threading.Event()
        self._saying = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="waiting", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.end()
        self._thread.join()

    def end(self) -> None:
        """Say nothing more, once a line that is being said is out."""
        with self._saying:
            self._over.set()

    def _run(self) -> None:
        started = time.monotonic()
        elapsed = 0.0
        while not self._over.wait(max(self._seconds, elapsed / _RARER)):
            elapsed = time.monotonic() - started
            with self._saying:
                if not self._over.is_set():
                    self._say(f"{self.what} ... {elapsed:.0f} s")

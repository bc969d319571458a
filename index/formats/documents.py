"""The parent's side of the parser process: the bytes of a file to raw articles."""

from __future__ import annotations

import datetime as dt
import json
import signal
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from index.errors import ArticleError, ReadingEndedError
from index.formats.fields import parse_fields
from index.formats.parser import MAX_SECONDS
from index.formats.raw_article import Entry, RawArticle
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMAND: Final = (sys.executable, "-W", "ignore", "-m", "index.formats.parser")
# Signals that no file can cause: they come from a system short of memory, or from an operator.
_FROM_OUTSIDE: Final = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)
_ROOT: Final = Path(__file__).resolve().parents[2]


class DocumentReader:
    """Sends files to a parser process, started with the first one and again after a crash.

    Args:
        command: The command line that runs `index.formats.parser.main`.
    """

    def __init__(self, command: Sequence[str] = _COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stop: weakref.finalize[..., Any] | None = None

    def read(self, suffix: str, reader: str, raw: bytes) -> list[Entry]:
        """Read a file; the only article of a file has the number 0.

        Args:
            suffix: The format, for error messages.
            reader: The file parser, ``package.module:function``; only the parser process imports
                it.
            raw: The bytes of the file.

        Raises:
            ArticleError: If it cannot be read, or its file parser crashed or took too long.
            ReadingEndedError: If its file parser was ended from outside.
        """
        with self._lock:
            response = self._request(suffix, reader, raw)
        if "error" in response:
            raise ArticleError(response["error"])
        return [_entry(item) for item in response["entries"]]

    def close(self) -> None:
        """End the process, if it runs; the next file starts another."""
        with self._lock:
            self._end()

    def _request(self, suffix: str, reader: str, raw: bytes) -> dict[str, Any]:
        process = self._running()
        header = json.dumps({"suffix": suffix, "reader": reader, "bytes": len(raw)}).encode()
        try:
            line = _exchange(process, header + b"\n" + raw)
        except BaseException:  # an interrupt, say: the next file would get this one's response
            self._end()
            raise
        if not line.endswith(b"\n"):
            status = process.wait()
            self._end()
            raise _exit_error(status)
        response: dict[str, Any] = json.loads(line)
        return response

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self._stop = weakref.finalize(self, _stop, self._process)
        return self._process

    def _end(self) -> None:
        if self._stop is not None:
            self._stop()
        self._process = None


def _exchange(process: subprocess.Popen[bytes], request: bytes) -> bytes:
    """Send a request and read the response, a line; it is empty where the process has ended.

    Raises:
        OSError: If the pipes fail otherwise.
    """
    requests, responses = process.stdin, process.stdout
    if requests is None or responses is None:
        raise OSError("the parser process has no pipes, although it was started with them")
    try:
        requests.write(request)
        requests.flush()
    except BrokenPipeError:
        return b""
    return responses.readline()


def _exit_error(status: int) -> ArticleError | ReadingEndedError:
    if status == -signal.SIGXCPU:
        return ArticleError(f"reading it took more than {MAX_SECONDS} seconds of processor time")
    if -status in _FROM_OUTSIDE:
        name = signal.Signals(-status).name
        return ReadingEndedError(f"its reader was ended ({name}); the next build reads it again")
    if status < 0:
        return ArticleError(f"its reader crashed ({signal.Signals(-status).name})")
    return ArticleError(f"its reader ended with status {status}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and close its pipes."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # Closing flushes what was not sent, which a dead process does not take.
            with suppress(BrokenPipeError):
                pipe.close()
    process.wait()


def _entry(item: dict[str, Any]) -> Entry:
    if "error" in item:
        return Entry(item["number"], ArticleError(item["error"]))
    created = item["created"]
    article = RawArticle(
        parse_fields(item["fields"]),
        item["text"],
        tuple(Span(*page) for page in item["pages"]),
        tuple(item["left_out"]),
        None if created is None else dt.date.fromisoformat(created),
        item["recognised"],
    )
    return Entry(item["number"], article)

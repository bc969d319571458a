"""Documents (PDF, Word, HTML, feeds) -> raw articles, read in a process of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from index.errors import ArticleError, ReadingEndedError
from index.formats.fields import parse_fields
from index.formats.parser import MAX_SECONDS
from index.formats.raw_article import Entry, RawArticle
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMAND: Final = (sys.executable, "-W", "ignore", "-m", "index.formats.parser")
# What no file brings about: a system short of memory, or someone who stops processes.
_FROM_OUTSIDE: Final = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)
_ROOT: Final = Path(__file__).resolve().parents[2]


class DocumentReader:
    """Hands documents to a parser process, which is started with the first and after each crash.

    Args:
        command: What runs `index.formats.parser.main`.
    """

    def __init__(self, command: Sequence[str] = _COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._close: weakref.finalize[..., Any] | None = None

    def read(self, suffix: str, raw: bytes) -> list[Entry]:
        """Read a document; the article of a format with one to a file has the number 0.

        Raises:
            ArticleError: If it cannot be read, or its reader crashed or took too long.
            ReadingEndedError: If its reader was ended from outside.
        """
        with self._lock:
            answer = self._ask(suffix, raw)
        if "error" in answer:
            raise ArticleError(answer["error"])
        return [_entry(item) for item in answer["entries"]]

    def close(self) -> None:
        """End the process, if it runs; it is started again for the next document."""
        with self._lock:
            self._end()

    def _ask(self, suffix: str, raw: bytes) -> dict[str, Any]:
        requests, answers = self._pipes()
        header = json.dumps({"suffix": suffix, "bytes": len(raw)}).encode()
        try:
            requests.write(header + b"\n" + raw)
            requests.flush()
            line = answers.readline()
        except BrokenPipeError:
            line = b""
        if not line.endswith(b"\n"):
            raise self._end()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self._close = weakref.finalize(self, _stop, self._process)
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            raise RuntimeError("a process that was started with pipes has none")
        return requests, answers

    def _end(self) -> ArticleError | ReadingEndedError:
        """Wait for the process to end, and say how it ended."""
        if self._process is None or self._close is None:
            return ReadingEndedError("its reader does not run")
        self._close()
        status = self._process.returncode
        self._process = None
        if status == -signal.SIGXCPU:
            return ArticleError(
                f"reading it took more than {MAX_SECONDS} seconds of processor time"
            )
        if -status in _FROM_OUTSIDE:
            name = signal.Signals(-status).name
            return ReadingEndedError(
                f"its reader was ended ({name}); the next build reads it again"
            )
        if status < 0:
            return ArticleError(f"its reader crashed ({signal.Signals(-status).name})")
        return ArticleError(f"its reader ended with status {status}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Close the pipes, at which the process ends by itself."""
    process.communicate()


def _entry(item: dict[str, Any]) -> Entry:
    if "error" in item:
        return Entry(item["number"], ArticleError(item["error"]))
    pages = tuple(Span(*page) for page in item["pages"])
    return Entry(item["number"], RawArticle(parse_fields(item["fields"]), item["text"], pages))

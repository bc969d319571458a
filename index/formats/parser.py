"""The process that reads documents for others: `python -m index.formats.parser`.

PDF, Word, HTML and feeds are read by large libraries from files that may be broken or made to do
harm. So that happens here, in a process that may end at any file without ending a build: with a
limit on memory and on processor time for each file, and with no way to the network or to another
program.

It reads requests from standard input, each a line of JSON (``suffix``, ``bytes``) and then that
many bytes, and answers each with a line of JSON: ``{"error": ...}`` or ``{"entries": [...]}``.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING, Any, Final

from index.errors import ArticleError
from index.formats.raw_article import Entry, RawArticle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

READERS: Final = {
    ".atom": "index.formats.feed:read_feed",
    ".docx": "index.formats.docx_document:read_docx",
    ".htm": "index.formats.html_page:read_html",
    ".html": "index.formats.html_page:read_html",
    ".pdf": "index.formats.pdf:read_pdf",
    ".rss": "index.formats.feed:read_feed",
    ".xhtml": "index.formats.html_page:read_html",
    ".xml": "index.formats.feed:read_feed",
}
MAX_SECONDS: Final = 60  # of processor time for one file
MAX_MEMORY: Final = 2 * 1024**3
_REFUSED: Final = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def main() -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks decides when to end
    logging.disable()
    requests = sys.stdin.buffer
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere it cannot be set or means something else
        _lower(resource.RLIMIT_AS, MAX_MEMORY)
    sys.addaudithook(_refuse)
    while line := requests.readline():
        request = json.loads(line)
        raw = requests.read(request["bytes"])
        _limit_time()
        answers.write(json.dumps(_answer(request["suffix"], raw)) + "\n")
        answers.flush()


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    del arguments
    if event.startswith(_REFUSED):
        raise PermissionError(f"no file may make its reader do this: {event}")


def _limit_time() -> None:
    """Let the system end this process when it has worked too long on a file."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + MAX_SECONDS)


def _lower(limit: int, wanted: int) -> None:
    """Set a limit, unless there is a lower one that may not be raised."""
    most = resource.getrlimit(limit)[1]
    soft = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(limit, (soft, most))


def _answer(suffix: str, raw: bytes) -> dict[str, Any]:
    try:
        read = _reader(suffix)
        return {"entries": [_written(entry) for entry in _entries(read(raw))]}
    except ArticleError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"reading it took more than {MAX_MEMORY} bytes of memory"}
    except RecursionError:
        return {"error": "it is nested too deeply"}
    # Such libraries let out whatever a broken file leads them to.
    except Exception as error:  # noqa: BLE001
        told = " ".join(str(error).split())[:300]
        return {"error": f"it cannot be read: {type(error).__name__}: {told}"}


def _reader(suffix: str) -> Callable[[bytes], RawArticle | Iterable[Entry]]:
    """Import the reader of a format.

    Raises:
        ArticleError: If a package that it needs is not installed.
    """
    module, function = READERS[suffix].split(":")
    try:
        reader: Callable[[bytes], RawArticle | Iterable[Entry]] = getattr(
            importlib.import_module(module), function
        )
    except ModuleNotFoundError as error:
        raise ArticleError(
            f"reading '{suffix}' files needs the package of the module '{error.name}'; "
            "install the extra 'formats': pip install '.[formats]'"
        ) from None
    return reader


def _entries(read: RawArticle | Iterable[Entry]) -> Iterable[Entry]:
    """Give the one article of a file the number 0."""
    return [Entry(0, read)] if isinstance(read, RawArticle) else read


def _written(entry: Entry) -> dict[str, Any]:
    if isinstance(entry.content, ArticleError):
        return {"number": entry.number, "error": str(entry.content)}
    return {
        "number": entry.number,
        "fields": entry.content.fields.model_dump(mode="json"),
        "text": entry.content.text,
        "pages": entry.content.pages,
    }


if __name__ == "__main__":
    main()

"""The parser process, which reads files in isolation: `python -m index.formats.parser`.

Files may be broken or malicious, and large libraries read some formats. This
process may die of any of them without ending a build. It limits memory, and processor time for
each file, and it can reach neither the network nor another program.

A request on standard input is a line of JSON (``suffix``, ``bytes``, and the file parser as
``reader``) followed by that many bytes; the response is a line of JSON: ``{"error": ...}`` or
``{"entries": [...]}``.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING, Any, Final

from index.errors import ArticleError
from index.formats.raw_article import MAX_TEXT_BYTES, Entry, RawArticle
from index.formats.reader import import_reader, read_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_SECONDS: Final = 60  # of processor time for one file
MAX_MEMORY: Final = 2 * 1024**3
MAX_CHARACTERS: Final = 128 * 1024 * 1024  # of all texts of one file
_DENIED: Final = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def main() -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process decides when this one ends
    logging.disable()
    requests = sys.stdin.buffer
    # What a library prints goes to standard error, not between the responses.
    responses = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere it has no effect, or another one
        _lower(resource.RLIMIT_AS, MAX_MEMORY)
    sys.addaudithook(_deny)
    while line := requests.readline():
        request = json.loads(line)
        raw = requests.read(request["bytes"])
        _limit_time()
        responses.write(json.dumps(_respond(request, raw)) + "\n")
        responses.flush()


def _deny(event: str, arguments: tuple[Any, ...]) -> None:
    del arguments
    if event.startswith(_DENIED):
        raise PermissionError(f"a reader may not do this: {event}")


def _limit_time() -> None:
    """Have the system end this process when a file has taken too much processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + MAX_SECONDS)


def _lower(limit: int, value: int) -> None:
    """Set a soft limit, at most the hard one, which may not be raised."""
    hard = resource.getrlimit(limit)[1]
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (soft, hard))


def _respond(request: dict[str, Any], raw: bytes) -> dict[str, Any]:
    try:
        reader = import_reader(request["reader"], request["suffix"])
        return {"entries": [*_bounded(read_with(reader, raw))]}
    except ArticleError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"reading it took more than {MAX_MEMORY} bytes of memory"}
    except RecursionError:
        return {"error": "it is nested too deeply"}
    # These libraries raise errors of any type over a broken file.
    except Exception as error:  # noqa: BLE001
        message = " ".join(str(error).split())[:300]
        return {"error": f"it cannot be read: {type(error).__name__}: {message}"}


def _bounded(entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """The entries for the response, of which the parent process holds all at once.

    A text that is too long for an article does not leave this process: a few bytes of a table or
    an archive can say the same words very often.

    Raises:
        ArticleError: If the texts are too long together.
    """
    total = 0
    for entry in entries:
        length = len(entry.content.text) if isinstance(entry.content, RawArticle) else 0
        total += length
        if total > MAX_CHARACTERS:
            raise ArticleError(f"it has over {MAX_CHARACTERS} characters of text")
        yield _to_json(
            entry if length <= MAX_TEXT_BYTES else Entry(entry.number, _too_long(length))
        )


def _too_long(length: int) -> ArticleError:
    return ArticleError(
        f"its text has {length} characters; an article may have at most {MAX_TEXT_BYTES} bytes"
    )


def _to_json(entry: Entry) -> dict[str, Any]:
    if isinstance(entry.content, ArticleError):
        return {"number": entry.number, "error": str(entry.content)}
    return {
        "number": entry.number,
        "fields": entry.content.fields.model_dump(mode="json"),
        "text": entry.content.text,
        "pages": entry.content.pages,
        "left_out": entry.content.left_out,
        "created": None if entry.content.created is None else entry.content.created.isoformat(),
        "recognised": entry.content.recognised,
    }


if __name__ == "__main__":
    main()

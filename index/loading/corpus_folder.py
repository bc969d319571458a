"""The files of a corpus folder: which of them can be read, and which not."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.errors import CorpusError
from index.formats.registry import format_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLD_FILE: Final = "gold.jsonl"
LOCAL_GOLD_FILE: Final = "gold.local.jsonl"
ALIAS_FILE: Final = "aliases.yml"
SIDECAR: Final = ".meta.yml"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

# The place of an article in a file of several is the file's path and a number. No path of an
# indexed file ends in one itself: after its last dot comes the name of a format.
_NUMBER: Final = re.compile(r":\d+\Z")
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a line of one, that gave no article, and why in at most 500 characters."""

    where: str
    reason: str

    def __post_init__(self) -> None:
        if len(self.reason) > _LONGEST_REASON:  # some quote what the file says
            object.__setattr__(self, "reason", f"{self.reason[: _LONGEST_REASON - 1]}…")


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file of the corpus.

    Attributes:
        relative: Its path relative to the corpus folder, with forward slashes.
        path: Its absolute path.
        sidecar: The file beside it that states its metadata, if there is one.
    """

    relative: str
    path: Path
    sidecar: Path | None = None


def file_of(place: str) -> str:
    """The file of `index.records.ArticleInfo.path`, relative to the corpus folder."""
    return _NUMBER.sub("", place)


def find_files(folder: Path) -> Iterator[CorpusFile | Skipped]:
    """Walk a corpus folder in a fixed order (by path).

    Hidden files, and ``gold.jsonl``, ``gold.local.jsonl`` and ``aliases.yml`` at the top, are
    passed over. A link out of the folder, or to a folder, is reported and not followed.
    ``report.pdf.meta.yml``, or ``report.meta.yml``, is the sidecar of ``report.pdf``.

    Raises:
        CorpusError: If the folder is missing or is not a folder.
    """
    if not folder.is_dir():
        raise CorpusError(f"corpus folder {folder}: not a folder; expected one with articles in it")
    root = folder.resolve()
    unreadable: list[OSError] = []
    for directory, names, files in os.walk(root, onerror=unreadable.append):
        here = Path(directory)
        names.sort()
        linked = [name for name in names if (here / name).is_symlink()]
        names[:] = [name for name in names if name not in linked and not name.startswith(".")]
        sidecars = {
            name
            for name in files
            if name.endswith(SIDECAR) and _link_refusal(here / name, root) is None
        }
        used: set[str] = set()
        for name in sorted({*files, *linked} - sidecars):
            relative = (here / name).relative_to(root).as_posix()
            if name.startswith(".") or relative in (GOLD_FILE, LOCAL_GOLD_FILE, ALIAS_FILE):
                continue
            where = _printable(relative)
            reason = _name_fault(relative) or _refusal(here / name, root)
            if reason is not None:
                yield Skipped(where, reason)
                continue
            own = [f"{stem}{SIDECAR}" for stem in (name, name.rpartition(".")[0])]
            sidecar = next((other for other in own if other in sidecars), None)
            used.update([] if sidecar is None else [sidecar])
            yield CorpusFile(relative, here / name, None if sidecar is None else here / sidecar)
        for name in sorted(sidecars - used):
            if not name.startswith("."):
                where = _printable((here / name).relative_to(root).as_posix())
                yield Skipped(where, "metadata of an article file that is not beside it")
    for error in unreadable:
        relative = Path(error.filename).relative_to(root).as_posix()
        yield Skipped(_printable(relative), f"cannot be read: {error.strerror}")


def _printable(relative: str) -> str:
    """A path with control characters and the bytes that are not UTF-8 as escapes."""
    decoded = os.fsencode(relative).decode(errors="backslashreplace")
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), decoded)


def _name_fault(relative: str) -> str | None:
    """The reason why a path cannot be the id of an article; None where it can."""
    if os.fsencode(relative).decode(errors="backslashreplace") != relative:
        return "its name is not UTF-8"
    return "its name holds a control character" if _CONTROL.search(relative) else None


def _refusal(path: Path, root: Path) -> str | None:
    """The reason why a path is not read; None where it is."""
    if (refused := _link_refusal(path, root)) is not None:
        return refused
    if not path.is_file():
        return "not a regular file"
    return format_fault(path.suffix)


def _link_refusal(path: Path, root: Path) -> str | None:
    """The reason why a link is not followed; None where it is, or is no link."""
    if path.is_symlink():
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):  # RuntimeError: a circle, before Python 3.13
            return "a link that leads nowhere or in a circle"
        if not target.is_relative_to(root):
            return "a link that leads out of the corpus folder"
        if target.is_dir():
            return "a link to a folder; links are followed to files only"
    return None

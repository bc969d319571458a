"""A hash of the indexing code, so that no build reuses the work of other code."""

from __future__ import annotations

import functools
import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from index.formats.registry import FORMATS

_LIBRARIES: Final = ("faiss-cpu", "rensa", "sentencex", "tantivy")


@functools.cache
def code_fingerprint() -> str:
    """SHA-256 over this package's source and the versions of its libraries (16 hex digits).

    It covers more than what decides the content of an index. Reading all files again after an
    update is cheap, as their embeddings are cached; a list of files that someone forgets to extend
    is not.
    """
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    readers = {library for row in FORMATS.values() for library in row.libraries}
    for library in sorted(readers.union(_LIBRARIES)):
        digest.update(f"{library} {_version(library)}".encode())
    return digest.hexdigest()[:16]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"

"""The backends that a generation can be opened with, by the name in its manifest.

A new one is a file with a class that fulfils `index.stores.backend.Backend`, and a row here;
`tests/index/stores/test_conformance.py` says what it must do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.errors import IndexMismatchError
from index.stores.local import LocalBackend
from index.stores.sharding.sharded import ShardedBackend

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.stores.backend import Backend

LOCAL: Final = "local"
SHARDED: Final = "sharded"
BACKENDS: Final[dict[str, Callable[[Path, str], Backend]]] = {
    LOCAL: LocalBackend,
    SHARDED: ShardedBackend,
}


def open_backend(name: str, folder: Path, language: str) -> Backend:
    """Open the stores of a generation.

    Args:
        name: What the manifest says of its backend.
        folder: The generation's folder.
        language: ISO 639 code that the words were analysed with.

    Raises:
        IndexMismatchError: If this version has no such backend.
        IndexCorruptError: If a store is missing or unreadable.
    """
    if name not in BACKENDS:
        raise IndexMismatchError(
            f"{folder}: built for the backend '{name}', this version has {', '.join(BACKENDS)}; "
            "rebuild the index"
        )
    return BACKENDS[name](folder, language)

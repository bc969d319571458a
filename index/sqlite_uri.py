"""URIs of SQLite databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_only_uri(path: Path) -> str:
    """The URI of a database that nobody writes to; it is read without locks."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"

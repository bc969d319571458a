"""Refusals: kept generations that an admin has refused, with who, when and why.

They stand in a file of the index folder, and in one of the storage that machines share.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError

from index.published_files import write_atomically
from index.syncing import sync

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LOGGER = logging.getLogger(__name__)
REFUSED_FILE: Final = "refused.json"


class Refusal(BaseModel):
    """Why a generation is not to be served.

    Attributes:
        refused_at: When it was refused.
        by: The name of the key; None where the service has no keys.
        reason: In the admin's words.
    """

    model_config = ConfigDict(frozen=True)

    refused_at: AwareDatetime
    by: str | None
    reason: str

    def __str__(self) -> str:
        by = "" if self.by is None else f" by {self.by}"
        return f"refused on {self.refused_at:%Y-%m-%d}{by}: {self.reason}"


_REFUSALS: Final = TypeAdapter(dict[str, Refusal])


def parse_refusals(raw: bytes, place: str) -> dict[str, Refusal]:
    """The refusals by the name of the generation; none, with a warning, in a damaged file.

    Args:
        raw: The file.
        place: Its name, for the warning.
    """
    try:
        return _REFUSALS.validate_json(raw)
    except ValidationError as error:
        _LOGGER.warning("%s is damaged, and no generation counts as refused: %s", place, error)
        return {}


def written_refusals(refusals: Mapping[str, Refusal]) -> bytes:
    """The file of refusals."""
    return _REFUSALS.dump_json(dict(refusals), indent=1)


def read_refusals(index_dir: Path) -> dict[str, Refusal]:
    """The refusals of an index folder; none, with a warning, where they cannot be read."""
    path = index_dir / REFUSED_FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        _LOGGER.warning("%s cannot be read: %s", path, error)
        return {}
    return parse_refusals(raw, str(path))


def write_refusals(index_dir: Path, refusals: Mapping[str, Refusal]) -> None:
    """Replace the refusals of an index folder atomically.

    Raises:
        OSError: If the folder cannot be written to; the refusals before stay.
    """
    raw = written_refusals(refusals)
    write_atomically(index_dir / REFUSED_FILE, lambda arriving: arriving.write_bytes(raw))
    sync(index_dir)

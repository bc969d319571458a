"""Every reader by name. A new reader is one file and one row of `READERS`.

The file offers ``load(folder, encoder, options) -> Reader``. It is imported only when its reader
is wanted, since a network takes seconds to import.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from api.answering.reading.configuration import CASCADE, stated_format
from api.answering.reading.reader import ReaderOptions

if TYPE_CHECKING:
    from api.answering.reading.reader import Reader
    from index.embedding.encoder import Encoder

CALIBRATION_FILE: Final = "calibration.json"
DEFAULT_READER: Final = "cascade"
SHIPPED_MODEL: Final = Path(__file__).parent / "model"
LARGE_MODEL: Final = Path(__file__).parent / "large_model"
SHIPPED_CASCADE: Final = Path(__file__).parent / "cascade"
_EARLIER_NAMES: Final = {"trained": "small"}
_CASCADE_READER: Final = "api.answering.reading.cascade_reader"
_TRAINED_READER: Final = "api.answering.reading.trained_reader"


class ReaderLoader(Protocol):
    """Loads a reader: the ``load`` function of a reader's module."""

    def __call__(self, folder: Path, encoder: Encoder, options: ReaderOptions) -> Reader:
        """Load the reader.

        Args:
            folder: Where its weights are, if it has any.
            encoder: The encoder in use, for a reader that scores with embeddings.
            options: Its number format and the rest.

        Raises:
            ReaderError: If the folder holds no such reader, or something that it needs is
                missing.
        """
        ...


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A row of the registry.

    Attributes:
        module: The module with the reader's ``load``.
        folder: Where its weights are; of no meaning to a reader without any.
        calibration: The calibration file that ships with it.
        fallback: The reader that answers where this one cannot be loaded; None where that is an
            error.
    """

    module: str
    folder: Path
    calibration: Path
    fallback: str | None = None


READERS: Final[dict[str, ReaderRow]] = {
    "small": ReaderRow(_TRAINED_READER, SHIPPED_MODEL, SHIPPED_MODEL / CALIBRATION_FILE),
    "large": ReaderRow(_TRAINED_READER, LARGE_MODEL, LARGE_MODEL / CALIBRATION_FILE),
    "cascade": ReaderRow(
        _CASCADE_READER,
        SHIPPED_CASCADE,
        SHIPPED_CASCADE / CALIBRATION_FILE,
        fallback="small",
    ),
    "sentence": ReaderRow(
        "api.answering.reading.sentence_reader",
        Path(__file__).parent,
        Path(__file__).with_name("sentence_calibration.json"),
    ),
}


def registered_name(name: str) -> str:
    """The name of a reader today, for one of an earlier version."""
    return _EARLIER_NAMES.get(name, name)


def reader_row(name: str) -> ReaderRow:
    """Find a reader's row; any other name is the folder of a reader of one's own.

    Raises:
        ReaderError: If the configuration in that folder is malformed.
    """
    row = READERS.get(registered_name(name))
    if row is not None:
        return row
    folder = Path(name)
    module = _CASCADE_READER if stated_format(folder) == CASCADE else _TRAINED_READER
    return ReaderRow(module, folder, folder / CALIBRATION_FILE)


def load_reader(name: str, encoder: Encoder, options: ReaderOptions | None = None) -> Reader:
    """Load a reader.

    Args:
        name: As `Settings.reader`: a name in the registry, or a folder.
        encoder: The encoder in use.
        options: Its number format and the rest; the usual ones where None.

    Raises:
        ReaderError: If there is no such reader, or something that it needs is missing.
    """
    row = reader_row(name)
    load = cast("ReaderLoader", import_module(row.module).load)
    return load(row.folder, encoder, ReaderOptions() if options is None else options)

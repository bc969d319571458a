"""Every reader by name. A new reader is one file and one row of `READERS`.

The file offers ``load(folder, encoder, precision) -> Reader``. It is imported only when its reader
is wanted, since a network takes seconds to import.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from api.answering.reading.reader import ReaderPrecision

if TYPE_CHECKING:
    from api.answering.reading.reader import Reader
    from index.embedding.encoder import Encoder

CALIBRATION_FILE: Final = "calibration.json"
DEFAULT_READER: Final = "trained"
SHIPPED_MODEL: Final = Path(__file__).parent / "model"


class ReaderLoader(Protocol):
    """Loads a reader: the ``load`` function of a reader's module."""

    def __call__(self, folder: Path, encoder: Encoder, precision: ReaderPrecision) -> Reader:
        """Load the reader.

        Args:
            folder: Where its weights are, if it has any.
            encoder: The encoder in use, for a reader that scores with embeddings.
            precision: The number format of its network, if it has one.

        Raises:
            ReaderError: If the folder holds no such reader.
        """
        ...


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A row of the registry.

    Attributes:
        module: The module with the reader's ``load``.
        folder: Where its weights are; of no meaning to a reader without any.
        calibration: The calibration file that ships with it.
    """

    module: str
    folder: Path
    calibration: Path


READERS: Final[dict[str, ReaderRow]] = {
    DEFAULT_READER: ReaderRow(
        "api.answering.reading.trained_reader", SHIPPED_MODEL, SHIPPED_MODEL / CALIBRATION_FILE
    ),
    "sentence": ReaderRow(
        "api.answering.reading.sentence_reader",
        Path(__file__).parent,
        Path(__file__).with_name("sentence_calibration.json"),
    ),
}


def reader_row(name: str) -> ReaderRow:
    """Find a reader's row; any other name is the folder of a trained reader of one's own."""
    row = READERS.get(name)
    if row is not None:
        return row
    return ReaderRow(READERS[DEFAULT_READER].module, Path(name), Path(name) / CALIBRATION_FILE)


def load_reader(
    name: str, encoder: Encoder, precision: ReaderPrecision = ReaderPrecision.AUTO
) -> Reader:
    """Load a reader.

    Args:
        name: As `Settings.reader`: a name in the registry, or a folder.
        encoder: The encoder in use.
        precision: The number format of its network, if it has one.

    Raises:
        ReaderError: If there is no such reader.
    """
    row = reader_row(name)
    load = cast("ReaderLoader", import_module(row.module).load)
    return load(row.folder, encoder, precision)

"""The models of the service: encoder, reader and calibration, loaded as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.answering.confidence import Calibration, load_calibration
from api.answering.reading.registry import load_reader, reader_row
from index.embedding.encoder import SentenceTransformerEncoder

if TYPE_CHECKING:
    from api.answering.reading.reader import Reader
    from api.settings import Settings
    from index.embedding.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Models:
    """The models in memory, shared by all generations."""

    encoder: Encoder
    reader: Reader
    calibration: Calibration


def load_models(settings: Settings, loaded: Encoder | None = None) -> Models:
    """Load encoder, reader and calibration.

    Args:
        settings: Their names.
        loaded: The encoder of the settings, where it is in memory already.

    Raises:
        EncoderError: If there is no such encoder.
        ReaderError: If there is no such reader, or no calibration for it, or the calibration is
            another reader's.
    """
    encoder = (
        SentenceTransformerEncoder(
            settings.encoder, device=settings.device, precision=settings.precision
        )
        if loaded is None
        else loaded
    )
    reader = load_reader(settings.reader, encoder, settings.reader_precision)
    path = (
        reader_row(settings.reader).calibration
        if settings.calibration is None
        else settings.calibration
    )
    return Models(encoder, reader, load_calibration(path, reader.facts))

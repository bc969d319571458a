"""The models of the service: encoder, reader and calibration, loaded as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.answering.confidence import CALIBRATION_FILE, Calibration, load_calibration
from api.answering.reading.reader import ReaderPrecision
from api.answering.reading.sentence_reader import SentenceReader
from api.settings import SENTENCE, TRAINED
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder, model_folder

if TYPE_CHECKING:
    from api.answering.reading.reader import Reader
    from api.settings import Settings
    from index.embedding.encoder import Encoder

_READING = Path(__file__).parents[1] / "answering" / "reading"
_SENTENCE_CALIBRATION = _READING / "sentence_calibration.json"


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
        ReaderError: If there is no such reader, or no calibration for it; or the calibration is
            another reader's.
    """
    encoder = (
        SentenceTransformerEncoder(
            settings.encoder, device=settings.device, precision=settings.precision
        )
        if loaded is None
        else loaded
    )
    reader, shipped = load_reader(settings.reader, encoder, settings.reader_precision)
    path = shipped if settings.calibration is None else settings.calibration
    fingerprint = reader_fingerprint(settings.reader, encoder)
    return Models(encoder, reader, load_calibration(path, reader.name, fingerprint))


def load_reader(
    name: str, encoder: Encoder, precision: ReaderPrecision = ReaderPrecision.AUTO
) -> tuple[Reader, Path]:
    """Load a reader by the name that the settings give it, and say where its calibration is.

    Args:
        name: As `Settings.reader`.
        encoder: What a reader without a network of its own compares texts with.
        precision: What a trained one computes in.

    Raises:
        ReaderError: If there is no such reader.
    """
    if name == SENTENCE:
        return SentenceReader(encoder), _SENTENCE_CALIBRATION
    # It imports torch, which takes seconds; whoever brings their own models need not wait for it.
    from api.answering.reading.trained_reader import TrainedReader  # noqa: PLC0415

    folder = _reader_folder(name)
    reader = TrainedReader(folder, Path(model_folder(DEFAULT_MODEL)), precision)
    return reader, folder / CALIBRATION_FILE


def reader_fingerprint(name: str, encoder: Encoder) -> str:
    """A hash that changes with anything that changes the scores of a reader."""
    if name == SENTENCE:
        return encoder.fingerprint
    from api.answering.reading.trained_reader import model_fingerprint  # noqa: PLC0415

    return model_fingerprint(_reader_folder(name))


def _reader_folder(name: str) -> Path:
    """The folder of a trained reader's weights and calibration."""
    from api.answering.reading.trained_reader import SHIPPED_MODEL  # noqa: PLC0415

    return SHIPPED_MODEL if name == TRAINED else Path(name)

"""The models in memory: encoder and ranker, by the names that the settings give them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.answering.ranking.ranker import Ranker, load_ranker
from api.answering.reading.reader import ReaderOptions
from index.embedding.encoder import SentenceTransformerEncoder

if TYPE_CHECKING:
    from api.settings import Settings
    from index.embedding.encoder import Encoder

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Models:
    """The models in memory, shared by all generations."""

    encoder: Encoder
    ranker: Ranker


def load_models(settings: Settings, loaded: Encoder | None = None) -> Models:
    """Load encoder, reader and calibration; which reader it is, is logged.

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
    ranker = load_ranker(settings.reader, encoder, reader_options(settings), settings.calibration)
    facts = ranker.reader.facts
    _LOGGER.info("reader '%s' with fingerprint %s reads", facts.name, facts.fingerprint)
    return Models(encoder, ranker)


def reader_options(settings: Settings) -> ReaderOptions:
    """How the settings want the reader to be loaded."""
    return ReaderOptions(
        precision=settings.reader_precision,
        base=settings.reader_base,
        models_dir=settings.models_dir,
        reread=settings.reread,
    )

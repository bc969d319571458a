"""Settings of the service, from environment variables with the prefix ``QA_``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.encoder import DEFAULT_MODEL, Precision

TRAINED: Final = "trained"
SENTENCE: Final = "sentence"


class Settings(BaseSettings):
    """What the service needs to know; how the index was built stands in its manifest.

    Attributes:
        index_dir: Folder of the index.
        corpus_dir: Folder of articles that a rebuild reads.
        encoder: sentence-transformers model, by name or path.
        precision: Number format of the encoder; the index must have been built with the same.
        device: Device of the models; None for the fastest one there is.
        reader: ``trained`` for the one that ships, ``sentence`` for whole sentences without a
            trained model, or the folder of an extractive question-answering model.
        calibration: Calibration file of the reader, as `scripts.evaluate --calibrate` writes it;
            None for the one that ships with it.
        preflight_gold: Gold questions that a rebuilt index is asked before it goes live; None
            makes every index current that could be built.
        preflight_no_worse_than: What it must not do worse than: ``current``, or a file that
            `scripts.evaluate --json` wrote.
        preflight_fail_under: Limits that it must keep, as `scripts.evaluate --fail-under`.
        reload_seconds: How often to look for a new generation.
    """

    model_config = SettingsConfigDict(env_prefix="QA_", extra="ignore")

    index_dir: Path = Path("var/index")
    corpus_dir: Path = Path("corpus")
    encoder: str = DEFAULT_MODEL
    device: str | None = None
    precision: Precision = Precision.FLOAT32
    reader: str = TRAINED
    calibration: Path | None = None
    preflight_gold: Path | None = None
    preflight_no_worse_than: str = "current"
    preflight_fail_under: str | None = None
    reload_seconds: float = Field(default=1.0, gt=0)

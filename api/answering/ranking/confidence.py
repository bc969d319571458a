"""Confidence: the probability that a candidate is right, by a calibrated logistic model.

Each reader has a calibration file. `scripts.calibrate_reader` fits the one that ships with it,
`scripts.evaluate --calibrate` one for an operator's own articles.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from api.answering.errors import ReaderError
from api.answering.ranking.features import FEATURES
from index.field_faults import first_fault

if TYPE_CHECKING:
    from pathlib import Path

    from api.answering.reading.reader import ReaderFacts


class Feature(BaseModel):
    """One input of the logistic model: ``weight * (value - mean) / scale``."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    mean: float
    scale: float = Field(gt=0)
    weight: float


class Calibration(BaseModel):
    """A fitted logistic model and its threshold.

    Attributes:
        reader: Name of the reader whose scores it was fitted on.
        reader_fingerprint: That reader's fingerprint; None if it is valid for any.
        fitted_on: The data, in words.
        questions: Number of questions it was fitted on.
        max_error: Share of wrong answers among those given, which the threshold was chosen for.
        threshold: The least confidence of an answer.
        intercept: Log-odds when every feature is at its mean.
        features: The model's inputs, by the names in `features.FEATURES`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    reader: str
    reader_fingerprint: str | None = None
    fitted_on: str
    questions: int = Field(ge=1)
    max_error: float = Field(gt=0, lt=1)
    threshold: float = Field(ge=0, le=1)
    intercept: float
    features: dict[str, Feature]

    @model_validator(mode="after")
    def _check_features(self) -> Calibration:
        if unknown := self.features.keys() - FEATURES:
            raise ValueError(f"unknown features {sorted(unknown)}; expected some of {FEATURES}")
        return self

    def confidence(self, features: dict[str, float]) -> float:
        """The probability that a candidate with these features is right, in (0, 1)."""
        log_odds = self.intercept + sum(
            feature.weight * (features[name] - feature.mean) / feature.scale
            for name, feature in self.features.items()
        )
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))


def load_calibration(path: Path, reader: ReaderFacts) -> Calibration:
    """Load the calibration of a reader.

    Raises:
        ReaderError: If the file is missing, malformed, or another reader's.
    """
    try:
        calibration = Calibration.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ReaderError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise ReaderError(f"{path}: {first_fault(error)}") from error
    if calibration.reader != reader.name:
        raise ReaderError(
            f"{path}: fitted on the scores of reader '{calibration.reader}'; "
            f"expected '{reader.name}'"
        )
    fitted = calibration.reader_fingerprint
    if fitted is not None and fitted != reader.fingerprint:
        raise ReaderError(
            f"{path}: fitted on the scores of other weights of reader '{reader.name}' "
            f"(fingerprint {fitted}, in use {reader.fingerprint}); fit it again with "
            "'scripts.evaluate --calibrate'"
        )
    return calibration

"""Candidate -> the probability that it is right, by a calibrated logistic model.

One calibration file per reader; `scripts.calibrate_reader` fits it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from api.answering.errors import ReaderError
from api.answering.words import share_present, text_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.answering.candidates import Candidate
    from api.answering.question import Question
    from api.answering.reading.reader import ReaderFacts
    from index.records import Passage

_WIDEST: Final = 12.0  # beyond this a difference of scores says nothing more


def candidate_features(
    question: Question, candidates: Sequence[Candidate], passages: Sequence[Passage]
) -> list[dict[str, float]]:
    """Compute what the confidence of each candidate rests on.

    Of every candidate, from its best span unless said otherwise:

    - ``margin``: score minus null score;
    - ``answerable``: the reader's log-odds that the passage answers;
    - ``lead``: score minus the best score of any other candidate (negative but for the first);
    - ``support``: natural logarithm of the number of passages that say it;
    - ``dense``, ``fused``: how the passage was retrieved;
    - ``names``, ``years``: share of the question's names and years in passage and headings;
    - ``names_near``: share of its names in the sentence of the span;
    - ``words_near``: share of its content words in the sentence of the span or the headings.
    """
    features = []
    for index, candidate in enumerate(candidates):
        best = candidate.best
        passage = passages[best.passage]
        chunk = passage.chunk
        near = text_words(
            " ".join(
                chunk.text[span.start - chunk.start : span.end - chunk.start]
                for span in chunk.sentences
                if span.start < best.span.end and best.span.start < span.end
            )
        )
        headings = text_words(chunk.context)
        around = text_words(chunk.text) | headings
        day = passage.article.published_at
        others = [other.best.score for at, other in enumerate(candidates) if at != index]
        lead = best.score - max(others) if others else _WIDEST
        features.append(
            {
                "margin": _clip(best.score - best.null_score),
                "answerable": _clip(best.answerable),
                "lead": _clip(lead),
                "support": math.log(len(candidate.spans)),
                "dense": 0.0 if passage.scores.dense is None else passage.scores.dense,
                "fused": passage.scores.fused,
                "names": share_present(question.names, around),
                "years": share_present(
                    question.years, around | ({str(day.year)} if day is not None else set())
                ),
                "names_near": share_present(question.names, near),
                "words_near": share_present(question.words, near | headings),
            }
        )
    return features


def _clip(value: float) -> float:
    return max(-_WIDEST, min(_WIDEST, value))


class Feature(BaseModel):
    """One input of the logistic model: ``weight * (value - mean) / scale``."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    mean: float
    scale: float = Field(gt=0)
    weight: float


class Calibration(BaseModel):
    """A fitted logistic model and the threshold that goes with it.

    Attributes:
        reader: The reader whose scores it was fitted on.
        reader_fingerprint: Of that reader's weights; None where it is for any,
            as that of whole sentences, which every encoder scores.
        fitted_on: The data, in words.
        questions: How many questions it was fitted on.
        max_error: The share of wrong answers among those given that the threshold was chosen for.
        threshold: The least confidence that is returned as an answer.
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
    def _know_every_feature(self) -> Calibration:
        if unknown := self.features.keys() - FEATURES:
            raise ValueError(f"unknown features {sorted(unknown)}; expected some of {FEATURES}")
        return self

    def confidence(self, features: dict[str, float]) -> float:
        """The probability that the candidate with these features is right, in (0, 1)."""
        log_odds = self.intercept + sum(
            feature.weight * (features[name] - feature.mean) / feature.scale
            for name, feature in self.features.items()
        )
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))


FEATURES: Final = (
    "margin", "answerable", "lead", "support", "dense", "fused",
    "names", "years", "names_near", "words_near",
)  # fmt: skip


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
        wrong = error.errors()[0]
        field = ".".join(map(str, wrong["loc"]))
        raise ReaderError(f"{path}: field '{field}': {wrong['msg']}") from error
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

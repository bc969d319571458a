"""What a training run starts from: a base encoder, or a reader that was trained before."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

from transformers import AutoConfig

from api.answering.errors import ReaderError
from api.answering.reading.adapter import ADAPTER_FILE, AdapterConfig
from api.answering.reading.base_encoder import BASE_NAME as LARGE_BASE_NAME
from api.answering.reading.base_encoder import BASE_SHA256, check_base
from api.answering.reading.large_network import LargeModel
from api.answering.reading.network import WEIGHTS_FILE, SpanModel
from scripts.training.questions.squad import sha256_of
from scripts.training.sources import BASE_NAME, base_folder

if TYPE_CHECKING:
    from pathlib import Path

    from api.answering.reading.network import SpanNetwork

RANK: Final = 32
FROZEN_LAYERS: Final = 4
_SCALE: Final = 2.0


class ReaderSize(StrEnum):
    """Which reader is trained."""

    SMALL = "small"
    LARGE = "large"


class Origin(Protocol):
    """What a run starts from."""

    def model(self, max_length: int) -> SpanNetwork:
        """Make the model to be trained, for sequences of at most so many tokens."""
        ...

    def described(self, max_length: int) -> dict[str, Any]:
        """What the run's record says of it."""
        ...


@dataclass(frozen=True, slots=True)
class SmallOrigin:
    """The base encoder of the small reader, or a small reader.

    Attributes:
        start: Folder of the reader; None for the base alone.
    """

    start: Path | None

    def model(self, max_length: int) -> SpanModel:
        """Make the model to be trained."""
        if self.start is not None:
            return SpanModel.load(self.start, base_folder())
        return SpanModel.from_base(base_folder(), base_name=BASE_NAME, max_length=max_length)

    def described(self, max_length: int) -> dict[str, Any]:  # noqa: ARG002 - the recipe says it
        """The base by name, and the hash of the reader's weights."""
        start = None if self.start is None else sha256_of(self.start / WEIGHTS_FILE)
        return {"base": BASE_NAME, "start": start}


@dataclass(frozen=True, slots=True)
class LargeOrigin:
    """The base encoder of the large reader with an adapter, a new one or one trained before.

    Attributes:
        start: Folder of the adapter; None for a new one.
        base: Folder of the base encoder.
        rank: Of a new adapter.
        frozen: The base's first layers, which a new adapter leaves as they are.
    """

    start: Path | None
    base: Path
    rank: int = RANK
    frozen: int = FROZEN_LAYERS

    def model(self, max_length: int) -> LargeModel:
        """Make the model to be trained.

        Raises:
            ReaderError: If the adapter was trained on another base.
        """
        if self.start is None:
            return LargeModel.from_base(self.base, self._config(max_length))
        config = AdapterConfig.load(self.start)
        check_base(self.base, config.base, config.base_sha256)
        return LargeModel.load_to_train(self.start, self.base)

    def described(self, max_length: int) -> dict[str, Any]:
        """The adapter's configuration, with the base's hash, and the hash of its weights."""
        if self.start is None:
            return {**asdict(self._config(max_length)), "start": None}
        config = AdapterConfig.load(self.start)
        return {**asdict(config), "start": sha256_of(self.start / ADAPTER_FILE)}

    def _config(self, max_length: int) -> AdapterConfig:
        layers = AutoConfig.from_pretrained(self.base, local_files_only=True).num_hidden_layers
        if self.frozen >= layers:
            raise ReaderError(
                f"{self.frozen} frozen layers; expected fewer than the base's {layers}"
            )
        sha256 = sha256_of(self.base / WEIGHTS_FILE)
        return AdapterConfig(
            base=LARGE_BASE_NAME if sha256 == BASE_SHA256 else self.base.name,
            base_sha256=sha256,
            rank=self.rank,
            scale=_SCALE,
            layers=tuple(range(self.frozen, layers)),
            max_length=max_length,
        )

"""Adapters: low-rank updates of the linear layers of an encoder that itself stays as it is.

After Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn

from api.answering.reading.configuration import ADAPTER, CONFIG_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADAPTER_FILE: Final = "adapter.safetensors"


@dataclass(frozen=True, slots=True)
class AdapterConfig:
    """The configuration that is saved beside an adapter and needed to load it.

    Attributes:
        base: The base encoder, by name.
        base_sha256: Of its ``model.safetensors``.
        rank: Of the updates.
        scale: What the updates are multiplied by.
        layers: The encoder's layers that have updates, from 0.
        max_length: The most tokens of a sequence.
        format: Tells it from other readers and from models of Hugging Face.
    """

    base: str
    base_sha256: str
    rank: int
    scale: float
    layers: tuple[int, ...]
    max_length: int
    format: str = ADAPTER

    @classmethod
    def load(cls, folder: Path) -> AdapterConfig:
        """Load the configuration of the adapter in a folder."""
        stated = json.loads((folder / CONFIG_FILE).read_text("utf-8"))
        return cls(**{**stated, "layers": tuple(stated["layers"])})


class LowRankLinear(nn.Module):
    """A linear layer that stays as it is, plus a trained update of low rank.

    Args:
        base: The layer.
        rank: Of the update; nothing at first.
        scale: What it is multiplied by.
    """

    def __init__(self, base: nn.Linear, rank: int, scale: float) -> None:
        super().__init__()
        self.base, self._scale = base, scale
        self.a = nn.Parameter(torch.randn(rank, base.in_features) / base.in_features**0.5)
        self.b = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, inputs: Tensor) -> Tensor:
        """``(..., in_features)`` to ``(..., out_features)``."""
        unchanged: Tensor = self.base(inputs)
        reduced = (inputs @ self.a.T).flatten(0, -2)
        update = (self._scale * self.b).T
        return torch.addmm(unchanged.flatten(0, -2), reduced, update).view(unchanged.shape)


def add_updates(layer: nn.Module, rank: int, scale: float) -> None:
    """Put a trained update of nothing over every linear layer within a module."""
    for owner, name in list(_linear_layers(layer)):
        setattr(owner, name, LowRankLinear(getattr(owner, name), rank, scale))


def _linear_layers(module: nn.Module) -> Iterator[tuple[nn.Module, str]]:
    """Every linear layer within a module, as its owner and its name there."""
    for owner in module.modules():
        for name, child in owner.named_children():
            if isinstance(child, nn.Linear):
                yield owner, name

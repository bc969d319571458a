"""A large reader in small: a base encoder of two narrow layers, and an adapter on it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import torch
from transformers import MPNetConfig, MPNetModel

from api.answering.reading.adapter import AdapterConfig
from api.answering.reading.large_network import LargeModel

if TYPE_CHECKING:
    from pathlib import Path


def make_base(folder: Path, *, seed: int = 0, vocabulary: int = 30527) -> Path:
    """Save a base encoder with random weights."""
    torch.manual_seed(seed)
    config = MPNetConfig(
        vocab_size=vocabulary, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=24, max_position_embeddings=200,
    )  # fmt: skip
    MPNetModel(config).save_pretrained(folder)
    return folder


def adapter_config(base: Path) -> AdapterConfig:
    """An adapter of rank 4 on the second layer."""
    digest = hashlib.sha256((base / "model.safetensors").read_bytes()).hexdigest()
    return AdapterConfig("tiny", digest, rank=4, scale=2.0, layers=(1,), max_length=160)


def make_adapter(folder: Path, base: Path, seed: int = 1) -> LargeModel:
    """Save an adapter with random updates, and return the model that it was saved from."""
    model = LargeModel.from_base(base, adapter_config(base))
    torch.manual_seed(seed)
    with torch.no_grad():
        for value in model.trained_weights().values():
            value.normal_(std=0.3)
            value.copy_(value.half())  # what is saved
    model.save(folder)
    return model.eval()

"""The large reader's weights, base and adapter in one file that processes map into memory."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from api.answering.reading.adapter import ADAPTER_FILE, AdapterConfig
from api.answering.reading.base_encoder import check_base, stated_size
from api.answering.reading.network import WEIGHTS_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import torch
    from torch import Tensor

_LOGGER = logging.getLogger(__name__)


def merged_weights(
    folder: Path, base: Path, dtype: torch.dtype, merged: Path
) -> Mapping[str, Tensor]:
    """The weights to read with: the base's with the updates added, and the heads.

    Args:
        folder: Of the adapter.
        base: Folder of the base encoder.
        dtype: The number format of the weights.
        merged: The file to map them from, which all processes share; made where it is missing or
            damaged. Where it cannot be made, this process has the weights for itself.

    Returns:
        Tensors by their names in `large_network.LargeModel`.

    Raises:
        ReaderError: If the base is not the one that the adapter was trained on.
        ValueError: If the adapter does not fit the base or its own configuration.
    """
    if not merged.is_file() or merged.stat().st_size != stated_size(merged):
        config = AdapterConfig.load(folder)
        check_base(base, config.base, config.base_sha256)
        weights = {
            name: value.to(dtype).contiguous()
            for name, value in _sum(base_weights(base), folder, config).items()
        }
        try:
            _write_whole(weights, merged)
        except (OSError, SafetensorError) as error:
            _LOGGER.warning(
                "'%s' cannot be written, so every process has these weights for itself: %s",
                merged,
                error,
            )
            return weights
    return load_file(merged)


def base_weights(folder: Path) -> dict[str, Tensor]:
    """The weights of a base encoder that readers use, mapped from its file."""
    return {
        name: value
        for name, value in load_file(folder / WEIGHTS_FILE).items()
        if not name.startswith("pooler.") and name != "embeddings.position_ids"
    }


def _sum(base: Mapping[str, Tensor], folder: Path, config: AdapterConfig) -> dict[str, Tensor]:
    """The base's weights with the updates added, and the heads, by their names in `LargeModel`."""
    adapter = {name: value.float() for name, value in load_file(folder / ADAPTER_FILE).items()}
    weights = {f"encoder.{name}": value for name, value in base.items()}
    for name in [name for name in adapter if name.endswith(".a")]:
        layer = name.removesuffix(".a")
        a, b = adapter.pop(name), adapter.pop(f"{layer}.b")
        weight = weights[f"{layer}.weight"]
        if a.shape[0] != config.rank or b.shape[0] != weight.shape[0]:
            raise ValueError(f"'{layer}': an update of {tuple(b.shape)} times {tuple(a.shape)}")
        weights[f"{layer}.weight"] = weight.float() + config.scale * (b @ a)
    return weights | adapter


def _write_whole(weights: Mapping[str, Tensor], path: Path) -> None:
    """Write a file of weights, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        save_file(dict(weights), temporary)
        temporary.chmod(0o644)  # it is written for its owner only
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise

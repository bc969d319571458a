"""The large reader's network: MPNet, which stays as it is, and what was trained on it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import MPNetConfig, MPNetModel

from api.answering.reading.adapter import ADAPTER_FILE, AdapterConfig, add_updates
from api.answering.reading.configuration import write_config
from api.answering.reading.merged_weights import base_weights, merged_weights
from api.answering.reading.network import SpanNetwork

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

# The base has the word pieces of BERT, four numbers higher, and its own special tokens.
_BERT_CLS, _BERT_SEP = 101, 102
_CLS, _PADDING, _SEP, _SHIFT = 0, 1, 2, 4


class LargeModel(SpanNetwork):
    """MPNet with heads, over the token ids of the small reader.

    Args:
        encoder: Without dropout.
        config: Of the adapter.
    """

    def __init__(self, encoder: MPNetModel, config: AdapterConfig) -> None:
        super().__init__(encoder)
        self.config = config

    def hidden_states(
        self,
        input_ids: Tensor,
        token_type_ids: Tensor,  # noqa: ARG002 - MPNet has none
        attention_mask: Tensor,
    ) -> Tensor:
        """The encoder's last layer; see `SpanNetwork.hidden_states`."""
        hidden: Tensor = self.encoder(
            input_ids=mpnet_ids(input_ids, attention_mask), attention_mask=attention_mask
        ).last_hidden_state
        return hidden

    @classmethod
    def from_base(cls, base: Path, config: AdapterConfig) -> LargeModel:
        """Make a new reader to train: the base frozen, updates of nothing, random heads."""
        encoder = MPNetModel(_shape(base), add_pooling_layer=False)
        encoder.load_state_dict(base_weights(base))
        encoder.requires_grad_(requires_grad=False)
        for number in config.layers:
            layer = encoder.get_submodule(f"encoder.layer.{number}")
            add_updates(layer, config.rank, config.scale)
        return cls(encoder, config)

    @classmethod
    def load_to_train(cls, folder: Path, base: Path) -> LargeModel:
        """Load the adapter in ``folder`` as `from_base` makes one."""
        model = cls.from_base(base, AdapterConfig.load(folder))
        weights = {name: value.float() for name, value in load_file(folder / ADAPTER_FILE).items()}
        if lacking := weights.keys() ^ model.trained_weights().keys():
            raise ValueError(f"'{folder / ADAPTER_FILE}': {min(lacking)} does not fit")
        model.load_state_dict(weights, strict=False)
        return model

    @classmethod
    def load(cls, folder: Path, base: Path, dtype: torch.dtype, merged: Path) -> LargeModel:
        """Load the adapter in ``folder`` to read with, in eval mode, its updates in the weights.

        Args:
            folder: Of the adapter.
            base: Folder of the base encoder.
            dtype: The number format of the weights.
            merged: File of the sum of base and adapter; made where it is missing or damaged.

        Raises:
            ReaderError: If the base is not the one that the adapter was trained on.
            ValueError: If the adapter is not what its configuration says.
        """
        config = AdapterConfig.load(folder)
        shape = _shape(base)
        with torch.device("meta"):
            encoder = MPNetModel(shape, add_pooling_layer=False)
            model = cls(encoder, config)
        places = torch.arange(shape.max_position_embeddings)[None]
        encoder.embeddings.position_ids = nn.Buffer(places, persistent=False)
        model.load_state_dict(merged_weights(folder, base, dtype, merged), assign=True)
        return model.requires_grad_(requires_grad=False).eval()

    def trained_weights(self) -> dict[str, Tensor]:
        """The heads and the updates, by name."""
        return {name: value for name, value in self.named_parameters() if value.requires_grad}

    def save(self, folder: Path) -> None:
        """Save the configuration, and heads and updates in float16."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file(
            {
                name: value.detach().to("cpu", torch.float16).contiguous()
                for name, value in self.trained_weights().items()
            },
            folder / ADAPTER_FILE,
        )
        write_config(folder, asdict(self.config))


def _shape(base: Path) -> MPNetConfig:
    """The base's configuration, without dropout, with attention that adds MPNet's own bias."""
    return MPNetConfig.from_pretrained(
        base,
        attn_implementation="eager",
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def mpnet_ids(ids: Tensor, mask: Tensor) -> Tensor:
    """The base's token ids for BERT's, ``(batch, length)`` int64 each; the mask is 0 on padding."""
    shifted = (ids + _SHIFT).masked_fill(ids == _BERT_CLS, _CLS).masked_fill(ids == _BERT_SEP, _SEP)
    return shifted.masked_fill(mask == 0, _PADDING)

"""A plan of four sequences, and readers of two sizes that take seconds to train on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertModel

from api.answering.reading.large_network import LargeModel
from api.answering.reading.network import SpanLogits, SpanModel
from api.answering.reading.pair_encoding import SpanModelPairs
from scripts.training.plan import Plan, tokenise
from scripts.training.questions.windows import Pair
from tests.api.answering.reading.tiny_large import adapter_config, make_base

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WORDS = "[PAD] [UNK] [CLS] [SEP] who what pays ann bob ten red blue news".split()
UNLABELLED = Pair("who pays", "", "red ten", None, 1, labelled=False)


def tiny_tokenizer() -> Tokenizer:
    vocabulary = {word: i for i, word in enumerate(WORDS)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = Whitespace()
    return tokenizer


def tiny_plan(further: Sequence[Pair] = ()) -> Plan:
    """Two bundles, the further pairs in the first of them."""
    bundles = [
        [
            Pair("who pays", "news", "ann pays ten", (0, 3), 1),
            Pair("who pays", "news", "red blue", None, 1),
            Pair("who pays red", "", "ann pays ten", None, 2),
            *further,
        ],
        [Pair("what pays", "", "bob pays red blue ten", (9, 17), 3)],
    ]
    return tokenise(bundles, SpanModelPairs(tiny_tokenizer(), max_length=20))


def small_model(base: Path) -> SpanModel:
    if not base.exists():
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=32, max_position_embeddings=32,
        )  # fmt: skip
        BertModel(config, add_pooling_layer=False).save_pretrained(base)
    torch.manual_seed(1)
    return SpanModel.from_base(base, base_name="tiny", max_length=20)


def large_model(base: Path) -> LargeModel:
    if not base.exists():
        make_base(base, vocabulary=len(WORDS) + 5)
    torch.manual_seed(1)
    return LargeModel.from_base(base, adapter_config(base))


class SureReader(torch.nn.Module):
    """A reader to which every passage says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> SpanLogits:
        scores = torch.zeros(ids.shape)
        scores[:, 0] = 20
        return SpanLogits(scores, scores, -torch.ones(len(ids)))

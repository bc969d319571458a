"""The readers' networks: an encoder, two span heads and an answerability head."""

from __future__ import annotations

import json
import warnings
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoModelForQuestionAnswering, BertConfig, BertModel

from api.answering.errors import ReaderError
from api.answering.reading.configuration import CONFIG_FILE, SPAN_MODEL, write_config
from api.answering.reading.reader import ReaderPrecision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from transformers import PreTrainedModel

WEIGHTS_FILE = "model.safetensors"
WORD_EMBEDDINGS = "encoder.embeddings.word_embeddings.weight"
_NATIVE: Final = ("amx_bf16", "avx512_bf16", "avx10_2", "bf16", "sve_bf16")


@dataclass(frozen=True, slots=True)
class SpanLogits:
    """The network's output for a batch of sequences.

    Attributes:
        start: ``(batch, length)`` float32; position 0 ([CLS]) is the null answer.
        end: ``(batch, length)`` float32, as ``start``.
        answerable: ``(batch,)`` float32, log-odds that the passage answers the question.
    """

    start: Tensor
    end: Tensor
    answerable: Tensor


@dataclass(frozen=True, slots=True)
class SpanModelConfig:
    """The configuration that is saved beside a reader's weights and needed to load them.

    Attributes:
        base: The pretrained encoder, by name.
        max_length: The most tokens of a sequence.
        format: Tells it from other readers and from models of Hugging Face.
    """

    base: str
    max_length: int
    format: str = SPAN_MODEL


class SpanNetwork(nn.Module, ABC):
    """`[CLS] question [SEP] context [SEP] passage [SEP]` to start, end and answerability.

    Args:
        encoder: A transformer of Hugging Face; its heads are made here, at random.
    """

    def __init__(self, encoder: PreTrainedModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.span_head = nn.Linear(encoder.config.hidden_size, 2)
        self.answerable_head = nn.Linear(encoder.config.hidden_size, 1)

    def forward(
        self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor
    ) -> SpanLogits:
        """Score a batch; inputs ``(batch, length)`` int64, the mask 1 on tokens, 0 on padding."""
        hidden = self.hidden_states(input_ids, token_type_ids, attention_mask)
        span = self.span_head(hidden).float()
        answerable = self.answerable_head(hidden[:, 0]).float()
        return SpanLogits(start=span[..., 0], end=span[..., 1], answerable=answerable[:, 0])

    @abstractmethod
    def hidden_states(
        self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor
    ) -> Tensor:
        """The encoder's last layer, ``(batch, length, hidden)``, in the encoder's number format."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Save what was trained in float16, and the configuration that loading needs."""


class SpanModel(SpanNetwork):
    """The small reader's network: BERT, all of it trained but the word embeddings."""

    def __init__(self, encoder: BertModel, config: SpanModelConfig) -> None:
        super().__init__(encoder)
        encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        self.config = config

    def hidden_states(
        self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor
    ) -> Tensor:
        """The encoder's last layer; see `SpanNetwork.hidden_states`."""
        hidden: Tensor = self.encoder(
            input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=attention_mask
        ).last_hidden_state
        return hidden

    @classmethod
    def from_base(cls, base: Path, *, base_name: str, max_length: int) -> SpanModel:
        """Make a new reader from a pretrained BERT folder: random heads, no dropout."""
        encoder = BertModel.from_pretrained(
            base,
            use_safetensors=True,  # other files of weights go through an unpickler
            add_pooling_layer=False,
            attn_implementation="sdpa",
            dtype=torch.float32,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        return cls(encoder, SpanModelConfig(base=base_name, max_length=max_length))

    @classmethod
    def load(cls, folder: Path, base: Path) -> SpanModel:
        """Load the reader in ``folder``, in eval mode, with the word embeddings of ``base``."""
        config = SpanModelConfig(**json.loads((folder / CONFIG_FILE).read_text("utf-8")))
        bert = BertConfig.from_pretrained(
            base,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation="sdpa",
        )
        model = cls(BertModel(bert, add_pooling_layer=False), config)
        weights = {name: value.float() for name, value in load_file(folder / WEIGHTS_FILE).items()}
        weights[WORD_EMBEDDINGS] = _word_embeddings(base)
        model.load_state_dict(weights)
        return model.eval()

    def save(self, folder: Path) -> None:
        """Save the configuration, and all weights but the word embeddings in float16."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file(
            {
                name: value.detach().to("cpu", torch.float16).contiguous()
                for name, value in self.state_dict().items()
                if name != WORD_EMBEDDINGS
            },
            folder / WEIGHTS_FILE,
        )
        write_config(folder, asdict(self.config))


class HuggingFaceNetwork(nn.Module):
    """An AutoModelForQuestionAnswering with the null margin as its answerability."""

    def __init__(self, model: nn.Module, *, takes_types: bool) -> None:
        super().__init__()
        self.model = model
        self._takes_types = takes_types

    @classmethod
    def load(cls, folder: Path) -> HuggingFaceNetwork:
        """Load the model in a folder, from safetensors; nothing is downloaded or unpickled."""
        model = AutoModelForQuestionAnswering.from_pretrained(
            folder, local_files_only=True, use_safetensors=True
        )
        return cls(model, takes_types=getattr(model.config, "type_vocab_size", 0) > 1)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> SpanLogits:
        """Score a batch, as `SpanModel.forward` does."""
        extra = {"token_type_ids": types} if self._takes_types else {}
        out = self.model(input_ids=ids, attention_mask=mask, **extra)
        start, end = out.start_logits.float(), out.end_logits.float()
        hidden = (1.0 - mask.float()) * -1e4
        best = (start + hidden)[:, 1:].amax(1) + (end + hidden)[:, 1:].amax(1)
        return SpanLogits(start, end, best - start[:, 0] - end[:, 0])


def _word_embeddings(base: Path) -> Tensor:
    """The base encoder's word embeddings, ``(vocabulary, hidden)`` float32."""
    return load_file(base / WEIGHTS_FILE)["embeddings.word_embeddings.weight"].float()


def with_precision(network: nn.Module, precision: ReaderPrecision) -> nn.Module:
    """Convert a network to a number format.

    Args:
        network: In float32, its heads linear layers that are direct children of it or of its
            ``model``. It is converted in place, except to int8, which makes a copy.
        precision: ``auto`` is resolved for this processor.
    """
    precision = resolved_precision(precision)
    if precision is ReaderPrecision.INT8:
        return _quantised(network)
    return _narrowed(network) if precision is ReaderPrecision.BFLOAT16 else network


def resolved_precision(precision: ReaderPrecision) -> ReaderPrecision:
    """The number format itself, or for ``auto`` the fastest one of this processor."""
    if precision is not ReaderPrecision.AUTO:
        return precision
    return native_precision(torch.cpu.get_capabilities())


def check_precision(precision: ReaderPrecision) -> None:
    """Refuse a number format that this processor does not compute in, for a large network.

    Raises:
        ReaderError: If it would have to be emulated; the message says what to do.
    """
    if precision is ReaderPrecision.BFLOAT16:
        computes = resolved_precision(ReaderPrecision.AUTO) is precision
    else:
        computes = precision is not ReaderPrecision.INT8 or bool(_int8_engines())
    if not computes:
        raise ReaderError(
            f"QA_READER_PRECISION={precision}: this processor does not compute in {precision}, and "
            "the large reader would take many times as long; set it to auto or float32"
        )


def native_precision(capabilities: Mapping[str, object]) -> ReaderPrecision:
    """The fastest number format of a processor.

    Args:
        capabilities: From `torch.cpu.get_capabilities`.
    """
    # Without oneDNN, products of bfloat16 matrices are slow whatever the processor can do.
    fast: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    if fast and any(capabilities.get(name) for name in _NATIVE):
        return ReaderPrecision.BFLOAT16
    return ReaderPrecision.FLOAT32


def _narrowed(network: nn.Module) -> nn.Module:
    """Convert to bfloat16, except the heads, whose scores would lose all but 8 bits."""
    network.to(torch.bfloat16)
    for owner in (network, getattr(network, "model", None)):
        for head in [] if owner is None else owner.children():
            if isinstance(head, nn.Linear):
                head.float()
                head.register_forward_pre_hook(_widened)
    return network


def _widened(_: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(each.float() for each in inputs)


def _int8_engines() -> set[str]:
    return set(torch.backends.quantized.supported_engines) - {"none"}


def _quantised(network: nn.Module) -> nn.Module:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*deprecated", category=Warning)
        quantised: nn.Module = torch.ao.quantization.quantize_dynamic(
            network, {nn.Linear: torch.ao.quantization.per_channel_dynamic_qconfig}
        )
    return quantised

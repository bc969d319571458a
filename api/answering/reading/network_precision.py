"""A reader's network made to compute in another number format."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn

from api.answering.reading.reader_precision import ReaderPrecision

if TYPE_CHECKING:
    from collections.abc import Mapping

_NATIVE: Final = ("amx_bf16", "avx512_bf16", "avx10_2", "bf16", "sve_bf16")


def with_precision(network: nn.Module, precision: ReaderPrecision) -> nn.Module:
    """Change a network to compute in a number format.

    Args:
        network: In float32, its heads linear layers that are direct children of it or of its
            ``model``; it is changed, except for int8, which makes a copy.
        precision: ``auto`` is resolved for this processor.
    """
    if precision is ReaderPrecision.AUTO:
        precision = native_precision(torch.cpu.get_capabilities())
    if precision is ReaderPrecision.INT8:
        return _quantised(network)
    return _narrowed(network) if precision is ReaderPrecision.BFLOAT16 else network


def native_precision(capabilities: Mapping[str, object]) -> ReaderPrecision:
    """Say what a processor reads fastest in.

    Args:
        capabilities: As `torch.cpu.get_capabilities` says them.
    """
    # Without oneDNN, products of bfloat16 matrices are slow whatever the processor can do.
    fast: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    if fast and any(capabilities.get(name) for name in _NATIVE):
        return ReaderPrecision.BFLOAT16
    return ReaderPrecision.FLOAT32


def _narrowed(network: nn.Module) -> nn.Module:
    """Everything in bfloat16 but the heads, whose scores would be rounded to 1 in 256."""
    network.to(torch.bfloat16)
    for owner in (network, getattr(network, "model", None)):
        for head in [] if owner is None else owner.children():
            if isinstance(head, nn.Linear):
                head.float()
                head.register_forward_pre_hook(_widened)
    return network


def _widened(_: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(each.float() for each in inputs)


def _quantised(network: nn.Module) -> nn.Module:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*deprecated", category=Warning)
        quantised: nn.Module = torch.ao.quantization.quantize_dynamic(  # type: ignore[no-untyped-call]
            network, {nn.Linear: torch.ao.quantization.per_channel_dynamic_qconfig}
        )
    return quantised

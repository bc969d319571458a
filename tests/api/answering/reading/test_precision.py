"""What changes, and what must not, when a network computes in another number format."""

import pytest
import torch
from torch import Tensor, nn

from api.answering.reading.network import native_precision, with_precision
from api.answering.reading.reader import ReaderPrecision


class Network(nn.Module):
    """A body and a head, as a reader has."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.body = nn.Sequential(nn.Embedding(64, 32), nn.Linear(32, 32), nn.GELU())
        self.head = nn.Linear(32, 2)

    def forward(self, inputs: Tensor) -> Tensor:
        """``(batch,)`` numbers below 64 to ``(batch, 2)``."""
        scores: Tensor = self.head(self.body(inputs))
        return scores


class Wrapped(nn.Module):
    """A network that is another's ``model``."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Network()

    def forward(self, inputs: Tensor) -> Tensor:
        """As the network's."""
        scores: Tensor = self.model(inputs)
        return scores


def _scores(network: nn.Module) -> Tensor:
    with torch.inference_mode():
        scores: Tensor = network.eval()(torch.arange(64))
    return scores


@pytest.mark.parametrize("make", [Network, Wrapped])
@pytest.mark.parametrize("precision", [ReaderPrecision.BFLOAT16, ReaderPrecision.INT8])
def test_precision_changes_scores_a_little(
    make: type[nn.Module], precision: ReaderPrecision
) -> None:
    exact, close = _scores(make()), _scores(with_precision(make(), precision))
    assert not torch.equal(exact, close)
    torch.testing.assert_close(exact, close, atol=0.05, rtol=0.05)


@pytest.mark.parametrize("make", [Network, Wrapped])
def test_bfloat16_leaves_the_scores_of_the_heads_unrounded(make: type[nn.Module]) -> None:
    scores = _scores(with_precision(make(), ReaderPrecision.BFLOAT16))
    assert scores.dtype == torch.float32
    assert not torch.equal(scores, scores.to(torch.bfloat16).float())


def test_float32_leaves_the_network_as_it_is() -> None:
    assert torch.equal(
        _scores(Network()), _scores(with_precision(Network(), ReaderPrecision.FLOAT32))
    )


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ({"avx2": True, "avx512_bf16": True}, ReaderPrecision.BFLOAT16),
        ({"neon": True, "bf16": True}, ReaderPrecision.BFLOAT16),
        ({"avx512_f": True, "avx512_bf16": False, "amx_bf16": False}, ReaderPrecision.FLOAT32),
        ({}, ReaderPrecision.FLOAT32),
    ],
)
def test_native_precision_is_bfloat16_where_the_processor_computes_in_it(
    capabilities: dict[str, object], expected: ReaderPrecision
) -> None:
    assert native_precision(capabilities) is expected


def test_native_precision_is_float32_without_fast_products(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert native_precision({"avx512_bf16": True}) is ReaderPrecision.FLOAT32

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import load_file, save_file

from api.answering.reading.adapter import ADAPTER_FILE, AdapterConfig
from api.answering.reading.base_encoder import stated_size
from api.answering.reading.large_network import LargeModel, mpnet_ids
from tests.api.answering.reading.tiny_large import adapter_config, make_adapter, make_base

if TYPE_CHECKING:
    from pathlib import Path

    from api.answering.reading.network import SpanLogits


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return make_base(tmp_path / "base", vocabulary=200)


@pytest.fixture
def trained(tmp_path: Path, base: Path) -> LargeModel:
    """The model whose adapter lies in `tmp_path / "adapter"`."""
    return make_adapter(tmp_path / "adapter", base)


def _logits(model: LargeModel) -> SpanLogits:
    ids = torch.tensor([[101, 9, 102, 60, 70, 102], [101, 9, 102, 60, 102, 0]])
    with torch.inference_mode():
        logits: SpanLogits = model(ids, torch.zeros_like(ids), (ids != 0).long())
    return logits


def test_ids_are_those_of_the_base() -> None:
    ids = torch.tensor([[101, 100, 102, 1996, 102, 0]])
    assert mpnet_ids(ids, (ids != 0).long()).tolist() == [[0, 104, 2, 2000, 2, 1]]


def test_merged_weights_give_the_logits_of_base_and_adapter(
    tmp_path: Path, base: Path, trained: LargeModel
) -> None:
    merged = tmp_path / "models" / "merged.safetensors"
    for _ in ("made", "mapped"):
        model = LargeModel.load(tmp_path / "adapter", base, torch.float32, merged)
        torch.testing.assert_close(_logits(model).start, _logits(trained).start)
        torch.testing.assert_close(_logits(model).answerable, _logits(trained).answerable)
    assert [path.name for path in merged.parent.iterdir()] == [merged.name]
    assert not any(value.is_meta for value in (*model.parameters(), *model.buffers()))


def test_adapter_changes_what_the_base_says(
    tmp_path: Path, base: Path, trained: LargeModel
) -> None:
    untrained = LargeModel.from_base(base, adapter_config(base)).eval()
    untrained.span_head.load_state_dict(trained.span_head.state_dict())
    assert not torch.allclose(_logits(untrained).start, _logits(trained).start)


def test_damaged_file_of_merged_weights_is_made_again(
    tmp_path: Path, base: Path, trained: LargeModel
) -> None:
    merged = tmp_path / "merged.safetensors"
    for damaged in (b"", b"\xff" * 8, b"\x02\x00\x00\x00\x00\x00\x00\x00[]"):
        merged.write_bytes(damaged)
        assert stated_size(merged) is None
        model = LargeModel.load(tmp_path / "adapter", base, torch.float32, merged)
        torch.testing.assert_close(_logits(model).start, _logits(trained).start)


def test_weights_are_read_where_nothing_can_be_written(
    tmp_path: Path, base: Path, trained: LargeModel, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    with caplog.at_level(logging.WARNING):
        merged = tmp_path / "file" / "merged.safetensors"
        model = LargeModel.load(tmp_path / "adapter", base, torch.float32, merged)
    assert "cannot be written" in caplog.text
    torch.testing.assert_close(_logits(model).start, _logits(trained).start)


def test_weights_in_bfloat16_take_half_the_room(
    tmp_path: Path, base: Path, trained: LargeModel
) -> None:
    sizes = []
    for dtype in (torch.float32, torch.bfloat16):
        merged = tmp_path / f"{dtype}.safetensors"
        model = LargeModel.load(tmp_path / "adapter", base, dtype, merged)
        sizes.append(merged.stat().st_size)
        assert {value.dtype for value in model.parameters()} == {dtype}
    assert sizes[1] < 0.6 * sizes[0]


def test_adapter_holds_what_was_trained_and_nothing_else(
    tmp_path: Path, base: Path, trained: LargeModel
) -> None:
    saved = load_file(tmp_path / "adapter" / ADAPTER_FILE)
    heads = {
        f"{head}_head.{part}" for head in ("span", "answerable") for part in ("weight", "bias")
    }
    assert heads < saved.keys()
    assert {name.rpartition(".")[2] for name in saved.keys() - heads} == {"a", "b"}
    assert all(name.startswith("encoder.encoder.layer.1.") for name in saved.keys() - heads)
    assert len(saved.keys() - heads) == 2 * 6
    assert {value.dtype for value in saved.values()} == {torch.float16}
    assert AdapterConfig.load(tmp_path / "adapter") == trained.config


def test_adapter_can_be_trained_further(tmp_path: Path, base: Path, trained: LargeModel) -> None:
    again = LargeModel.load_to_train(tmp_path / "adapter", base).eval()
    torch.testing.assert_close(_logits(again).start, _logits(trained).start)


@pytest.mark.parametrize("name", ["span_head.bias", "encoder.encoder.layer.1.output.dense.b"])
def test_adapter_that_lacks_something_is_refused(
    tmp_path: Path, base: Path, trained: LargeModel, name: str
) -> None:
    path = tmp_path / "adapter" / ADAPTER_FILE
    weights = load_file(path)
    del weights[name]
    save_file(weights, path)
    with pytest.raises(ValueError, match=name):
        LargeModel.load_to_train(tmp_path / "adapter", base)
    with pytest.raises((RuntimeError, KeyError), match=name):
        LargeModel.load(tmp_path / "adapter", base, torch.float32, tmp_path / "merged")

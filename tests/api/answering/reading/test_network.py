from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from transformers import BertConfig, BertModel

from api.answering.reading.configuration import SPAN_MODEL, stated_format
from api.answering.reading.network import WEIGHTS_FILE, WORD_EMBEDDINGS, SpanModel


@pytest.fixture
def base(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=40,
    )  # fmt: skip
    folder = tmp_path / "base"
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


def _inputs() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    ids = torch.tensor([[2, 5, 3, 6, 7, 3], [2, 5, 3, 6, 3, 0]])
    types = torch.tensor([[0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0]])
    return ids, types, (ids != 0).long()


def test_save_and_load_give_the_same_logits(base: Path, tmp_path: Path) -> None:
    model = SpanModel.from_base(base, base_name="tiny", max_length=20).eval()
    model.save(tmp_path / "reader")
    loaded = SpanModel.load(tmp_path / "reader", base)
    with torch.inference_mode():
        before, after = model(*_inputs()), loaded(*_inputs())
    assert loaded.config == model.config
    torch.testing.assert_close(before.start, after.start, atol=5e-3, rtol=0)
    torch.testing.assert_close(before.answerable, after.answerable, atol=5e-3, rtol=0)


def test_save_leaves_the_word_embeddings_to_the_base(base: Path, tmp_path: Path) -> None:
    model = SpanModel.from_base(base, base_name="tiny", max_length=20)
    model.save(tmp_path / "reader")
    with safe_open(tmp_path / "reader" / WEIGHTS_FILE, "pt") as file:
        names = set(file.keys())
    assert names == set(model.state_dict()) - {WORD_EMBEDDINGS}


def test_padding_does_not_change_the_logits(base: Path) -> None:
    model = SpanModel.from_base(base, base_name="tiny", max_length=20).eval()
    ids, types, mask = _inputs()
    with torch.inference_mode():
        padded = model(ids, types, mask)
        alone = model(ids[1:, :5], types[1:, :5], mask[1:, :5])
    torch.testing.assert_close(padded.start[1, :5], alone.start[0], atol=1e-5, rtol=0)
    torch.testing.assert_close(padded.answerable[1], alone.answerable[0], atol=1e-5, rtol=0)


def test_stated_format_tells_our_folders_from_others(base: Path, tmp_path: Path) -> None:
    SpanModel.from_base(base, base_name="tiny", max_length=20).save(tmp_path / "reader")
    assert stated_format(tmp_path / "reader") == SPAN_MODEL
    assert stated_format(base) == stated_format(tmp_path / "missing") == ""

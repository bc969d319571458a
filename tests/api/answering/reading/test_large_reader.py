"""Loading the large reader: what can be missing or wrong, and what it then says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from api.answering.errors import ReaderError
from api.answering.questions.question import Question
from api.answering.reading import network
from api.answering.reading.adapter import ADAPTER_FILE
from api.answering.reading.base_encoder import find_base
from api.answering.reading.network import check_precision
from api.answering.reading.reader import ReaderOptions, ReaderPrecision, check_spans
from api.answering.reading.registry import LARGE_MODEL, load_reader
from tests.api.answering.making import make_passage
from tests.api.answering.reading.tiny_large import make_adapter, make_base
from tests.conftest import FakeEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from api.answering.reading.reader import Reader


@pytest.fixture
def options(tmp_path: Path) -> ReaderOptions:
    """Options for the adapter in `tmp_path / "adapter"`."""
    base = make_base(tmp_path / "base", vocabulary=200)
    make_adapter(tmp_path / "adapter", base)
    return ReaderOptions(ReaderPrecision.FLOAT32, str(base), tmp_path / "models")


def _load(tmp_path: Path, options: ReaderOptions) -> Reader:
    return load_reader(str(tmp_path / "adapter"), FakeEncoder(), options)


def test_folder_of_an_adapter_is_a_large_reader(tmp_path: Path, options: ReaderOptions) -> None:
    assert _load(tmp_path, options).facts.name == "large"
    (merged,) = (tmp_path / "models" / "merged").iterdir()
    assert merged.name.endswith("-float32.safetensors")


def test_missing_base_is_an_error_of_the_reader(tmp_path: Path, options: ReaderOptions) -> None:
    (tmp_path / "base" / "model.safetensors").unlink()
    with pytest.raises(ReaderError, match=r"QA_READER_BASE='.*/base': expected a folder with"):
        _load(tmp_path, options)


def test_base_with_other_weights_is_an_error_of_the_reader(
    tmp_path: Path, options: ReaderOptions
) -> None:
    make_base(tmp_path / "base", seed=5, vocabulary=200)
    with pytest.raises(ReaderError, match="of tiny, which the adapter was trained on"):
        _load(tmp_path, options)


def test_half_an_adapter_is_an_error_that_names_its_folder(
    tmp_path: Path, options: ReaderOptions
) -> None:
    path = tmp_path / "adapter" / ADAPTER_FILE
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ReaderError, match=r"reader '.*adapter': expected the folder of a reader"):
        _load(tmp_path, options)


@pytest.mark.parametrize("change", [{"rank": 8}, {"layers": None}, {"more": 1}])
def test_adapter_that_is_not_what_its_configuration_says_is_an_error(
    tmp_path: Path, options: ReaderOptions, change: dict[str, object]
) -> None:
    path = tmp_path / "adapter" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change), encoding="utf-8")
    with pytest.raises(ReaderError, match=r"reader '.*adapter': expected the folder of a reader"):
        _load(tmp_path, options)


def test_precision_that_the_processor_lacks_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "native_precision", lambda _: ReaderPrecision.FLOAT32)
    monkeypatch.setattr(network, "_int8_engines", set)
    check_precision(ReaderPrecision.FLOAT32)
    for precision in (ReaderPrecision.BFLOAT16, ReaderPrecision.INT8):
        with pytest.raises(
            ReaderError, match=rf"QA_READER_PRECISION={precision}: .* set it to auto or float32"
        ):
            check_precision(precision)


def test_precision_that_the_processor_computes_in_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "native_precision", lambda _: ReaderPrecision.BFLOAT16)
    for precision in (ReaderPrecision.FLOAT32, ReaderPrecision.BFLOAT16):
        check_precision(precision)


@pytest.mark.model
def test_shipped_large_reader_marks_the_exact_words() -> None:
    if not (LARGE_MODEL / ADAPTER_FILE).is_file():
        pytest.skip(f"no adapter in {LARGE_MODEL.name}")
    options = ReaderOptions()
    try:
        find_base(options)
    except ReaderError as error:
        pytest.skip(str(error))
    passages = [
        make_passage("It rained in Dublin.", article_id="rain"),
        make_passage("Meta spends $65 billion on data centres.", article_id="meta", start=7),
    ]
    question = Question.parse("How much does Meta spend on data centres?")
    spans = load_reader("large", FakeEncoder(), options).read(question, passages)
    check_spans(spans, passages)
    assert (spans[0].passage, spans[0].span) == (1, (19, 30))

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.answering.errors import ReaderError
from api.answering.reading import base_encoder
from api.answering.reading.base_encoder import BASE_NAME, check_base, find_base
from api.answering.reading.reader import ReaderOptions
from tests.api.answering.reading.tiny_large import adapter_config, make_base

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return make_base(tmp_path / BASE_NAME, vocabulary=200)


def test_base_is_in_the_folder_of_models_or_where_it_is_said_to_be(
    tmp_path: Path, base: Path
) -> None:
    assert find_base(ReaderOptions(models_dir=tmp_path)) == base
    assert find_base(ReaderOptions(base=str(base))) == base


def test_missing_base_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"not in '.*all-mpnet-base-v2'; fetch it with .*small"):
        find_base(ReaderOptions(models_dir=tmp_path))
    with pytest.raises(ReaderError, match=r"QA_READER_BASE='no/such'.* expected a folder"):
        find_base(ReaderOptions(base="no/such"))


def test_base_of_the_adapter_passes(base: Path) -> None:
    check_base(base, "tiny", adapter_config(base).base_sha256)


@pytest.mark.parametrize("kept", [0, 5, 100, 3000])
def test_base_that_was_half_downloaded_says_what_to_do(base: Path, kept: int) -> None:
    path = base / "model.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ReaderError, match=rf"{kept:,}.* bytes, as if a download .* delete it and"):
        check_base(base, "tiny", "0" * 64)


def test_base_of_another_hash_says_what_to_do(base: Path) -> None:
    with pytest.raises(ReaderError, match=r"SHA-256 \w{64}; expected 0{64} of tiny.*fetch it"):
        check_base(base, "tiny", "0" * 64)


def test_adapter_for_another_base_says_what_to_do(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_encoder, "BASE_SHA256", adapter_config(base).base_sha256)
    with pytest.raises(ReaderError, match=r"trained on other with .*name the folder of that one"):
        check_base(base, "other", "0" * 64)

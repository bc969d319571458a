"""What a server says, and how it ends, where it cannot start."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from api import __main__ as command
from api.service.serving import Serving
from api.settings import read_settings
from index.errors import IndexCorruptError
from index.generations.generation import current_version
from scripts.build_index import main as build_index
from tests.api.real_server import WAIT, Server, build_fakes, finds_workers, starting
from tests.conftest import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

pytestmark = finds_workers


def _errors(server: Server) -> list[str]:
    """What the log says at level ERROR, apart from what the server below says of itself."""
    logged = [json.loads(line) for line in server.log().splitlines()]
    assert not [line for line in logged if "Traceback" in str(line)]
    said = [line["message"] for line in logged if line["level"] == "ERROR"]
    return [message for message in said if "start" not in message]


def _damaged(folder: Path, file: str) -> tuple[Path, str]:
    """Build twice and damage a file of the second generation; the file, and the first version."""
    earlier = build_fakes(folder, ARTICLES[1:])
    damaged = folder / "index" / "generations" / build_fakes(folder, ARTICLES) / file
    damaged.write_bytes(b"damaged")
    return damaged, earlier


def _check_advice(said: str, damaged: Path, earlier: str) -> None:
    assert said.startswith(f"{damaged}: ")
    assert "rebuild the index" in said
    assert f"index {earlier}" in said
    (advice,) = re.findall("'article-qa build (.*)'", said)
    app = typer.Typer()
    app.command()(build_index)
    assert CliRunner().invoke(app, advice.split()).exit_code == 0
    assert current_version(damaged.parents[2]) == earlier


def test_damaged_index_ends_all_workers_with_what_to_do_about_it(tmp_path: Path) -> None:
    damaged, earlier = _damaged(tmp_path, "manifest.json")
    with starting(tmp_path, QA_WORKERS="2") as server:
        assert server.process.wait(WAIT) == 3
    (said,) = set(_errors(server))
    _check_advice(said, damaged, earlier)


def test_damaged_index_ends_a_single_process_with_what_to_do_about_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    damaged, earlier = _damaged(tmp_path, "articles.sqlite")
    monkeypatch.setattr(command, "log_config", lambda _: None)  # logging stays that of the tests
    monkeypatch.setenv("QA_INDEX_DIR", str(tmp_path / "index"))
    with pytest.raises(SystemExit, match="3"):
        command.serve(read_settings(), "tests.api.fake_app:create_batching_app")
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    (said,) = [message for message in errors if "start" not in message]
    _check_advice(said, damaged, earlier)


def test_damaged_index_without_one_before_names_none_to_go_back_to(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    version = build().index_version
    (settings.index_dir / "generations" / version / "articles.sqlite").unlink()
    with pytest.raises(IndexCorruptError, match=r"articles\.sqlite: No such file") as raised:
        Serving(settings.index_dir, models).refresh()
    assert "--rollback" not in str(raised.value)

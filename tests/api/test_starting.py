"""What a server says, and how it ends, where it cannot start."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from api.service.serving import Serving
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


@pytest.mark.parametrize(("file", "workers"), [("articles.sqlite", "1"), ("manifest.json", "2")])
def test_damaged_index_ends_the_service_with_what_to_do_about_it(
    tmp_path: Path, file: str, workers: str
) -> None:
    earlier = build_fakes(tmp_path, ARTICLES[1:])
    version = build_fakes(tmp_path, ARTICLES)
    damaged = tmp_path / "index" / "generations" / version / file
    damaged.write_bytes(b"damaged")
    with starting(tmp_path, QA_WORKERS=workers) as server:
        assert server.process.wait(WAIT) == 3
    (said,) = set(_errors(server))
    assert said.startswith(f"{damaged}: ")
    assert "rebuild the index" in said
    assert f"index {earlier}" in said
    (advice,) = re.findall("'article-qa build (.*)'", said)
    app = typer.Typer()
    app.command()(build_index)
    assert CliRunner().invoke(app, advice.split()).exit_code == 0
    assert current_version(tmp_path / "index") == earlier


def test_damaged_index_without_one_before_names_none_to_go_back_to(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    version = build().index_version
    (settings.index_dir / "generations" / version / "articles.sqlite").unlink()
    with pytest.raises(IndexCorruptError, match=r"articles\.sqlite: No such file") as raised:
        Serving(settings.index_dir, models).refresh()
    assert "--rollback" not in str(raised.value)

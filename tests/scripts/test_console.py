"""The console command, and the options that all commands share."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

from api import __version__
from api.__main__ import check_port
from scripts import serve
from scripts.console import COMMANDS, app
from scripts.terminal import extras
from scripts.terminal.settings_page import settings_page
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

PLAIN = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder without files, and settings that are put back afterwards."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "INDEX_DIR", "CORPUS_DIR", "HOST", "PORT", "WORKERS", "API_KEYS"):
        monkeypatch.setenv(f"QA_{name}", "")
        monkeypatch.delenv(f"QA_{name}")


def _run(*arguments: str) -> Result:
    return CliRunner(env=PLAIN).invoke(app, arguments)


def test_every_command_is_listed_with_what_it_does() -> None:
    listed = _run("--help").stdout
    for name, entry in COMMANDS.items():
        assert f" {name} " in listed
        assert entry.summary in listed
    assert "--install-completion" in listed


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_starts_nothing(name: str) -> None:
    shown = _run(name, "--help")
    assert shown.exit_code == 0
    assert f"article-qa {name}" in shown.stdout


def test_command_runs_with_its_own_options() -> None:
    ran = _run("key", "alice", "--json")
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["entry"].startswith("alice:ask:sha256:")


def test_version_is_that_of_the_application() -> None:
    assert _run("--version").stdout == f"article-qa {__version__}\n"


def test_unknown_command_names_the_nearest() -> None:
    ran = _run("biuld")
    assert ran.exit_code == 2
    assert "Did you mean 'build'?" in ran.stderr


def test_commands_take_defaults_from_the_file_and_options_come_first(tmp_path: Path) -> None:
    (tmp_path / "article-qa.toml").write_text('index_dir = "elsewhere"\n')
    assert "no index in elsewhere yet" in _run("info").stderr
    assert "no index in given yet" in _run("info", "--index", "given").stderr


def test_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "article-qa.toml").write_text('index_dir = "elsewhere"\n')
    monkeypatch.setenv("QA_INDEX_DIR", "here")
    assert "no index in here yet" in _run("info").stderr


@pytest.mark.parametrize("arguments", [["info"], ["gold", "lint", "gold.jsonl"], ["config"]])
def test_wrong_file_ends_every_command_with_file_and_line(
    tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "own.toml").write_text("\nprot = 9000\n")
    ran = _run(*arguments, "--config", "own.toml")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == "error: own.toml:2: 'prot' is no setting; the nearest is 'port'\n"


def test_config_says_where_every_value_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "article-qa.toml").write_text('workers = 3\napi_key = "my-secret"\n')
    monkeypatch.setenv("QA_PORT", "9000")
    rows = {line.split()[0]: line.split()[1:] for line in _run("config").stdout.splitlines()}
    assert rows["port"] == ["9000", "QA_PORT"]
    assert rows["workers"] == ["3", "article-qa.toml:1"]
    assert rows["host"] == ["127.0.0.1", "default"]
    assert rows["api_key"] == ["(set)", "article-qa.toml:2"]
    shown = json.loads(_run("config", "--json").stdout)
    assert shown["port"] == {"value": "9000", "kind": "environment", "place": "QA_PORT"}


def test_page_of_settings_is_what_the_class_says() -> None:
    page = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == settings_page(), "renew it: article-qa config --markdown > docs/settings.md"
    assert _run("config", "--markdown").stdout == page


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What `serve` did, in place of doing it."""
    steps: list[Any] = []

    def build(command: list[str], env: dict[str, str], **_: Any) -> Any:
        steps.append(("build", env["QA_INDEX_DIR"], env.get("QA_CORPUS_DIR")))
        return subprocess.CompletedProcess(command, 1 if env["QA_INDEX_DIR"] == "bad" else 0)

    def leave(status: int) -> None:
        raise typer.Exit(status)

    def run_server(arguments: list[str]) -> int:
        steps.append("serve")
        return 0

    monkeypatch.setattr(subprocess, "run", build)
    monkeypatch.setattr(serve, "check_port", lambda settings: None)  # others may have it
    monkeypatch.setattr(serve, "run_server", run_server)
    monkeypatch.setattr(serve, "leave", leave)
    return steps


def test_serve_builds_where_that_is_due_and_then_serves(done: list[Any]) -> None:
    assert _run("serve", "--corpus", "texts", "--index", "mine").exit_code == 0
    assert done == [("build", "mine", "texts"), "serve"]


def test_serve_without_building_only_serves(done: list[Any]) -> None:
    assert _run("serve", "--no-build").exit_code == 0
    assert done == ["serve"]


def test_serve_builds_nothing_where_it_follows_a_storage(
    done: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_STORAGE", "")  # put back afterwards
    assert _run("serve", "--storage", "s3://bucket/index").exit_code == 0
    assert (done, os.environ["QA_STORAGE"]) == (["serve"], "s3://bucket/index")


def test_serve_ends_where_nothing_could_be_built(done: list[Any]) -> None:
    assert _run("serve", "--index", "bad").exit_code == 1
    assert done == [("build", "bad", None)]


def test_serve_refuses_a_port_that_is_taken_before_it_builds(
    done: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "check_port", check_port)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ran = _run("serve", "--port", str(listening.getsockname()[1]))
    assert ran.exit_code == 1
    assert "another program listens on 127.0.0.1:" in ran.stderr
    assert done == []


def test_serve_refuses_an_open_address_before_it_builds(done: list[Any]) -> None:
    ran = _run("serve", "--host", "192.168.1.5")
    assert ran.exit_code == 1
    assert "article-qa key NAME" in ran.stderr
    assert done == []


@pytest.mark.parametrize(
    "arguments", [["evaluate"], ["gold", "lint", "gold.jsonl"], ["gold", "sweep", "--gold", "g"]]
)
def test_command_without_its_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    ran = _run(*arguments)
    assert ran.exit_code == 1
    assert "install the extra 'evaluation': pip install '.[evaluation]'" in ran.stderr


def test_commands_are_imported_without_the_packages_of_extras(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = ("ir_measures", "matplotlib", "mcp", "rapidfuzz")
    for name in list(sys.modules):
        if name == "scripts" or name.startswith("scripts."):
            monkeypatch.delitem(sys.modules, name)
        elif name.partition(".")[0] in missing:
            monkeypatch.setitem(sys.modules, name, None)
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    for name in COMMANDS:
        assert _run(name, "--help").exit_code == 0, name

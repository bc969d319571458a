"""The program answers with a citation where uv or pipx installed it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    ended = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


@pytest.mark.parametrize("tool", ["uv", "pipx"])
def test_installed_program_answers_with_a_citation(tool: str, tmp_path: Path) -> None:
    if os.environ.get("QA_INSTALL_TESTS") != "required":
        pytest.skip("installing takes minutes and 1.4 GB; QA_INSTALL_TESTS=required does it")
    if shutil.which(tool) is None:
        pytest.skip(f"there is no {tool}")
    links = os.environ.get("PIP_FIND_LINKS", "").split()  # which uv does not read
    torch = [f"--find-links={link}" for link in links] or ["--torch-backend=cpu"]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    environment = {
        **plain,
        "UV_TOOL_DIR": str(tmp_path / "tools"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_HOME": str(tmp_path / "tools"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "QA_READER": "small",
        "HF_HUB_OFFLINE": "1",
    }
    source = tmp_path / "source"
    source.mkdir()
    for name in ("api", "corpus", "index", "scripts"):
        plain_files = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / name, source / name, ignore=plain_files)
    for name in ("LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, source)
    install = ["uv", "tool", "install", *torch, "."] if tool == "uv" else ["pipx", "install", "."]
    _run(install, source, environment)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    program = str(tmp_path / "bin" / "article-qa")
    assert _run([program, "--version"], elsewhere, environment).startswith("article-qa ")
    _run([program, "build"], elsewhere, environment)
    asked = _run([program, "ask", "--json", "Who runs Intel?"], elsewhere, environment)
    reply = json.loads(asked)
    assert reply["answer"] == "Lip-Bu Tan"
    assert reply["citations"][0]["quote"] == "Lip-Bu Tan"

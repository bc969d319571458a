"""The program answers, serves and evaluates where it was installed into an empty environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2
import pytest

from tests.conftest import REPOSITORY
from tests.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

_START_SECONDS = 600


@dataclass(frozen=True)
class Place:
    """Folders for an installation, and the variables that commands in it see.

    Attributes:
        source: A copy of what is installed.
        elsewhere: An empty folder, in which the program is called.
    """

    folder: Path
    source: Path
    elsewhere: Path
    environment: dict[str, str]

    def run(self, *command: str, folder: Path | None = None) -> str:
        """Run a command that succeeds; gives its standard output."""
        ended = self.call(*command, folder=folder)
        assert ended.returncode == 0, ended.stderr[-2000:]
        return ended.stdout

    def call(self, *command: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command."""
        return subprocess.run(
            command,
            cwd=self.elsewhere if folder is None else folder,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    if os.environ.get("QA_INSTALL_TESTS") != "required":
        pytest.skip("installing takes minutes and 1.4 GB; QA_INSTALL_TESTS=required does it")
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("QA_") and name != "PYTHONPATH"
    }
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
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    return Place(tmp_path, source, elsewhere, environment)


def _check_answer(place: Place, program: str) -> None:
    """The program builds an index of the sample articles and answers with a citation."""
    assert place.run(program, "--version").startswith("article-qa ")
    place.run(program, "build")
    reply = json.loads(place.run(program, "ask", "--json", "Who runs Intel?"))
    assert reply["answer"] == "Lip-Bu Tan"
    assert reply["citations"][0]["quote"] == "Lip-Bu Tan"


def _check_page(place: Place, program: str) -> None:
    """The program serves the page with its modules, and the API reference."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [program, "serve", "--port", str(port)]
    log = (place.folder / "serve.log").open("w")
    server = subprocess.Popen(
        command, cwd=place.elsewhere, env=place.environment, stdout=log, stderr=log
    )
    try:
        _wait_until_ready(server, address)
        for path, words in (("/", "<title>Article QA"), ("/page/main.js", "import"), ("/docs", "")):
            assert words in httpx2.get(f"{address}{path}").raise_for_status().text
    finally:
        server.terminate()
        assert server.wait() == 0
        log.close()


def _wait_until_ready(server: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while True:
        assert server.poll() is None, "the server ended"
        assert time.monotonic() < end, "it was never ready"
        try:
            if httpx2.get(f"{address}/readyz").is_success:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.2)


@pytest.mark.parametrize("tool", ["uv", "pipx"])
def test_installed_program_answers_with_a_citation(tool: str, place: Place) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"there is no {tool}")
    links = os.environ.get("PIP_FIND_LINKS", "").split()  # which uv does not read
    torch = [f"--find-links={link}" for link in links] or ["--torch-backend=cpu"]
    install = ["uv", "tool", "install", *torch, "."] if tool == "uv" else ["pipx", "install", "."]
    place.run(*install, folder=place.source)
    _check_answer(place, str(place.folder / "bin" / "article-qa"))


@pytest.mark.parametrize("form", ["wheel", "sdist"])
def test_distribution_answers_serves_the_page_and_evaluates(form: str, place: Place) -> None:
    pytest.importorskip("setuptools")
    build = f"import setuptools.build_meta as backend; print(backend.build_{form}('dist'))"
    name = place.run(sys.executable, "-c", build, folder=place.source).splitlines()[-1]
    distribution = str(place.source / "dist" / name)
    place.run(sys.executable, "-m", "venv", str(place.folder / "empty"))
    binaries = place.folder / "empty" / "bin"
    python, program = str(binaries / "python"), str(binaries / "article-qa")
    place.run(python, "-m", "pip", "install", "--quiet", distribution)
    _check_answer(place, program)
    _check_page(place, program)
    gold = place.elsewhere / "gold.jsonl"
    expected = {"answers": ["Lip-Bu Tan"], "articles": ["chips-intel-government-stake"]}
    line = {"id": "a", "question": "Who runs Intel?", **expected}
    gold.write_text(json.dumps(line), encoding="utf-8")
    evaluate = [program, "evaluate", "--gold", str(gold), "--json", "-"]
    refused = place.call(*evaluate)
    assert refused.returncode == 1
    assert "evaluation" in refused.stderr
    place.run(python, "-m", "pip", "install", "--quiet", f"{distribution}[evaluation]")
    assert json.loads(place.run(*evaluate))["metrics"]["exact_match"]["value"] == 1

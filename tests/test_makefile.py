"""The Makefile clears the virtual environment that it made, and no other."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the Makefile, and a Python that only notes what it was told to do."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(REPOSITORY / "Makefile", folder)
    (folder / "requirements").mkdir()
    for name in ("dev", "serve", "torch", "torch-cpu"):
        (folder / "requirements" / f"{name}.lock").write_text("httpx2==2.16.0\n")
    python = folder / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> {folder}/told\nmkdir -p .venv/bin\nexit 0\n')
    python.chmod(0o755)
    return folder


def _make(folder: Path, target: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "PYTHON=./python", target]
    return subprocess.run(
        command, cwd=folder, check=False, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("target", ["check", "clean"])
@pytest.mark.parametrize("through_a_link", [False, True])
def test_environment_of_another_hand_is_left_alone(
    project: Path, target: str, through_a_link: bool
) -> None:
    environment = project.parent / "theirs" if through_a_link else project / ".venv"
    environment.mkdir()
    (environment / "tool").write_text("installed by hand")
    if through_a_link:
        (environment / "made-by-article-qa").touch()  # by the make of another checkout
        (project / ".venv").symlink_to(environment)
    ended = _make(project, target)
    assert ended.returncode == 2
    assert "would be cleared with all that is installed in it" in ended.stderr
    assert (environment / "tool").exists()
    assert not (project / "told").exists()


@pytest.mark.parametrize("marker", [None, "made-by-article-qa", "installed-1"])
def test_environment_of_its_own_is_made_anew(project: Path, marker: str | None) -> None:
    if marker is not None:
        (project / ".venv").mkdir()
        (project / ".venv" / marker).touch()
    _make(project, "check")
    assert (project / "told").read_text().startswith("-m venv --clear .venv\n")
    assert (project / ".venv" / "made-by-article-qa").exists()
    assert _make(project, "clean").returncode == 0
    assert not (project / ".venv").exists()

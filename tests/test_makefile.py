"""The Makefile clears the virtual environment that it made, no other, and fills it as needed."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

_OF_MAKE = ("HOST", "PORT", "TORCH", "QA_READER", "QA_READER_BASE", "QA_MODELS_DIR")

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
    python.write_text(
        f'#!/bin/sh\necho "$@" >> {folder}/told\nmkdir -p .venv/bin\n'
        "[ $2 = venv ] && cp python .venv/bin && cp python .venv/bin/article-qa\nexit 0\n"
    )
    python.chmod(0o755)
    return folder


def _make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "PYTHON=./python", *arguments]
    plain = {name: value for name, value in os.environ.items() if name not in _OF_MAKE}
    return subprocess.run(
        command, cwd=folder, check=False, capture_output=True, text=True, timeout=60, env=plain
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


def _told(project: Path) -> list[str]:
    """What the Python, that of the environment and the command were told since the last call."""
    told = (project / "told").read_text().splitlines()
    (project / "told").write_text("")
    return told


def _locks(told: list[str]) -> list[str]:
    return [line.rpartition("requirements/")[2] for line in told if "--require-hashes" in line]


def test_serving_installs_only_what_it_needs_and_developing_the_rest(project: Path) -> None:
    assert _make(project, "serve").returncode == 0
    told = _told(project)
    assert _locks(told) == ["torch-cpu.lock", "serve.lock"]
    assert told[-2:] == ["fetch-base", "serve"]
    _make(project, "serve", "QA_READER=small")
    assert _told(project) == ["serve"]  # nothing is installed twice
    _make(project, "check")
    assert _locks(_told(project)) == ["dev.lock"]


@pytest.mark.parametrize("reached", [True, False])
def test_torch_without_cuda_alone_is_asked_for_at_its_own_index(
    project: Path, reached: bool
) -> None:
    lock = project / "requirements" / "torch-cpu.lock"
    lock.write_text("sympy==1 \\\n    --hash=sha256:a\ntorch==2+cpu \\\n    --hash=sha256:b\n")
    text = (project / "python").read_text()
    case = (
        'case "$*" in *torch-cpu.lock) [ -e .venv/torch ] || exit 1;; '
        f"*torch-alone.lock) {'touch .venv/torch' if reached else 'exit 1'};; esac\n"
    )
    (project / "python").write_text(text.replace("exit 0\n", f"{case}exit 0\n"))
    ended = _make(project, "serve")
    assert ended.returncode == 0
    alone = (project / ".venv" / "torch-alone.lock").read_text()
    assert alone == "torch==2+cpu \\\n    --hash=sha256:b\n"
    told = [line for line in _told(project) if "--require-hashes" in line]
    indices = [line.rpartition("-r ")[2] for line in told if "--extra-index-url" in line]
    assert indices == [".venv/torch-alone.lock"]
    assert told[2].endswith("torch-cpu.lock" if reached else "requirements/torch.lock")
    assert ("several GB" in ended.stderr) is not reached
    # Without the CPU build, nothing is said of how much there will be.
    assert (project / ".venv" / "torch-of-pypi").exists() is not reached


def test_torch_of_pypi_is_installed_where_it_is_asked_for(project: Path) -> None:
    _make(project, "serve", "TORCH=torch")
    assert _locks(_told(project)) == ["torch.lock", "serve.lock"]


def test_changed_lock_of_serving_makes_the_environment_anew(project: Path) -> None:
    _make(project, "serve")
    _told(project)
    (project / "requirements" / "serve.lock").write_text("httpx2==2.16.1\n")
    assert _make(project, "serve").returncode == 0
    told = _told(project)
    assert told[0] == "-m venv --clear .venv"
    assert _locks(told) == ["torch-cpu.lock", "serve.lock"]


@pytest.mark.parametrize(
    ("given", "fetched"),
    [
        ([], True),
        (["QA_READER=cascade"], True),
        (["QA_READER=large"], True),
        (["QA_READER=small"], False),
        (["QA_READER_BASE=models/mine"], False),
        (["QA_MODELS_DIR=models"], False),
    ],
)
def test_base_encoder_is_fetched_once_where_the_reader_reads_with_it(
    project: Path, given: list[str], fetched: bool
) -> None:
    base = project / "models" / "all-mpnet-base-v2" / "model.safetensors"
    base.parent.mkdir(parents=True)
    base.touch()
    ran = _make(project, "--dry-run", "serve", *given)
    assert ("article-qa fetch-base" in ran.stdout) is fetched


def test_it_is_served_without_the_base_encoder_that_cannot_be_had(project: Path) -> None:
    text = (project / "python").read_text().replace("exit 0", '[ "$1" != fetch-base ]')
    (project / "python").write_text(text)
    ended = _make(project, "serve")
    assert ended.returncode == 0
    assert "the small reader serves alone" in ended.stderr
    assert _told(project)[-2:] == ["fetch-base", "serve"]


def test_host_and_port_are_passed_on_only_where_they_are_given(project: Path) -> None:
    def command(*given: str) -> str:
        return _make(project, "--dry-run", "serve", *given).stdout.splitlines()[-1].strip()

    assert command() == "exec .venv/bin/article-qa serve"
    assert command("PORT=9000").split() == [
        *("QA_PORT=9000", "exec", ".venv/bin/article-qa", "serve")
    ]


def test_service_is_the_child_of_make_which_hands_on_what_ends_it(project: Path) -> None:
    _make(project, "base")
    program = project / ".venv" / "bin" / "article-qa"
    program.write_text(f"#!/bin/sh\necho $PPID > {project}/parent\n")
    command = ["make", "PYTHON=./python", "PORT=9000", "QA_READER=small", "serve"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL) as make:
        assert make.wait(60) == 0
    assert int((project / "parent").read_text()) == make.pid

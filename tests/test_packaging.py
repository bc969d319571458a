"""The wheel and the sdist hold everything that the program reads."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = ("api", "corpus", "index", "scripts")


def _files(folder: Path) -> set[str]:
    """The files of the packages below a folder, by relative path."""
    return {
        path.relative_to(folder).as_posix()
        for package in PACKAGES
        for path in (folder / package).rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with links to the sources, in which the wheel has been built."""
    build_meta = pytest.importorskip("setuptools.build_meta")
    project = tmp_path / "project"
    for package in PACKAGES:
        shutil.copytree(
            REPOSITORY / package,
            project / package,
            copy_function=os.symlink,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    for name in ("LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, project)
    monkeypatch.chdir(project)
    # Not compressed: that would take most of the time.
    build_meta.build_wheel("dist", {"--build-option": ["--compression=stored"]})
    return project


def test_wheel_and_sdist_hold_every_file_of_the_packages(built: Path) -> None:
    (wheel,) = (built / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        files = {name for name in archive.namelist() if ".dist-info/" not in name}
        (entries,) = (name for name in archive.namelist() if name.endswith("/entry_points.txt"))
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        commands = archive.read(entries).decode()
        needed = [
            line
            for line in archive.read(metadata).decode().splitlines()
            if line.startswith("Requires-Dist: ") and "extra ==" not in line
        ]
    assert files == _files(REPOSITORY)
    assert "article-qa = scripts.console:app" in commands
    for package in ("matplotlib", "ir-measures", "pytest"):  # of extras
        assert not any(package in line for line in needed)
    # What the sdist is made of; see setuptools' `egg_info`.
    listed = (built / "article_qa.egg-info" / "SOURCES.txt").read_text().splitlines()
    assert _files(REPOSITORY) | {"LICENSE", "README.md", "pyproject.toml"} <= set(listed)


def test_versions_that_the_documentation_names_are_those_of_the_lock() -> None:
    page = (REPOSITORY / "docs" / "other-programs.md").read_text(encoding="utf-8")
    lock = (REPOSITORY / "requirements" / "dev.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w-]+)==(\S+)", lock, re.MULTILINE))
    (named,) = re.findall(r"in these versions: ([^:]+)\.\n", page)
    versions = dict(one.split() for one in named.split(","))
    assert versions.keys() == {
        *("openai", "langchain-core", "llama-index-core", "haystack-ai", "mcp")
    }
    assert versions == {name: pinned[name] for name in versions}

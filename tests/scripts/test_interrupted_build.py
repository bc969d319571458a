"""Ctrl-C while the command that builds an index runs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from index.generations.generation import GENERATIONS, current_version
from tests.conftest import ARTICLES, REPOSITORY, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.building.builder import BuildSummary

WAIT = 240  # seconds: only a bound, so that a broken test ends


def test_interrupted_build_leaves_the_old_generation_and_what_it_embedded(
    corpus_dir: Path, index_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    version = build().index_version
    added = [{"text": f"Number {at} rained on Dublin."} for at in range(3)]
    write_articles(corpus_dir, [*ARTICLES, *added])
    command = [
        *(sys.executable, "-m", "tests.scripts.held_build", "1", "--progress", "json"),
        *("--corpus", str(corpus_dir), "--index", str(index_dir)),
    ]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as interrupted:
        assert interrupted.stdout is not None
        for line in interrupted.stdout:
            progress = json.loads(line)["progress"]
            if (progress["stage"], progress["done"]) == ("embedding", len(ARTICLES) + 1):
                interrupted.send_signal(signal.SIGINT)
        assert interrupted.stderr is not None
        assert interrupted.stderr.read() == "interrupted\n"
        assert interrupted.wait(WAIT) == 130
    assert current_version(index_dir) == version
    assert [path.name for path in (index_dir / GENERATIONS).iterdir()] == [version]
    assert build().build.chunks_embedded == len(added) - 1

"""Builds and servers in processes without the permissions that they need.

`python -m tests.index.building.denied` prints as JSON what each of them says. Where it is run by
root, whom nothing is denied, the processes give that up first.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.errors import ArticleQAError
from index.generations.generation import CURRENT_FILE, current_folder, open_current
from tests.index.building.ended_builds import HashEncoder, in_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NOBODY = 65_534


def build(corpus: Path, index: Path) -> dict[str, object]:
    summary = build_index(corpus, index, HashEncoder(), ChunkingParameters(20, 5))
    return {
        "skipped": [[item.where, item.reason] for item in summary.skipped],
        "removed": summary.build.removed.ids,
        "lost": summary.build.lost.ids,
    }


def serve(index: Path) -> dict[str, object]:
    open_current(index, HashEncoder()).close()
    return {}


@contextmanager
def denied(path: Path, mode: int) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


def said_by(out: Path, run: Callable[[], dict[str, object]]) -> object:
    """What a process without privileges returns, or the message of its error."""

    def unprivileged() -> None:
        with out.open("w") as file:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(_NOBODY)
                os.setuid(_NOBODY)
            try:
                json.dump(run(), file)
            except ArticleQAError as error:
                json.dump(str(error), file)

    if in_child(unprivileged) != 0:
        raise ValueError(f"a process failed otherwise; it had written: {out.read_text()}")
    return json.loads(out.read_text())


def deny(folder: Path) -> dict[str, object]:
    """Deny one thing after another."""
    corpus, index, out = folder / "corpus", folder / "index", folder / "out"
    (corpus / "sub").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "sub/c.txt", "sub/d.txt"):
        (corpus / name).write_text(f"Something about {name[-5]}.")
    build(corpus, index)
    vectors = current_folder(index) / "vectors.faiss"
    if os.geteuid() == 0:
        folder.chmod(0o755)
        for path in (corpus, index, *corpus.rglob("*"), *index.rglob("*")):
            os.chown(path, _NOBODY, _NOBODY)
    said: dict[str, object] = {}
    for name, path in (
        ("file", vectors),
        ("generation", vectors.parent),
        ("current", index / CURRENT_FILE),
    ):
        with denied(path, 0):
            said[name] = said_by(out, lambda: serve(index))
    with denied(corpus, 0):
        said["corpus"] = said_by(out, lambda: build(corpus, index))
    for name in ("generations", "build.lock"):
        with denied(index / name, 0o555):
            said[name] = said_by(out, lambda: build(corpus, index))
    said["old"] = said_by(out, lambda: serve(index))
    (corpus / "a.txt").unlink()
    with denied(corpus / "sub", 0), denied(corpus / "b.txt", 0):
        (corpus / "new.txt").write_text("Something new.")
        said["parts"] = said_by(out, lambda: build(corpus, index))
    said["mended"] = said_by(out, lambda: build(corpus, index))
    return said


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        sys.stdout.write(json.dumps(deny(Path(made).resolve())))

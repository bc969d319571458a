"""Builds in processes of their own that are ended, or denied room, at all moments.

`python -m tests.index.building.ended_builds kill FOLDER MOMENTS` and `... fill FOLDER` print JSON.
A process without threads forks each build, so that none has to import everything again.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import random
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.errors import BuildError
from index.generations.generation import current_version, open_current

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

ARTICLES = 20
SWITCH_STEPS = 12  # the first rename, the switch, and the first removals of what is old
STEPS = {"open", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}  # as Python audits them


class HashEncoder:
    """Makes a vector of the hash of a text."""

    model = "hash"
    dimension = 64
    fingerprint = "hash"

    def encode_chunks(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, question: str) -> npt.NDArray[np.float32]:
        digest = hashlib.shake_128(question.encode()).digest(self.dimension)
        row = np.frombuffer(digest, dtype=np.uint8).astype(np.float32) - 127.5
        unit: npt.NDArray[np.float32] = row / np.linalg.norm(row)
        return unit


def write_edition(corpus: Path, edition: int) -> dict[str, str]:
    """Write a corpus of which every file differs between editions; its texts by id."""
    texts = {
        f"{number:03}.txt": f"Fact {number} of edition {edition}. " * 5
        for number in range(edition % 7, ARTICLES)
    }
    corpus.mkdir(exist_ok=True)
    for path in corpus.iterdir():
        path.unlink()
    for name, text in texts.items():
        (corpus / name).write_text(text)
    return texts


def build(corpus: Path, index: Path, shards: int = 1) -> None:
    options = BuildOptions(shards=shards)
    build_index(corpus, index, HashEncoder(), ChunkingParameters(20, 5), options)


def in_child(run: Callable[[], None], seconds: float | None = None) -> int:
    """Run something in a forked process; the exit status, negative where it was killed."""
    child = os.fork()
    if child == 0:
        try:
            run()
        except BaseException:  # noqa: BLE001 - whatever it is, the process must end here
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_at(step: int) -> None:
    """Kill this process before its n-th step with files, from the first renaming of one on.

    That is where a build puts the finished generation in its place.
    """
    steps_left: int | None = None

    def watch(event: str, _: object) -> None:
        nonlocal steps_left
        if event == "os.rename" and steps_left is None:
            steps_left = step
        if steps_left is not None and event in STEPS:
            if steps_left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            steps_left -= 1

    sys.addaudithook(watch)


def check_whole(index: Path, texts: dict[str, str]) -> None:
    """Make sure that the current generation holds exactly these texts."""
    opened = open_current(index, HashEncoder())
    count = opened.articles.chunk_count
    chunks = opened.articles.chunks(range(count))
    found = {chunk.article_id for chunk, _ in chunks.values()}
    expected = np.stack(
        [HashEncoder().encode_question(chunks[at][0].indexed_text) for at in range(count)]
    )
    if found != texts.keys() or not np.array_equal(opened.vectors.vectors(), expected):
        raise ValueError(f"{index}: not the expected articles or vectors")
    for name, text in texts.items():
        if opened.articles.article(name).text != text:
            raise ValueError(f"{index}: {name} has another text")
        if not opened.lexical.search(text, 1):
            raise ValueError(f"{index}: {name} is not found by its words")


def kill_builds(folder: Path, moments: int) -> dict[str, int]:
    """Kill rebuilds, and let the next one end after each.

    Some are killed at random moments. Then one is killed at each of the steps with files that put
    the new generation in its place, which are too short to be met by chance. Builds with and
    without shards take turns.
    """
    corpus, index = folder / "corpus", folder / "index"
    draw = random.Random(1)
    editions = itertools.count(1)
    counts = itertools.cycle((1, 3, 1, 4))
    switched = failures = 0

    def whole_build(texts: dict[str, str], shards: int = 1) -> float:
        nonlocal failures
        started = time.monotonic()
        failures += in_child(lambda: build(corpus, index, shards)) != 0
        taken = time.monotonic() - started
        failures += in_child(lambda: check_whole(index, texts)) != 0
        return taken

    served = write_edition(corpus, 0)
    taken = whole_build(served)

    def is_killed(step: int | None) -> bool:
        """Kill a build at a step, or at a random moment; False where it ended before."""
        nonlocal served, taken, switched, failures
        shards = next(counts)

        def run() -> None:
            if step is not None:
                die_at(step)
            build(corpus, index, shards)

        before = current_version(index)
        texts = write_edition(corpus, next(editions))
        status = in_child(run, draw.uniform(0, taken) if step is None else None)
        failures += status > 0
        if current_version(index) != before:
            served = texts
            switched += status < 0
        if status < 0:
            failures += in_child(lambda: check_whole(index, served)) != 0
            served = texts
            taken = whole_build(served, shards)
        return status < 0

    by_chance = sum(is_killed(None) for _ in range(moments))
    steps = sum(is_killed(step) for step in range(SWITCH_STEPS))
    return {"by_chance": by_chance, "steps": steps, "switched": switched, "failures": failures}


def fill_disk(folder: Path) -> dict[str, list[str]]:
    """Let builds run out of room at more and more bytes a file; what each of them says."""
    corpus, index = folder / "corpus", folder / "index"
    served = write_edition(corpus, 0)
    if in_child(lambda: build(corpus, index)) != 0:
        raise ValueError("the first build failed")
    said: list[str] = []
    limit = 2048
    while not said or said[-1]:
        write_edition(corpus, 1)
        out = folder / "said"
        out.write_text("")

        def limited(limit: int = limit, out: Path = out) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            with out.open("w") as file:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                try:
                    build(corpus, index)
                except BuildError as error:
                    file.write(str(error))

        if in_child(limited) != 0:
            raise ValueError(f"a build with {limit} bytes a file failed otherwise")
        said.append(out.read_text())
        if said[-1] and in_child(lambda: check_whole(index, served)) != 0:
            raise ValueError(f"after a build with {limit} bytes a file the old index is not whole")
        limit *= 2
    return {"said": said}


if __name__ == "__main__":
    command, work = sys.argv[1], Path(sys.argv[2])
    result = kill_builds(work, int(sys.argv[3])) if command == "kill" else fill_disk(work)
    sys.stdout.write(json.dumps(result))

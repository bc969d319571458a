"""The command that says what is in an index."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer
from typer.testing import CliRunner

import scripts.index_info as command
from api.service.evaluating.history import EvaluationHistory
from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import current_folder
from tests.conftest import ARTICLES, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from index.building.builder import BuildSummary
    from tests.conftest import FakeEncoder

APP = typer.Typer()
APP.command()(command.main)


def _run(index: Path, *options: str) -> Result:
    return CliRunner().invoke(APP, ["--index", str(index), *options])


def test_index_info_tells_lost_articles_from_removed_ones(
    build: Callable[[], BuildSummary], corpus_dir: Path, index_dir: Path
) -> None:
    build()
    write_articles(corpus_dir, ARTICLES[:2])
    build()
    assert "lost  " not in _run(index_dir).stdout
    write_articles(corpus_dir, [{"id": "meta", "text": 7}, ARTICLES[1]])
    build()
    assert "lost         1: meta (skipped below)" in _run(index_dir).stdout


def test_index_info_says_what_the_last_build_did(
    build: Callable[[], BuildSummary], corpus_dir: Path, index_dir: Path
) -> None:
    first = build().index_version
    write_articles(corpus_dir, [*ARTICLES[:2], {"id": "new", "text": "Snow fell."}])
    (corpus_dir / "page.wpd").write_bytes(b"PK")
    second = build().index_version
    known = json.loads(_run(index_dir, "--json").stdout)
    assert (known["articles"], known["build"]["since"]) == (3, first)
    assert known["build"]["added"] == {"count": 1, "ids": ["new"]}
    assert known["build"]["removed"] == {"count": 1, "ids": ["rain"]}
    assert known["skipped"][0]["where"] == "page.wpd"
    assert [(one["index_version"], one["current"]) for one in known["generations"]] == [
        (second, True),
        (first, False),
    ]
    folder = current_folder(index_dir)
    sizes = {
        str(path.relative_to(folder)): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert known["bytes"] == sum(sizes.values()) - sizes["manifest.json"]
    shown = _run(index_dir).stdout
    for part in (second, "3 articles in 3 chunks", "1: new", "1: rain", "page.wpd: no reader"):
        assert part in shown
    assert f"also kept    {first}" in shown


def test_index_info_counts_the_chunks_of_each_shard(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    options = BuildOptions(shards=2)
    build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), options)
    shown = _run(index_dir).stdout
    assert "shards       2; chunks in each that has some: " in shown


def test_index_info_without_an_index_says_what_to_run(tmp_path: Path) -> None:
    result = _run(tmp_path / "none")
    assert result.exit_code == 1
    assert "article-qa build" in result.stderr


def test_index_info_shortens_long_lists(
    build: Callable[[], BuildSummary], corpus_dir: Path, index_dir: Path
) -> None:
    write_articles(
        corpus_dir,
        [{"id": f"fact-{number:03}", "text": f"Fact {number}."} for number in range(120)],
    )
    for number in range(30):
        (corpus_dir / f"{number}.pdf").touch()
    build()
    shown = _run(index_dir).stdout
    assert "120: fact-000, " in shown
    assert "fact-005" not in shown
    assert "... and more" in shown
    assert shown.count(".pdf: ") == 20
    known = json.loads(_run(index_dir, "--json").stdout)
    assert (known["build"]["added"]["count"], len(known["build"]["added"]["ids"])) == (120, 100)
    assert len(known["skipped"]) == 30


def test_index_info_lists_the_evaluations_of_the_service(
    build: Callable[[], BuildSummary], index_dir: Path
) -> None:
    version = build().index_version
    for number in range(6):
        EvaluationHistory(index_dir).add(
            {
                "id": f"e{number}",
                "created_at": f"2026-01-0{number + 1}T10:20:30+00:00",
                "index_version": version,
                "questions": 4,
                "of": 8,
                "measures": {"exact_match": {"value": 0.5}, "ece": {"value": None}},
            }
        )
    lines = [line for line in _run(index_dir).stdout.splitlines() if "evaluated" in line]
    assert len(lines) == 5
    assert lines[-1] == (
        f"evaluated    2026-01-06 10:20 UTC, {version}, 4 of 8 questions: exact words 0.50"
    )
    described = json.loads(_run(index_dir, "--json").stdout)
    assert [record["id"] for record in described["evaluations"]] == [f"e{n}" for n in range(6)]

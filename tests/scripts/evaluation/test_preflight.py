"""A new generation goes live only when it passes."""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

import scripts.build_index as command
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.filter_fields import FiltersIn
from index.generations.generation import GENERATIONS, Generation, current_version
from index.loading.gold import GoldMark, GoldQuestion, load_gold_set
from index.loading.local_gold import local_id, put_marked
from scripts.evaluation.results import Outcome, load_result
from tests.conftest import ARTICLES, FakeEncoder, write_articles
from tests.scripts.evaluation.making import make_question, make_result, write_gold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from api.service.models import Models

APP = typer.Typer()
APP.command()(command.main)


@pytest.fixture
def rebuild(
    corpus_dir: Path,
    index_dir: Path,
    tmp_path: Path,
    models: Models,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Result]:
    """Build with a preflight."""
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(command, "SentenceTransformerEncoder", lambda *_, **__: encoder)
    monkeypatch.setattr(command, "load_models", lambda settings, loaded: models)
    # Drawing takes most of the time of a refusal's report.
    monkeypatch.setattr("scripts.evaluation.report.page._figures", lambda result: [])
    gold = write_gold(tmp_path / "questions.jsonl")

    def run(*options: str) -> Result:
        folders = ["--corpus", str(corpus_dir), "--index", str(index_dir), "--gold", str(gold)]
        return CliRunner().invoke(APP, [*folders, *options])

    return run


def _last(result: Result) -> dict[str, Any]:
    last: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return last


def _without_microsoft(corpus_dir: Path) -> None:
    write_articles(corpus_dir, [ARTICLES[0], ARTICLES[2]])


def test_first_build_has_nothing_to_be_compared_with(
    rebuild: Callable[..., Result], index_dir: Path
) -> None:
    result = rebuild()
    assert result.exit_code == 0, result.output
    summary = _last(result)
    assert summary["index_version"] == current_version(index_dir)
    assert summary["preflight"] == {"passed": True, "questions": 4, "checks": [], "changes": []}


@pytest.mark.parametrize("manifest", ["{", '{"format_version": 1}'])
def test_index_that_only_a_rebuild_can_mend_is_not_compared_with(
    rebuild: Callable[..., Result], index_dir: Path, manifest: str
) -> None:
    old = _last(rebuild())["index_version"]
    (index_dir / GENERATIONS / old / "manifest.json").write_text(manifest, encoding="utf-8")
    result = rebuild()
    assert result.exit_code == 0, result.output
    assert _last(result)["index_version"] == current_version(index_dir) != old


def test_preflight_may_come_from_the_environment(
    rebuild: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, index_dir: Path
) -> None:
    monkeypatch.setenv("QA_PREFLIGHT_FAIL_UNDER", "em=1.1")
    result = rebuild()
    assert result.exit_code == 1
    assert "exact_match" in result.output
    assert current_version(index_dir) is None


def test_preflight_asks_what_was_marked_and_reviewed_beside_the_articles(
    rebuild: Callable[..., Result], corpus_dir: Path
) -> None:
    (first, *_) = load_gold_set(corpus_dir.parent / "questions.jsonl").questions
    for question, reviewed in ((first.question, True), ("Who?", True), ("When?", False)):
        marked = GoldQuestion(
            id=local_id(question, FiltersIn()) if reviewed else "open",
            question=question,
            answers=(),
            mark=GoldMark(by=None, at=dt.datetime(2025, 5, 2, tzinfo=dt.UTC), reviewed=reviewed),
        )
        put_marked(corpus_dir, marked)
    assert _last(rebuild())["preflight"]["questions"] == 4 + 1


def test_build_that_does_as_well_goes_live(
    rebuild: Callable[..., Result], index_dir: Path, corpus_dir: Path
) -> None:
    old = _last(rebuild())["index_version"]
    write_articles(corpus_dir, [*ARTICLES, {"id": "new", "text": "Something else happened."}])
    result = rebuild()
    assert result.exit_code == 0, result.output
    summary = _last(result)
    assert old != summary["index_version"] == current_version(index_dir)
    assert summary["preflight"]["passed"]
    assert len(summary["preflight"]["checks"]) >= 6


def test_build_that_does_worse_is_kept_aside_and_says_which_answers_changed(
    rebuild: Callable[..., Result], index_dir: Path, corpus_dir: Path, encoder: FakeEncoder
) -> None:
    old = _last(rebuild())["index_version"]
    _without_microsoft(corpus_dir)
    result = rebuild()
    assert result.exit_code == 1
    assert current_version(index_dir) == old
    assert [path.name for path in (index_dir / GENERATIONS).iterdir()] == [old]
    report = _last(result)["preflight"]
    assert not report["passed"]
    (change,) = report["changes"]
    assert (change["id"], change["verdict"]) == ("g2", "worse")
    assert change["new_outcome"] == "retrieval_missed"
    last = result.stderr.splitlines()[-1]
    assert last.startswith("error: index 2")
    assert "does not go live: exact_match lost 0.2500, more than the tolerance of 0.02" in last
    (kept,) = (path for path in (index_dir / "refused").iterdir() if path.is_dir())
    assert report["kept_in"] == str(kept)
    assert Generation(kept, encoder).version == kept.name
    assert load_result(kept.with_name(f"{kept.name}.json")).outcomes[Outcome.RETRIEVAL_MISSED] == 1
    page = kept.with_name(f"{kept.name}.html").read_text(encoding="utf-8")
    assert f"Compared with <code>{old}</code>" in page


def test_only_the_newest_refused_generation_is_kept(
    rebuild: Callable[..., Result], index_dir: Path, corpus_dir: Path
) -> None:
    rebuild()
    _without_microsoft(corpus_dir)
    first = _last(rebuild())["preflight"]
    write_articles(corpus_dir, ARTICLES[:1])
    second = _last(rebuild())["preflight"]
    names = sorted(path.name for path in (index_dir / "refused").iterdir())
    assert first["kept_in"] != second["kept_in"]
    kept = second["kept_in"].rsplit("/", 1)[1]
    assert names == [kept, f"{kept}.html", f"{kept}.json"]


def test_build_may_be_held_to_limits_and_to_an_older_result(
    rebuild: Callable[..., Result], index_dir: Path, tmp_path: Path, corpus_dir: Path
) -> None:
    _without_microsoft(corpus_dir)
    limited = rebuild("--fail-under", "em=0.9")
    assert limited.exit_code == 1
    assert "does not go live: exact_match 0.1500 below" in limited.stderr
    assert current_version(index_dir) is None
    old = tmp_path / "old.json"
    make_result([make_question("other")]).write(old)
    unlike = rebuild("--no-worse-than", str(old))
    assert unlike.exit_code == 1
    assert "asks none of its questions in the same way" in unlike.stderr
    assert current_version(index_dir) is None
    assert not list((index_dir / GENERATIONS).iterdir())


def test_preflight_that_cannot_be_made_stops_before_the_build(
    rebuild: Callable[..., Result], index_dir: Path
) -> None:
    for options, message in (
        (["--no-worse-than", "none.json"], "none.json: No such file"),
        (["--gold", "none.jsonl"], "none.jsonl"),
        (["--fail-under", "em"], "limit 'em': expected"),
    ):
        result = rebuild(*options)
        assert (result.exit_code, result.stdout) == (1, "")
        assert message in result.stderr
    assert not index_dir.exists()


def test_preflight_needs_the_encoder_of_the_current_generation(
    rebuild: Callable[..., Result], index_dir: Path, corpus_dir: Path
) -> None:
    build_index(corpus_dir, index_dir, FakeEncoder(name="older"), ChunkingParameters())
    version = current_version(index_dir)
    result = rebuild()
    assert result.exit_code == 1
    assert "the current index cannot be asked with these models" in result.stderr
    assert current_version(index_dir) == version


def test_preflight_shows_progress_as_json_lines(rebuild: Callable[..., Result]) -> None:
    lines = [json.loads(line) for line in rebuild("--progress", "json").stdout.splitlines()]
    asked = [line["progress"] for line in lines[:-1] if "questions" in line["progress"]]
    assert asked[-1] == {"questions_done": 4, "questions": 4}

"""The commands on marked answers, of the index here and of a service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from api.client import Client
from index.loading.local_gold import read_local_gold, reviewed_gold
from scripts import gold
from scripts.terminal import marks
from tests.conftest import META

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi.testclient import TestClient
    from typer.testing import Result

    from index.building.builder import BuildSummary

QUESTION = "How much at Meta?"
AMOUNT = "$64 billion"


@pytest.fixture
def run(
    index_dir: Path, build: Callable[[], BuildSummary], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    for name in ("QA_INDEX_DIR", "QA_URL", "QA_API_KEY", "QA_CORPUS_DIR"):
        monkeypatch.delenv(name, raising=False)
    build()

    def invoke(name: str, *arguments: str) -> Result:
        return CliRunner().invoke(gold.app, [name, *arguments, "--index", str(index_dir)])

    return invoke


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_words_are_marked_listed_and_removed(run: Callable[..., Result], corpus_dir: Path) -> None:
    marked = _json(
        run("mark", QUESTION, "--article", "meta", "--words", AMOUNT, "--words", "2025", "--json")
    )
    (question,) = reviewed_gold(corpus_dir)
    assert (question.id, question.answers) == (marked["id"], (AMOUNT, "2025"))
    listed = run("marks").stdout.splitlines()
    assert listed[0].startswith(f"{marked['id']}  reviewed  {QUESTION}  “{AMOUNT}”, “2025” in meta")
    assert listed[1] == "1 marked, 0 to review"
    assert _json(run("marks", "--open", "--json")) == {"questions": []}
    assert _json(run("review", marked["id"], "--remove", "--json")) == {"removed": [marked["id"]]}
    assert read_local_gold(corpus_dir) == []
    gone = run("review", marked["id"])
    assert (gone.exit_code, "there is none of this id" in gone.stderr) == (1, True)


def test_question_that_no_article_answers_is_marked_so(
    run: Callable[..., Result], corpus_dir: Path
) -> None:
    assert "no article says it" in run("mark", QUESTION, "--none").stdout
    assert [question.answers for question in reviewed_gold(corpus_dir)] == [()]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--article with --words, or --none"),
        (["--none", "--words", "x"], "--article with --words, or --none"),
        (["--article", "meta"], "--article with --words, or --none"),
        (["--article", "meta", "--words", "$9"], "they do not stand in 'meta'"),
        (["--article", "meta", "--words", "billion"], "such as"),
        (["--article", "meta", "--words", "a", "--words", "b", "--start", "1"], "one --words"),
    ],
)
def test_marks_that_say_nothing_certain_are_refused(
    run: Callable[..., Result], corpus_dir: Path, arguments: list[str], said: str
) -> None:
    result = run("mark", QUESTION, *arguments)
    assert (result.exit_code, " ".join(said.split()) in " ".join(result.stderr.split())) == (
        2,
        True,
    )
    assert read_local_gold(corpus_dir) == []


def test_marks_of_a_service_are_reached_by_its_address(
    client: TestClient, corpus_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Client("http://testserver", transport=client._transport)
    monkeypatch.setattr(marks, "Client", lambda *_, **__: opened)
    at = META.index("billion", 40)
    words = ["--article", "meta", "--words", "billion", "--start", str(at)]
    options = ["--url", "http://testserver", "--index", str(tmp_path / "none"), "--json"]
    marked = _json(CliRunner().invoke(gold.app, ["mark", QUESTION, *words, *options]))
    assert marked["answers"] == ["billion"]
    reviewed = _json(CliRunner().invoke(gold.app, ["review", marked["id"], *options]))
    assert reviewed == {"reviewed": [marked["id"]]}
    assert len(reviewed_gold(corpus_dir)) == 1

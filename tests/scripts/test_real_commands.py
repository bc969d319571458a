"""The commands as a user runs them: processes of their own, with the real models."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from index.loading.articles import load_articles
from index.records import Article
from tests.api.shapes import check_ask
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "How much is Meta spending?"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=REPOSITORY,
        env=known,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.model
def test_commands_build_an_index_and_answer_from_it(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", str(tmp_path / "index")
    corpus.mkdir()
    for name in ("cloud-budgets-2025.md", "chips-tsmc-raises-outlook.md"):
        shutil.copy(REPOSITORY / "corpus" / "articles" / name, corpus)
    articles = [item for item in load_articles(corpus) if isinstance(item, Article)]

    built = _run("scripts.build_index", "--corpus", str(corpus), "--index", index)
    assert built.returncode == 0, built.stderr
    summary = json.loads(built.stdout.splitlines()[-1])
    assert (summary["articles"], summary["skipped"]) == (len(articles), [])

    asked = _run("scripts.ask", QUESTION, "--json", "--min-confidence", "0", "--index", index)
    assert asked.returncode == 0, asked.stderr
    body = check_ask(
        json.loads(asked.stdout), {article.info.id: article.text for article in articles}
    )
    assert (body["status"], body["question"]) == ("answered", QUESTION)
    assert body["index_version"] == summary["index_version"]
    assert "Meta" in body["citations"][0]["sentence"]

    other = _run("scripts.ask", QUESTION, "--json", "--index", str(tmp_path / "none"))
    assert (other.returncode, other.stdout) == (1, "")
    assert "article-qa build" in other.stderr

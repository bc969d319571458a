"""The first command of the README with the real models.

It is called in this process: `scripts.build_index` runs in one of its own, with the real models,
where the service rebuilds (`tests/api/service/test_real_rebuild.py`), and `scripts.evaluate` where
the sample questions are asked (`make gate`).
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.loading.articles import load_articles
from index.records import Article
from scripts.ask import app
from tests.api.shapes import check_ask
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.encoder import SentenceTransformerEncoder

QUESTION = "How much is Meta spending?"


@pytest.mark.model
def test_ask_answers_from_an_index(
    tmp_path: Path, real_encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for name in ("cloud-budgets-2025.md", "chips-tsmc-raises-outlook.md"):
        shutil.copy(REPOSITORY / "corpus" / "articles" / name, corpus)
    texts = {item.info.id: item.text for item in load_articles(corpus) if isinstance(item, Article)}
    summary = build_index(corpus, index, real_encoder, ChunkingParameters())
    assert (summary.articles, summary.skipped) == (len(texts), ())

    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    asked = CliRunner().invoke(
        app, [QUESTION, "--json", "--min-confidence", "0", "--index", str(index)]
    )
    assert asked.exit_code == 0, asked.output
    body = check_ask(json.loads(asked.stdout), texts)
    assert (body["status"], body["question"]) == ("answered", QUESTION)
    assert body["index_version"] == summary.index_version
    assert "Meta" in body["citations"][0]["sentence"]

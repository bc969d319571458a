"""The questions about figures, dates and names, and the second sample corpus, are sound."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from index.loading.articles import load_articles
from index.loading.gold import load_gold
from index.records import Article
from scripts.evaluation.lint.findings import Severity
from scripts.evaluation.lint.known_articles import from_corpus
from scripts.evaluation.lint.linting import lint
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.evaluation.lint.known_articles import KnownArticles

HERE = REPOSITORY / "tests" / "corpus"
FIELDS = HERE / "fields" / "articles"
CORPORA = {"figures": REPOSITORY / "corpus", "fields": FIELDS}
FILES = [HERE / corpus / f"gold-{part}.jsonl" for corpus in CORPORA for part in ("open", "shut")]

articles_of = cache(from_corpus)


def _name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def test_second_corpus_has_enough_articles_with_complete_front_matter() -> None:
    loaded = list(load_articles(FIELDS))
    assert len(loaded) >= 40
    for item in loaded:
        assert isinstance(item, Article)
        info = item.info
        assert None not in {info.title, info.url, info.source, info.author, info.published_at}


def test_there_are_enough_questions_about_figures() -> None:
    questions = [question for path in FILES for question in load_gold(path)]
    assert len(questions) >= 150
    assert len({question.id for question in questions}) == len(questions)
    assert all(question.kind is not None for question in questions)


@pytest.mark.parametrize("corpus", CORPORA)
def test_open_and_shut_questions_are_of_the_same_kinds(corpus: str) -> None:
    open_, shut = (
        Counter(question.kind for question in load_gold(HERE / corpus / f"gold-{part}.jsonl"))
        for part in ("open", "shut")
    )
    assert open_ == shut


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_questions_about_figures_are_clean(path: Path) -> None:
    articles: KnownArticles = articles_of(CORPORA[path.parent.name])
    _, findings = lint(path, articles, least_of_tag=1)
    # Ids only: the shut questions are not to be seen, in a failing test either.
    assert [finding.id for finding in findings if finding.severity is Severity.ERROR] == []

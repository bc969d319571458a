"""Articles with the same text are indexed once, with all that they state."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from index.generations.generation import Generation, open_current
from index.records import Filters
from index.retriever import Retriever
from index.stores.article_store import ArticleStore
from index.stores.article_writer import ArticleWriter
from tests.conftest import ARTICLES, FakeEncoder, write_articles
from tests.index.making import chunk, filterable_articles, filters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.building.builder import BuildSummary

    Build = Callable[[], BuildSummary]

COPY = {
    **ARTICLES[0],
    "id": "copy",
    "source": "Sample Post",
    "published_at": "2025-05-02",
    "tags": ["syndicated"],
}


@pytest.fixture
def generation(
    build: Build, corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> Iterator[Generation]:
    write_articles(corpus_dir, [*ARTICLES, COPY])
    build()
    opened = open_current(index_dir, encoder)
    yield opened
    opened.close()


def test_copy_is_kept_with_the_article_that_came_first(generation: Generation) -> None:
    manifest, store = generation.manifest, generation.articles
    assert (manifest.articles, manifest.copies, manifest.chunks) == (3, 1, 3)
    (copy,) = store.copies("meta")
    assert (copy.id, copy.source, copy.tags) == ("copy", "Sample Post", ("syndicated",))
    assert store.article("copy") == store.article("meta")
    assert store.own("copy").info == copy
    assert store.copies("rain") == store.copies("copy") == []
    infos, total = store.infos(Filters(), 0, 9)
    assert ([info.id for info in infos], total) == (["meta", "microsoft", "rain"], 3)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(sources=frozenset({"Sample Wire"})), ["meta"]),
        (Filters(sources=frozenset({"Sample Post"})), ["copy"]),
        (Filters(article_ids=frozenset({"copy"})), ["copy"]),
        (Filters(tags=frozenset({"syndicated"})), ["copy"]),
        (Filters(published_from=dt.date(2025, 5, 2)), ["copy"]),
        # Both pass: it is shown as the first.
        (Filters(sources=frozenset({"Sample Post", "Sample Wire"})), ["meta"]),
        # Nobody published it so: one copy has the source, another the day.
        (
            Filters(
                sources=frozenset({"Sample Wire"}),
                published_from=dt.date(2025, 5, 2),
            ),
            [],
        ),
        (Filters(sources=frozenset({"Sample Post"}), tags=frozenset({"capex"})), []),
    ],
)
def test_article_is_found_by_what_any_one_copy_states_and_shown_as_that_copy(
    generation: Generation, encoder: FakeEncoder, filters: Filters, found: list[str]
) -> None:
    passages = Retriever(generation, encoder).retrieve("Meta capital", 9, filters).passages
    assert [passage.article.id for passage in passages] == found
    assert [passage.chunk.article_id for passage in passages] == found
    infos, total = generation.articles.infos(filters, 0, 9)
    assert [info.id for info in infos] == found
    assert total == len(infos)


@pytest.fixture(scope="module")
def all_copies(tmp_path_factory: pytest.TempPathFactory) -> ArticleStore:
    path = tmp_path_factory.mktemp("copies") / "articles.sqlite"
    first, *others = filterable_articles()
    with ArticleWriter(path) as writer:
        writer.add(first, [chunk("Rain fell.")])
        assert all(writer.add_copy(other) for other in others)
    return ArticleStore(path)


@given(filters=filters)
@settings(suppress_health_check=list(HealthCheck))
def test_what_is_shown_under_filters_passes_them(
    all_copies: ArticleStore, filters: Filters
) -> None:
    """Every article here is a copy of the first, or the first of the copies."""
    infos, total = all_copies.infos(filters, 0, 9)
    passing = [item.info for item in filterable_articles() if filters.matches(item.info)]
    assert infos == passing[:1]
    assert total == len(infos)


def test_copy_takes_the_place_of_an_article_that_is_gone(
    build: Build, corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    (corpus_dir / "a.txt").write_text("Snow fell.")
    (corpus_dir / "b.txt").write_text("Snow fell.")
    assert build().copies == 1
    (corpus_dir / "a.txt").unlink()
    encoder.encoded.clear()
    summary = build()
    assert (summary.articles, summary.copies, summary.build.removed.ids) == (4, 0, ("a.txt",))
    assert encoder.encoded == []
    opened = open_current(index_dir, encoder)
    assert opened.articles.article("b.txt").text == "Snow fell."
    opened.close()

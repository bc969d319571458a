"""Documents, tables and feeds are read again only where they changed; copies and refusals."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from index import code_version
from index.building.builder import build_index, is_stale
from index.chunking.chunker import ChunkingParameters
from index.errors import ReadingEndedError
from index.formats.documents import DocumentReader
from index.formats.registry import read_entries
from index.generations.generation import (
    GENERATIONS,
    Generation,
    current_folder,
    current_version,
    open_current,
)
from index.loading import corpus_files, file_reading
from index.loading.articles import load_articles
from index.loading.corpus_folder import Skipped
from index.records import Article, FacetValue, Filters
from index.stores.article_store import ArticleStore
from index.stores.local import ARTICLES_FILE
from scripts.evaluation.errors import EvaluationError
from tests.conftest import ARTICLES, FILES, FakeEncoder, write_articles
from tests.index.building.test_incremental import CHUNKING, _assert_equal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from index.building.builder import BuildSummary
    from index.formats.raw_article import Entry
    from index.formats.registry import Format

    Build = Callable[[], BuildSummary]

TABLE = (
    "id,text,source\nsnow,Snow fell on the hills.,Sample Wire\n,Ice lay on the lake.,\nempty,,\n"
)
FEED = """<rss version="2.0"><channel><title>Sample Feed</title>
<item><guid>first</guid><description>The bridge opened in May.</description></item>
<item><title>Nothing</title></item></channel></rss>"""


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formats of the files that were read in one piece since."""
    seen: list[str] = []

    def count(file_format: Format, raw: bytes) -> Iterable[Entry]:
        seen.append(file_format.suffix)
        return read_entries(file_format, raw)

    monkeypatch.setattr(file_reading, "read_entries", count)
    return seen


@pytest.fixture
def mixed_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "mixed"
    folder.mkdir()
    shutil.copy(FILES / "orchard.pdf", folder / "orchard.pdf")
    shutil.copy(FILES / "locked.pdf", folder / "locked.pdf")
    (folder / "table.csv").write_text(TABLE)
    (folder / "news.rss").write_text(FEED)
    return folder


@pytest.mark.parametrize("trusting", [True, False])
def test_only_changed_documents_and_tables_are_read_again(
    mixed_dir: Path,
    tmp_path: Path,
    encoder: FakeEncoder,
    parsed: list[str],
    monkeypatch: pytest.MonkeyPatch,
    trusting: bool,
) -> None:
    if trusting:  # by time stamp; else by hash
        monkeypatch.setattr(corpus_files, "_TIME_STAMP_GRAIN_NS", -60 * 10**9)
    index_dir = tmp_path / "index"
    first = build_index(mixed_dir, index_dir, encoder, CHUNKING)
    assert sorted(parsed) == [".csv", ".pdf", ".pdf", ".rss"]
    assert [item.where for item in first.skipped] == ["locked.pdf", "news.rss:2", "table.csv:4"]
    parsed.clear()
    again = build_index(mixed_dir, index_dir, encoder, CHUNKING)
    assert (parsed, again.build.files_unchanged, again.skipped) == ([], 4, first.skipped)
    assert not is_stale(mixed_dir, index_dir, encoder, CHUNKING)

    (mixed_dir / "table.csv").write_text(TABLE.replace("hills", "fields"))
    third = build_index(mixed_dir, index_dir, encoder, CHUNKING)
    assert (parsed, third.build.changed.ids) == ([".csv"], ("snow",))
    assert (third.build.chunks_embedded, third.skipped) == (1, first.skipped)
    build_index(mixed_dir, tmp_path / "fresh", encoder, CHUNKING)
    _assert_equal(index_dir, tmp_path / "fresh", encoder)
    store = open_current(index_dir, encoder).articles
    assert len(store.article("orchard.pdf").info.pages) > 1


def _text_of(path: Path, folder: Path) -> str:
    folder.mkdir()
    shutil.copy(path, folder)
    (article,) = load_articles(folder)
    assert isinstance(article, Article)
    return article.text


@pytest.mark.parametrize(("name", "paged"), [("a.txt", False), ("z.txt", True)])
def test_text_in_a_document_and_in_a_text_file_is_indexed_once(
    tmp_path: Path, mixed_dir: Path, encoder: FakeEncoder, name: str, paged: bool
) -> None:
    text = _text_of(FILES / "orchard.pdf", tmp_path / "alone")
    (mixed_dir / name).write_bytes(text.encode())
    summary = build_index(mixed_dir, tmp_path / "index", encoder, CHUNKING)
    assert summary.copies == 1
    store = open_current(tmp_path / "index", encoder).articles
    first, second = (name, "orchard.pdf")[:: -1 if paged else 1]
    # What comes first is cited, with its own pages or none; each keeps its own.
    original, copy = store.article(first), store.own(second)
    assert bool(original.info.pages) == paged
    assert bool(copy.info.pages) != paged
    assert [info.id for info in store.copies(first)] == [second]
    assert store.article(second) == original
    assert original.text == copy.text == text

    (mixed_dir / first).unlink()
    rebuilt = build_index(mixed_dir, tmp_path / "index", encoder, CHUNKING)
    assert (rebuilt.copies, rebuilt.build.removed.ids) == (0, (first,))
    build_index(mixed_dir, tmp_path / "fresh", encoder, CHUNKING)
    _assert_equal(tmp_path / "index", tmp_path / "fresh", encoder)
    assert open_current(tmp_path / "index", encoder).articles.article(second) == copy


def test_pages_that_change_under_the_same_text_are_a_change(
    tmp_path: Path, mixed_dir: Path, encoder: FakeEncoder
) -> None:
    text = _text_of(FILES / "orchard.pdf", tmp_path / "alone")
    build_index(mixed_dir, tmp_path / "index", encoder, CHUNKING)
    (mixed_dir / "orchard.pdf").unlink()
    info = next(
        item.info for item in load_articles(tmp_path / "alone") if isinstance(item, Article)
    )
    stated = {"id": info.id, "title": info.title, "author": info.author}
    stated |= {"date": str(info.published_at)}
    (mixed_dir / "orchard.txt").write_text(text)
    (mixed_dir / "orchard.txt.meta.yml").write_text(json.dumps(stated))
    record = build_index(mixed_dir, tmp_path / "index", encoder, CHUNKING).build
    assert (record.changed.ids, record.chunks_embedded) == (("orchard.pdf",), 0)


def test_facets_count_copies_as_filters_find_them(
    build: Build, corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    copies = [{**ARTICLES[0], "id": "copy"}, {**ARTICLES[0], "id": "post", "source": "Sample Post"}]
    write_articles(corpus_dir, [*ARTICLES, *copies])
    build()
    store = open_current(index_dir, encoder).articles
    facets = store.facets(9)
    assert facets.sources == tuple(
        FacetValue(name, 1) for name in ("Sample Markets", "Sample Post", "Sample Wire")
    )
    assert facets.tags == (FacetValue("capex", 2), FacetValue("social", 1))
    for value in facets.sources:
        assert store.infos(Filters(sources=frozenset({value.value})), 0, 9)[1] == value.articles


def test_facets_are_counted_once_and_keep_no_question_waiting(
    build: Build, index_dir: Path
) -> None:
    build()
    store = ArticleStore(current_folder(index_dir) / ARTICLES_FILE)
    shutil.rmtree(index_dir)  # as a build does with a generation that is still being asked
    with ThreadPoolExecutor(1) as threads, store._lock:  # a question is looking something up
        facets = threads.submit(store.facets, 1).result(60)
    assert (len(facets.sources), len(facets.tags)) == (1, 1)
    store._second_connection.close()  # whoever counts again fails
    assert [len(store.facets(limit).sources) for limit in (9, 1, 1000)] == [2, 1, 2]
    assert store.facets(1) == facets


def test_refused_generation_leaves_the_old_one_and_a_cache_to_build_from(
    build: Build, corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    before = build().index_version
    write_articles(corpus_dir, [*ARTICLES, {"id": "new", "text": "Snow fell on the hills."}])
    encoder.encoded.clear()
    checked: list[tuple[int, str | None]] = []

    def refuse(folder: Path) -> None:
        whole = Generation(folder, encoder)
        checked.append((whole.articles.article_count, current_version(index_dir)))
        whole.close()
        if len(checked) == 2:  # what it moves away is its own
            folder.rename(index_dir / "aside")
        raise EvaluationError("it does worse")

    for _ in range(2):
        with pytest.raises(EvaluationError, match="it does worse"):
            build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), before_switch=refuse)
        assert current_version(index_dir) == before
        assert [path.name for path in (index_dir / GENERATIONS).iterdir()] == [before]
    assert checked == [(4, before), (4, before)]
    assert (index_dir / "aside" / "manifest.json").exists()
    assert len(encoder.encoded) == 1  # the second time it came from the cache
    record = build().build
    assert (record.since, record.added.ids, record.chunks_embedded) == (before, ("new",), 0)


def test_check_before_the_switch_comes_also_where_nothing_changed(
    build: Build, corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    build()
    checked: list[bool] = []

    def check(folder: Path) -> None:
        checked.append((folder / "manifest.json").exists())

    build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), before_switch=check)
    assert checked == [True]


def test_document_whose_reader_is_ended_is_named_and_read_next_time(
    mixed_dir: Path, tmp_path: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(file_format: Format, raw: bytes) -> Iterable[Entry]:
        if file_format.suffix == ".pdf":
            raise ReadingEndedError("its reader was ended (SIGKILL)")
        return read_entries(file_format, raw)

    index_dir = tmp_path / "index"
    with monkeypatch.context() as patch:
        patch.setattr(file_reading, "read_entries", end)
        skipped = build_index(mixed_dir, index_dir, encoder, CHUNKING).skipped
    assert Skipped("orchard.pdf", "its reader was ended (SIGKILL)") in skipped
    assert is_stale(mixed_dir, index_dir, encoder, CHUNKING)
    record = build_index(mixed_dir, index_dir, encoder, CHUNKING).build
    assert (record.added.ids, record.files_read) == (("orchard.pdf",), 2)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_reader_ended_from_outside_does_not_blame_the_file(number: signal.Signals) -> None:
    script = f"import os, sys; sys.stdin.readline(); os.kill(os.getpid(), {int(number)})"
    reader = DocumentReader([sys.executable, "-c", script])
    with pytest.raises(ReadingEndedError, match=number.name):
        reader.read(".pdf", "", b"x" * os.sysconf("SC_PAGESIZE"))


def test_library_of_a_format_is_part_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    here = code_version.code_fingerprint()
    version = code_version._version
    try:
        for changed in ("pypdfium2", "charset-normalizer", "justext"):
            code_version.code_fingerprint.cache_clear()
            monkeypatch.setattr(
                code_version,
                "_version",
                lambda library, changed=changed: "1" if library == changed else version(library),
            )
            assert code_version.code_fingerprint() != here
    finally:
        code_version.code_fingerprint.cache_clear()
    assert code_version._version("no-such-library") == "not installed"


def test_sidecar_that_changes_is_read_again_without_embedding_anew(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "snow.txt").write_text("Snow fell on the hills.")
    sidecar = corpus / "snow.txt.meta.yml"

    def build() -> tuple[int, int, str | None]:
        made = build_index(corpus, index, encoder, CHUNKING).build
        author = open_current(index, encoder).articles.own("snow.txt").info.author
        return made.files_read, made.chunks_embedded, author

    assert build() == (1, 1, None)
    sidecar.write_text("author: Ines")
    assert is_stale(corpus, index, encoder, CHUNKING)
    assert build() == (1, 0, "Ines")
    assert build() == (0, 0, "Ines")
    sidecar.write_text("author: Bo")
    assert build() == (1, 0, "Bo")
    sidecar.unlink()
    assert build() == (1, 0, None)


def test_what_was_left_out_is_in_summary_and_manifest_also_of_an_unchanged_corpus(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.md").write_text("---\nurl: [no]\n---\nSnow fell on the hills.")
    for _ in range(3):
        summary = build_index(corpus, tmp_path / "index", encoder, CHUNKING)
        assert summary.left_out.count == 1
        (item,) = summary.left_out.items
        assert item.where == "a.md"
        assert item.reason.startswith("front matter: field 'url': ")
        manifest = open_current(tmp_path / "index", encoder).manifest
        assert [record.reason for record in manifest.left_out.items] == [item.reason]


def test_text_with_and_without_marked_headings_is_cut_as_its_own_format_says(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = "Rain at last\n\nSnow fell on the hills, and nobody minded it."
    (corpus / "a.jsonl").write_text(json.dumps({"id": "a", "title": "Rain at last", "text": text}))
    (corpus / "b.txt").write_text(text)
    build_index(corpus, tmp_path / "index", encoder, CHUNKING)
    (corpus / "a.jsonl").unlink()
    build_index(corpus, tmp_path / "index", encoder, CHUNKING)
    build_index(corpus, tmp_path / "fresh", encoder, CHUNKING)
    stores = [open_current(tmp_path / name, encoder).articles for name in ("index", "fresh")]
    assert stores[0].chunks_of("b.txt") == stores[1].chunks_of("b.txt")

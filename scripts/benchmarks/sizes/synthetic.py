"""An index of any size: vectors made of real ones, and texts of real words.

Vectors are moved from a real one towards one of its ten nearest, by up to half of the way, and by
a step as long as `_STEP` in the direction from one random real vector to another: like differences
of real vectors, not like noise that is equal in all directions. A million made of 42,432 real ones
of SQuAD have their tenth nearest at a cosine of 0.76 (median). For the real ones that is 0.41 among
5,000 of them, then 0.47, 0.52 and 0.57 among 10,000, 20,000 and all, so about 0.78 if it goes on
like this. To SQuAD's questions the tenth nearest of the million has a cosine of 0.59; of the real
ones it has 0.50, which so continued is 0.68: real neighbours would be easier to find. Texts are
words of a real corpus, drawn as often as they occur in it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from index.chunking.chunker import ChunkingParameters
from index.code_version import code_fingerprint
from index.generations.generation import FILES_FILE
from index.loading.corpus_files import CorpusPlan
from index.manifest import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    BuildRecord,
    ChangeRecord,
    ChunkingRecord,
    LeftOutRecord,
    Manifest,
    VectorIndexRecord,
    describe_encoder,
    record_files,
)
from index.records import Article, ArticleInfo, Chunk, Filters, Span
from index.stores.article_writer import ArticleWriter
from index.stores.lexical import LexicalWriter
from index.stores.local import ARTICLES_FILE, LEXICAL_FOLDER
from index.stores.vector_tuning import exact_nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from index.embedding.encoder import Encoder
    from scripts.benchmarks.sizes.words import WordSource

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

_BLOCK: Final = 20_000
_NEIGHBOURS: Final = 10
_TOWARDS: Final = 0.5
_STEP: Final = 0.5
_SEED: Final = 6
_WORDS: Final = 60  # of a chunk
_CHUNKS: Final = 4  # of an article
_FIRST_DAY: Final = dt.date(2023, 1, 1)
_DAYS: Final = 1000
_DAYS_APART: Final = 617  # from one article to the next, so that few have days of all years
_TAGS: Final = 100
_LANGUAGE: Final = "en"
ONE_PERCENT: Final = Filters(tags=frozenset({"tag 3"}))
HALF: Final = Filters(published_from=_FIRST_DAY + dt.timedelta(days=_DAYS // 2))


def nearest_ones(real: Vectors) -> Ids:
    """Find the neighbours of each real vector, itself among them: ``(n, up to 11)`` row numbers."""
    return exact_nearest(real, real, min(_NEIGHBOURS + 1, len(real)))


def perturbed(real: Vectors, neighbours: Ids, size: int, path: Path, seed: int = _SEED) -> Vectors:
    """Make unit vectors of real ones, in a file that is mapped into memory.

    Args:
        real: ``(n, dimension)`` float32, unit rows, at least two of them.
        neighbours: What `nearest_ones` found.
        size: How many to make.
        path: The file.
        seed: Another one makes others.

    Returns:
        ``(size, dimension)`` float32, unit rows.
    """
    count, dimension = real.shape
    generator = np.random.default_rng(seed)
    with path.open("wb") as file:
        for start in range(0, size, _BLOCK):
            number = min(_BLOCK, size - start)
            one = generator.integers(0, count, number)
            other = neighbours[one, generator.integers(0, neighbours.shape[1], number)]
            part = _TOWARDS * generator.random((number, 1), dtype=np.float32)
            begin = generator.integers(0, count, number)
            end = (begin + generator.integers(1, count, number)) % count
            step = real[end] - real[begin]
            step *= _STEP / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-6)
            rows = real[one] * (1 - part) + real[other] * part + step
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            file.write(rows.astype(np.float32).tobytes())
    made: Vectors = np.memmap(path, dtype=np.float32, mode="r", shape=(size, dimension))
    return made


def write_articles(folder: Path, size: int, words: WordSource) -> int:
    """Write the article database of a generation that has no files; returns how many are in it.

    Args:
        folder: Of the generation.
        size: How many chunks; an article has four of 60 words each.
        words: Where the words come from.
    """
    count = 0
    with (
        tempfile.TemporaryDirectory() as nothing,
        CorpusPlan(folder / FILES_FILE, Path(nothing), previous=None),
        ArticleWriter(folder / ARTICLES_FILE) as writer,
    ):
        for article, chunks in _articles(size, words):
            writer.add(article, chunks)
            count += 1
    return count


def write_lexical(folder: Path, size: int, words: WordSource) -> None:
    """Write the BM25 index of the same articles; see `write_articles`."""
    with LexicalWriter(folder / LEXICAL_FOLDER, _LANGUAGE) as writer:
        chunk_id = 0
        for article, chunks in _articles(size, words):
            for chunk in chunks:
                writer.add(chunk_id, chunk, article.info)
                chunk_id += 1


def _articles(size: int, words: WordSource) -> Iterator[tuple[Article, list[Chunk]]]:
    texts = words.texts(np.random.default_rng(_SEED), size, _WORDS)
    for number, first in enumerate(range(0, size, _CHUNKS)):
        parts = [next(texts) for _ in range(min(_CHUNKS, size - first))]
        text = " ".join(parts)
        info = ArticleInfo(
            id=f"article-{number}",
            title=None,
            url=None,
            source=f"Source {number % 20}",
            author=None,
            published_at=_FIRST_DAY + dt.timedelta(days=number * _DAYS_APART % _DAYS),
            tags=(f"tag {number % _TAGS}",),
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            path=f"{number}.txt",
        )
        chunks, start = [], 0
        for part in parts:
            span = Span(start, start + len(part))
            chunks.append(Chunk(info.id, *span, part, "", (span,)))
            start = span.end + 1
        yield Article(info, text), chunks


def write_manifest(
    folder: Path, encoder: Encoder, articles: int, size: int, vector_index: VectorIndexRecord
) -> None:
    """Write the manifest of a generation whose files are all there."""
    none = ChangeRecord(count=0, ids=())
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        index_version=folder.name,
        sequence=1,
        code=code_fingerprint(),
        created_at=dt.datetime.now(dt.UTC),
        corpus_dir="",
        corpus_sha256="",
        articles=articles,
        copies=0,
        near_duplicates=0,
        chunks=size,
        skipped=(),
        left_out=LeftOutRecord(count=0, items=()),
        encoder=describe_encoder(encoder),
        chunking=ChunkingRecord.of(ChunkingParameters(language=_LANGUAGE)),
        vector_index=vector_index,
        build=BuildRecord(
            since=None,
            added=none,
            changed=none,
            removed=none,
            kept=0,
            files_read=0,
            files_unchanged=0,
            chunks_embedded=0,
            chunks_reused=0,
            seconds=0,
        ),
        files=record_files(folder),
    )
    (folder / MANIFEST_FILE).write_text(manifest.model_dump_json(), encoding="utf-8")

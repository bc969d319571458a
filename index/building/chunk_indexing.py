"""Chunk indexing: the stored chunks of one folder to its vectors and its BM25 index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from index.embedding.embedding_cache import embed
from index.progress import Report, Stage
from index.stores.article_store import ArticleStore
from index.stores.lexical import LexicalWriter
from index.stores.local import ARTICLES_FILE, LEXICAL_FOLDER, VECTORS_FILE
from index.stores.vector_tuning import build_store, spread, tuning_questions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.building.options import BuildOptions
    from index.embedding.embedding_cache import EmbeddingCache
    from index.embedding.encoder import Encoder
    from index.manifest import VectorIndexRecord

_BATCH: Final = 2048  # chunks embedded in one call: enough to batch them by length
SPOOL: Final = "vectors.f32"  # all vectors, mapped from disk to train the vector index


def embed_chunks(folder: Path, encoder: Encoder, cache: EmbeddingCache, report: Report) -> int:
    """Embed every chunk of a folder's article database into the file `SPOOL` beside it.

    Returns:
        The number of texts that the encoder embedded.
    """
    store = ArticleStore(folder / ARTICLES_FILE)
    embedded = 0
    try:
        with (folder / SPOOL).open("wb") as vectors:
            for ids in batches(store.chunk_count):
                report(Stage.EMBEDDING, ids[0], store.chunk_count)
                texts = [chunk.indexed_text for chunk, _ in store.chunks(ids).values()]
                rows, computed = embed(texts, encoder, cache)
                vectors.write(rows.tobytes())
                embedded += computed
        report(Stage.EMBEDDING, store.chunk_count, store.chunk_count)
    finally:
        store.close()
    return embedded


def index_chunks(
    folder: Path,
    target: Path,
    language: str,
    encoder: Encoder,
    options: BuildOptions,
    report: Report,
) -> VectorIndexRecord:
    """Index every chunk that `embed_chunks` has embedded, one batch in memory at a time.

    Args:
        folder: The folder of the article database.
        target: The folder that vectors and BM25 index are written to.
        language: ISO 639 code that the words are analysed with.
        encoder: The encoder that the vectors were made with.
        options: What vector index to build.
        report: Called with the progress.

    Raises:
        BuildError: If the requested vector index cannot be trained on so few chunks.
    """
    store = ArticleStore(folder / ARTICLES_FILE)
    try:
        chunks = store.chunk_count
        with_copies = store.with_copies()
        with LexicalWriter(target / LEXICAL_FOLDER, language) as lexical:
            for ids in batches(chunks):
                for chunk_id, (chunk, info) in store.chunks(ids).items():
                    copies = store.copies(info.id) if info.id in with_copies else []
                    lexical.add(chunk_id, chunk, info, copies)
        sampled = store.chunks(spread(chunks))
        questions = list(tuning_questions(chunk for chunk, _ in sampled.values()))
    finally:
        store.close()
    faiss_store, record = build_store(
        np.memmap(folder / SPOOL, dtype=np.float32, mode="r", shape=(chunks, encoder.dimension)),
        options.vector_index,
        options.recall,
        lambda: np.stack([encoder.encode_question(question) for question in questions]),
        report,
    )
    report(Stage.FINISHING, chunks, chunks)
    faiss_store.save(target / VECTORS_FILE)
    return record


def embed_and_index(
    folder: Path,
    language: str,
    encoder: Encoder,
    cache: EmbeddingCache,
    options: BuildOptions,
    report: Report,
) -> tuple[VectorIndexRecord, int]:
    """Embed and index the chunks of a folder in place; see `embed_chunks`, `index_chunks`.

    Returns:
        The record of the vector index, and the number of texts that the encoder embedded.
    """
    embedded = embed_chunks(folder, encoder, cache, report)
    record = index_chunks(folder, folder, language, encoder, options, report)
    (folder / SPOOL).unlink()
    return record, embedded


def batches(count: int) -> Iterator[range]:
    """Cut chunk ids from 0 into batches."""
    ids = range(count)
    return (ids[start : start + _BATCH] for start in ids[::_BATCH])

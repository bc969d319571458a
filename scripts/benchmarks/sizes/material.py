"""What synthetic indexes are made of, and asked: real vectors, questions and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from index.chunking.chunker import ChunkingParameters, chunk_article
from index.generations.generation import open_current
from index.loading.articles import load_articles
from index.loading.corpus_folder import Skipped
from index.loading.gold import load_gold
from index.stores.vector_store import FaissStore
from index.stores.vector_tuning import spread, tuning_questions
from scripts.benchmarks.sizes.words import WordSource
from scripts.terminal.commands import chunk_bar
from scripts.training.questions.squad import report_sample
from scripts.training.questions.squad_corpus import open_squad_corpus, write_squad

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from index.embedding.encoder import Encoder
    from index.records import Chunk
    from index.stores.backend import DenseSearch

    Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Material:
    """What synthetic indexes are made of, and asked.

    Attributes:
        real: ``(n, dimension)`` float32, unit rows: vectors of real chunks.
        questions: What to ask.
        asked: ``(n_questions, dimension)`` float32, unit rows: their vectors.
        tuned_with: ``(n, dimension)`` float32, unit rows: what the vector index is tuned with.
        words: Where the words of the texts come from.
        encoder: What made all these vectors.
    """

    real: Vectors
    questions: Sequence[str]
    asked: Vectors
    tuned_with: Vectors
    words: WordSource
    encoder: Encoder


def make_material(
    encoder: Encoder,
    data: Path | None,
    work: Path,
    corpus: Path,
    index: Path,
    gold: Path,
    vectors: Path | None,
    questions: int,
) -> Material:
    """Take vectors, words and questions of a corpus or of SQuAD.

    Args:
        encoder: Embeds questions, and SQuAD's paragraphs.
        data: Folder with the SQuAD files; the corpus where None.
        work: Folder for the index of SQuAD's paragraphs.
        corpus: Folder of articles.
        index: Folder of their index.
        gold: Their gold questions.
        vectors: FAISS file with the real vectors; that of an index where None.
        questions: How many, at most.
    """
    stored = None if vectors is None else FaissStore.open(vectors)
    if data is None:
        store = open_current(index, encoder).vectors if stored is None else stored
        return _material(
            encoder, store, corpus, [item.question for item in load_gold(gold)][:questions]
        )
    paragraphs: DenseSearch | FaissStore
    if stored is None:
        with chunk_bar("indexing SQuAD") as show:
            paragraphs = open_squad_corpus(data, work, encoder, show).generation.vectors
    else:
        write_squad(data, work / "corpus")
        paragraphs = stored
    sample = report_sample(data, questions)
    return _material(encoder, paragraphs, work / "corpus", [item.question for item in sample])


def _material(
    encoder: Encoder, store: DenseSearch | FaissStore, corpus: Path, asked: Sequence[str]
) -> Material:
    fragments = list(tuning_questions(_sampled_chunks(corpus)))
    return Material(
        real=store.vectors(),
        questions=asked,
        asked=encode_all(encoder, asked),
        tuned_with=encode_all(encoder, fragments),
        words=WordSource(corpus),
        encoder=encoder,
    )


def encode_all(encoder: Encoder, questions: Sequence[str]) -> Vectors:
    """Embed questions: ``(n, dimension)`` float32, unit rows."""
    shown = tqdm(questions, "encoding", disable=None)
    return np.stack([encoder.encode_question(question) for question in shown])


def _sampled_chunks(corpus: Path) -> list[Chunk]:
    chunks = [
        chunk
        for item in load_articles(corpus)
        if not isinstance(item, Skipped)
        for chunk in chunk_article(item, ChunkingParameters())
    ]
    return [chunks[number] for number in spread(len(chunks))]

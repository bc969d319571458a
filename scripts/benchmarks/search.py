"""How fast chunks are found, beside a search that compares every vector."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from tqdm import tqdm

from index.chunking.chunker import ChunkingParameters, chunk_article
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.generations.generation import open_current
from index.loading.articles import load_articles
from index.loading.corpus_folder import Skipped
from index.loading.gold import load_gold
from index.records import Chunk, Filters
from index.stores.vector_store import FaissStore
from index.stores.vector_tuning import spread, tuning_questions
from scripts.benchmarks.measuring import CorpusOption, GoldOption, call_times, print_result
from scripts.benchmarks.sizes.scale import Material, measure_sizes
from scripts.benchmarks.sizes.words import WordSource
from scripts.terminal.commands import IndexOption, JsonOption, chunk_bar, reported_errors
from scripts.terminal.extras import require_extra
from scripts.training.questions.squad import DEV_FILE, in_split, load_squad
from scripts.training.questions.squad_corpus import open_squad_corpus, write_squad

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from index.embedding.encoder import Encoder
    from index.stores.backend import DenseSearch

    Vectors = npt.NDArray[np.float32]


def search(
    index: IndexOption = Path("var/index"),
    gold: GoldOption = Path("corpus/gold.jsonl"),
    corpus: CorpusOption = Path("corpus"),
    chunks: Annotated[
        int | None,
        typer.Option(
            min=1000, help="Measure at 1,000, 10,000, ... up to so many synthetic chunks instead."
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the SQuAD files: with --chunks, its paragraphs instead of the "
            "corpus's and questions of its dev set instead of the gold questions."
        ),
    ] = None,
    work: Annotated[Path, typer.Option(help="Folder for the SQuAD index.")] = Path("var/squad"),
    vectors: Annotated[
        Path | None,
        typer.Option(
            help="FAISS file with the real vectors, where that index need not be built or opened."
        ),
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="How many to ask, at most.")] = 200,
    recall: Annotated[float, typer.Option(help="Recall@10 to tune to, with --chunks.")] = 0.98,
    plot: Annotated[
        Path | None, typer.Option(help="SVG file to draw cost against size into, with --chunks.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Time dense and BM25 search, with and without filters, beside a brute-force search.

    With ``--chunks`` on synthetic indexes of growing size: vectors made of real ones, texts of the
    words of real ones, articles of four chunks. The vector index is tuned as a build does it, with
    fragments of the real chunks' sentences. Recall is that of the questions against exact search
    over the same vectors; memory what of the mapped vectors, and beside them, is resident after
    asking all questions; ``filter`` the step from filters to the chunks that pass, which only the
    first question with new filters takes; ``retrieval`` the whole way from question to passages
    after that, encoding included. Filters leave 1% or 50% of the chunks.
    Milliseconds are of processor time here, so set ``OMP_NUM_THREADS=1``.
    """
    with reported_errors():
        if plot is not None:
            require_extra("evaluation")
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        if chunks is None:
            asked = [question.question for question in load_gold(gold)][:questions]
            result = _search_index(index, encoder, asked, _encode(encoder, asked))
        else:
            material = (
                _from_corpus(encoder, corpus, index, gold, vectors, questions)
                if data is None
                else _from_squad(encoder, data, work, vectors, questions)
            )
            rows = measure_sizes(material, chunks, recall)
            if plot is not None:
                from scripts.benchmarks.sizes.scale_plot import plot_sizes  # noqa: PLC0415 - of an extra

                plot_sizes(rows, plot)
            result = {
                "real_vectors": len(material.real),
                "questions": len(material.questions),
                "synthetic": rows,
            }
    print_result(result, as_json=as_json)


def _from_corpus(
    encoder: Encoder, corpus: Path, index: Path, gold: Path, vectors: Path | None, most: int
) -> Material:
    """The articles of a corpus folder and its gold questions."""
    store = open_current(index, encoder).vectors if vectors is None else FaissStore.open(vectors)
    asked = [question.question for question in load_gold(gold)][:most]
    return _material(encoder, store, corpus, asked)


def _from_squad(
    encoder: Encoder, data: Path, work: Path, vectors: Path | None, most: int
) -> Material:
    """The paragraphs of SQuAD and questions of the report half of its dev set."""
    if vectors is None:
        with chunk_bar("indexing SQuAD") as show:
            store: DenseSearch | FaissStore = open_squad_corpus(
                data, work, encoder, show
            ).generation.vectors
    else:
        write_squad(data, work / "corpus")
        store = FaissStore.open(vectors)
    known = in_split(load_squad(data / DEV_FILE), "report")
    asked = random.Random(1).sample(known, min(most, len(known)))  # noqa: S311 - no secret
    return _material(encoder, store, work / "corpus", [one.question for one in asked])


def _material(
    encoder: Encoder, store: DenseSearch | FaissStore, corpus: Path, asked: Sequence[str]
) -> Material:
    fragments = list(tuning_questions(_sampled_chunks(corpus)))
    return Material(
        real=store.vectors(),
        questions=asked,
        asked=_encode(encoder, asked),
        tuned_with=_encode(encoder, fragments),
        words=WordSource(corpus),
        encoder=encoder,
    )


def _encode(encoder: Encoder, questions: Sequence[str]) -> Vectors:
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


def _search_index(
    index: Path,
    encoder: Encoder,
    asked: Sequence[str],
    vectors: Vectors,
) -> dict[str, object]:
    generation = open_current(index, encoder)
    rows = generation.vectors.vectors()
    infos, _ = generation.articles.infos(Filters(), 0, 10)
    filters = Filters(article_ids=frozenset(info.id for info in infos))
    store, lexical, count = generation.vectors, generation.lexical, len(asked)
    return {
        "chunks": len(store),
        "questions": count,
        "ms": {
            "numpy": call_times(lambda at: np.argsort(-(rows @ vectors[at]))[:100], count),
            "dense": call_times(lambda at: store.search(vectors[at], 100), count),
            "dense_filtered": call_times(lambda at: store.search(vectors[at], 100, filters), count),
            "bm25": call_times(lambda at: lexical.search(asked[at], 100), count),
            "bm25_filtered": call_times(lambda at: lexical.search(asked[at], 100, filters), count),
        },
    }

"""How fast chunks are found, beside a search that compares every vector."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.generations.generation import open_current
from index.loading.gold import load_gold
from index.records import Filters
from scripts.benchmarks.measuring import (
    CorpusOption,
    DataOption,
    GoldOption,
    VectorsOption,
    WorkOption,
    call_times,
    print_result,
)
from scripts.benchmarks.sizes.material import encode_all, make_material
from scripts.benchmarks.sizes.scale import measure_sizes
from scripts.terminal.commands import IndexOption, JsonOption, reported_errors
from scripts.terminal.extras import require_extra

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from index.embedding.encoder import Encoder

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
    data: DataOption = None,
    work: WorkOption = Path("var/squad"),
    vectors: VectorsOption = None,
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
            result = _search_index(index, encoder, asked, encode_all(encoder, asked))
        else:
            material = make_material(encoder, data, work, corpus, index, gold, vectors, questions)
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

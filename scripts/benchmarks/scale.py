"""What the vectors of a fleet of any size cost to build, keep and search."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from index.building.options import MOST_SHARDS
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from scripts.benchmarks.measuring import (
    CorpusOption,
    DataOption,
    GoldOption,
    VectorsOption,
    WorkOption,
    print_result,
)
from scripts.benchmarks.sizes.fleet import measure_fleet
from scripts.benchmarks.sizes.material import make_material
from scripts.terminal.commands import IndexOption, JsonOption, reported_errors


def scale(
    index: IndexOption = Path("var/index"),
    gold: GoldOption = Path("corpus/gold.jsonl"),
    corpus: CorpusOption = Path("corpus"),
    chunks: Annotated[int, typer.Option(min=1000, help="How many synthetic chunks.")] = 10_000_000,
    shards: Annotated[int, typer.Option(min=1, max=MOST_SHARDS, help="How many shards.")] = 10,
    resident: Annotated[
        int, typer.Option(min=1, help="Shards that are open at a time while they are asked.")
    ] = 2,
    data: DataOption = None,
    work: WorkOption = Path("var/squad"),
    vectors: VectorsOption = None,
    questions: Annotated[int, typer.Option(min=1, help="How many to ask, at most.")] = 200,
    recall: Annotated[float, typer.Option(help="Recall@10 to tune to.")] = 0.98,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Where the shards are written and stay, so that a run that was ended goes on; "
            "where not given, for a while in a temporary folder."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Build and search the vector indexes of a fleet, with a few shards in memory at a time.

    Vectors are made of real ones, and each shard's index is built, tuned and searched as a build
    and the service do it. On disk are all indexes, and the plain vectors of one shard. Recall is
    that of the questions, of the hits of all shards merged, against exact search over all vectors.

    Times are of the processor, so set ``OMP_NUM_THREADS=1``, but ``first``: a question's time in a
    shard that has just been opened, on the clock. ``shard`` is its time later,
    ``one_after_the_other`` the sum over all shards, which one machine takes, and ``slowest_shard``
    what machines with a shard each would wait for. ``mapped`` is what of the indexes was in memory,
    ``building`` the most memory of a build.
    """
    with reported_errors(), tempfile.TemporaryDirectory() as for_a_while:
        written = Path(for_a_while) if folder is None else folder
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        material = make_material(encoder, data, work, corpus, index, gold, vectors, questions)
        result = measure_fleet(material, chunks, shards, resident, recall, written)
    print_result(
        {
            "real_vectors": len(material.real),
            "questions": len(material.questions),
            **result,
        },
        as_json=as_json,
    )

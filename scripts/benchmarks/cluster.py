"""What serving shards on a Ray cluster costs, and whether it changes a passage."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.building.options import MOST_SHARDS
from index.cluster import Cluster
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.generations.generation import Generation
from index.loading.gold import load_gold
from index.retriever import Retriever
from index.stores.sharding.served_shards import ServedShards
from index.stores.sharding.sharded import ShardedArticles
from scripts.benchmarks.measuring import GoldOption, percentiles, print_result
from scripts.benchmarks.queueing import with_query_nodes
from scripts.benchmarks.sharded_indexes import EmbeddedQuestions, build_sharded, chunks_of
from scripts.terminal.commands import IndexOption, JsonOption, reported_errors
from scripts.terminal.extras import require_extra

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.embedding.encoder import Encoder
    from index.loading.gold import GoldQuestion
    from index.records import Chunk
    from index.stores.sharding.shards import Shard

    _Chunks = list[tuple[int, Chunk]]

_TOP_K = 8
_CALLS = 200  # of an actor that does nothing
_SECONDS = 30.0  # for a shard to answer
_CLIENTS = 32  # of the machines modelled


def cluster(
    ray: Annotated[str, typer.Option(metavar="ADDRESS", help="HOST:PORT of a node, or 'auto'.")],
    index: IndexOption = Path("var/index"),
    gold: GoldOption = Path("corpus/gold.jsonl"),
    shards: Annotated[
        list[int] | None, typer.Option(min=2, max=MOST_SHARDS, help="Numbers of shards.")
    ] = None,
    replicas: Annotated[int, typer.Option(min=1, max=8, help="Replicas of each shard.")] = 1,
    clients: Annotated[int, typer.Option(min=1, max=64, help="Questions at a time.")] = 4,
    questions: Annotated[int, typer.Option(min=1, help="How many to ask, at most.")] = 200,
    reading: Annotated[
        float, typer.Option(min=0, help="Processor milliseconds of reading for a question.")
    ] = 0.0,
    cores: Annotated[int, typer.Option(min=1, help="Processors of the machines modelled.")] = 8,
    as_json: JsonOption = False,
) -> None:
    """Compare retrieval from 2 and 4 shards that a cluster serves with that from one process.

    All are built in a temporary folder, which all nodes have to see. Milliseconds are of the clock,
    of searching and loading, with the question embedded before. ``bare_call_ms`` is what a call of
    an actor takes that does nothing: a question makes two one after the other. ``per_second`` is
    how many questions are answered with several at a time. Nodes on one machine share its
    processors: such figures say what distribution costs, not what machines gain.

    What they gain is modelled: ``processor_ms`` is what a question costs the entrance, with
    embedding it, and all shards together. ``modelled`` is how many questions a second an entrance
    and 1, 2 and 4 query nodes would answer for 32 clients, each machine of ``--cores`` processors,
    by the theory of closed queueing networks. The nodes share the work of shards evenly, and that
    of ``--reading``, which ``article-qa benchmark ask`` prints.
    """
    with reported_errors(), ExitStack() as ending:
        require_extra("cluster")
        folder = ending.enter_context(tempfile.TemporaryDirectory())
        connected = Cluster(ray)
        ending.callback(connected.close)
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        built = build_sharded(index, Path(folder), encoder, [2, 4] if shards is None else shards)
        asked = load_gold(gold)[:questions]
        measured = _measure(built, encoder, asked, connected, replicas, clients)
        for row in measured["served"]:
            row["modelled"] = _modelled(row["processor_ms"], reading, cores)
        print_result(measured, as_json=as_json)


def _measure(
    folders: Sequence[Path],
    encoder: Encoder,
    gold: Sequence[GoldQuestion],
    connected: Cluster,
    replicas: int,
    clients: int,
) -> dict[str, Any]:
    started = time.process_time()
    embedded = EmbeddedQuestions(encoder, [question.question for question in gold])
    encoding = (time.process_time() - started) * 1e3 / len(gold)
    open_served = partial(ServedShards, connected, replicas=replicas, seconds=_SECONDS)
    expected: list[_Chunks] = []
    rows = []
    for folder in folders:
        generation = Generation(folder, encoder, open_shards=open_served)
        try:
            row, chunks = _ask_all(Retriever(generation, embedded), gold, clients)
            if isinstance(generation.articles, ShardedArticles):
                retriever = Retriever(generation, embedded)
                row["shards"] = generation.manifest.shards
                row["processor_ms"] = _costs(
                    retriever, generation.articles, gold, replicas, encoding
                )
        finally:
            generation.close()
        expected = expected or chunks
        row["same_passages"] = sum(map(list.__eq__, chunks, expected))
        rows.append(row)
    nodes = [node for node in connected.ray.nodes() if node["Alive"]]
    return {
        "questions": len(gold),
        "nodes": len(nodes),
        "cpus": connected.cpus,
        "replicas": replicas,
        "clients": clients,
        "bare_call_ms": _bare_calls(connected),
        "unsharded": rows[0],
        "served": rows[1:],
    }


def _ask_all(
    retriever: Retriever, gold: Sequence[GoldQuestion], clients: int
) -> tuple[dict[str, object], list[_Chunks]]:
    """Ask all questions one after the other, then several at a time."""

    def ask(question: GoldQuestion) -> _Chunks:
        filters = question.filters.to_filters()
        return chunks_of(retriever.retrieve(question.question, _TOP_K, filters).passages)

    ask(gold[0])  # opens what is opened at the first question
    milliseconds, chunks = [], []
    for question in gold:
        started = time.perf_counter()
        chunks.append(ask(question))
        milliseconds.append((time.perf_counter() - started) * 1e3)
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(ask, gold))
    per_second = len(gold) / (time.perf_counter() - started)
    return {"ms": percentiles(milliseconds), "per_second": round(per_second, 1)}, chunks


def _costs(
    retriever: Retriever,
    articles: ShardedArticles,
    gold: Sequence[GoldQuestion],
    replicas: int,
    encoding: float,
) -> dict[str, float]:
    """Ask all questions once more; processor milliseconds of one, here and of all shards."""

    def of_shards() -> float:
        call = dict.fromkeys(articles.placement.folders, _ProcessSeconds())
        # Calls of a kind go to the replicas in turn.
        return sum(sum(articles.shards.ask(call).values()) for _ in range(replicas))

    here, there = time.process_time(), of_shards()
    for question in gold:
        retriever.retrieve(question.question, _TOP_K, question.filters.to_filters())
    here, there = time.process_time() - here, of_shards() - there
    return {
        "entrance": round(encoding + here * 1e3 / len(gold), 3),
        "shards": round(there * 1e3 / len(gold), 3),
    }


def _modelled(costs: dict[str, float], reading: float, cores: int) -> dict[str, float]:
    """Questions a second by number of query nodes."""
    entrance, spread = costs["entrance"] / 1e3, (costs["shards"] + reading) / 1e3
    return {
        f"nodes_{nodes}": round(with_query_nodes(entrance, spread, nodes, cores, _CLIENTS), 1)
        for nodes in (1, 2, 4)
    }


class _ProcessSeconds:
    """Asks a shard's process for its processor time."""

    def __call__(self, shard: Shard) -> float:
        del shard
        return time.process_time()


def _bare_calls(connected: Cluster) -> dict[str, float]:
    """Milliseconds of a call of an actor that does nothing."""
    actor = connected.ray.remote(_Idle).options(num_cpus=0).remote()
    connected.ray.get(actor.nothing.remote())  # once it has begun
    milliseconds = []
    for _ in range(_CALLS):
        started = time.perf_counter()
        connected.ray.get(actor.nothing.remote())
        milliseconds.append((time.perf_counter() - started) * 1e3)
    return percentiles(milliseconds)


class _Idle:
    """An actor that does nothing."""

    def nothing(self) -> None:
        """Do nothing."""

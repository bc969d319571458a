"""What serving shards on a Ray cluster costs, and whether it changes a passage."""

from __future__ import annotations

import os
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
from scripts.benchmarks.machines import Serving, modelled, on_one_machine
from scripts.benchmarks.measuring import GoldOption, percentiles, print_result
from scripts.benchmarks.sharded_indexes import EmbeddedQuestions, build_sharded, chunks_of
from scripts.benchmarks.timed_shards import Costs, ProcessSeconds, TimedShards
from scripts.terminal.commands import IndexOption, JsonOption, reported_errors
from scripts.terminal.extras import require_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.embedding.encoder import Encoder
    from index.loading.gold import GoldQuestion
    from index.manifest import Manifest
    from index.records import Chunk
    from index.stores.sharding.shards import Shards

    _Chunks = list[tuple[int, Chunk]]
    _Ask = Callable[[GoldQuestion], _Chunks]

_TOP_K = 8
_CALLS = 200  # of an actor that does nothing
_SECONDS = 30.0  # for a shard to answer
_ROUNDS = 4  # of asking by one client and by several, in turns


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
    cores: Annotated[int, typer.Option(min=1, help="Processors of the nodes modelled.")] = 8,
    entrance_cores: Annotated[
        int, typer.Option(min=1, help="Processors of the entrances modelled.")
    ] = 1,
    as_json: JsonOption = False,
) -> None:
    """Compare retrieval from 2 and 4 shards that a cluster serves with that from one process.

    All are built in a temporary folder, which all nodes have to see. Milliseconds are of the clock,
    of searching and loading, with the question embedded before. ``bare_call_ms`` is what a call of
    an actor takes that does nothing: a question makes two one after the other. Nodes on one machine
    share its processors: such figures say what distribution costs, not what machines gain.

    What they gain is simulated: ``processor_ms`` is what a question costs the entrance, with
    embedding it, and all shards together. ``modelled`` is how many questions a second entrances and
    query nodes would answer for 64 clients who do not pause. A question costs what one of those
    measured did: at the entrance, then at all shards side by side, at the entrance, and so on;
    waits are first come, first served, and a call takes ``bare_call_ms`` besides. An entrance is
    one process, so it counts as one processor. ``modelled_with_reading`` has the milliseconds of
    ``--reading``, which ``article-qa benchmark ask`` prints, on the nodes in turn.

    ``several_clients`` checks that: how many times as many questions are answered with
    ``--clients`` at a time as with one, asked by turns, and simulated for the processors here; so
    does ``simulated_ms``, the median that ``ms`` measures, for one processor, two and four.
    """
    with reported_errors(), ExitStack() as ending:
        require_extra("cluster")
        folder = ending.enter_context(tempfile.TemporaryDirectory())
        connected = Cluster(ray)
        ending.callback(connected.close)
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        built = build_sharded(index, Path(folder), encoder, [2, 4] if shards is None else shards)
        asked = load_gold(gold)[:questions]
        machines = Serving([], replicas, 0.0, reading / 1e3, cores, entrance_cores)
        print_result(_measure(built, encoder, asked, connected, clients, machines), as_json=as_json)


def _measure(
    folders: Sequence[Path],
    encoder: Encoder,
    gold: Sequence[GoldQuestion],
    connected: Cluster,
    clients: int,
    machines: Serving,
) -> dict[str, Any]:
    started = time.process_time()
    embedded = EmbeddedQuestions(encoder, [question.question for question in gold])
    encoding = (time.process_time() - started) / len(gold)
    bare = _bare_calls(connected)

    def open_served(folder: Path, manifest: Manifest) -> Shards:
        return TimedShards(ServedShards(connected, folder, manifest, machines.replicas, _SECONDS))

    expected: list[_Chunks] = []
    rows = []
    for folder in folders:
        generation = Generation(folder, encoder, open_shards=open_served)
        try:
            ask = partial(_ask, Retriever(generation, embedded))
            row, chunks = _ask_all(ask, gold)
            if isinstance(generation.articles, ShardedArticles):
                row["shards"] = generation.manifest.shards
                costs = _costs(ask, generation.articles, gold, machines.replicas)
                serving = machines._replace(costs=costs, call=bare["p50"] / 1e3)
                row["simulated_ms"] = {
                    f"processors_{number}": _simulated_median(serving, number)
                    for number in (1, 2, 4)
                }
                row["several_clients"] = _several_clients(ask, gold, clients, serving)
                with_encoding = [
                    each._replace(entrance=[each.entrance[0] + encoding, *each.entrance[1:]])
                    for each in costs
                ]
                row["processor_ms"] = _mean_milliseconds(with_encoding)
                complete = serving._replace(costs=with_encoding)
                row["modelled"] = modelled(complete._replace(reading=0.0))
                if machines.reading:
                    row["modelled_with_reading"] = modelled(complete)
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
        "replicas": machines.replicas,
        "clients": clients,
        "bare_call_ms": bare,
        "unsharded": rows[0],
        "served": rows[1:],
    }


def _ask(retriever: Retriever, question: GoldQuestion) -> _Chunks:
    filters = question.filters.to_filters()
    return chunks_of(retriever.retrieve(question.question, _TOP_K, filters).passages)


def _ask_all(ask: _Ask, gold: Sequence[GoldQuestion]) -> tuple[dict[str, Any], list[_Chunks]]:
    """Ask all questions one after the other."""
    ask(gold[0])  # opens what is opened at the first question
    milliseconds, chunks = [], []
    for question in gold:
        started = time.perf_counter()
        chunks.append(ask(question))
        milliseconds.append((time.perf_counter() - started) * 1e3)
    return {"ms": percentiles(milliseconds)}, chunks


def _costs(
    ask: _Ask, articles: ShardedArticles, gold: Sequence[GoldQuestion], replicas: int
) -> list[Costs]:
    """Ask all questions once more; what each costs here and in the shards, besides embedding it.

    What the shards' processes need beyond their replies, to receive and send, counts with each call
    in equal parts.
    """
    timed = articles.shards
    if not isinstance(timed, TimedShards):
        raise TypeError("the shards are not timed")

    def of_processes() -> float:
        call = dict.fromkeys(articles.placement.folders, ProcessSeconds())
        # Calls of a kind go to the replicas in turn.
        return sum(sum(timed.ask(call).values()) for _ in range(replicas))

    before = of_processes()
    costs = []
    for question in gold:
        timed.begin()
        ask(question)
        costs.append(timed.end())
    spent = of_processes() - before
    seconds = [each for question in costs for call in question.shards for each in call.values()]
    further = max(0.0, spent - sum(seconds)) / len(seconds)
    return [
        Costs(
            each.entrance,
            [{shard: took + further for shard, took in call.items()} for call in each.shards],
        )
        for each in costs
    ]


def _mean_milliseconds(costs: Sequence[Costs]) -> dict[str, float]:
    """What a question costs the entrance, and all shards together."""
    entrance = sum(sum(each.entrance) for each in costs)
    shards = sum(sum(call.values()) for each in costs for call in each.shards)
    return {
        name: round(seconds * 1e3 / len(costs), 3)
        for name, seconds in (("entrance", entrance), ("shards", shards))
    }


def _simulated_median(serving: Serving, processors: int) -> float:
    """Milliseconds of one question after the other, on one machine."""
    answered = on_one_machine(serving, processors, 1)
    return percentiles([seconds * 1e3 for seconds in answered.seconds])["p50"]


def _several_clients(
    ask: _Ask, gold: Sequence[GoldQuestion], clients: int, serving: Serving
) -> dict[str, float]:
    """How many times as many questions are answered with several clients as with one."""
    spent = {1: 0.0, clients: 0.0}
    for _ in range(_ROUNDS):
        for number in spent:
            started = time.perf_counter()
            with ThreadPoolExecutor(number) as pool:
                list(pool.map(ask, gold))
            spent[number] += time.perf_counter() - started
    processors = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    )
    simulated = {
        number: on_one_machine(serving, processors or 1, number).per_second for number in spent
    }
    return {
        "per_second": round(_ROUNDS * len(gold) / spent[clients], 1),
        "times": round(spent[1] / spent[clients], 3),
        "simulated_per_second": round(simulated[clients], 1),
        "simulated_times": round(simulated[clients] / simulated[1], 3),
    }


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

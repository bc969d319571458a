"""Measure dense, BM25 and hybrid retrieval: `python -m scripts.evaluate_retrieval --help`."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from tqdm import tqdm

from index.embedding.encoder import DEFAULT_MODEL, Precision, SentenceTransformerEncoder
from index.generations.generation import open_current
from index.loading.gold import load_gold
from index.records import NO_FILTERS, Filters
from index.retriever import RetrievalParameters, Retriever
from scripts.terminal.commands import (
    Command,
    DeviceOption,
    EncoderOption,
    IndexOption,
    JsonOption,
    PrecisionOption,
    chunk_bar,
    command_line,
    print_result,
    reported_errors,
)
from scripts.training.questions.squad import DEV_FILE, TRAIN_FILE, Question, in_split, load_squad
from scripts.training.questions.squad_corpus import open_squad_corpus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.embedding.encoder import Encoder
    from index.generations.generation import Generation

_CUTOFFS: Final = (1, 5, 10, 20)
_TITLES: Final = {"gold": "gold", "squad": "SQuAD", "tuning": "training questions of SQuAD"}
_GRID: Final = tuple(round(0.05 * step, 2) for step in range(21))


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, the articles that answer it and the acceptable answers."""

    question: str
    articles: frozenset[str]
    answers: tuple[str, ...]
    filters: Filters


def main(
    *,
    gold: Annotated[Path | None, typer.Option(help="Gold questions to ask --index.")] = None,
    index: IndexOption = Path("var/index"),
    data: Annotated[Path | None, typer.Option(help="Folder with the SQuAD files.")] = None,
    work: Annotated[Path, typer.Option(help="Folder for the SQuAD index.")] = Path("var/squad"),
    sample: Annotated[
        int, typer.Option(min=0, help="Ask a fixed sample of this many SQuAD questions.")
    ] = 0,
    tune: Annotated[
        int, typer.Option(min=0, help="Try dense weights on this many training questions.")
    ] = 0,
    encoder: EncoderOption = DEFAULT_MODEL,
    device: DeviceOption = None,
    precision: PrecisionOption = Precision.FLOAT32,
    as_json: JsonOption = False,
) -> None:
    """Print recall at 1, 5, 10 and 20 of dense, BM25 and hybrid retrieval; JSON last.

    ``articles`` is the share of questions with a gold article among the first k articles;
    ``chunks`` the share with a chunk of a gold article that holds an answer among the first k
    chunks. The questions of SQuAD are the report half of its dev set, over the paragraphs of train
    and dev together.
    """
    if gold is None and data is None:
        raise typer.BadParameter("give --gold FILE, --data DIR, or both")
    results: dict[str, object] = {}
    with reported_errors():
        loaded = SentenceTransformerEncoder(encoder, device=device, precision=precision)
        if gold is not None:
            generation = open_current(index, loaded)
            results["gold"] = _report("gold", generation, loaded, _from_gold(gold))
        if data is not None:
            with chunk_bar("indexing SQuAD") as show:
                squad = open_squad_corpus(data, work, loaded, show)
            if tune:
                questions = load_squad(data / TRAIN_FILE)
                training = random.Random(1).sample(questions, min(tune, len(questions)))  # noqa: S311
                judged = _from_squad(training, squad.paragraph_ids)
                results["tuning"] = _tune(squad.generation, loaded, judged)
            else:
                questions = in_split(load_squad(data / DEV_FILE), "report")
                if 0 < sample < len(questions):
                    questions = random.Random(1).sample(questions, sample)  # noqa: S311
                judged = _from_squad(questions, squad.paragraph_ids)
                results["squad"] = _report("SQuAD", squad.generation, loaded, judged)
    print_result(results, lambda: _show(results), as_json=as_json)


def _from_gold(path: Path) -> list[Judged]:
    return [
        Judged(
            question.question,
            frozenset(question.articles),
            question.answers,
            question.filters.to_filters(),
        )
        for question in load_gold(path)
        if question.answers
    ]


def _from_squad(questions: Iterable[Question], ids: dict[str, str]) -> list[Judged]:
    return [
        Judged(
            question.question,
            frozenset({ids[question.context]}),
            tuple(text for text, _ in question.answers),
            NO_FILTERS,
        )
        for question in questions
    ]


def _report(
    name: str, generation: Generation, encoder: Encoder, judged: Sequence[Judged]
) -> dict[str, object]:
    """Recall of both searches alone and of the two as the service fuses them."""
    weights = {"dense": 1.0, "bm25": 0.0, "hybrid": RetrievalParameters().dense_weight}
    table = _compare(name, generation, encoder, judged, weights)
    return {"questions": len(judged), "chunks": generation.manifest.chunks, **table}


def _tune(generation: Generation, encoder: Encoder, judged: Sequence[Judged]) -> dict[str, object]:
    weights = {f"dense weight {weight}": weight for weight in _GRID}
    return _compare("tuning", generation, encoder, judged, weights)


def _compare(
    name: str,
    generation: Generation,
    encoder: Encoder,
    judged: Sequence[Judged],
    weights: Mapping[str, float],
) -> dict[str, object]:
    """Recall with each weight of the dense score; every question is searched for once."""
    retriever = Retriever(generation, encoder)
    candidates = [
        retriever.candidates(question.question, question.filters)
        for question in tqdm(judged, desc=name, disable=None)
    ]
    return {
        row: _recall(
            generation,
            judged,
            [[ranked.chunk_id for ranked in each.rank(weight)] for each in candidates],
        )
        for row, weight in weights.items()
    }


def _recall(
    generation: Generation, judged: Sequence[Judged], rankings: Sequence[Sequence[int]]
) -> dict[str, dict[str, float]]:
    """Recall at each cutoff, of articles and of chunks that hold an answer."""
    articles = dict.fromkeys(_CUTOFFS, 0)
    chunks = dict.fromkeys(_CUTOFFS, 0)
    for question, ranking in zip(judged, rankings, strict=True):
        loaded = generation.articles.chunks(ranking)
        ranked = [loaded[chunk_id][0] for chunk_id in ranking]
        ids = list(dict.fromkeys(chunk.article_id for chunk in ranked))
        answering = [
            chunk.article_id in question.articles
            and any(words in chunk.text for words in question.answers)
            for chunk in ranked
        ]
        for cutoff in _CUTOFFS:
            articles[cutoff] += not question.articles.isdisjoint(ids[:cutoff])
            chunks[cutoff] += any(answering[:cutoff])
    return {
        level: {str(cutoff): round(count / len(judged), 4) for cutoff, count in counts.items()}
        for level, counts in (("articles", articles), ("chunks", chunks))
    }


def _show(results: dict[str, object]) -> None:
    """Print a table for each set of questions."""
    for name, table in results.items():
        if isinstance(table, dict):
            size = (
                f": {table['questions']} questions, {table['chunks']} chunks"
                if "chunks" in table
                else ""
            )
            _print_table(f"{_TITLES[name]}{size}", table)


def _print_table(title: str, table: dict[str, object]) -> None:
    print(title)
    print(
        f"{'':20}"
        + "".join(
            f"{level + ' @' + str(k):>14}" for level in ("articles", "chunks") for k in _CUTOFFS
        )
    )
    for name, levels in table.items():
        if isinstance(levels, dict):
            shares = [levels[level][str(k)] for level in ("articles", "chunks") for k in _CUTOFFS]
            print(f"{name:20}" + "".join(f"{share:14.3f}" for share in shares))


_EXAMPLES: Final = (
    ("python -m scripts.evaluate_retrieval --gold corpus/gold.jsonl", "the index's gold questions"),
    (
        "python -m scripts.evaluate_retrieval --data ~/squad --sample 500 --json",
        "SQuAD, as JSON alone",
    ),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()

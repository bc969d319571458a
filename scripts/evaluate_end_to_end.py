"""Ask SQuAD questions without saying where: `python -m scripts.evaluate_end_to_end --data DIR`.

All paragraphs of SQuAD 1.1 train and dev are one corpus; the report articles' dev questions are
asked over it. The chosen answer stands beside the oracle (the best of the k passages' first
spans) and the first passage's span alone.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
import typer
from tqdm import tqdm

from api.answering.questions.question import Question
from api.answering.ranking.ranker import load_ranker, read_spans
from api.answering.reading.registry import DEFAULT_READER
from api.service.models import reader_options
from api.settings import read_settings
from index.embedding.encoder import DEFAULT_MODEL, Precision, SentenceTransformerEncoder
from index.retriever import Retriever
from scripts.evaluation.first_spans import first_spans
from scripts.evaluation.metrics.squad_metrics import exact_match, token_f1
from scripts.terminal.commands import (
    Command,
    JsonOption,
    PrecisionOption,
    chunk_bar,
    command_line,
    print_result,
    reported_errors,
)
from scripts.training.questions.squad import DEV_FILE, in_split, load_squad
from scripts.training.questions.squad_corpus import open_squad_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.ranking.ranker import Ranker
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_CUTOFFS: Final = (1, 2, 5, 10, 20)


@dataclass(slots=True)
class Sums:
    """What was measured at one number of passages, one value per question."""

    recall: list[float] = field(default_factory=list)
    exact: list[float] = field(default_factory=list)
    f1: list[float] = field(default_factory=list)
    oracle_f1: list[float] = field(default_factory=list)
    first_f1: list[float] = field(default_factory=list)

    def means(self) -> dict[str, float]:
        """The mean of each, and how much of the oracle's F1 the chosen answers reach."""
        means = {
            "recall": float(np.mean(self.recall)),
            "exact_match": float(np.mean(self.exact)),
            "f1": float(np.mean(self.f1)),
            "oracle_f1": float(np.mean(self.oracle_f1)),
            "first_passage_f1": float(np.mean(self.first_f1)),
        }
        means["of_oracle"] = means["f1"] / max(means["oracle_f1"], 1e-9)
        return {name: round(value, 4) for name, value in means.items()}


def main(
    *,
    data: Annotated[Path, typer.Option(help="Folder with the SQuAD files.")],
    work: Annotated[Path, typer.Option(help="Folder for the SQuAD index.")] = Path("var/squad"),
    precision: PrecisionOption = Precision.FLOAT32,
    reader: Annotated[
        str, typer.Option(help="small, large, cascade, sentence, or a folder.")
    ] = DEFAULT_READER,
    questions: Annotated[int, typer.Option(min=1, help="Questions to ask, at most.")] = 500,
    as_json: JsonOption = False,
) -> None:
    """Print recall, EM and F1 against the number of passages read; JSON last."""
    with reported_errors():
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL, precision=precision)
        with chunk_bar("indexing SQuAD") as show:
            squad = open_squad_corpus(data, work, encoder, show)
        ranker = load_ranker(reader, encoder, reader_options(read_settings()))
        retriever = Retriever(squad.generation, encoder)
        asked = in_split(load_squad(data / DEV_FILE), "report")
        if len(asked) > questions:
            asked = random.Random(1).sample(asked, questions)  # noqa: S311 - a fixed sample
        sums = {cutoff: Sums() for cutoff in _CUTOFFS}
        for question in tqdm(asked, desc="asking", disable=None):
            parsed = Question.parse(question.question)
            answers = [text for text, _ in question.answers]
            passages = retriever.retrieve(parsed.text, max(_CUTOFFS)).passages
            spans = read_spans(ranker.reader, parsed, passages)
            gold = squad.paragraph_ids[question.context]
            for cutoff, known in sums.items():
                _measure(known, parsed, answers, gold, passages[:cutoff], spans, ranker)
    result = {
        "questions": len(asked),
        "chunks": squad.generation.manifest.chunks,
        "passages": {str(cutoff): known.means() for cutoff, known in sums.items()},
    }
    print_result(result, lambda: _show(sums), as_json=as_json)


def _show(sums: dict[int, Sums]) -> None:
    print(f"{'passages':>10}" + "".join(f"{name:>18}" for name in sums[1].means()))
    for cutoff, known in sums.items():
        print(f"{cutoff:10}" + "".join(f"{value:18.3f}" for value in known.means().values()))


def _measure(
    sums: Sums,
    question: Question,
    answers: Sequence[str],
    gold: str,
    passages: Sequence[Passage],
    spans: Sequence[ScoredSpan],
    ranker: Ranker,
) -> None:
    """Add one question, as if only these passages had been read."""
    within = [found for found in spans if found.passage < len(passages)]
    ranked = ranker.weigh(question, within, passages)
    chosen = ranked[0].candidate.text if ranked else ""
    first = first_spans(within, passages)
    sums.recall.append(float(any(one.article.id == gold for one in passages)))
    sums.exact.append(exact_match(chosen, answers))
    sums.f1.append(token_f1(chosen, answers))
    sums.oracle_f1.append(max((token_f1(text, answers) for text in first.values()), default=0.0))
    sums.first_f1.append(token_f1(first.get(0, ""), answers))


_EXAMPLES: Final = (
    (
        "python -m scripts.evaluate_end_to_end --data ~/squad --questions 250",
        "a fixed sample of the report questions",
    ),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()

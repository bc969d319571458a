"""Quality against cost of the readers: `python -m scripts.evaluate_cost --data DIR`.

Every reader answers the same questions from more and more passages. The cost is the processor time
of reading, in units of the first reader's on the fewest passages, of the same set and run. Each
reader reads a passage once, a few more with each number of passages; the curve is put together from
that, so a service, which reads all of them in one batch, takes somewhat less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import numpy as np
import typer
from tqdm import tqdm

from api.answering.errors import ReaderError
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker, load_ranker
from api.answering.reading.cascade_reader import CascadeReader
from api.answering.reading.reader import BatchReader
from api.service.models import reader_options
from api.settings import read_settings
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.retriever import Retriever
from scripts.evaluation.metrics.squad_metrics import token_f1
from scripts.evaluation.read_once import ReadOnce
from scripts.terminal.commands import (
    Command,
    JsonOption,
    command_line,
    print_result,
    reported_errors,
)
from scripts.terminal.extras import require_extra
from scripts.training.calibration_sets import news_set, spread, squad_set

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scripts.training.calibration_sets import CalibrationQuestion

    Curves = dict[str, list[dict[str, float]]]

_READERS: Final = ["small", "cascade", "large"]
_PASSAGES: Final = [1, 2, 4, 8, 16, 24]
_WARMING: Final = 3  # questions that are asked once before, since first calls compile
_ALL: Final = 1_000_000


def main(
    *,
    data: Annotated[Path, typer.Option(help="Folder with the SQuAD files.")],
    reader: Annotated[
        list[str] | None,
        typer.Option(help="small, cascade, large (all by default), or a folder; several times."),
    ] = None,
    passages: Annotated[
        list[int] | None,
        typer.Option(min=1, help="Passages to read, 1 to 24 by default; several times."),
    ] = None,
    news: Annotated[int, typer.Option(min=1, help="News questions, at most.")] = 150,
    squad: Annotated[int, typer.Option(min=1, help="SQuAD questions, at most.")] = 100,
    work: Annotated[Path, typer.Option(help="Folder for the sets' indexes.")] = Path(
        "var/calibration"
    ),
    plot: Annotated[Path | None, typer.Option(help="SVG file to draw the curves in.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print F1 and cost by reader and number of passages, on the sets for choosing; JSON last."""
    with reported_errors():
        if plot is not None:
            require_extra("evaluation")
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        names = _READERS if reader is None else reader
        measured = load_measured(
            {name: load_ranker(name, encoder, reader_options(read_settings())) for name in names}
        )
        depths = sorted(set(_PASSAGES if passages is None else passages))
        result: dict[str, Any] = {}
        for one, most in (
            (news_set(work, encoder, _ALL), news),
            (squad_set(data, work, encoder, 2 * squad), squad),
        ):
            questions = spread([each for each in one.questions if each.answers], most)
            retriever = Retriever(one.generation, encoder)
            measure_curves(questions[:_WARMING], retriever, measured, depths)
            curves = measure_curves(questions, retriever, measured, depths)
            result[one.name] = {"questions": len(questions), "readers": in_units(curves)}
        if plot is not None:
            from scripts.evaluation.cost_plot import plot_costs  # noqa: PLC0415 - of an extra

            plot_costs(result, plot)
    print_result(result, lambda: _show(result), as_json=as_json)


@dataclass(frozen=True, slots=True)
class MeasuredReader:
    """A ranker whose reader's stages read every passage once.

    Attributes:
        ranker: Ranks with them.
        stages: The stages of its reader, of which other readers may have the same.
    """

    ranker: Ranker
    stages: tuple[ReadOnce, ...]

    def ask(self, text: str, retriever: Retriever, top_k: int) -> tuple[str, float]:
        """The best candidate's words, "" without any, and the seconds that reading takes."""
        question = Question.parse(text)
        count = self.ranker.reader.facts.passages_to_read(top_k)
        passages = retriever.retrieve(question.text, top_k, read=count).passages
        before = self._seconds()
        ranked = self.ranker.rank(question, passages)
        return ranked[0].candidate.text if ranked else "", self._seconds() - before

    def _seconds(self) -> float:
        return sum(stage.seconds for stage in self.stages)


def load_measured(rankers: Mapping[str, Ranker]) -> dict[str, MeasuredReader]:
    """Put a memory before every stage of some rankers' readers; equal stages share one.

    Raises:
        ReaderError: If one reads instead of another, or cannot be measured at several depths.
    """
    stages: dict[str, ReadOnce] = {}

    def stage(name: str, reader: object) -> ReadOnce:
        if not isinstance(reader, BatchReader) or not reader.facts.reads_apart:
            raise ReaderError(f"reader '{name}': expected one that reads each passage by itself")
        return stages.setdefault(reader.facts.fingerprint, ReadOnce(reader))

    measured = {}
    for name, ranker in rankers.items():
        if ranker.instead_of is not None:
            raise ReaderError(
                f"reader '{name}' cannot be loaded, and '{ranker.reader.facts.name}' would read"
            )
        if isinstance(ranker.reader, CascadeReader):
            first, second = stage(name, ranker.reader.first), stage(name, ranker.reader.second)
            reader = replace(ranker.reader, first=first, second=second)
            measured[name] = MeasuredReader(replace(ranker, reader=reader), (first, second))
        else:
            own = stage(name, ranker.reader)
            measured[name] = MeasuredReader(replace(ranker, reader=own), (own,))
    return measured


def measure_curves(
    questions: Sequence[CalibrationQuestion],
    retriever: Retriever,
    readers: Mapping[str, MeasuredReader],
    depths: Sequence[int],
) -> Curves:
    """Ask every question of every reader with every number of passages, the fewest first.

    Returns:
        By reader, for each number of passages: mean F1, and mean milliseconds of reading.
    """
    f1 = {name: np.zeros((len(questions), len(depths))) for name in readers}
    seconds = {name: np.zeros((len(questions), len(depths))) for name in readers}
    for row, question in enumerate(tqdm(questions, desc="asking", disable=None)):
        for column, depth in enumerate(depths):
            for name, reader in readers.items():
                text, took = reader.ask(question.text, retriever, depth)
                f1[name][row, column] = token_f1(text, question.answers)
                seconds[name][row, column] = took
        for reader in readers.values():
            for stage in reader.stages:
                stage.forget()
    return {
        name: [
            {"passages": depth, "f1": score, "ms": 1e3 * took}
            for depth, score, took in zip(
                depths, f1[name].mean(axis=0), seconds[name].mean(axis=0), strict=True
            )
        ]
        for name in readers
    }


def in_units(curves: Curves) -> Curves:
    """The curves with each cost in units of the first reader's on the fewest passages."""
    unit = next(iter(curves.values()))[0]["ms"]
    return {
        name: [
            {
                "passages": point["passages"],
                "f1": round(float(point["f1"]), 4),
                "ms": round(float(point["ms"]), 2),
                "cost": round(float(point["ms"] / unit), 2),
            }
            for point in curve
        ]
        for name, curve in curves.items()
    }


def _show(result: Mapping[str, Any]) -> None:
    for name, one in result.items():
        print(f"{name}, {one['questions']} questions: F1, cost")
        curves = one["readers"]
        depths = [point["passages"] for point in next(iter(curves.values()))]
        print(f"{'passages':>10}" + "".join(f"{depth:>16}" for depth in depths))
        for reader, curve in curves.items():
            cells = "".join(f"{point['f1']:9.3f}{point['cost']:7.1f}" for point in curve)
            print(f"{reader:>10}{cells}")


_EXAMPLES: Final = (
    (
        "python -m scripts.evaluate_cost --data ~/squad --plot cost.svg",
        "the curves in the docs",
    ),
    (
        "python -m scripts.evaluate_cost --data ~/squad --reader small --reader DIR --passages 8",
        "a reader of your own beside the small one",
    ),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()

"""Gold set and grid -> what every setting is worth and costs."""

from __future__ import annotations

import statistics
import tempfile
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from api.answering.answerer import Answerer, AskParameters
from api.service.models import Models
from index.building.builder import build_index
from index.generations.generation import open_current
from index.retriever import RetrievalParameters, Retriever
from scripts.evaluation.asking import LocalSystem
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.evaluating import unknown_articles
from scripts.evaluation.judging import Judge
from scripts.evaluation.metrics.bootstrap import Bootstrap, two_sided_p
from scripts.evaluation.metrics.columns import to_columns
from scripts.evaluation.metrics.estimates import estimate, point, replicates
from scripts.evaluation.metrics.measures import MEASURES
from scripts.evaluation.sweep.remembering import (
    EncodingTally,
    RememberingEncoder,
    RememberingReader,
)
from scripts.evaluation.sweep.rows import Setting, Sweep, SweepRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.building.builder import BuildSummary
    from index.chunking.chunker import ChunkingParameters
    from index.generations.generation import Generation
    from index.loading.gold import GoldQuestion, GoldSet
    from scripts.evaluation.metrics.measures import Floats, Measure
    from scripts.evaluation.results import Estimate
    from scripts.evaluation.sweep.grid import Grid

TIMED_QUESTIONS: Final = 25
_MEASURED: Final = tuple(measure for measure in MEASURES if measure.group != "latency")


class _Build(NamedTuple):
    generation: Generation
    summary: BuildSummary
    tally: EncodingTally

    @property
    def seconds(self) -> float:
        return self.summary.seconds - self.tally.spent_seconds + self.tally.charged_seconds


@dataclass(frozen=True, slots=True)
class _Tried:
    """A setting before it is known which one is best, and how long its questions take.

    Attributes:
        metrics: As in the row.
        value: Of the measure that is ranked by; NaN where it is not defined.
        drawn: The bootstrap's replicates of it.
    """

    setting: Setting
    build: _Build
    metrics: dict[str, Estimate]
    value: float
    drawn: Floats


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Tries settings over one gold set and one corpus.

    Each chunking is built once and serves every weight and number of passages; a text that comes
    again is not embedded again, and a passage is read once for a question.

    Attributes:
        gold: The gold questions.
        corpus_dir: Folder of the articles.
        models: Encoder and ranker.
        ranked_by: The measure that decides.
        timed: How many questions are asked again to measure the time of one.
        bootstrap: For intervals and differences.
    """

    gold: GoldSet
    corpus_dir: Path
    models: Models
    ranked_by: Measure
    timed: int = TIMED_QUESTIONS
    bootstrap: Bootstrap = field(default_factory=Bootstrap)

    def run(
        self,
        grid: Grid,
        *,
        on_build: Callable[[BuildSummary], None],
        on_question: Callable[[], object],
    ) -> Sweep:
        """Try every setting of a grid.

        Args:
            grid: The settings.
            on_build: Told of every index that was built.
            on_question: Called after every question that was asked of a setting.

        Raises:
            CorpusError: If nothing in the corpus folder can be indexed.
            GoldError: If no article that the gold questions name is in the corpus.
            EvaluationError: If the measure to rank by is not defined for any setting.
        """
        encoder = RememberingEncoder(self.models.encoder)
        tried: list[_Tried] = []
        with ExitStack() as opened:
            work = opened.enter_context(tempfile.TemporaryDirectory(prefix="article-qa-sweep-"))
            for number, chunking in enumerate(grid.chunkings):
                build = self._build(Path(work) / str(number), chunking, encoder)
                opened.enter_context(closing(build.generation))
                on_build(build.summary)
                tried += self._try(build, chunking, grid, encoder, on_question)
            times = self._median_times(tried)
        return self._ranked(tried, times)

    def _build(
        self, folder: Path, chunking: ChunkingParameters, encoder: RememberingEncoder
    ) -> _Build:
        encoder.tally = EncodingTally()
        summary = build_index(self.corpus_dir, folder, encoder, chunking)
        tally, encoder.tally = encoder.tally, EncodingTally()
        return _Build(open_current(folder, encoder), summary, tally)

    def _try(
        self,
        build: _Build,
        chunking: ChunkingParameters,
        grid: Grid,
        encoder: RememberingEncoder,
        on_question: Callable[[], object],
    ) -> Iterator[_Tried]:
        """Try every way of retrieving from one index."""
        ranker = self.models.ranker
        if ranker.reader.facts.reads_apart:
            ranker = replace(ranker, reader=RememberingReader(ranker.reader))
        remembering = Models(encoder, ranker)
        for weight in grid.dense_weights:
            retrieval = RetrievalParameters(dense_weight=weight)
            system = LocalSystem(str(self.corpus_dir), build.generation, remembering, retrieval)
            unknown_articles(self.gold, system)
            for top_k in grid.top_ks:
                judge = Judge(system, top_k)
                results = []
                for question in self.gold.questions:
                    results.append(judge.judge(question))
                    on_question()
                columns = to_columns(results)
                (drawn,) = replicates(columns, self.bootstrap, [self.ranked_by])
                value = point(columns, self.ranked_by)
                yield _Tried(
                    Setting(
                        max_tokens=chunking.max_tokens,
                        overlap_tokens=chunking.overlap_tokens,
                        top_k=top_k,
                        dense_weight=weight,
                    ),
                    build,
                    estimate(results, self.bootstrap, _MEASURED),
                    float("nan") if value is None else value,
                    drawn,
                )

    def _median_times(self, tried: Sequence[_Tried]) -> list[float]:
        """Ask some questions of every setting with nothing remembered, as a server does.

        The settings take turns, so that whatever else the machine does slows all of them.

        Returns:
            Milliseconds of each setting.
        """
        answerers = [
            Answerer(
                Retriever(
                    one.build.generation,
                    self.models.encoder,
                    RetrievalParameters(dense_weight=one.setting.dense_weight),
                ),
                self.models.ranker,
            )
            for one in tried
        ]
        times: list[list[float]] = [[] for _ in tried]
        for question in _spread(self.gold.questions, self.timed):
            filters = question.filters.to_filters()
            for one, answerer, taken in zip(tried, answerers, times, strict=True):
                parameters = AskParameters(top_k=one.setting.top_k, filters=filters)
                taken.append(answerer.ask(question.question, parameters).timings.total)
        return [statistics.median(taken) for taken in times]

    def _ranked(self, tried: Sequence[_Tried], times: Sequence[float]) -> Sweep:
        sign = 1.0 if self.ranked_by.higher_is_better else -1.0
        # A setting for which the measure is not defined comes last.
        ordered = sorted(
            zip(tried, times, strict=True),
            key=lambda pair: (np.isnan(pair[0].value), -sign * pair[0].value),
        )
        best, _ = ordered[0]
        if np.isnan(best.value):
            raise EvaluationError(
                f"'{self.ranked_by.name}' is not defined on {self.gold.path} for any setting; "
                "rank by another measure"
            )
        rows = [
            SweepRow(
                setting=one.setting,
                chunks=one.build.summary.chunks,
                index_seconds=round(one.build.seconds, 3),
                embedded=one.build.tally.embedded,
                reused=one.build.tally.reused,
                p50_ms=round(milliseconds, 2),
                metrics=one.metrics,
                **_beside(one, best, sign),
            )
            for one, milliseconds in ordered
        ]
        recommended = min(
            (row for row in rows if row.is_as_good_as_best), key=lambda row: row.p50_ms
        )
        return Sweep(
            gold=str(self.gold.path),
            corpus=str(self.corpus_dir),
            questions=len(self.gold.questions),
            ranked_by=self.ranked_by.name,
            replicates=self.bootstrap.replicates,
            seed=self.bootstrap.seed,
            recommended=recommended.setting,
            rows=tuple(rows),
        )


def _beside(one: _Tried, best: _Tried, sign: float) -> dict[str, float | None]:
    """How far a setting is behind the best, and the p of that difference."""
    difference = best.value - one.value
    if np.isnan(difference):
        return {"behind": None, "p": None}
    p = two_sided_p(best.drawn - one.drawn, difference)
    return {"behind": round(sign * difference, 6), "p": round(p, 6)}


def _spread(questions: Sequence[GoldQuestion], count: int) -> Sequence[GoldQuestion]:
    """Take some questions, evenly spread over all."""
    step = max(1, len(questions) // count)
    return questions[::step][:count]

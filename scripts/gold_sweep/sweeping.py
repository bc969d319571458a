"""Gold set and grid -> what every setting is worth and costs."""

from __future__ import annotations

import statistics
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

from api.answering.answerer import Answerer, AskParameters
from api.serving import Models
from index.builder import build_index
from index.generation import open_current
from index.retriever import RetrievalParameters, Retriever
from scripts.evaluation.asking import LocalIndex
from scripts.evaluation.bootstrap import Bootstrap, two_sided_p
from scripts.evaluation.columns import to_columns
from scripts.evaluation.estimates import estimate, point, replicates
from scripts.evaluation.evaluating import unknown_articles
from scripts.evaluation.judging import Judge
from scripts.evaluation.measures import MEASURES
from scripts.evaluation.results import Estimate
from scripts.gold_sweep.remembering import EncodingTally, RememberingEncoder, RememberingReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from api.answering.reader import Reader
    from index.builder import BuildSummary
    from index.chunking import ChunkingParameters
    from index.generation import Generation
    from scripts.evaluation.measures import Floats, Measure
    from scripts.gold_questions import GoldQuestion, GoldSet
    from scripts.gold_sweep.grid import Grid

TIMED_QUESTIONS: Final = 25
SIGNIFICANCE: Final = 0.05
_MEASURED: Final = tuple(measure for measure in MEASURES if measure.group != "latency")


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Setting(_Record):
    """One point of the grid."""

    max_tokens: int
    overlap_tokens: int
    top_k: int
    dense_weight: float


class SweepRow(_Record):
    """What one setting is worth and costs.

    Attributes:
        index_seconds: What the build took, with vectors that were reused charged at what they
            once cost.
        p50_ms: Median time of a question, measured anew without anything remembered.
        metrics: Every measure but those of latency, by name.
        behind: How much worse than the best setting it is in the measure that was ranked by; at
            least 0.
        p: The chance of such a difference to the best, either way, if there were none (paired
            bootstrap); 1 for the best itself.
    """

    setting: Setting
    chunks: int
    index_seconds: float
    embedded: int
    reused: int
    p50_ms: float
    metrics: dict[str, Estimate]
    behind: float
    p: float

    @property
    def is_as_good_as_best(self) -> bool:
        """Whether the questions do not tell it from the best."""
        return self.p > SIGNIFICANCE


class Sweep(_Record):
    """All settings, best first by ``ranked_by``.

    Attributes:
        recommended: The setting with the fastest answers among those that the questions do not
            tell from the best.
    """

    gold: str
    corpus: str
    questions: int
    ranked_by: str
    replicates: int
    seed: int
    recommended: Setting
    rows: tuple[SweepRow, ...]


class _Build(NamedTuple):
    generation: Generation
    summary: BuildSummary
    tally: EncodingTally

    @property
    def seconds(self) -> float:
        return self.summary.seconds - self.tally.spent_seconds + self.tally.charged_seconds


@dataclass(frozen=True, slots=True)
class _Tried:
    """A row before it is known which one is best; ``drawn`` are the bootstrap's replicates."""

    row: SweepRow
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
        models: Encoder, reader and calibration.
        ranked_by: The measure that decides.
        reads_apart: Whether the reader reads each passage by itself, so that what it found in
            one may be reused.
        timed: How many questions are asked again to measure the time of one.
        bootstrap: For intervals and differences.
    """

    gold: GoldSet
    corpus_dir: Path
    models: Models
    ranked_by: Measure
    reads_apart: bool = True
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
        """
        encoder = RememberingEncoder(self.models.encoder)
        tried: list[_Tried] = []
        with tempfile.TemporaryDirectory(prefix="article-qa-sweep-") as work:
            for number, chunking in enumerate(grid.chunkings):
                build = self._build(Path(work) / str(number), chunking, encoder)
                on_build(build.summary)
                with closing(build.generation):
                    tried += self._try(build, chunking, grid, encoder, on_question)
        return self._ranked(tried)

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
        reader: Reader = self.models.reader
        remembering = Models(
            encoder,
            RememberingReader(reader) if self.reads_apart else reader,
            self.models.calibration,
        )
        for weight in grid.dense_weights:
            retrieval = RetrievalParameters(dense_weight=weight)
            asked = LocalIndex(str(self.corpus_dir), build.generation, remembering, retrieval)
            unknown_articles(self.gold, asked)
            for top_k in grid.top_ks:
                judge = Judge(asked, top_k)
                results = []
                for question in self.gold.questions:
                    results.append(judge.judge(question))
                    on_question()
                columns = to_columns(results)
                (drawn,) = replicates(columns, self.bootstrap, [self.ranked_by])
                value = point(columns, self.ranked_by)
                row = SweepRow(
                    setting=Setting(
                        max_tokens=chunking.max_tokens,
                        overlap_tokens=chunking.overlap_tokens,
                        top_k=top_k,
                        dense_weight=weight,
                    ),
                    chunks=build.summary.chunks,
                    index_seconds=round(build.seconds, 3),
                    embedded=build.tally.embedded,
                    reused=build.tally.reused,
                    p50_ms=self._median_ms(build.generation, retrieval, top_k),
                    metrics=estimate(results, self.bootstrap, _MEASURED),
                    behind=0.0,
                    p=1.0,
                )
                yield _Tried(row, float("nan") if value is None else value, drawn)

    def _median_ms(
        self, generation: Generation, retrieval: RetrievalParameters, top_k: int
    ) -> float:
        """Ask some questions with nothing remembered, as a server does."""
        retriever = Retriever(generation, self.models.encoder, retrieval)
        answerer = Answerer(retriever, self.models.reader, self.models.calibration)
        return round(
            statistics.median(
                answerer.ask(
                    one.question, AskParameters(top_k=top_k, filters=one.filters.to_filters())
                ).timings.total
                for one in _spread(self.gold.questions, self.timed)
            ),
            2,
        )

    def _ranked(self, tried: Sequence[_Tried]) -> Sweep:
        sign = 1.0 if self.ranked_by.higher_is_better else -1.0
        # A setting for which the measure is not defined comes last.
        ordered = sorted(tried, key=lambda one: (np.isnan(one.value), -sign * one.value))
        best = ordered[0]
        rows = [best.row, *(self._beside(one, best, sign) for one in ordered[1:])]
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

    @staticmethod
    def _beside(one: _Tried, best: _Tried, sign: float) -> SweepRow:
        observed = sign * (best.value - one.value)
        if np.isnan(observed):
            return one.row.model_copy(update={"p": 0.0})
        p = two_sided_p(sign * (best.drawn - one.drawn), observed)
        return one.row.model_copy(update={"behind": round(observed, 6), "p": round(p, 6)})


def _spread(questions: Sequence[GoldQuestion], count: int) -> Sequence[GoldQuestion]:
    """Take some questions, evenly spread over all."""
    step = max(1, len(questions) // count)
    return questions[::step][:count]

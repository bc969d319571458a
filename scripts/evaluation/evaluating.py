"""Evaluation of a gold set: ask every question, judge the replies, compute the measures."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from typing import TYPE_CHECKING

from index.errors import GoldError
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.judging import SEARCH_DEPTH, Judge
from scripts.evaluation.metrics.bootstrap import Bootstrap
from scripts.evaluation.metrics.estimates import (
    confusion,
    count_outcomes,
    estimate,
    estimate_by_kind,
    estimate_by_tag,
)
from scripts.evaluation.results import Cost, EvaluationResult, EvaluationSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from index.loading.gold import GoldQuestion, GoldSet
    from scripts.evaluation.asking import System

    Shown = Callable[[Sequence[GoldQuestion]], Iterable[GoldQuestion]]


def evaluate(
    gold: GoldSet,
    system: System,
    *,
    top_k: int,
    bootstrap: Bootstrap | None = None,
    show: Shown = lambda questions: questions,
) -> EvaluationResult:
    """Ask every gold question and measure the replies.

    Args:
        gold: The gold questions.
        system: What to ask.
        top_k: Passages to read.
        bootstrap: For the intervals; the usual one where None.
        show: Wraps the questions to show progress.

    Raises:
        GoldError: If no article that the gold questions name is in the index.
        EvaluationError: If the index changed meanwhile.
    """
    unknown = unknown_articles(gold, system)
    resampling = Bootstrap() if bootstrap is None else bootstrap
    judge = Judge(system, top_k)
    started = time.perf_counter()
    questions = tuple(judge.judge(question) for question in show(gold.questions))
    if len(versions := judge.versions | {system.index_version}) > 1:
        raise EvaluationError(
            f"{system.place}: several indexes replied, {', '.join(sorted(versions))}: it was "
            "rebuilt meanwhile; evaluate again"
        )
    metrics = estimate(questions, resampling)
    tags = estimate_by_tag(questions, resampling)
    kinds = estimate_by_kind(questions, resampling)
    seconds = time.perf_counter() - started
    return EvaluationResult(
        created_at=dt.datetime.now(dt.UTC),
        settings=EvaluationSettings(
            gold=str(gold.path),
            gold_sha256=_sha256(gold.path),
            index=system.place,
            index_version=system.index_version,
            encoder=system.encoder,
            reader=system.reader,
            top_k=top_k,
            threshold=system.threshold,
            search_depth=SEARCH_DEPTH,
            replicates=resampling.replicates,
            seed=resampling.seed,
        ),
        cost=Cost(
            seconds=round(seconds, 3),
            asking_seconds=round(judge.asking_seconds, 3),
            ratio=round(seconds / max(judge.asking_seconds, 1e-9), 4),
        ),
        metrics=metrics,
        confusion=confusion(questions),
        outcomes=count_outcomes(questions),
        tags=tags,
        kinds=kinds,
        unknown_articles=unknown,
        skipped=gold.skipped,
        questions=questions,
    )


def unknown_articles(gold: GoldSet, system: System) -> tuple[str, ...]:
    """Find the gold articles that are not in the index, sorted.

    Raises:
        GoldError: If there are gold articles and none of them is: the gold set is of another
            corpus.
    """
    named = {article for question in gold.questions for article in question.articles}
    others = named - system.article_ids()
    unknown = {article for article in others if system.original(article) is None}
    if named and unknown == named:
        raise GoldError(
            f"{gold.path}: none of the {len(named)} articles that it names is in {system.place}, "
            f"for example '{min(named)}'; is it a gold set of another corpus?"
        )
    return tuple(sorted(unknown))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

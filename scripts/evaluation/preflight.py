"""Preflight: evaluation of a new generation before it goes live; a refused one is set aside."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from index.errors import IndexCorruptError, IndexMismatchError
from index.generations.generation import Generation, current_version, generation_folder
from index.manifest import check_files, read_manifest
from scripts.evaluation.asking import LocalSystem
from scripts.evaluation.comparison import Comparison, compare
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.evaluating import evaluate
from scripts.evaluation.gate import Check, check_limits, check_no_worse
from scripts.evaluation.judging import fingerprint
from scripts.evaluation.results import EvaluationResult, load_result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.service.models import Models
    from index.loading.gold import GoldSet
    from scripts.evaluation.evaluating import Shown

_LOGGER = logging.getLogger(__name__)
CURRENT: Final = "current"
REFUSED: Final = "refused"


class RefusedError(EvaluationError):
    """A new generation did not pass; the old one stays current.

    Attributes:
        report: What `Preflight.report` holds, and where the generation is kept.
    """

    def __init__(self, message: str, report: dict[str, Any]) -> None:
        super().__init__(message)
        self.report = report


class Preflight:
    """Evaluates a new generation on a gold set, and refuses it where it does worse.

    Args:
        index_dir: Folder of the index.
        gold: The gold questions.
        models: The models that answer them.
        top_k: Passages to read.
        limits: As `gate.check_limits` takes them.
        show: Wraps the questions to show progress.

    Attributes:
        report: The checks of the last generation, and the answers that changed; None before.
    """

    def __init__(
        self,
        index_dir: Path,
        gold: GoldSet,
        models: Models,
        *,
        top_k: int,
        limits: Mapping[str, float],
        show: Shown = lambda questions: questions,
    ) -> None:
        self._index_dir = index_dir
        self._gold = gold
        self._models = models
        self._top_k = top_k
        self._limits = limits
        self._show = show
        self._old: EvaluationResult | None = None
        self.report: dict[str, Any] | None = None

    def compare_with(self, old: EvaluationResult) -> None:
        """Refuse a generation that does worse than this result.

        Raises:
            EvaluationError: If the result has none of the gold questions; noticed before a build.
        """
        current = {(question.id, fingerprint(question)) for question in self._gold.questions}
        if current.isdisjoint((question.id, question.fingerprint) for question in old.questions):
            raise EvaluationError(
                f"{self._gold.path}: the result to compare with asks none of its questions in the "
                "same way; expected one of this gold set"
            )
        self._old = old

    def compare_with_current(self) -> None:
        """Refuse a generation that does worse than the current one, which is evaluated now.

        Without a current generation that this program can open there is no comparison.

        Raises:
            EvaluationError: If the current generation was built with another encoder.
        """
        version = current_version(self._index_dir)
        if version is None:
            return
        folder = generation_folder(self._index_dir, version)
        try:
            check_files(folder, read_manifest(folder))
        except (IndexCorruptError, IndexMismatchError) as error:
            _LOGGER.warning("nothing to compare the new index with: %s", error)
            return
        try:
            self._old = self._evaluate(folder)
        except IndexMismatchError as error:
            raise EvaluationError(
                f"the current index cannot be asked with these models ({error}); evaluate it with "
                "its own, and give the result to --no-worse-than"
            ) from error

    def __call__(self, folder: Path) -> None:
        """Evaluate a finished generation; one that does not pass is set aside, with its report.

        Raises:
            RefusedError: If it does not pass.
        """
        result = self._evaluate(folder)
        comparison = None if self._old is None else compare(self._old, result)
        checks = check_limits(result, self._limits)
        if comparison is not None:
            checks += check_no_worse(comparison)
        self.report = _report(result, comparison, checks)
        lost = [check for check in checks if not check.passed]
        if lost:
            kept = self._keep_aside(folder, result, comparison, checks)
            reasons = "; ".join(f"{check.measure} {check.reason}" for check in lost)
            raise RefusedError(
                f"index {result.settings.index_version} does not go live: {reasons}; it is kept "
                f"in {kept}, with the whole evaluation beside it, as JSON and as a page",
                {**self.report, "kept_in": str(kept)},
            )

    def _evaluate(self, folder: Path) -> EvaluationResult:
        generation = Generation(folder, self._models.encoder)
        try:
            system = LocalSystem(str(folder), generation, self._models)
            return evaluate(self._gold, system, top_k=self._top_k, show=self._show)
        finally:
            generation.close()

    def _keep_aside(
        self,
        folder: Path,
        result: EvaluationResult,
        comparison: Comparison | None,
        checks: list[Check],
    ) -> Path:
        """Keep only the newest generation that was refused: each is as large as the index."""
        from scripts.evaluation.report.page import render  # noqa: PLC0415 - builds mostly draw nothing

        aside = self._index_dir / REFUSED
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        kept = aside / result.settings.index_version
        folder.rename(kept)
        result.write(kept.with_name(f"{kept.name}.json"))
        page = render(result, comparison, checks)
        kept.with_name(f"{kept.name}.html").write_text(page, encoding="utf-8")
        return kept


def _report(
    result: EvaluationResult, comparison: Comparison | None, checks: list[Check]
) -> dict[str, Any]:
    return {
        "passed": all(check.passed for check in checks),
        "questions": len(result.questions),
        "checks": [check.model_dump() for check in checks],
        "changes": []
        if comparison is None
        else [change.model_dump(mode="json") for change in comparison.changes],
    }


def make_preflight(
    index_dir: Path,
    gold: GoldSet,
    models: Models,
    no_worse_than: str | None,
    *,
    top_k: int,
    limits: Mapping[str, float],
    show: Shown = lambda questions: questions,
) -> Preflight:
    """Make a preflight that compares with a result file, or with the generation being served.

    Raises:
        EvaluationError: If the file is no such result, or the current generation cannot be asked.
    """
    preflight = Preflight(index_dir, gold, models, top_k=top_k, limits=limits, show=show)
    if no_worse_than == CURRENT:
        preflight.compare_with_current()
    elif no_worse_than is not None:
        preflight.compare_with(load_result(Path(no_worse_than)))
    return preflight

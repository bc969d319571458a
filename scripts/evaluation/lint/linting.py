"""A gold file -> all that is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.schemas import AskRequest
from index.loading.gold import GoldQuestion, read_gold_lines
from scripts.evaluation.lint.checks import (
    Placed,
    check_articles,
    check_balance,
    check_repeats,
    check_similar,
)
from scripts.evaluation.lint.findings import Finding, Rule, Severity
from scripts.evaluation.lint.statement_checks import check_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from scripts.evaluation.asking import System
    from scripts.evaluation.lint.known_articles import KnownArticles

LEAST_SIMILARITY: Final = 90.0
LEAST_OF_TAG: Final = 5


def read_placed(path: Path) -> tuple[list[Placed], list[Finding]]:
    """Read the questions of a gold file, and what is malformed in it.

    Raises:
        GoldError: If the file cannot be read.
    """
    placed: list[Placed] = []
    findings: list[Finding] = []
    for line, read in read_gold_lines(path):
        if isinstance(read, GoldQuestion):
            placed.append(Placed(line, read))
            continue
        findings.extend(
            Finding(
                Severity.ERROR, Rule.MALFORMED_LINE, fault.message, line=line, field=fault.field
            )
            for fault in read
        )
    if not placed:
        message = "no gold question in it; expected one JSON object a line"
        findings.append(Finding(Severity.ERROR, Rule.MALFORMED_LINE, message))
    return placed, findings


def lint(
    path: Path,
    articles: KnownArticles,
    *,
    least_similarity: float = LEAST_SIMILARITY,
    least_of_tag: int = LEAST_OF_TAG,
) -> tuple[list[Placed], list[Finding]]:
    """Check a gold file by itself and against the articles.

    Args:
        path: The gold file.
        articles: What its questions are about.
        least_similarity: Of two questions to count as nearly the same, in (0, 100].
        least_of_tag: The fewest questions that a tag should have.

    Returns:
        The questions that could be read, and the findings in line order, those about the whole
        file last.

    Raises:
        GoldError: If the file cannot be read.
    """
    placed, findings = read_placed(path)
    findings += check_articles(path, placed, articles)
    findings += check_repeats(placed)
    findings += check_kinds(placed)
    findings += check_similar(placed, least_similarity, articles)
    findings += check_balance(placed, least_of_tag)
    return placed, in_order(findings)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort errors before warnings, and by line; findings about the whole file come last of each."""
    return sorted(
        findings,
        key=lambda one: (one.severity is not Severity.ERROR, one.line is None, one.line or 0),
    )


def check_answered(
    placed: Sequence[Placed], system: System, least_confidence: float
) -> Iterator[Finding]:
    """Ask the unanswerable questions, and name those that are answered all the same.

    A confident answer is either the reader's mistake or the gold set's: only a human can tell.
    """
    for one in placed:
        question = one.question
        if question.answers:
            continue
        response = system.ask(
            AskRequest(
                question=question.question,
                min_confidence=least_confidence,
                filters=question.filters,
            )
        )
        if response.answers:
            best = response.answers[0]
            article = response.citations[0].article.id
            yield one.warning(
                Rule.ANSWERED,
                "answers",
                f"it counts as unanswerable, but is answered '{best.text}' from article "
                f"'{article}' with a confidence of {best.confidence:.2f}",
            )

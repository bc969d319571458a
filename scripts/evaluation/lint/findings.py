"""What a lint of a gold set finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error makes figures wrong; a warning is for a human to look at."""

    ERROR = "error"
    WARNING = "warning"


class Rule(StrEnum):
    """What a finding is about."""

    MALFORMED_LINE = "malformed-line"
    OTHER_CORPUS = "other-corpus"
    UNKNOWN_ARTICLE = "unknown-article"
    FILTERED_OUT = "filtered-out"
    ANSWER_NOT_FOUND = "answer-not-found"
    ANSWER_INSIDE_WORD = "answer-inside-word"
    ANSWER_RESPELLED = "answer-respelled"
    ARTICLE_WITHOUT_ANSWER = "article-without-answer"
    UNKNOWN_FILTER_VALUE = "unknown-filter-value"
    REPEATED_VALUE = "repeated-value"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near-duplicate"
    ANSWERABLE = "answerable"
    ANSWERED = "answered"
    KIND_MISFIT = "kind-misfit"
    VALUE_NOT_SAID = "value-not-said"
    STATEMENT_NOT_FOUND = "statement-not-found"
    OUT_OF_ORDER = "out-of-order"
    NAME_PRESENT = "name-present"
    SMALL_TAG = "small-tag"
    ONE_KIND = "one-kind"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault.

    Attributes:
        line: Of the gold file, from 1; None where the whole file is meant.
        id: Of the gold question, where the line has a readable one.
        field: Dotted path in the line's JSON object, such as ``answers.0``.
    """

    severity: Severity
    rule: Rule
    message: str
    line: int | None = None
    id: str | None = None
    field: str | None = None

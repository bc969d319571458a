"""Linting what a gold set expects beside words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scripts.evaluation.lint.findings import Rule, Severity
from scripts.evaluation.lint.known_articles import from_corpus
from scripts.evaluation.lint.linting import lint
from tests.conftest import write_articles

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.evaluation.lint.known_articles import KnownArticles

EUROS = {"kind": "money", "low": 3.5e6, "high": 3.5e6, "unit": "EUR"}
MANY_EUROS = EUROS | {"low": 35e6, "high": 35e6}


def _statement(article: str, as_of: str, text: str, value: dict[str, Any]) -> dict[str, Any]:
    return {
        "as_of": as_of,
        "text": text,
        "value": value,
        "standing": "reported",
        "article": article,
    }


FEE: dict[str, Any] = {
    "id": "fee",
    "question": "What did Kestrel Bay pay for Quinones?",
    "answers": ["3.5 million euros"],
    "articles": ["fee"],
    "kind": "latest",
    "value": EUROS,
    "as_of": "2025-08-12",
    "timeline": [
        _statement("fee", "2025-08-12", "3.5 million euros", EUROS),
        _statement("rumour", "2025-08-14", "€35 million", MANY_EUROS),
    ],
}
SIDES = [
    {"subject": "the fee", "text": "3.5 million euros", "value": EUROS, "article": "fee"},
    {"subject": "the rumour", "text": "€35 million", "value": MANY_EUROS, "article": "rumour"},
]
COMPARED: dict[str, Any] = {
    "id": "compared",
    "question": "Which is larger, the fee or the rumour?",
    "answers": ["€35 million"],
    "articles": ["fee", "rumour"],
    "kind": "compare",
    "value": MANY_EUROS,
    "comparison": {"sides": SIDES, "greater": 1},
}
ABSENT: dict[str, Any] = {
    "id": "absent",
    "question": "Who is the chairman of Brackenhurst Albion?",
    "answers": [],
    "kind": "absent_name",
}


@pytest.fixture
def articles(corpus_dir: Path) -> KnownArticles:
    write_articles(
        corpus_dir,
        [
            {"id": "fee", "text": "Kestrel Bay paid 3.5 million euros for Quiñones on Tuesday."},
            {"id": "rumour", "text": "The Gazette says that it was €35 million."},
        ],
    )
    return from_corpus(corpus_dir)


def _lint(
    folder: Path, articles: KnownArticles, *questions: dict[str, Any]
) -> list[tuple[Rule, str | None, Severity]]:
    path = folder / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
    _, findings = lint(path, articles, least_of_tag=1)
    return [(fault.rule, fault.field, fault.severity) for fault in findings]


def test_sound_statements_have_no_findings(tmp_path: Path, articles: KnownArticles) -> None:
    assert _lint(tmp_path, articles, FEE, COMPARED, ABSENT) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "list", "value": None}, "answers"),
        ({"kind": "disagree", "value": None}, "answers"),
        ({"kind": "list", "answers": ["Kestrel Bay", "Quiñones"]}, "value"),
        ({"kind": "absent_name", "value": None}, "answers"),
        ({"as_of": None}, "as_of"),
        ({"kind": "compare"}, "comparison"),
        ({"comparison": {"sides": SIDES, "greater": 1}}, "comparison"),
        ({"answers": [], "articles": []}, "value"),
    ],
)
def test_lint_names_what_does_not_fit_the_kind(
    tmp_path: Path, articles: KnownArticles, changes: dict[str, Any], field: str
) -> None:
    faults = _lint(tmp_path, articles, COMPARED, FEE | changes, ABSENT)
    assert (Rule.KIND_MISFIT, field, Severity.ERROR) in faults


@pytest.mark.parametrize("greater", [0, None])
def test_lint_says_which_side_is_the_greater(
    tmp_path: Path, articles: KnownArticles, greater: int | None
) -> None:
    compared = COMPARED | {"comparison": {"sides": SIDES, "greater": greater}}
    assert _lint(tmp_path, articles, compared, ABSENT) == [
        (Rule.KIND_MISFIT, "comparison.greater", Severity.ERROR)
    ]


@pytest.mark.parametrize("unit", ["USD", "EUR"])
def test_lint_leaves_the_greater_of_several_units_to_the_writer(
    tmp_path: Path, articles: KnownArticles, unit: str
) -> None:
    text = _statement("rumour", "2025-08-14", "€35 million", MANY_EUROS | {"unit": unit})
    sides = [SIDES[0], SIDES[1] | {"value": text["value"]}]
    compared = COMPARED | {"comparison": {"sides": sides, "greater": 0}}
    faults = [field for rule, field, _ in _lint(tmp_path, articles, compared, ABSENT)]
    assert ("comparison.greater" in faults) == (unit == "EUR")


@pytest.mark.parametrize(
    ("at", "changes", "finding"),
    [
        (0, {"text": "4 million"}, (Rule.STATEMENT_NOT_FOUND, "timeline.0.text", Severity.ERROR)),
        (0, {"value": MANY_EUROS}, (Rule.VALUE_NOT_SAID, "timeline.0.value", Severity.ERROR)),
        (0, {"text": "paid"}, (Rule.VALUE_NOT_SAID, "timeline.0.value", Severity.WARNING)),
        (0, {"article": "none"}, (Rule.UNKNOWN_ARTICLE, "timeline.0.article", Severity.ERROR)),
        (1, {"as_of": "2025-08-11"}, (Rule.OUT_OF_ORDER, "timeline.1.as_of", Severity.ERROR)),
    ],
)
def test_lint_checks_the_statements_of_a_timeline(
    tmp_path: Path,
    articles: KnownArticles,
    at: int,
    changes: dict[str, Any],
    finding: tuple[Rule, str, Severity],
) -> None:
    timeline = [
        entry | (changes if place == at else {}) for place, entry in enumerate(FEE["timeline"])
    ]
    assert finding in _lint(tmp_path, articles, FEE | {"timeline": timeline}, ABSENT)


def test_lint_checks_that_an_answer_says_the_value(tmp_path: Path, articles: KnownArticles) -> None:
    assert _lint(tmp_path, articles, FEE | {"value": MANY_EUROS}, ABSENT) == [
        (Rule.VALUE_NOT_SAID, "value", Severity.ERROR)
    ]


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("What did Brackenhurst Albion pay for Quinones?", True),
        ("Who leads Brackenhurst Borough Council?", True),
        ("What did Kestrel Bay pay for Quinones?", False),
        ("Who leads it?", False),
    ],
)
def test_lint_checks_that_an_absent_name_is_absent(
    tmp_path: Path, articles: KnownArticles, question: str, *, absent: bool
) -> None:
    faults = _lint(tmp_path, articles, COMPARED, ABSENT | {"question": question})
    assert faults == ([] if absent else [(Rule.NAME_PRESENT, "question", Severity.ERROR)])


def test_lint_of_another_corpus_says_only_that(tmp_path: Path, articles: KnownArticles) -> None:
    other = FEE | {"articles": ["elsewhere"]}
    assert _lint(tmp_path, articles, other, ABSENT) == [(Rule.OTHER_CORPUS, None, Severity.ERROR)]

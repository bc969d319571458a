"""Linting a gold set: every kind of fault is found, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from index.errors import CorpusError, IndexMissingError
from index.generations.generation import open_current
from scripts.evaluation.asking import LocalSystem
from scripts.evaluation.lint.findings import Rule, Severity
from scripts.evaluation.lint.known_articles import from_corpus, from_index
from scripts.evaluation.lint.linting import check_answered, lint
from scripts.evaluation.lint.occurrence import Occurrence, nearest_words, occurrence
from scripts.evaluation.lint.similarity import similar_questions
from scripts.gold import app
from tests.conftest import META, REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api.service.models import Models
    from index.building.builder import BuildSummary

BUDGET = {
    "id": "budget",
    "question": "How much capital expenditure does Meta expect in 2025?",
    "answers": ["$64 billion to $72 billion"],
    "articles": ["meta"],
}
OPEN = {"id": "open", "question": "Who leads Oracle?", "answers": [], "articles": []}


def _write(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "gold.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def _lint(corpus_dir: Path, *lines: dict[str, Any] | str) -> list[tuple[str, str, int | None]]:
    """Rule, field and line of every finding; tags may be as small as they like."""
    path = _write(corpus_dir, *lines)
    _, findings = lint(path, from_corpus(corpus_dir), least_of_tag=1)
    return [(one.rule.value, one.field or "", one.line) for one in findings]


def test_sound_gold_set_has_no_findings(corpus_dir: Path) -> None:
    assert _lint(corpus_dir, BUDGET, OPEN) == []


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"answers": ["$65 billion"]}, Rule.ANSWER_NOT_FOUND, "answers.0"),
        ({"answers": ["$64 billion", "64 billion dollars"]}, Rule.ANSWER_NOT_FOUND, "answers.1"),
        ({"answers": ["$64 billion", "2 billion"]}, Rule.ANSWER_INSIDE_WORD, "answers.1"),
        ({"answers": ["$64 Billion"]}, Rule.ANSWER_RESPELLED, "answers.0"),
        ({"articles": ["meta", "rain"]}, Rule.ARTICLE_WITHOUT_ANSWER, "articles.1"),
        ({"articles": ["meta", "mета"]}, Rule.UNKNOWN_ARTICLE, "articles.1"),
        ({"filters": {"sources": ["Sample Markets"]}}, Rule.FILTERED_OUT, "articles.0"),
        ({"filters": {"tags": ["capex", "chips"]}}, Rule.UNKNOWN_FILTER_VALUE, "filters.tags.1"),
        ({"tags": ["amount", "amount"]}, Rule.REPEATED_VALUE, "tags.1"),
    ],
)
def test_lint_names_the_fault_of_a_question(
    corpus_dir: Path, changes: dict[str, Any], rule: Rule, field: str
) -> None:
    found = _lint(corpus_dir, OPEN, {**BUDGET, **changes})
    assert (rule.value, field, 2) in found
    # The last article of an answer that is not in it holds no answer either.
    assert {name for name, _, _ in found} <= {rule.value, Rule.ARTICLE_WITHOUT_ANSWER.value}


def test_lint_names_malformed_lines_and_checks_the_rest(corpus_dir: Path) -> None:
    found = _lint(
        corpus_dir,
        "{",
        {**BUDGET, "answers": [" "], "question": 7},
        {**BUDGET, "answers": ["$1 billion"]},
        {**BUDGET, "question": "Another?"},
        OPEN,
    )
    malformed = Rule.MALFORMED_LINE.value
    assert found == [
        (malformed, "", 1),
        (malformed, "question", 2),
        (malformed, "answers.0", 2),
        (Rule.ANSWER_NOT_FOUND.value, "answers.0", 3),
        (Rule.ARTICLE_WITHOUT_ANSWER.value, "articles.0", 3),
        (malformed, "id", 4),
    ]


def test_lint_of_an_empty_file_is_an_error(corpus_dir: Path) -> None:
    assert _lint(corpus_dir, " ") == [(Rule.MALFORMED_LINE.value, "", None)]


def test_lint_notices_a_gold_set_of_another_corpus(corpus_dir: Path) -> None:
    other = {**BUDGET, "id": "b", "question": "Why?", "articles": ["elsewhere"]}
    found = _lint(corpus_dir, {**BUDGET, "articles": ["nowhere"]}, other, OPEN)
    assert found == [(Rule.OTHER_CORPUS.value, "", None)]


def test_lint_says_where_a_missing_answer_stands(corpus_dir: Path) -> None:
    path = _write(corpus_dir, {**BUDGET, "answers": ["$80 billion"]}, OPEN)
    _, findings = lint(path, from_corpus(corpus_dir))
    assert findings[0].message == "'$80 billion' is not in 'meta', but in 'microsoft'"


def test_lint_suggests_the_id_that_was_meant(corpus_dir: Path) -> None:
    path = _write(corpus_dir, {**BUDGET, "articles": ["meta", "microsft"]}, OPEN)
    _, findings = lint(path, from_corpus(corpus_dir))
    assert findings[0].message.endswith("; did you mean 'microsoft'?")


@pytest.mark.parametrize(
    ("question", "changes", "rule"),
    [
        ("how much capital expenditure does meta expect in 2025", {}, Rule.DUPLICATE),
        ("How much capital expense does Meta expect in 2025?", {}, Rule.NEAR_DUPLICATE),
        ("How much capital expenditure does Meta expect in 2024?", {}, None),
        ("How much capital expenditure does Oracle expect in 2025?", {}, None),
        (BUDGET["question"], {"filters": {"sources": ["Sample Wire"]}}, None),
    ],
)
def test_lint_finds_questions_that_are_asked_twice(
    corpus_dir: Path, question: str, changes: dict[str, Any], rule: Rule | None
) -> None:
    again = {**BUDGET, "id": "again", "question": question, **changes}
    expected = [] if rule is None else [(rule.value, "question", 3)]
    assert _lint(corpus_dir, BUDGET, OPEN, again) == expected


def test_lint_says_that_duplicates_expect_other_answers(corpus_dir: Path) -> None:
    path = _write(corpus_dir, BUDGET, {**BUDGET, "id": "b", "answers": ["$64 billion"]}, OPEN)
    _, findings = lint(path, from_corpus(corpus_dir))
    assert findings[0].message == "asks the same as line 1 ('budget'), but expects other answers"


@pytest.mark.parametrize(
    ("question", "sources", "severity"),
    [
        (BUDGET["question"], [], Severity.ERROR),
        ("How much capital expense does Meta expect in 2025?", [], Severity.WARNING),
        (BUDGET["question"], ["Sample Wire"], Severity.ERROR),
        (BUDGET["question"], ["Sample Markets"], None),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_lint_finds_unanswerable_questions_that_another_one_answers(
    corpus_dir: Path, question: str, sources: list[str], severity: Severity | None, *, first: bool
) -> None:
    opened = {**OPEN, "question": question, "filters": {"sources": sources}}
    path = _write(corpus_dir, *((opened, BUDGET) if first else (BUDGET, opened)))
    _, findings = lint(path, from_corpus(corpus_dir))
    assert [(one.rule, one.severity, one.id) for one in findings] == (
        [] if severity is None else [(Rule.ANSWERABLE, severity, "open")]
    )


def test_lint_names_small_tags_in_one_line(corpus_dir: Path) -> None:
    tagged = {**BUDGET, "tags": ["amount", "rare", "odd"]}
    path = _write(corpus_dir, tagged, {**OPEN, "tags": ["amount"]})
    _, (finding,) = lint(path, from_corpus(corpus_dir), least_of_tag=2)
    assert (finding.rule, finding.line) == (Rule.SMALL_TAG, None)
    assert finding.message.endswith(": odd (1), rare (1)")


def test_lint_lists_errors_before_warnings(corpus_dir: Path) -> None:
    wrong = {**BUDGET, "id": "wrong", "answers": ["$65 billion"]}
    repeated = {**BUDGET, "id": "again", "tags": ["money", "money"]}
    _, findings = lint(_write(corpus_dir, repeated, wrong), from_corpus(corpus_dir))
    order = [finding.severity for finding in findings]
    assert order == sorted(order)
    assert set(order) == {Severity.ERROR, Severity.WARNING}


@pytest.mark.parametrize("line", [BUDGET, OPEN])
def test_lint_wants_both_kinds_of_questions(corpus_dir: Path, line: dict[str, Any]) -> None:
    assert _lint(corpus_dir, line) == [(Rule.ONE_KIND.value, "", None)]


def test_confident_answers_to_unanswerable_questions_are_named(
    build: Callable[[], BuildSummary], corpus_dir: Path, index_dir: Path, models: Models
) -> None:
    build()
    asked = LocalSystem("index", open_current(index_dir, models.encoder), models)
    hidden = {**OPEN, "id": "hidden", "question": "How much capital expenditure does Meta expect?"}
    barred = {**hidden, "id": "barred", "filters": {"article_ids": ["rain"]}}
    placed, _ = lint(_write(corpus_dir, hidden, barred, OPEN), from_index(index_dir))
    (finding,) = check_answered(placed, asked, 0.9)
    assert (finding.rule, finding.id, finding.severity) == (
        Rule.ANSWERED,
        "hidden",
        Severity.WARNING,
    )
    assert META in finding.message


@pytest.mark.parametrize(
    ("answer", "text", "expected"),
    [
        ("5%", "It rose by 5%.", Occurrence.EXACT),
        ("5%", "It rose by 9.5%.", Occurrence.INSIDE_WORD),
        ("$64", "It cost $64.5.", Occurrence.INSIDE_WORD),
        ("$64", "It cost $64.", Occurrence.EXACT),
        ("art", "The party was art.", Occurrence.EXACT),
        ("art", "The party.", Occurrence.INSIDE_WORD),
        ("Meta", "meta's plan", Occurrence.NONE),
        ("Meta", "the META plan", Occurrence.RESPELLED),
        ("two  words", "Two words.", Occurrence.RESPELLED),
        ("東京", "明日の東京は雨。", Occurrence.EXACT),
        ("rain", "snow", Occurrence.NONE),
        ("!", "no mark", Occurrence.NONE),
    ],
)
def test_occurrence_of_an_answer(answer: str, text: str, expected: Occurrence) -> None:
    assert occurrence(answer, text) is expected


@given(st.text(max_size=20), st.text(min_size=1, max_size=8), st.text(max_size=20))
def test_answer_between_spaces_always_occurs(before: str, answer: str, after: str) -> None:
    assert occurrence(answer, f"{before} {answer} {after}") is Occurrence.EXACT


def test_nearest_words_are_whole_words_of_the_text() -> None:
    text = "Meta expects spending of $64 billion to $72 billion this year."
    assert nearest_words("$64 billion or $72 billion", text) == "$64 billion to $72 billion"
    assert nearest_words("zzzz", text) is None


@given(st.lists(st.sampled_from(["Who leads Meta?", "who leads meta", "Why 5?", "Why 6?", ""])))
def test_similar_questions_agree_with_comparing_every_pair(questions: list[str]) -> None:
    same = {"Who leads Meta?": 0, "who leads meta": 0, "Why 5?": 1, "Why 6?": 2, "": 3}
    expected = {
        (first, second)
        for second in range(len(questions))
        for first in range(second)
        if same[questions[first]] == same[questions[second]]
    }
    assert {(pair.first, pair.second) for pair in similar_questions(questions, 80)} == expected


def test_articles_of_index_and_corpus_are_the_same(
    build: Callable[[], BuildSummary], corpus_dir: Path, index_dir: Path
) -> None:
    build()
    stored, read = from_index(index_dir), from_corpus(corpus_dir)
    assert dict(stored.infos) == dict(read.infos)
    assert {name: stored.text(name) for name in stored.infos} == {
        name: read.text(name) for name in read.infos
    }


def test_missing_articles_are_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="no index in"):
        from_index(tmp_path)
    with pytest.raises(CorpusError, match="no article in it"):
        from_corpus(tmp_path)


def test_command_prints_file_line_and_field_and_exits_with_1(corpus_dir: Path) -> None:
    path = _write(corpus_dir, {**BUDGET, "answers": ["$65 billion"]}, OPEN)
    ran = CliRunner().invoke(app, ["lint", str(path), "--corpus", str(corpus_dir)])
    assert ran.exit_code == 1
    assert ran.stdout.startswith(f"{path}:1: error: 'budget': field 'answers.0': '$65 billion' is")
    assert ran.stdout.splitlines()[-1] == f"{path}: 2 errors, 0 warnings in 2 questions"


def test_command_exits_with_0_when_there_are_warnings_only(corpus_dir: Path) -> None:
    path = _write(corpus_dir, {**BUDGET, "tags": ["rare"]}, OPEN)
    ran = CliRunner().invoke(app, ["lint", str(path), "--corpus", str(corpus_dir), "--json"])
    assert ran.exit_code == 0
    summary = json.loads(ran.stdout)
    assert (summary["errors"], summary["warnings"], summary["questions"]) == (0, 1, 2)
    assert summary["findings"][0]["rule"] == "small-tag"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.jsonl", "--corpus", "corpus"], "none.jsonl"),
        (["gold.jsonl", "--corpus", "none"], "corpus folder none: not a folder"),
    ],
)
def test_command_names_what_is_missing(arguments: list[str], message: str) -> None:
    ran = CliRunner().invoke(app, ["lint", *arguments])
    assert ran.exit_code == 1
    assert message in ran.stderr


def test_sample_gold_set_is_clean() -> None:
    corpus = REPOSITORY / "corpus"
    _, findings = lint(corpus / "gold.jsonl", from_corpus(corpus))
    assert findings == []

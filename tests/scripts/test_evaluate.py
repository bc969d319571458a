"""The command that evaluates, with the fake models; a worsened system does not pass its gate."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

import scripts.evaluate as command
from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import ScoredSpan
from api.service.models import Models
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.records import Span
from scripts.evaluation.results import load_result
from tests.conftest import ARTICLES, FakeReader, fake_calibration, write_articles
from tests.scripts.evaluation.making import GOLD, write_gold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from typer.testing import Result

    from api.answering.questions.question import Question
    from index.building.builder import BuildSummary
    from index.records import Passage
    from tests.conftest import FakeEncoder

APP = typer.Typer()
APP.command()(command.main)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def evaluate(
    build: Callable[[], BuildSummary],
    index_dir: Path,
    tmp_path: Path,
    models: Models,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Result]:
    """Run the command with the fake models, or with others."""
    build()
    gold = write_gold(tmp_path / "questions.jsonl")

    def run(*options: str, models: Models = models, gold: Path = gold) -> Result:
        monkeypatch.setattr(command, "load_models", lambda settings: models)
        arguments = ["--gold", str(gold), "--index", str(index_dir), *options]
        return CliRunner().invoke(APP, arguments)

    return run


def _summary(result: Result) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return summary


def test_evaluate_prints_measures_and_outcomes_as_json_last(
    evaluate: Callable[..., Result],
) -> None:
    result = evaluate()
    assert result.exit_code == 0, result.output
    summary = _summary(result)
    assert summary["questions"] == 4
    assert summary["metrics"]["exact_match"]["value"] == 1.0
    assert summary["outcomes"]["right"] == 4
    assert summary["confusion"]["unanswerable_abstained"] == 1
    assert summary["tags"]["capex"]["exact_match"] == 1.0
    assert summary["tags"]["unanswerable"]["citation_precision"] is None
    assert "1.000 (1.00 to 1.00)" in result.stdout
    assert "exact_match" in result.stdout.splitlines()[2]


def test_evaluate_writes_every_question_and_a_baseline_without_texts(
    evaluate: Callable[..., Result], tmp_path: Path
) -> None:
    whole, bare = tmp_path / "whole.json", tmp_path / "bare.json"
    assert evaluate("--json", str(whole), "--baseline", str(bare)).exit_code == 0
    result, baseline = load_result(whole), load_result(bare)
    assert [one.id for one in result.questions] == ["g1", "g2", "g3", "g4"]
    assert set(result.tags) == {"answerable", "capex", "unanswerable"}
    first = result.questions[0].details
    assert first is not None
    (citation,) = first.answers[0].citations
    assert (citation.article, citation.verified) == ("meta", True)
    assert [one.fingerprint for one in baseline.questions] == [
        one.fingerprint for one in result.questions
    ]
    assert ARTICLES[0]["text"][:20] not in bare.read_text(encoding="utf-8")
    assert GOLD[0]["question"] not in bare.read_text(encoding="utf-8")
    assert baseline.metrics == result.metrics


def test_evaluate_measures_what_gold_questions_expect_beside_words(
    evaluate: Callable[..., Result], tmp_path: Path
) -> None:
    value = {"kind": "money", "low": 64e9, "high": 72e9, "unit": "USD"}
    figures = [GOLD[0] | {"kind": "fact", "value": value}, GOLD[3] | {"kind": "absent_name"}]
    gold = write_gold(tmp_path / "figures.jsonl", figures)
    bare = tmp_path / "bare.json"
    result = evaluate("--baseline", str(bare), gold=gold)
    assert result.exit_code == 0, result.output
    summary = _summary(result)
    assert summary["metrics"]["absent_name_answered"]["value"] == 0
    assert set(summary["kinds"]) == {"fact", "absent_name"}
    assert summary["kinds"]["fact"]["disagreement_invented"] == 0
    shown = result.stdout.splitlines()
    assert any(line.split()[:1] == ["value_accuracy"] for line in shown)
    assert not any(line.split()[:1] == ["list_recall"] for line in shown)
    assert any(line.split()[:2] == ["fact", "1"] for line in shown)
    assert [(one.kind, set(one.statements)) for one in load_result(bare).questions] == [
        ("fact", {"value_accuracy", "disagreement_invented"}),
        ("absent_name", {"absent_name_answered"}),
    ]


def test_evaluate_writes_a_report_with_every_question_comparison_and_gate(
    evaluate: Callable[..., Result], tmp_path: Path
) -> None:
    old, folder = str(tmp_path / "old.json"), tmp_path / "report"
    assert evaluate("--baseline", old).exit_code == 0
    assert evaluate("--report", str(folder), "--no-worse-than", old).exit_code == 0
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert all(one["question"] in page for one in GOLD)
    assert "Compared with" in page
    assert 'Gate: <span class="yes">passed</span>' in page


def test_evaluate_notices_before_asking_that_a_report_has_no_folder(
    evaluate: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "taken").touch()
    refused = evaluate("--report", str(tmp_path / "taken"))
    assert refused.exit_code == 1
    assert "taken: not a folder" in refused.stderr


def test_evaluate_passes_its_own_gate(evaluate: Callable[..., Result], tmp_path: Path) -> None:
    old = str(tmp_path / "old.json")
    assert evaluate("--baseline", old).exit_code == 0
    result = evaluate("--no-worse-than", old, "--fail-under", "em=1,verified=1,ece=0.9")
    assert result.exit_code == 0, result.output
    gate = _summary(result)["gate"]
    assert gate["passed"]
    assert {check["measure"] for check in gate["checks"]} >= {"exact_match", "citation_verified"}


class _Silent(FakeReader):
    """Never answers."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        return []


class _Shifted(FakeReader):
    """Marks everything one character too far to the right."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        return [
            ScoredSpan(
                found.passage,
                Span(
                    found.span.start + 1,
                    min(found.span.end + 1, passages[found.passage].chunk.end),
                ),
                found.score,
                found.null_score,
                found.answerable,
            )
            for found in super().read(question, passages)
        ]


def _closed(result: Result) -> dict[str, str]:
    """The reason of every measure that the gate refuses."""
    assert result.exit_code == 1, result.output
    assert "error: worse than --fail-under or --no-worse-than allow: " in result.stderr
    gate = _summary(result)["gate"]
    assert not gate["passed"]
    return {check["measure"]: check["reason"] for check in gate["checks"] if not check["passed"]}


def test_reader_that_always_abstains_fails_the_gate_because_nothing_is_cited(
    evaluate: Callable[..., Result], tmp_path: Path, models: Models
) -> None:
    old = str(tmp_path / "old.json")
    evaluate("--json", old)
    silent = Models(models.encoder, Ranker(_Silent(), fake_calibration()))
    reasons = _closed(evaluate("--no-worse-than", old, models=silent))
    nothing = "there is nothing left that it could be measured on"
    assert (reasons["citation_precision"], reasons["citation_verified"]) == (nothing, nothing)
    assert reasons["exact_match"] == "lost 0.7500, more than the tolerance of 0.02"
    assert not reasons.keys() & {"article_recall@10", "passage_ndcg@10"}


def test_shuffled_index_fails_the_gate_by_what_it_retrieves(
    evaluate: Callable[..., Result],
    tmp_path: Path,
    corpus_dir: Path,
    index_dir: Path,
    encoder: FakeEncoder,
) -> None:
    old = str(tmp_path / "old.json")
    evaluate("--json", old)
    texts = [article["text"] for article in ARTICLES]
    shuffled = [
        {**article, "text": text}
        for article, text in zip(ARTICLES, [*texts[1:], texts[0]], strict=True)
    ]
    write_articles(corpus_dir, shuffled)
    build_index(corpus_dir, index_dir, encoder, ChunkingParameters())
    reasons = _closed(evaluate("--no-worse-than", old))
    assert reasons["passage_ndcg@10"].startswith("lost 1.0000")
    assert reasons["citation_precision"].startswith("lost")


def test_answers_shifted_by_one_character_fail_the_gate_by_their_words_only(
    evaluate: Callable[..., Result], tmp_path: Path, models: Models
) -> None:
    old = str(tmp_path / "old.json")
    evaluate("--json", old)
    shifted = Models(models.encoder, Ranker(_Shifted(), fake_calibration()))
    reasons = _closed(evaluate("--no-worse-than", old, models=shifted))
    assert reasons.keys() == {"exact_match", "f1"}


def test_evaluate_fails_under_a_limit(evaluate: Callable[..., Result], models: Models) -> None:
    silent = Models(models.encoder, Ranker(_Silent(), fake_calibration()))
    result = evaluate("--fail-under", "em=0.5,f1=0.2", models=silent)
    assert _closed(result) == {"exact_match": "0.2500 below"}


def test_evaluate_compares_and_names_the_questions_that_changed(
    evaluate: Callable[..., Result], tmp_path: Path, models: Models
) -> None:
    old = str(tmp_path / "old.json")
    evaluate("--json", old)
    silent = Models(models.encoder, Ranker(_Silent(), fake_calibration()))
    result = evaluate("--compare", old, models=silent)
    assert result.exit_code == 0
    assert "worse: 3 questions" in result.stdout
    assert "reader missed the span" in result.stdout
    assert _summary(result)["comparison"]["compared"] == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fail-under", "accuracy=1"], "no measure 'accuracy'"),
        (["--gated", "accuracy", "--no-worse-than", "x"], "no measure 'accuracy'"),
        (["--compare", "none.json"], "none.json: No such file"),
        (["--no-worse-than", "none.json"], "none.json: No such file"),
        (["--json", "none/x.json"], "none/x.json: there is no folder none to write it to"),
        (["--url", "http://127.0.0.1:9"], "http://127.0.0.1:9"),
        (["--url", "http://host:port"], "'http://host:port': Invalid port"),
        (["--url", "http://127.0.0.1:9", "--calibrate", "c.json"], "leave --url out"),
    ],
)
def test_evaluate_refuses_bad_options(
    evaluate: Callable[..., Result], options: list[str], message: str
) -> None:
    result = evaluate(*options)
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr


def test_evaluate_refuses_an_old_result_of_another_shape(
    evaluate: Callable[..., Result], tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"metrics": {}}', encoding="utf-8")
    result = evaluate("--compare", str(other))
    assert result.exit_code == 1
    assert "other.json: field 'created_at': Field required; expected a file that" in result.stderr


def test_evaluate_leaves_malformed_lines_out_only_when_told_to(
    evaluate: Callable[..., Result], tmp_path: Path
) -> None:
    gold = write_gold(tmp_path / "some.jsonl", [*GOLD, {"id": "g5", "question": "Who?"}])
    refused = evaluate(gold=gold)
    assert refused.exit_code == 1
    assert "some.jsonl, line 5: field 'answers': Field required" in refused.stderr
    result = evaluate("--skip-invalid", gold=gold)
    assert result.exit_code == 0
    assert "skipped" in result.stderr
    summary = _summary(result)
    assert summary["questions"] == 4
    assert "line 5: field 'answers'" in summary["skipped"][0]


@pytest.mark.parametrize("options", [[], ["--skip-invalid"]])
def test_evaluate_refuses_an_empty_gold_set(
    evaluate: Callable[..., Result], tmp_path: Path, options: list[str]
) -> None:
    result = evaluate(*options, gold=write_gold(tmp_path / "none.jsonl", []))
    assert result.exit_code == 1
    assert "no gold question; expected" in result.stderr


def test_evaluate_notices_the_gold_set_of_another_corpus(
    evaluate: Callable[..., Result], tmp_path: Path
) -> None:
    other = [{**GOLD[0], "articles": ["elsewhere"]}, GOLD[3]]
    result = evaluate(gold=write_gold(tmp_path / "other.jsonl", other))
    assert result.exit_code == 1
    assert "none of the 1 articles that it names is in" in result.stderr
    assert "'elsewhere'; is it a gold set of another corpus?" in result.stderr


def test_evaluate_names_gold_articles_that_are_not_in_the_index(
    evaluate: Callable[..., Result], tmp_path: Path
) -> None:
    some = [GOLD[0], {**GOLD[1], "articles": ["gone"]}]
    result = evaluate(gold=write_gold(tmp_path / "some.jsonl", some))
    assert result.exit_code == 0
    assert "gold articles that are not in the index: gone" in result.stdout
    assert _summary(result)["metrics"]["article_recall@10"]["value"] == 0.5


def test_question_that_cannot_be_asked_fails_by_name_and_counts_as_zero(
    evaluate: Callable[..., Result], tmp_path: Path
) -> None:
    long = {**GOLD[3], "id": "long", "question": "Who? " * 400}
    result = evaluate(gold=write_gold(tmp_path / "long.jsonl", [GOLD[0], long]))
    assert result.exit_code == 0
    assert "failed: long: field 'question': String should have at most" in result.stdout
    summary = _summary(result)
    assert summary["confusion"]["failed"] == 1
    assert summary["metrics"]["exact_match"]["value"] == 0.5
    assert summary["metrics"]["abstention_recall"]["value"] == 0.0

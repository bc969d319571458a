"""The command that asks, with the fake models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

import scripts.ask as command
from api.answering.ranking.ranker import Ranker
from api.client import Client
from api.schemas import AskResponse
from api.service import local
from api.service.models import Models
from scripts.terminal import services
from tests.conftest import META, FakeEncoder, FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi.testclient import TestClient
    from typer.testing import Result

    from index.building.builder import BuildSummary

APP = typer.Typer()
APP.command()(command.main)
QUESTION = "How much capital expenditure at Meta?"


@pytest.fixture(autouse=True)
def _fake_models(monkeypatch: pytest.MonkeyPatch, models: Models) -> None:
    monkeypatch.setattr(local, "load_models", lambda settings: models)
    for name in ("QA_INDEX_DIR", "QA_ENCODER", "QA_DEVICE", "QA_URL", "QA_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(build: Callable[[], BuildSummary], index_dir: Path) -> Callable[..., Result]:
    build()
    return lambda *arguments: CliRunner().invoke(APP, [*arguments, "--index", str(index_dir)])


def test_ask_prints_json_as_http_would_return_it(run: Callable[..., Result]) -> None:
    result = run(QUESTION, "--json")
    assert result.exit_code == 0
    body = json.loads(result.stdout)
    assert body.keys() == AskResponse.model_fields.keys() - {"shards"}
    assert (body["status"], body["question"], body["answer"]) == ("answered", QUESTION, META)
    assert AskResponse.model_validate_json(result.stdout).citations[0].quote == META


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("bibtex", "@misc{meta,\n"),
        ("ris", "TY  - GEN\r\n"),
        ("csl", '[\n  {\n    "id": "meta",'),
        ("markdown", f"**{QUESTION}**\n\n"),
        ("quotation", f"“{META}” (Meta raises its budget, Sample Wire, 2025-04-30)\n"),
    ],
)
def test_ask_prints_citations_in_a_format_and_nothing_else(
    run: Callable[..., Result], form: str, begins: str
) -> None:
    result = run(QUESTION, "--format", form, "--max-answers", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes.decode().startswith(begins)


def test_ask_has_no_citations_where_there_is_no_answer(
    index_dir: Path, run: Callable[..., Result]
) -> None:
    arguments = ["--format", "ris", "--max-answers", "1", "--index", str(index_dir)]
    result = CliRunner().invoke(APP, arguments, input=f"Who runs Google?\n{QUESTION}\n")
    assert (result.exit_code, result.stderr) == (
        0,
        "no answer: No article mentions 'Google'.\n",
    )
    assert result.stdout_bytes.count(b"TY  - ") == 1
    assert result.stdout_bytes.startswith(b"TY  - ")


def test_ask_shows_answer_confidence_and_place(run: Callable[..., Result]) -> None:
    result = run(QUESTION)
    assert result.exit_code == 0
    flowing = " ".join(result.stdout.split())  # long lines are broken
    assert flowing.startswith(META)
    assert "%, forecast as of 2025-04-30)" in flowing
    assert f"[1] {META}" in flowing
    assert "Meta raises its budget, Sample Wire, 2025-04-30, meta" in flowing


def test_ask_says_why_there_is_no_answer(run: Callable[..., Result]) -> None:
    result = run("Who runs Google?")
    assert result.exit_code == 0
    assert result.stdout.startswith("No answer. No article mentions 'Google'.\n  nearest: ")


def test_ask_abstains_in_json_below_the_least_confidence(run: Callable[..., Result]) -> None:
    body = json.loads(run(QUESTION, "--json", "--min-confidence", "1").stdout)
    assert (body["status"], body["answer"], body["citations"]) == ("abstained", None, [])


@pytest.mark.parametrize(
    "arguments",
    [
        [" \t"],
        [],
        [QUESTION, "--top-k", "0"],
        [QUESTION, "--top-k", "1000000"],
        [QUESTION, "--min-confidence", "2"],
        [QUESTION, "--max-answers", "11"],
        ["x" * 1001],
        [QUESTION, "--json", "--format", "ris"],
    ],
    ids=[
        "blank",
        "none",
        "top_k 0",
        "top_k a million",
        "min_confidence 2",
        "max_answers 11",
        "too long",
        "two formats",
    ],
)
def test_ask_refuses_wrong_arguments(run: Callable[..., Result], arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize(
    "options",
    [
        ["--source", "Sample Markets"],
        ["--tag", "social", "--to", "2025-01-31"],
        ["--from", "2025-05-01"],
        ["--article", "rain", "--article", "microsoft"],
    ],
)
def test_ask_leaves_out_articles_that_do_not_pass_the_filters(
    run: Callable[..., Result], options: list[str]
) -> None:
    assert json.loads(run(QUESTION, "--json").stdout)["answer"] == META
    assert META not in run(QUESTION, "--json", *options).stdout


def test_ask_filters_by_any_of_the_values_given(run: Callable[..., Result]) -> None:
    sources = ("--source", "Sample Markets", "--source", "Sample Wire")
    assert json.loads(run(QUESTION, "--json", *sources).stdout)["answer"] == META


def test_ask_gives_no_more_answers_than_wanted(run: Callable[..., Result]) -> None:
    asked = ("How much capital expenditure on data centres?", "--min-confidence", "0", "--json")
    assert len(json.loads(run(*asked).stdout)["answers"]) > 1
    assert len(json.loads(run(*asked, "--max-answers", "1").stdout)["answers"]) == 1


def test_ask_refuses_a_filter_by_no_day(run: Callable[..., Result]) -> None:
    result = run(QUESTION, "--from", "yesterday")
    assert result.exit_code == 1
    assert "published_from" in result.stderr


def test_ask_reads_standard_input_in_place_of_a_dash(
    index_dir: Path, run: Callable[..., Result]
) -> None:
    result = CliRunner().invoke(APP, ["-", "--json", "--index", str(index_dir)], input=QUESTION)
    assert json.loads(result.stdout)["question"] == QUESTION


def test_ask_refuses_a_question_that_is_not_text(run: Callable[..., Result]) -> None:
    result = run("Meta \udcff?")  # how Python reads an argument that is not UTF-8
    assert result.exit_code == 2


def test_ask_reads_questions_from_standard_input(
    index_dir: Path, run: Callable[..., Result]
) -> None:
    asked = f"{QUESTION}\n\n{'x' * 1001}\nWho runs Google?\n"
    result = CliRunner().invoke(APP, ["--json", "--index", str(index_dir)], input=asked)
    replies = [AskResponse.model_validate_json(line) for line in result.stdout.splitlines()]
    assert [reply.answer for reply in replies] == [META, None]
    assert "error: question 2: the question: String should have at most 1000" in result.stderr
    assert result.exit_code == 2


def test_ask_prompts_on_a_terminal(
    index_dir: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_is_terminal", lambda: True)
    monkeypatch.setattr(command, "prompted_questions", lambda: iter([QUESTION, "Who runs Google?"]))
    result = run()
    assert result.exit_code == 0
    assert result.stdout.startswith(META)
    assert "No answer. No article mentions 'Google'." in result.stdout


def test_ask_asks_a_service_instead(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        services,
        "Client",
        lambda url, api_key: Client(url, api_key=api_key, transport=client._transport),
    )
    arguments = ["--url", "http://testserver", "--index", str(tmp_path / "none"), "--json"]
    result = CliRunner().invoke(APP, [QUESTION, *arguments])
    assert result.exit_code == 0
    assert AskResponse.model_validate_json(result.stdout).answer == META


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "ftp://somewhere", "nowhere"])
def test_ask_says_where_there_is_no_service(url: str) -> None:
    result = CliRunner().invoke(APP, [QUESTION, "--url", url])
    assert result.exit_code == 1
    assert url in result.stderr
    assert result.stderr.count("\n") == 1


def test_ask_goes_on_after_a_question_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    result = CliRunner().invoke(APP, ["--url", "http://127.0.0.1:9"], input="one\ntwo\n")
    assert result.exit_code == 1
    assert [line.split(":")[1] for line in result.stderr.splitlines()] == [
        " question 1",
        " question 2",
    ]


def test_ask_without_an_index_says_what_to_run(index_dir: Path) -> None:
    result = CliRunner().invoke(APP, [QUESTION, "--index", str(index_dir)])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"article-qa build --corpus DIR --index {index_dir}" in result.stderr


def test_ask_an_index_of_another_encoder_names_both(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Models(FakeEncoder(name="other"), Ranker(FakeReader(), fake_calibration()))
    monkeypatch.setattr(local, "load_models", lambda settings: other)
    result = run(QUESTION)
    assert result.exit_code == 1
    assert "'fake' (64 dimensions" in result.stderr
    assert "'other' (64 dimensions" in result.stderr


def test_ask_prints_a_table_of_names_or_groups(run: Callable[..., Result]) -> None:
    shown = run(
        "How much capital expenditure at {company}?", "--table", "Meta", "--table", "Google"
    )
    meta, google = shown.stdout.splitlines()
    assert meta.startswith(f"Meta    {META}  (")
    assert meta.endswith("Meta raises its budget, Sample Wire, 2025-04-30")
    assert google.startswith("Google  no answer: ")
    rows = run("How much in 2025?", "--table", "source", "--json").stdout.splitlines()
    assert {json.loads(row)["label"] for row in rows} == {"Sample Markets", "Sample Wire"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["How much?", "--table", "author"],
        ["How much?", "--table", "source", "--table", "tag"],
        ["How much?", "--table", "source", "--format", "bibtex"],
        ["--table", "source"],
    ],
)
def test_ask_refuses_a_table_that_is_none(run: Callable[..., Result], arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_ask_takes_names_and_time_over_from_the_question_before(run: Callable[..., Result]) -> None:
    result = run("And Meta?", "--after", "How much capital expenditure at Intel?", "--json")
    assert json.loads(result.stdout)["question"] == QUESTION
    assert f"asked: {QUESTION}" in result.stderr
    assert run("--after", QUESTION).exit_code == 2

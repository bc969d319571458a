"""The command that checks quotes cited before, with the fake models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from api.answering.verifying import sha256_of
from api.schemas.examples import ABSTAINED
from api.service import local
from api.settings import Settings
from scripts import verify
from tests.conftest import ARTICLES, META, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from api.service.local import LocalService
    from api.service.models import Models
    from index.building.builder import BuildSummary

QUESTION = "How much capital expenditure at Meta?"
RAIN = {"article_id": "rain", "quote": "Dublin", "start": 13, "end": 19}


@pytest.fixture
def service(
    index_dir: Path,
    build: Callable[[], BuildSummary],
    models: Models,
    monkeypatch: pytest.MonkeyPatch,
) -> LocalService:
    for name in ("QA_INDEX_DIR", "QA_ENCODER", "QA_DEVICE", "QA_URL", "QA_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(local, "load_models", lambda _: models)
    build()
    return local.LocalService.open(Settings(index_dir=index_dir))


@pytest.fixture
def run(service: LocalService, index_dir: Path, tmp_path: Path) -> Callable[..., Result]:
    """Run the command on a file with this content."""

    def invoke(content: str, *options: str) -> Result:
        file = tmp_path / "citations.json"
        file.write_text(content, encoding="utf-8")
        return CliRunner().invoke(verify.app, [str(file), "--index", str(index_dir), *options])

    return invoke


def _edit(corpus_dir: Path, build: Callable[[], BuildSummary], *articles: dict[str, Any]) -> None:
    write_articles(corpus_dir, articles)
    build()


def test_replies_as_ask_writes_them_are_checked(
    service: LocalService, run: Callable[..., Result]
) -> None:
    reply = service.ask(QUESTION, max_answers=1)
    shown = run(reply.model_dump_json(indent=2))
    assert (shown.exit_code, shown.stderr) == (0, "")
    first, counts = shown.stdout.splitlines()
    assert first == f"intact   meta, 0-{len(META)}: “{META}”"
    assert counts == "1 citations: 1 intact, 0 moved, 0 changed, 0 gone"
    lines = [reply.model_dump_json(), json.dumps(ABSTAINED), json.dumps([RAIN]), json.dumps(RAIN)]
    assert run("\n".join(lines)).stdout.endswith(
        "3 citations: 3 intact, 0 moved, 0 changed, 0 gone\n"
    )


def test_exit_status_is_that_of_the_worst(
    run: Callable[..., Result], corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    quotes = [
        {"article_id": "meta", "quote": "$64 billion", "start": 36, "end": 47},
        {"article_id": "microsoft", "quote": "$80 billion", "start": 25, "end": 36},
        RAIN,
    ]
    lines = [json.dumps(quote) for quote in quotes]
    _edit(
        corpus_dir,
        build,
        {**ARTICLES[0], "text": f"New. {ARTICLES[0]['text']}"},
        {**ARTICLES[1], "text": "Microsoft plans nothing."},
    )
    assert [run("\n".join(lines[:count])).exit_code for count in (1, 2, 3)] == [3, 4, 5]
    shown = run("\n".join(lines))
    assert shown.stdout.splitlines() == [
        "moved    meta, 36-47, now 41-52: “$64 billion”",
        "changed  microsoft, 25-36: “$80 billion”",
        "gone     rain, 13-19: “Dublin”",
        "3 citations: 0 intact, 1 moved, 1 changed, 1 gone",
    ]
    result = json.loads(run("\n".join(lines), "--json").stdout)
    assert result["citations"][0] == {
        **quotes[0],
        "quote_sha256": None,
        "status": "moved",
        "now": {"start": 41, "end": 52},
    }
    assert len(result["index_versions"]) == 1


def test_more_citations_than_a_request_takes_are_checked(run: Callable[..., Result]) -> None:
    result = json.loads(run(json.dumps([RAIN] * 101), "--json").stdout)
    assert (result["intact"], len(result["citations"])) == (101, 101)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty; expected replies of"),
        (f"{json.dumps(RAIN)}\n{{", ":2: not JSON"),
        ("[" * 100_000, "JSON"),
        ("5", ":1: citation 1: "),
        (
            '\n\n{"citations": [{"article": {"id": "a"}}]}',
            ":3: citation 1: field 'quote': Field required",
        ),
        (
            json.dumps([RAIN, {**RAIN, "end": 18}]),
            "citation 2: field 'end': 18; expected 19",
        ),
        (
            json.dumps({**RAIN, "quote_sha256": sha256_of("Cork")}),
            "'quote_sha256': not",
        ),
    ],
    ids=["empty", "no JSON", "deep", "number", "field missing", "wrong end", "wrong hash"],
)
def test_wrong_file_is_named_with_line_and_field(
    run: Callable[..., Result], content: str, reason: str
) -> None:
    ran = run(content)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert reason in " ".join(ran.stderr.replace("│", " ").split())


def test_file_that_is_not_there_is_named(index_dir: Path) -> None:
    ran = CliRunner().invoke(verify.app, ["nowhere.json", "--index", str(index_dir)])
    assert ran.exit_code == 1
    assert "nowhere.json" in ran.stderr


def test_standard_input_is_read_in_place_of_a_dash(service: LocalService, index_dir: Path) -> None:
    quote = {**RAIN, "quote": "\x1b[2J", "end": 17}
    arguments = ["-", "--index", str(index_dir)]
    ran = CliRunner().invoke(verify.app, arguments, input=json.dumps(quote))
    assert ran.exit_code == 4
    assert "\x1b" not in ran.stdout

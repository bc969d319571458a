"""What all commands promise: help with examples that hold, exit statuses, and ``--json``."""

from __future__ import annotations

import importlib
import json
import os
import shlex
import sys
from collections import Counter
from contextlib import nullcontext
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import pytest
import typer
from typer.testing import CliRunner

from api import __version__
from api.service.local_marks import LocalMarks
from api.settings import Settings
from scripts.benchmarks import load, machines, memory, rebuild, start
from scripts.benchmarks.traffic.levels import Level
from scripts.benchmarks.traffic.server import RunningServer
from scripts.console import COMMANDS
from scripts.terminal.commands import (
    Command,
    JsonOption,
    command_group,
    command_line,
    print_result,
    print_values,
)
from tests.conftest import META, REPOSITORY, fake_calibration
from tests.index.fake_ray import install_fake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.schemas import MarkedQuestionOut
    from api.service.models import Models
    from index.building.builder import BuildSummary
    from tests.conftest import FakeEncoder

MODULES = sorted(
    path.stem
    for path in (REPOSITORY / "scripts").glob("*.py")
    if 'if __name__ == "__main__":' in path.read_text()
)
NAMES = {entry.module: f"article-qa {name}" for name, entry in COMMANDS.items()}
GOLD = [
    {
        "id": "meta",
        "question": "How much capital expenditure at Meta?",
        "answers": ["$64 billion to $72 billion"],
        "articles": ["meta"],
        "tags": ["money"],
    },
    {"id": "none", "question": "Who runs Google?", "answers": [], "articles": [], "tags": ["no"]},
]


def _leaves() -> Iterator[tuple[str, str | None]]:
    """Every command: its module, and its name where the module has several."""
    for module in MODULES:
        known = typer.main.get_command(importlib.import_module(f"scripts.{module}").app)
        for name in getattr(known, "commands", {None: known}):
            yield module, name


LEAVES = list(_leaves())
WITHOUT_RESULT = [("mcp_server", None), ("serve", None)]  # they serve


def _command(module: str, name: str | None) -> Any:
    known = typer.main.get_command(importlib.import_module(f"scripts.{module}").app)
    return known if name is None else known.commands[name]  # type: ignore[attr-defined]


def _invoke(module: str, name: str | None, *arguments: str) -> Any:
    app = importlib.import_module(f"scripts.{module}").app
    words = [*(() if name is None else (name,)), *arguments]
    return CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}).invoke(app, words)


def _options(module: str, name: str | None) -> set[str]:
    return {option for known in _command(module, name).params for option in known.opts}


@pytest.mark.parametrize(("module", "name"), LEAVES)
def test_help_has_examples_that_hold_and_says_what_exit_statuses_mean(
    module: str, name: str | None
) -> None:
    shown = _invoke(module, name, "--help")
    assert shown.exit_code == 0
    assert "Exit status: 0 when" in shown.stdout
    start = (
        f"{NAMES.get(module, f'python -m scripts.{module}')}{'' if name is None else f' {name}'}"
    )
    epilog = _command(module, name).epilog
    examples = [line for line in epilog.split("\n\n") if "  # " in line]
    assert examples
    for line in examples:
        assert " ".join(line.split()) in " ".join(shown.stdout.split())
        words, _, what = line.partition("  # ")
        assert words.startswith(start)
        assert what
        used = {word for word in shlex.split(words.partition("|")[0]) if word.startswith("--")}
        assert used <= _options(module, name) | {"--config"}


@pytest.mark.parametrize(("module", "name"), [one for one in LEAVES if one not in WITHOUT_RESULT])
def test_every_command_with_a_result_has_json(module: str, name: str | None) -> None:
    assert "--json" in _options(module, name)


@pytest.mark.parametrize(
    ("module", "name"), [*LEAVES, *((module, None) for module, name in LEAVES if name is not None)]
)
def test_every_command_prints_its_version(module: str, name: str | None) -> None:
    ran = _invoke(module, name, "--version")
    assert (ran.exit_code, ran.stdout) == (0, f"article-qa {__version__}\n")


@pytest.mark.parametrize(("module", "name"), LEAVES)
def test_wrong_arguments_exit_with_2_and_say_so_on_standard_error(
    module: str, name: str | None
) -> None:
    ran = _invoke(module, name, "--no-such-option")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "--no-such-option" in ran.stderr


class _Reader:
    """A reader that can only be saved."""

    def save(self, folder: Path) -> None:
        folder.mkdir()


@pytest.fixture
def arguments(
    tmp_path: Path,
    corpus_dir: Path,
    index_dir: Path,
    encoder: FakeEncoder,
    models: Models,
    build: Callable[[], BuildSummary],
    monkeypatch: pytest.MonkeyPatch,
) -> dict[tuple[str, str | None], list[str]]:
    """How each command is called here; what takes minutes or a network is faked."""
    build()
    gold = corpus_dir / "gold.jsonl"
    gold.write_text("\n".join(map(json.dumps, GOLD)), encoding="utf-8")
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    for name, module in list(sys.modules.items()):
        if name.startswith("scripts") or name == "api.service.local":
            for known, fake in (
                ("load_models", lambda *_: models),
                ("load_reader", lambda *_: models.ranker.reader),
                ("load_ranker", lambda *_: models.ranker),
                ("SentenceTransformerEncoder", lambda *_, **__: encoder),
                ("base_folder", lambda: tmp_path),
            ):
                if hasattr(module, known):
                    monkeypatch.setattr(module, known, fake)
    _fake_long_work(monkeypatch, index_dir, encoder)
    index, corpus, questions = str(index_dir), str(corpus_dir), str(gold)
    data = ["--data", str(tmp_path)]
    return {
        ("ask", None): [GOLD[0]["question"], "--index", index],  # type: ignore[list-item]
        ("average_readers", None): ["a=1", "b=2", "--out", str(tmp_path / "mean")],
        ("benchmark", "ask"): ["--index", index, "--gold", questions],
        ("benchmark", "build"): ["--corpus", corpus, "--rounds", "0", "--articles", "20"],
        ("benchmark", "cluster"): ["--ray", "auto", "--index", index, "--gold", questions],
        ("benchmark", "formats"): ["--files", str(_one_file(tmp_path))],
        ("benchmark", "load"): ["--index", index, "--gold", questions, "--clients", "1"],
        ("benchmark", "memory"): ["--corpus", corpus],
        ("benchmark", "plan"): [],
        ("benchmark", "scale"): [
            *("--index", index, "--gold", questions, "--corpus", corpus),
            *("--chunks", "1000", "--shards", "2"),
        ],
        ("benchmark", "search"): ["--index", index, "--gold", questions, "--corpus", corpus],
        ("benchmark", "shards"): [
            *("--index", index, "--gold", questions, "--shards", "2", "--reader", "small"),
        ],
        ("benchmark", "start"): ["--index", index],
        ("build_index", None): ["--corpus", corpus, "--index", str(tmp_path / "other")],
        ("config", None): [],
        ("calibrate_reader", None): [*data, "--out", str(tmp_path / "calibration.json")],
        ("evaluate", None): ["--gold", questions, "--index", index],
        ("evaluate_cost", None): data,
        ("evaluate_end_to_end", None): data,
        ("evaluate_news", None): [],
        ("evaluate_reader", None): data,
        ("evaluate_retrieval", None): ["--gold", questions, "--index", index],
        ("fetch_base", None): ["--models", str(tmp_path / "models")],
        ("gold", "lint"): [questions, "--index", index, "--min-tag", "1"],
        ("gold", "mark"): ["Who runs Google?", "--none", "--index", index],
        ("gold", "marks"): ["--index", index],
        ("gold", "review"): [_marked(index_dir).id, "--index", index],
        ("gold", "sweep"): [
            *("--gold", questions, "--corpus", corpus, "--max-tokens", "60"),
            *("--overlap-tokens", "0", "--top-k", "4", "--dense-weight", "0.8", "--timed", "1"),
        ],
        ("index_info", None): ["--index", index],
        ("make_key", None): ["alice"],
        ("measure_page", None): ["--gold", questions],
        ("picture_page", None): ["--out", str(gold)],
        ("train_reader", None): [*data, "--out", str(tmp_path / "run")],
        ("verify", None): [str(_replies(tmp_path)), "--index", index],
    }


def _marked(index_dir: Path) -> MarkedQuestionOut:
    return LocalMarks(Settings(index_dir=index_dir)).mark_answer("Who runs Meta?")


def _replies(folder: Path) -> Path:
    file = folder / "replies.json"
    file.write_text('{"citations": []}', encoding="utf-8")
    return file


def _one_file(folder: Path) -> Path:
    files = folder / "files"
    files.mkdir()
    for name in ("ferry.md", "ferry.md.txt"):
        (files / name).write_text("It crosses.", encoding="utf-8")
    return files


def _fake_long_work(monkeypatch: pytest.MonkeyPatch, index_dir: Path, encoder: FakeEncoder) -> None:
    from index.generations.generation import open_current  # noqa: PLC0415
    from scripts import (  # noqa: PLC0415
        average_readers,
        calibrate_reader,
        evaluate_cost,
        evaluate_end_to_end,
        evaluate_news,
        evaluate_reader,
        fetch_base,
        measure_page,
        picture_page,
        train_reader,
    )
    from scripts.training.calibration_sets import (  # noqa: PLC0415
        CalibrationQuestion,
        CalibrationSet,
    )
    from scripts.training.questions.squad import Question  # noqa: PLC0415

    install_fake(monkeypatch)
    generation = open_current(index_dir, encoder)
    asked = [Question("1", "capital expenditure at Meta?", META, "Meta", ((META, 0),))]
    squad = SimpleNamespace(generation=generation, paragraph_ids={META: "meta"})
    monkeypatch.setattr(average_readers, "average", lambda _: _Reader())
    some = CalibrationSet("news", generation, (CalibrationQuestion(asked[0].question, (META,)),))
    monkeypatch.setattr(calibrate_reader, "news_set", lambda *_: some)
    monkeypatch.setattr(calibrate_reader, "reworded_set", lambda *_: some)
    monkeypatch.setattr(calibrate_reader, "squad_set", lambda *_: some)
    monkeypatch.setattr(calibrate_reader, "held_back_sets", lambda *_: [])
    monkeypatch.setattr(calibrate_reader, "under_shift", lambda *_: {})
    monkeypatch.setattr(calibrate_reader, "_described_thresholds", lambda *_: [{"max_error": 0.1}])
    monkeypatch.setattr(calibrate_reader, "fit", lambda *_, **__: fake_calibration())
    monkeypatch.setattr(evaluate_cost, "news_set", lambda *_: some)
    monkeypatch.setattr(evaluate_cost, "squad_set", lambda *_: some)
    monkeypatch.setattr(evaluate_cost, "load_measured", lambda _: {})
    point = {"passages": 1, "f1": 1.0, "ms": 2.0, "cost": 1.0}
    monkeypatch.setattr(evaluate_cost, "in_units", lambda _: {"small": [point]})
    monkeypatch.setattr(evaluate_end_to_end, "open_squad_corpus", lambda *_: squad)
    monkeypatch.setattr(evaluate_end_to_end, "load_squad", lambda _: asked)
    monkeypatch.setattr(evaluate_end_to_end, "in_split", lambda known, _: known)
    monkeypatch.setattr(evaluate_news, "news_set", lambda *_: some)
    monkeypatch.setattr(evaluate_news, "summarise", lambda *_: {"f1": 1.0})
    monkeypatch.setattr(evaluate_reader, "TrainedReader", lambda *_: None)
    monkeypatch.setattr(evaluate_reader, "_report", lambda *_: {"reading": {"exact_match": 1.0}})
    monkeypatch.setattr(fetch_base, "fetch", lambda *_: None)
    monkeypatch.setattr(measure_page, "_ask", lambda *_: (2.0, 1.0))
    for command in (measure_page, picture_page):
        monkeypatch.setattr(command, "launched", lambda _: nullcontext(MagicMock()))
    monkeypatch.setattr(train_reader, "_run", lambda *_, **__: {"base": "fake"})
    monkeypatch.setattr(machines, "_QUESTIONS", 100)
    monkeypatch.setattr(memory, "_measure", lambda *_: {"peak_mb": 2.0, "vectors_mb": 1.0})
    monkeypatch.setattr(rebuild, "_SETTLED_SECONDS", 0)
    process = SimpleNamespace(pid=os.getpid())
    server = RunningServer(process, 1)  # type: ignore[arg-type]  # what is read of it
    for benchmark in (load, start):
        monkeypatch.setattr(benchmark, "running_server", lambda *_, **__: nullcontext(server))
    monkeypatch.setattr(
        load, "run_level", lambda _, __, count, *___: Level(count, [5.0], Counter(), 0, 1.0)
    )
    monkeypatch.setattr(start, "subprocess", SimpleNamespace(run=lambda *_, **__: None))


def test_every_command_is_called_here(arguments: dict[tuple[str, str | None], list[str]]) -> None:
    assert sorted(map(str, [*arguments, *WITHOUT_RESULT])) == sorted(map(str, LEAVES))


@pytest.mark.parametrize(("module", "name"), [one for one in LEAVES if one not in WITHOUT_RESULT])
def test_json_is_all_that_stands_on_standard_output(
    arguments: dict[tuple[str, str | None], list[str]], module: str, name: str | None
) -> None:
    file = ["-"] if module == "evaluate" else []
    ran = _invoke(module, name, *arguments[module, name], "--json", *file)
    assert ran.exit_code == 0, ran.output
    assert isinstance(json.loads(ran.stdout), dict)
    assert "\x1b" not in ran.output  # no colours where there is no terminal
    assert "it/s" not in ran.output


@pytest.mark.parametrize(
    ("module", "name"),
    [
        *(("benchmark", name) for name in ("ask", "build", "formats", "search", "start", "load")),
        *((name, None) for name in ("build_index", "evaluate", "evaluate_retrieval", "make_key")),
    ],
)
def test_json_comes_last_where_that_is_promised(
    arguments: dict[tuple[str, str | None], list[str]], module: str, name: str | None
) -> None:
    ran = _invoke(module, name, *arguments[module, name])
    assert ran.exit_code == 0, ran.output
    assert isinstance(json.loads(ran.stdout.splitlines()[-1]), dict)


def test_result_is_for_people_first_and_json_alone_where_that_is_wanted() -> None:
    result = {"name": "ü", "none": None, "within": {"a": 1}, "rows": [{"b": 2}, {"b": 3}]}

    def main(word: str, count: int = 2, *, as_json: JsonOption = False) -> None:
        """Say a word."""
        said = {**result, "said": [word] * count}
        print_result(said, lambda: print_values(result), as_json=as_json)

    app = command_line(Command(main, [("python -m say hello", "says it")]))
    ran = CliRunner().invoke(app, ["hello"])
    *lines, last = ran.stdout.splitlines()
    assert [line.rstrip() for line in lines] == [
        "name    ü",
        "none    -",
        "within",
        "  a  1",
        "rows",
        "  b  2",
        "",
        "  b  3",
    ]
    assert json.loads(last) == {**result, "said": ["hello", "hello"]}
    ran = CliRunner().invoke(app, ["hello", "--json"])
    assert ran.stdout == f"{last}\n"
    assert "ü" in last


def test_result_without_json_last_is_for_people_or_json() -> None:
    def main(*, as_json: JsonOption = False) -> None:
        """Say it."""
        print_result({"a": 1}, lambda: typer.echo("one"), as_json=as_json, json_last=False)

    app = command_line(Command(main, [("python -m say", "says it")]))
    assert CliRunner().invoke(app, []).stdout == "one\n"
    assert CliRunner().invoke(app, ["--json"]).stdout == '{"a": 1}\n'


def test_group_without_a_command_shows_its_help() -> None:
    def main() -> None:
        """Do nothing."""

    examples = [("several one", "do nothing")]
    commands = {"one": Command(main, examples), "two": Command(main, examples)}
    ran = CliRunner().invoke(command_group("Several.", commands), [])
    assert "Several." in ran.output

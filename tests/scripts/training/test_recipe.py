"""Which parts a plan has, and which choices of them are refused."""

import itertools
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from scripts import train_reader
from scripts.training import sources
from scripts.training.plan import Plan
from scripts.training.questions.bundles import Recipe
from scripts.training.questions.windows import Pair
from tests.scripts.training.tiny_training import WORDS, tiny_tokenizer


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--news", "--unlabelled", "2"], "--unlabelled needs --news and --teacher"),
        (["--unlabelled", "2", "--teacher", "large"], "--unlabelled needs --news and --teacher"),
        (["--leave-out", "qamr"], "--leave-out needs --news"),
        (
            ["--news", "--leave-out", "nosuch"],
            "--leave-out nosuch: expected one of news, reworded, stories",
        ),
    ],
)
def test_recipe_with_a_part_that_nothing_is_learnt_from_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    folders = ["--data", str(tmp_path), "--out", str(tmp_path / "run")]
    result = CliRunner().invoke(train_reader.app, [*folders, *options])
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "run").exists()


def test_part_that_is_left_out_changes_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parts(*_: object) -> list[tuple[str, list[list[Pair]]]]:
        numbers = itertools.count(1)
        return [
            (name, [[Pair("who pays", "", passage, None, next(numbers))]])
            for name, passage in (("news", "red"), ("qamr", "blue"), ("tatqa-text-dev", "ten"))
        ]

    tiny_tokenizer().save(str(tmp_path / "tokenizer.json"))
    own = SimpleNamespace(kinds={"word": 1}, bundles=lambda _: [[Pair("who", "", "ann", None, 0)]])
    embeddings = {"embeddings.word_embeddings.weight": SimpleNamespace(astype=lambda _: None)}
    for name, fake in (
        ("load_file", lambda _: embeddings),
        ("SimilarWords", lambda *_: None),
        ("BundleMaker", lambda *_: own),
        ("load_sources", lambda *_: None),
        ("_news_parts", parts),
    ):
        monkeypatch.setattr(sources, name, fake)

    def words(*left_out: str) -> tuple[set[str], dict[str, int]]:
        recipe = Recipe(news=True, left_out=left_out, max_length=20)
        plan, kinds = sources.make_plan(tmp_path, tmp_path, recipe, tmp_path)
        return {_passage(plan, row) for row in range(len(plan.start))}, kinds

    assert words() == (
        {"ann", "red", "blue", "ten"},
        {"word": 1, "news": 1, "qamr": 1, "tatqa-text-dev": 1},
    )
    assert words("qamr", "news") == ({"ann", "ten"}, {"word": 1, "tatqa-text-dev": 1})


def _passage(plan: Plan, row: int) -> str:
    return WORDS[int(plan.ids[plan.offsets[row] + plan.passage[row]])]

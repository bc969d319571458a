"""The command that makes API keys."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from api.keys import Keyring, Scope
from scripts.make_key import main

app = typer.Typer()
app.command()(main)


def test_make_key_prints_a_key_and_the_entry_that_accepts_it() -> None:
    result = CliRunner().invoke(app, ["ops", "--scopes", "ask+admin"])
    assert result.exit_code == 0
    made = json.loads(result.stdout)
    found = Keyring.parse(made["entry"]).find(made["key"])
    assert found is not None
    assert (found.name, found.scopes) == ("ops", frozenset(Scope))
    assert made["key"] not in made["entry"]


@pytest.mark.parametrize("arguments", [["a b"], ["a", "--scopes", "everything"]])
def test_make_key_refuses_what_the_server_would_not_read(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert "expected" in result.stderr

"""Averaging readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
import typer
from typer.testing import CliRunner

from api.answering.reading.network import SpanModel
from api.answering.reading.registry import SHIPPED_MODEL
from scripts.average_readers import main
from scripts.training.sources import base_folder

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer()
app.command()(main)


def test_average_weighs_each_reader(tmp_path: Path) -> None:
    model = SpanModel.load(SHIPPED_MODEL, base_folder())
    for folder, bias in (("a", 1.0), ("b", 4.0)):
        with torch.no_grad():
            model.answerable_head.bias.fill_(bias)
        model.save(tmp_path / folder)
    out = tmp_path / "mean"
    readers = [f"{tmp_path / 'a'}=1", f"{tmp_path / 'b'}=2"]
    result = CliRunner().invoke(app, [*readers, "--out", str(out)])
    assert result.exit_code == 0, result.output
    mean = SpanModel.load(out, base_folder())
    assert mean.answerable_head.bias.item() == pytest.approx(3.0)
    torch.testing.assert_close(mean.span_head.weight, model.span_head.weight)


@pytest.mark.parametrize("argument", ["folder", "folder=0", "folder=-1", "folder=x", "=1"])
def test_average_refuses_what_is_not_a_folder_and_a_weight(tmp_path: Path, argument: str) -> None:
    result = CliRunner().invoke(app, [argument, "--out", str(tmp_path / "mean")])
    assert result.exit_code == 1
    assert f"'{argument}': expected FOLDER=WEIGHT" in result.output

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


def _with_bias(folder: Path, bias: float) -> str:
    model = SpanModel.load(SHIPPED_MODEL, base_folder())
    with torch.no_grad():
        model.answerable_head.bias.fill_(bias)
    model.save(folder)
    return str(folder)


def test_average_weighs_each_reader(tmp_path: Path) -> None:
    one, four = _with_bias(tmp_path / "a", 1.0), _with_bias(tmp_path / "b", 4.0)
    out = tmp_path / "mean"
    result = CliRunner().invoke(app, [f"{one}=1", f"{four}=2", "--out", str(out)])
    assert result.exit_code == 0, result.output
    mean = SpanModel.load(out, base_folder())
    assert mean.answerable_head.bias.item() == pytest.approx(3.0)
    shipped = SpanModel.load(SHIPPED_MODEL, base_folder())
    torch.testing.assert_close(mean.span_head.weight, shipped.span_head.weight)


@pytest.mark.parametrize("argument", ["folder", "folder=0", "folder=-1", "folder=x", "=1"])
def test_average_refuses_what_is_not_a_folder_and_a_weight(tmp_path: Path, argument: str) -> None:
    result = CliRunner().invoke(app, [argument, "--out", str(tmp_path / "mean")])
    assert result.exit_code == 1
    assert f"'{argument}': expected FOLDER=WEIGHT" in result.output

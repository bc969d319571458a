"""Average readers: `python -m scripts.average_readers FOLDER=WEIGHT ... --out DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import torch
import typer
from tqdm import tqdm

from api.answering.errors import ReaderError
from api.answering.reading.network import SpanModel
from scripts.terminal.commands import (
    Command,
    JsonOption,
    command_line,
    print_result,
    print_values,
    reported_errors,
)
from scripts.training.sources import base_folder

if TYPE_CHECKING:
    from torch import Tensor


def main(
    readers: Annotated[
        list[str], typer.Argument(metavar="FOLDER=WEIGHT...", help="Readers saved by training.")
    ],
    *,
    out: Annotated[Path, typer.Option(help="Folder of the averaged reader.")],
    as_json: JsonOption = False,
) -> None:
    """Average readers that were trained one from the other, by the given weights.

    After Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022: between a model and
    its own further training lies one that has what either is better at.
    """
    with reported_errors():
        weighed = [_parsed(one) for one in readers]
        average(weighed).save(out)
    result = {
        "out": str(out),
        "readers": [{"folder": str(folder), "weight": weight} for folder, weight in weighed],
    }
    print_result(result, lambda: print_values(result), as_json=as_json)


def average(readers: list[tuple[Path, float]]) -> SpanModel:
    """The reader whose weights are the weighted mean.

    Args:
        readers: Folders of readers of one shape, and positive weights of any sum.
    """
    total = sum(weight for _, weight in readers)
    mean: dict[str, Tensor] = {}
    for folder, weight in tqdm(readers, desc="averaging", unit="reader", disable=None):
        model = SpanModel.load(folder, base_folder())
        for name, value in model.state_dict().items():
            mean[name] = mean.get(name, torch.zeros_like(value)) + value * (weight / total)
    model.load_state_dict(mean)
    return model


def _parsed(argument: str) -> tuple[Path, float]:
    folder, _, weight = argument.rpartition("=")
    try:
        known = float(weight)
    except ValueError:
        known = 0.0
    if not folder or not known > 0:
        raise ReaderError(f"'{argument}': expected FOLDER=WEIGHT with a weight above 0")
    return Path(folder), known


_EXAMPLES: Final = (
    (
        "python -m scripts.average_readers a/model=1 b/model=2 --out averaged",
        "the second counts twice",
    ),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()

"""How commands report errors."""

from __future__ import annotations

import pytest
import typer

from index.errors import CorpusError
from scripts.terminal.commands import reported_errors


@pytest.mark.parametrize(
    ("error", "line", "status"),
    [
        (CorpusError("corpus folder x: not a folder"), "error: corpus folder x: not a folder", 1),
        (FileNotFoundError(2, "No such file", "x"), "error: x: No such file", 1),
        (KeyboardInterrupt(), "interrupted", 130),
    ],
)
def test_reported_errors_are_one_line_and_an_exit_status(
    capsys: pytest.CaptureFixture[str], error: BaseException, line: str, status: int
) -> None:
    with pytest.raises(typer.Exit) as exit_info, reported_errors():
        raise error
    assert exit_info.value.exit_code == status
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"{line}\n")


def test_reported_errors_let_programming_errors_through(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ZeroDivisionError), reported_errors():
        raise ZeroDivisionError
    assert capsys.readouterr().err == ""

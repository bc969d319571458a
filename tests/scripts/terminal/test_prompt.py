"""The prompt keeps what was asked."""

from __future__ import annotations

import builtins
import readline
from typing import TYPE_CHECKING

import pytest

from scripts.terminal.prompt import history_file, prompted_questions

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What the user will type, then Ctrl-D."""
    lines: list[str] = []

    def read(prompt: str) -> str:
        if not lines:
            raise EOFError
        readline.add_history(lines[0])
        return lines.pop(0)

    monkeypatch.setattr(builtins, "input", read)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    readline.clear_history()
    return lines


def test_prompt_gives_questions_and_keeps_them_for_their_owner(typed: list[str]) -> None:
    typed.extend([" Who? ", "", "What?"])
    assert list(prompted_questions()) == ["Who?", "What?"]
    readline.clear_history()
    typed.append("When?")
    assert list(prompted_questions()) == ["When?"]
    kept = [
        readline.get_history_item(at + 1) for at in range(readline.get_current_history_length())
    ]
    assert kept == [" Who? ", "What?", "When?"]
    assert history_file().stat().st_mode & 0o777 == 0o600


def test_prompt_works_where_nothing_can_be_kept(
    typed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("a file in the way")
    typed.append("Who?")
    assert list(prompted_questions()) == ["Who?"]
    assert "the history is not saved: " in capsys.readouterr().err


def test_history_is_below_home_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert history_file() == tmp_path / ".local" / "state" / "article-qa" / "questions"

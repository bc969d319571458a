"""Settings from the configuration file, and what is said when it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.errors import SettingsError
from api.keys import digest_of
from api.settings import Origin, origin_of, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable

ENTRY = f"a:ask:sha256:{digest_of('abc').hex()}"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """Write the configuration file of the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QA_CONFIG", raising=False)
    monkeypatch.delenv("QA_PORT", raising=False)
    return lambda text: Path("article-qa.toml").write_text(text, encoding="utf-8")


def test_file_gives_every_kind_of_setting(write: Callable[[str], int]) -> None:
    write(
        'index_dir = "var/mine"\nport = 9000\noriginals = false\nread_seconds = 5.5\n'
        f'cors_origins = ["https://a.example"]\nkey_rate = "60/minute"\napi_keys = ["{ENTRY}"]\n'
    )
    settings = read_settings()
    assert (settings.index_dir, settings.port) == (Path("var/mine"), 9000)
    assert (settings.originals, settings.read_seconds) == (False, 5.5)
    assert settings.cors_origins == ("https://a.example",)
    assert str(settings.key_rate) == "60 per 1 minute"
    assert [key.name for key in settings.api_keys.keys] == ["a"]


def test_environment_comes_before_file_and_file_before_default(
    write: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("\nport = 9000\nworkers = 3\n")
    monkeypatch.setenv("QA_PORT", "9001")
    settings = read_settings()
    assert (settings.port, settings.workers, settings.max_queue) == (9001, 3, 16)
    assert origin_of("port") == Origin("environment", "QA_PORT")
    assert origin_of("workers") == Origin("file", "article-qa.toml:3")
    assert origin_of("max_queue") == Origin("default")
    assert read_settings(port=1).port == 1


def test_named_file_is_read_in_place_of_that_of_the_folder(
    write: Callable[[str], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("port = 9000")
    (tmp_path / "other.toml").write_text("port = 9002")
    monkeypatch.setenv("QA_CONFIG", "other.toml")
    assert read_settings().port == 9002


def test_folder_without_a_file_has_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QA_PORT", raising=False)
    assert read_settings().port == 8000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nprot = 1", "article-qa.toml:2: 'prot' is no setting; the nearest is 'port'"),
        ("QA_INDEX_DIR = 1", "article-qa.toml:1: 'QA_INDEX_DIR' is no setting; the nearest is"),
        (
            "index-dir = 1",
            "article-qa.toml:1: 'index-dir' is no setting; the nearest is 'index_dir'",
        ),
        ("zzzz = 1", "'zzzz' is no setting; docs/settings.md lists all"),
        ("\n[port]\nx = 1", "article-qa.toml:2: 'port' is a table; expected settings at the top"),
        ("\n[server]\nport = 1", "article-qa.toml:2: 'server' is a table"),
        ("port 9000", "article-qa.toml: Expected '=' after a key"),
        ("\n\nport = 'http'", "article-qa.toml:3: port='http': Input should be a valid integer"),
        ("api_keys = 'my-secret'", "article-qa.toml:1: api_keys: entry 1: not a key"),
    ],
)
def test_wrong_file_is_named_with_line_key_and_expectation(
    write: Callable[[str], int], text: str, said: str
) -> None:
    write(text)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert said in str(raised.value)
    assert "my-secret" not in str(raised.value)


def test_named_file_that_is_missing_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError, match=r"none\.toml: no such file; expected .*--config"):
        read_settings()

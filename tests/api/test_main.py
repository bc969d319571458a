"""`python -m api`: what it refuses, and what it makes of the settings."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import replace
from pathlib import Path
from socket import AF_INET, AF_INET6
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from api import __main__ as command
from api import __version__
from api.keys import digest_of
from api.observing.metrics import SHARED_FOLDER
from api.settings import Settings
from api.translation.index import from_index
from index.generations.generation import open_current

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from api.service.models import Models


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the server was told to do, in place of doing it; and a clean environment."""
    told: list[dict[str, Any]] = []

    def run(application: str, options: dict[str, Any]) -> None:
        shared = os.environ.get(SHARED_FOLDER)
        told.append(
            {
                "application": application,
                "threads": os.environ.get("OMP_NUM_THREADS"),
                "shared": shared is not None and Path(shared).is_dir(),
                **options,
            }
        )

    monkeypatch.setattr(command, "check_port", lambda settings: None)  # others may have it

    class Server:
        started = True

        def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
            self.config = config

        def run(self) -> None:
            run(str(self.config.app), vars(self.config))

    class Supervisor:
        def __init__(self, config: uvicorn.Config, sockets: list[str]) -> None:
            assert sockets == ["bound"]
            self.config = config
            self.processes: list[Any] = []

        def run(self) -> None:
            run(str(self.config.app), vars(self.config))

    monkeypatch.setattr(command, "Server", Server)
    monkeypatch.setattr(uvicorn.Config, "bind_socket", lambda _: "bound")
    monkeypatch.setattr(command, "Supervisor", Supervisor)
    for name in ("OMP_NUM_THREADS", SHARED_FOLDER):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return told


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", AF_INET), ("::1", AF_INET6)])
def test_port_that_is_taken_is_refused_before_anything_is_loaded(
    host: str, family: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        listening = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip(f"there is no {host}")
    with listening:
        port = listening.getsockname()[1]
        monkeypatch.setenv("QA_HOST", host)
        monkeypatch.setenv("QA_PORT", str(port))
        assert command.main([]) == 1
    said = f"error: QA_PORT={port}: another program listens on {host}:{port}; end it, or"
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])  # noqa: S104
def test_open_address_without_keys_is_refused(
    served: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    host: str,
) -> None:
    monkeypatch.setenv("QA_HOST", host)
    assert command.main([]) == 1
    assert served == []
    assert capsys.readouterr().err.startswith(f"error: QA_HOST='{host}': not a loopback address")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QA_API_KEYS", f"a:ask:sha256:{digest_of('abc').hex()}"),
        ("QA_ALLOW_OPEN", "true"),
    ],
)
def test_open_address_is_served_with_keys_or_where_it_is_meant(
    served: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("QA_HOST", "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("QA_PORT", "9000")
    monkeypatch.setenv(name, value)
    assert command.main([]) == 0
    assert (served[0]["host"], served[0]["port"]) == ("0.0.0.0", 9000)  # noqa: S104


def test_wrong_setting_is_one_line_and_exit_status_1(
    served: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("QA_WORKERS", "many")
    assert command.main([]) == 1
    assert served == []
    assert capsys.readouterr().err.startswith("error: QA_WORKERS='many': ")


def test_tracing_that_is_not_set_up_is_one_line_and_exit_status_1(
    served: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", raising=False)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    monkeypatch.setenv("QA_TRACING", "true")
    assert command.main([]) == 1
    assert served == []
    assert capsys.readouterr().err.startswith("error: QA_TRACING=true: OTEL_EXPORTER_OTLP_ENDPOINT")


def test_one_worker_keeps_its_counts_and_all_processors(served: list[dict[str, Any]]) -> None:
    command.serve(Settings())
    (told,) = served
    assert (told["workers"], told["threads"], told["shared"]) == (1, None, False)
    assert (told["application"], told["factory"]) == ("api.main:create_app", True)
    assert (told["host"], told["access_log"], told["server_header"]) == ("127.0.0.1", False, False)


def test_several_workers_share_processors_and_a_folder_for_their_counts(
    served: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    command.serve(Settings(workers=3, drain_seconds=7))
    (told,) = served
    assert (told["workers"], told["threads"], told["shared"]) == (3, "2", True)
    assert told["timeout_graceful_shutdown"] == 7


def test_threads_that_the_operator_chose_are_kept(
    served: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    command.serve(Settings(workers=2))
    assert served[0]["threads"] == "5"


def test_help_starts_nothing(
    served: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        command.main(["--help"])
    assert served == []
    assert "article-qa.toml" in capsys.readouterr().out


def test_configuration_file_is_read_and_left_to_the_workers(
    served: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_CONFIG", "")
    monkeypatch.delenv("QA_PORT", raising=False)
    (tmp_path / "own.toml").write_text("port = 9003")
    assert command.main(["--config", str(tmp_path / "own.toml")]) == 0
    assert served[0]["port"] == 9003
    assert os.environ["QA_CONFIG"] == str(tmp_path / "own.toml")


def test_version_is_the_same_everywhere(
    capsys: pytest.CaptureFixture[str],
    client: TestClient,
    served: list[dict[str, Any]],
    description: dict[str, Any],
) -> None:
    with pytest.raises(SystemExit, match="0"):
        command.main(["--version"])
    assert capsys.readouterr().out == f"article-qa {__version__}\n"
    assert served == []
    assert client.get("/v1/index").json()["service_version"] == __version__
    assert description["info"]["version"] == __version__


def test_index_says_which_reader_reads_and_for_which_other(
    client: TestClient, models: Models, index_dir: Path
) -> None:
    stated = {"name": "fake", "fingerprint": "f1", "instead_of": None}
    assert client.get("/v1/index").json()["reader"] == stated
    ranker = replace(models.ranker, instead_of="cascade")
    generation = open_current(index_dir, models.encoder)
    reader = from_index(generation, ranker, originals=False).reader
    assert reader is not None
    assert reader.model_dump() == {**stated, "instead_of": "cascade"}


def test_a_machine_without_ipv6_is_told_by_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(family: int) -> None:
        raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", refuse)
    command.check_port(Settings(host="::1"))


def test_unknown_argument_is_refused(
    served: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main(["--port", "9000"])
    assert served == []
    assert "unrecognized arguments: --port 9000" in capsys.readouterr().err

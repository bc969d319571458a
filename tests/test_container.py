"""The image: what its files say, and what it does where there is a container engine."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Final

import httpx2
import pytest
import yaml

from api.keys import digest_of, new_key
from api.settings import Settings, variable
from tests.conftest import REPOSITORY
from tests.containers import NGINX as NGINX_STAND_IN
from tests.containers import Engine, NoEngineError, find_compose, find_engine, find_image
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCKERFILE = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
NGINX = (REPOSITORY / "nginx.conf").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.safe_load((REPOSITORY / "compose.yaml").read_text("utf-8"))
LOCKS = ("torch-cpu.lock", "serve.lock")
BASE: Final = str(re.findall(r"^ARG BASE=(\S+)$", DOCKERFILE, re.MULTILINE)[0])
# Runs as the image's health check does: without the instruction, as a list of words.
HEALTH_CHECK: Final[list[str]] = json.loads(DOCKERFILE.partition("    CMD ")[2].splitlines()[0])
IMAGE = "localhost/article-qa-test"
START_SECONDS: Final = 1800  # only a bound


def test_settings_of_the_image_and_the_compose_file_exist() -> None:
    named = set(re.findall(r"\bQA_\w+", DOCKERFILE + json.dumps(SERVICES) + NGINX))
    assert named <= {variable(name) for name in Settings.model_fields}


def test_build_gets_what_the_dockerfile_copies_and_nothing_else() -> None:
    rules = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").split("\n")
    sent = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
        for source in line.split()
    }
    assert sent == copied | {"wheels"}  # which are mounted
    assert "*" in rules
    assert all((REPOSITORY / name).exists() for name in copied)
    packages = re.findall(r'"(\w+)\*"', (REPOSITORY / "pyproject.toml").read_text("utf-8"))
    assert set(packages) < copied


def test_image_runs_without_root_and_only_var_is_its_own() -> None:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\S+)$", final, re.MULTILINE) == ["10001:10001"]
    assert re.findall(r"chown 10001:10001 (\S+)", final) == ["/data/var"]
    assert re.findall(r"^VOLUME (\S+)$", final, re.MULTILINE) == ["/data/var"]


def test_only_nginx_is_published_and_nothing_has_root_or_a_writable_root() -> None:
    services = SERVICES["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert services["article-qa"]["networks"] == ["inside"]
    assert SERVICES["networks"]["inside"] == {"internal": True}
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert services["nginx"]["user"] == "101:101"
    assert "${QA_API_KEYS:?" in services["article-qa"]["environment"]["QA_API_KEYS"]


def test_nginx_and_the_service_have_the_same_limits() -> None:
    defaults = Settings()
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(megabytes) * 2**20 == defaults.max_upload_bytes
    (seconds,) = re.findall(r"client_header_timeout (\d+)s;", NGINX)
    assert float(seconds) == defaults.header_seconds
    environment = SERVICES["services"]["article-qa"]["environment"]
    # All connections come from one address: nginx's.
    assert int(environment["QA_MAX_ADDRESS_CONNECTIONS"]) == defaults.max_connections
    assert f"http://article-qa:{defaults.port};" in NGINX
    (longest,) = re.findall(r"proxy_read_timeout (\d+)s;", NGINX)
    stages = defaults.queue_seconds + defaults.retrieve_seconds + defaults.read_seconds
    assert float(longest) > stages


def test_nginx_writes_to_tmp_alone() -> None:
    paths = re.findall(r"^\s*(?:pid|\w+_temp_path) (\S+);", NGINX, re.MULTILINE)
    assert len(paths) == 6
    assert all(fnmatch.fnmatch(path, "/tmp/*") for path in paths)  # noqa: S108 - in a container
    assert SERVICES["services"]["nginx"]["tmpfs"] == ["/tmp"]  # noqa: S108


@pytest.fixture(scope="module")
def engine_and_image(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, str]:
    """An engine, and the image built from this tree; skipped unless that is asked for."""
    if os.environ.get("QA_CONTAINER_TESTS") != "required":
        pytest.skip("building an image takes minutes; QA_CONTAINER_TESTS=required does it")
    try:
        engine, base = find_engine(BASE)
    except NoEngineError as error:
        pytest.fail(str(error))
    context = tmp_path_factory.mktemp("context")
    for folder in ("requirements", "api", "corpus", "index", "scripts"):
        plain = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / folder, context / folder, ignore=plain)
    for name in ("Dockerfile", ".dockerignore", "LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, context)
    arguments = [("BASE", base), ("PIP_EXTRA_INDEX_URL", "")]
    # The engine keeps the packages, tagged by what they are made from.
    sources = [context / "requirements" / name for name in LOCKS]
    stage = DOCKERFILE.partition("\nFROM packages ")[0]
    made_from = b"".join(source.read_bytes() for source in sources) + f"{stage}{base}".encode()
    packages = f"{IMAGE}-packages:{hashlib.sha256(made_from).hexdigest()[:16]}"
    if not engine.has_image(packages):
        # With this machine's configuration of pip; the build itself has no network.
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        wheels = ["--require-hashes", "--dest", str(context / "wheels")]
        files = [word for source in sources for word in ("--requirement", str(source))]
        subprocess.run([*command, *wheels, *files], check=True, timeout=1200)
        engine.build(context, packages, arguments, "--target", "packages")
        shutil.rmtree(context / "wheels")
    engine.build(context, IMAGE, arguments)
    return engine, IMAGE


class Container:
    """A container of the image that runs with as little as it can."""

    def __init__(self, engine: Engine, image: str, keys: str) -> None:
        self._engine = engine
        limits = ["--network", "none", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"]  # noqa: S108
        privileges = ["--security-opt", "no-new-privileges", "--env", f"QA_API_KEYS={keys}"]
        words = ("run", "--detach", *engine.options, *limits, *privileges, image)
        self._name = engine.call(*words).stdout.strip()

    def exec(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in the container."""
        return self._engine.call("exec", self._name, *command, check=check)

    def wait(self) -> None:
        """Wait until its health check succeeds."""
        end = time.monotonic() + START_SECONDS
        while (ended := self.exec(*HEALTH_CHECK, check=False)).returncode != 0:
            assert self._told("{{.State.Status}}") == "running", self.logs()
            assert time.monotonic() < end, (ended.stderr[-500:], self.logs())
            time.sleep(2)  # each check starts a process

    def logs(self) -> str:
        """What the container wrote."""
        return self._engine.call("logs", self._name).stderr

    def stop(self) -> int:
        """End it as an orchestrator does, and return its exit status."""
        self._engine.call("stop", "--time", "60", self._name)
        return int(self._told("{{.State.ExitCode}}"))

    def _told(self, form: str) -> str:
        return self._engine.call("inspect", "--format", form, self._name).stdout.strip()

    def remove(self) -> None:
        """Remove it with its volume."""
        self._engine.call("rm", "--force", "--volumes", self._name)


KEY: Final = new_key()
ENTRY: Final = f"alice:ask:sha256:{digest_of(KEY).hex()}"


@pytest.fixture
def container(engine_and_image: tuple[Engine, str]) -> Iterator[Container]:
    started = Container(*engine_and_image, ENTRY)
    yield started
    started.remove()


def test_container_answers_with_a_citation_offline_and_read_only(container: Container) -> None:
    container.wait()
    ask = ("article-qa", "ask", "--url", "http://127.0.0.1:8000", "--json", "Who runs Intel?")
    reply = json.loads(container.exec("env", f"QA_API_KEY={KEY}", *ask).stdout)
    assert reply["answer"] == "Lip-Bu Tan"
    assert reply["citations"][0]["quote"] == "Lip-Bu Tan"
    assert container.exec("id", "-u").stdout == "10001\n"
    for path in ("/opt/article-qa/bin/other", "/data/other"):
        assert container.exec("touch", path, check=False).returncode != 0
    refused = container.exec(*ask, check=False)
    assert refused.returncode != 0
    assert "API key" in refused.stderr
    assert container.stop() == 0


@pytest.fixture
def published(engine_and_image: tuple[Engine, str], tmp_path: Path) -> Iterator[str]:
    """The address of nginx, of the compose file as it is but for the names of its images."""
    engine, image = engine_and_image
    compose = find_compose(engine)
    if compose is None:
        pytest.skip("there is no podman-compose, and no docker compose")
    nginx = find_image(engine, SERVICES["services"]["nginx"]["image"], NGINX_STAND_IN)
    for name in ("compose.yaml", "nginx.conf"):
        shutil.copy(REPOSITORY / name, tmp_path)
    shutil.copytree(REPOSITORY / "corpus", tmp_path / "corpus")
    images = {"services": {"article-qa": {"image": image}, "nginx": {"image": nginx}}}
    (tmp_path / "images.yaml").write_text(json.dumps(images), encoding="utf-8")
    port = free_port()
    variables = {"QA_API_KEYS": ENTRY, "PUBLISH": f"127.0.0.1:{port}"}
    files = ("--project-name", "article-qa-test", "--file", "compose.yaml", "--file", "images.yaml")
    try:
        compose.call(*files, "up", "--detach", "--no-build", folder=tmp_path, environment=variables)
        yield f"http://127.0.0.1:{port}"
    finally:
        compose.call(*files, "down", "--volumes", folder=tmp_path, environment=variables)


def test_compose_file_answers_with_a_citation_through_nginx(published: str) -> None:
    end = time.monotonic() + START_SECONDS
    while not _is_ready(published):
        assert time.monotonic() < end, "it was never ready"
        time.sleep(0.5)
    asked = {"question": "Who runs Intel?"}
    refused = httpx2.post(f"{published}/v1/ask", json=asked)
    assert refused.status_code == 401
    given = {"Authorization": f"Bearer {KEY}"}
    reply = httpx2.post(f"{published}/v1/ask", json=asked, headers=given, timeout=120).json()
    assert reply["answer"] == "Lip-Bu Tan"
    assert reply["citations"][0]["quote"] == "Lip-Bu Tan"
    assert "<title>Article QA" in httpx2.get(published).text


def _is_ready(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/readyz").is_success
    except httpx2.TransportError:
        return False

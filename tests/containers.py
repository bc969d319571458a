"""A container engine for the test of the image, and a base image where none can be pulled."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DEBIAN: Final = "bookworm"  # has Python 3.11


class NoEngineError(Exception):
    """There is no container engine that runs containers here, or no base image for it."""


class StandIn(NamedTuple):
    """A Debian root that stands in for an image which cannot be pulled.

    Attributes:
        image: Its name.
        packages: What it has besides, by comma.
        command: What it runs, as JSON.
    """

    image: str
    packages: str
    command: str


_PYTHON: Final = StandIn("localhost/article-qa-debian", "python3,python3-venv", '["python3"]')
NGINX: Final = StandIn("localhost/article-qa-nginx", "nginx", '["nginx", "-g", "daemon off;"]')


class Engine(NamedTuple):
    """A container engine, as it works on this machine.

    Attributes:
        command: The command, with its own options.
        options: What building and running take besides.
        build_options: What only building takes.
    """

    command: tuple[str, ...]
    options: tuple[str, ...] = ()
    build_options: tuple[str, ...] = ()

    def call(
        self, *words: str, check: bool = True, seconds: float = 360
    ) -> subprocess.CompletedProcess[str]:
        """Run one of its commands.

        Raises:
            CalledProcessError: If that fails, and ``check``.
        """
        return _run([*self.command, *words], seconds, check=check)

    def has_image(self, image: str) -> bool:
        """Whether an image is there already."""
        return self.call("image", "inspect", image, check=False).returncode == 0

    def runs(self, image: str) -> bool:
        """Whether a container of an image can be run."""
        words = ("run", "--rm", "--network", "none", *self.options, image, "true")
        return self.call(*words, check=False).returncode == 0

    def build(
        self, context: Path, tag: str, arguments: Iterable[tuple[str, str]], *options: str
    ) -> None:
        """Build the image of a folder's Dockerfile, without a network.

        Raises:
            CalledProcessError: If that fails.
        """
        given = [word for name, value in arguments for word in ("--build-arg", f"{name}={value}")]
        fixed = ("--network", "none", *self.options, *self.build_options, *options)
        self.call("build", *fixed, "--tag", tag, *given, str(context), seconds=1800)


# OCI images have no health check.
_DOCKER_FORMAT: Final = ("--format", "docker")
_ENGINES: Final = (
    Engine(("podman",), (), _DOCKER_FORMAT),
    # For machines with both kinds of cgroups, and limits that cannot be raised.
    Engine(
        ("podman", "--runtime", "runc"),
        ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"),
        _DOCKER_FORMAT,
    ),
    Engine(("docker",)),
)


def find_engine(base: str) -> tuple[Engine, str]:
    """An engine that runs containers, and an image with Python 3.11.

    The image is the one given, or a Debian root, from before or made here.

    Args:
        base: The base image that the Dockerfile names.

    Raises:
        NoEngineError: If there is none.
    """
    tried = []
    for engine in _ENGINES:
        name = " ".join(engine.command)
        if shutil.which(engine.command[0]) is None or shutil.which(engine.command[-1]) is None:
            tried.append(f"no {name}")
        elif engine.call("info", check=False).returncode != 0:
            tried.append(f"'{name} info' fails")
        else:
            image = find_image(engine, base, _PYTHON)
            if engine.runs(image):
                return engine, image
            tried.append(f"'{name} run' fails")
    raise NoEngineError(f"no container engine: {', '.join(tried)}")


def find_image(engine: Engine, wanted: str, stand_in: StandIn) -> str:
    """An image that is there, or can be pulled, or else a Debian root from before or made here.

    Raises:
        NoEngineError: If there is none.
    """
    for image in (wanted, stand_in.image):
        if engine.has_image(image):
            return image
    if engine.call("pull", "--quiet", wanted, check=False).returncode == 0:
        return wanted
    if shutil.which("debootstrap") is None or os.geteuid() != 0:
        raise NoEngineError(f"{wanted} cannot be pulled, and there is no debootstrap, or no root")
    # Not where tests write by default: that may be mounted without devices.
    with tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        root, archive = Path(folder) / "root", Path(folder) / "root.tar"
        packages = f"--include=ca-certificates,{stand_in.packages}"
        changes = ("--change", f"CMD {stand_in.command}")
        for command in (
            ["debootstrap", "--variant=minbase", packages, _DEBIAN, str(root)],
            ["tar", "-C", str(root), "-cf", str(archive), "."],
            [*engine.command, "import", *changes, str(archive), stand_in.image],
        ):
            ended = _run(command, 1200, check=False)
            if ended.returncode != 0:
                reason = (ended.stderr or ended.stdout).strip()[-500:]
                raise NoEngineError(f"{command[0]}: {reason}")
    return stand_in.image


class Compose(NamedTuple):
    """A command that runs a compose file with an engine."""

    command: tuple[str, ...]

    def call(self, *words: str, folder: Path, environment: Mapping[str, str]) -> None:
        """Run one of its commands in the folder of the compose file.

        Raises:
            NoEngineError: If that fails, with what it said.
        """
        command, variables = [*self.command, *words], {**os.environ, **environment}
        ended = _run(command, 900, check=False, folder=folder, environment=variables)
        if ended.returncode != 0:
            raise NoEngineError(f"{' '.join(command)}: {(ended.stderr or ended.stdout)[-1000:]}")


def find_compose(engine: Engine) -> Compose | None:
    """What runs compose files with an engine; None where nothing does."""
    if engine.command[0] == "podman":
        if shutil.which("podman-compose") is None:
            return None
        options = (
            f"--podman-args={' '.join(engine.command[1:])}",
            f"--podman-run-args={' '.join(engine.options)}",
        )
        return Compose(("podman-compose", *options))
    found = engine.call("compose", "version", check=False).returncode == 0
    return Compose((*engine.command, "compose")) if found else None


def _run(
    command: list[str],
    seconds: float,
    *,
    check: bool,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        check=check,
        capture_output=True,
        text=True,
        timeout=seconds,
        cwd=folder,
        env=environment,
    )

"""A command of this program in a process of its own, followed line by line."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from index.errors import ArticleQAError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

_ROOT: Final = Path(__file__).resolve().parents[3]
_LONGEST_LINE: Final = 16 * 1024 * 1024  # a summary names every skipped file
_SHOWN: Final = 200  # characters of a line that is none


def own_environment() -> dict[str, str]:
    """The environment of this process, in which a command imports this program.

    Commands run in this process's folder, where relative paths mean the same.
    """
    environment = dict(os.environ)
    paths = [str(_ROOT), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return environment


class Child:
    """A running command that prints JSON objects, one a line.

    Args:
        what: The command in messages, such as ``the build``.
        process: The process, with pipes.
    """

    def __init__(self, what: str, process: asyncio.subprocess.Process) -> None:
        self._what = what
        self._process = process
        self._errors = asyncio.create_task(_read_all(process.stderr))

    async def objects(self) -> AsyncIterator[dict[str, Any]]:
        """The objects that it prints, until it ends.

        Raises:
            ArticleQAError: If a line is no JSON object.
        """
        if self._process.stdout is not None:
            async for line in self._process.stdout:
                yield self._parsed(line)

    async def tell(self, message: Mapping[str, object]) -> None:
        """Write an object to its standard input; one that has ended does not hear it."""
        stream = self._process.stdin
        if stream is not None:
            stream.write(json.dumps(message).encode() + b"\n")
            try:
                await stream.drain()
            except ConnectionError:
                return

    async def failure(self) -> str | None:
        """Wait for its end; what it said last where it failed, None where it did not."""
        await self._process.wait()
        message = (await self._errors).decode(errors="replace").strip()
        if self._process.returncode == 0:
            return None
        return message.splitlines()[-1] if message else f"{self._what} ended silently"

    async def end(self) -> None:
        """Terminate it where it still runs."""
        if self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        await asyncio.gather(self._errors, return_exceptions=True)

    def _parsed(self, line: bytes) -> dict[str, Any]:
        try:
            parsed = json.loads(line)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            printed = line.decode(errors="replace").strip()[:_SHOWN]
            raise ArticleQAError(f"{self._what} printed '{printed}'; expected JSON objects")
        return parsed


@asynccontextmanager
async def child(
    what: str, command: Sequence[str], environment: Mapping[str, str], *, hears: bool = False
) -> AsyncIterator[Child]:
    """Run a command while the block runs; it is terminated where the block ends before it.

    Args:
        what: The command in messages.
        command: Program and arguments.
        environment: Its environment.
        hears: Whether something is written to its standard input.
    """
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdin=pipe if hears else nothing,
        stdout=pipe,
        stderr=pipe,
        limit=_LONGEST_LINE,
    )
    running = Child(what, process)
    try:
        yield running
    finally:
        await running.end()


async def _read_all(stream: asyncio.StreamReader | None) -> bytes:
    return b"" if stream is None else await stream.read()

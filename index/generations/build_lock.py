"""The lock that allows one build at a time in an index folder."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import filelock

from index.errors import BuildInProgressError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the build lock; the operating system releases it if the process is killed.

    Raises:
        BuildInProgressError: If another process holds it.
    """
    lock = filelock.FileLock(index_dir / "build.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise BuildInProgressError(
            f"another build is running in {index_dir}; wait until it has finished"
        ) from None
    try:
        yield
    finally:
        lock.release()

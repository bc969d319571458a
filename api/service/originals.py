"""The files that articles came from: where they are, and opening those that are unchanged."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.errors import OriginalGoneError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from api.service.serving import Served
    from api.settings import Settings
    from index.loading.originals import OpenedOriginal, Original
    from index.records import ArticleInfo

_AT_A_TIME: Final = 2


def originals_folder(served: Served, settings: Settings) -> Path:
    """Say where the files are: in the folder that is set, else in that of the last build."""
    named = settings.corpus_dir
    return Path(served.generation.manifest.corpus_dir) if named is None else named


def find_original(served: Served, info: ArticleInfo, folder: Path) -> Original | None:
    """Find the file that an article came from; None where it is not there as it was indexed.

    Its content is compared only when it is sent.
    """
    try:
        return served.generation.originals.find(info.path, folder)
    except OriginalGoneError:
        return None


class Hashing:
    """Opens files in threads of its own: two at a time, over all requests of a worker.

    More would only take the processor from the answers.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="hashing")

    async def open(self, original: Original) -> OpenedOriginal:
        """Open a file once all of it is found to be as it was indexed; to be closed.

        A file that nobody waits for any more is not hashed, unless that has begun.

        Raises:
            OriginalGoneError: If it is not as it was indexed.
        """
        opening = self._threads.submit(original.open)
        try:
            return await asyncio.wrap_future(opening)
        except asyncio.CancelledError:
            if not opening.cancel():
                opening.add_done_callback(_close)
            raise

    def close(self) -> None:
        """Drop what has not begun; what runs ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _close(opening: Future[OpenedOriginal]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()

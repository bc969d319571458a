"""Original files: the corpus files that articles were read from."""

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
    """The folder of original files: the one that is set, else that of the last build."""
    folder = settings.corpus_dir
    return Path(served.generation.manifest.corpus_dir) if folder is None else folder


def find_original(served: Served, info: ArticleInfo, folder: Path) -> Original | None:
    """Find the file that an article was read from; None where it is gone or has changed.

    Its size and time are compared; its content is only when it is sent.
    """
    try:
        return served.generation.originals.find(info.path, folder)
    except OriginalGoneError:
        return None


class OriginalOpener:
    """Opens original files and checks their hashes, two at a time over all requests.

    More would only take processor time from answers.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="originals")

    async def open(self, original: Original) -> OpenedOriginal:
        """Open a file whose content has the hash of the index; the caller closes it.

        A request that was given up is dropped, unless hashing has begun.

        Raises:
            OriginalGoneError: If the file has changed or is gone.
        """
        opening = self._threads.submit(original.open)
        try:
            return await asyncio.wrap_future(opening)
        except asyncio.CancelledError:
            if not opening.cancel():
                opening.add_done_callback(_close)
            raise

    def close(self) -> None:
        """Drop the requests that have not begun; running threads end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _close(opening: Future[OpenedOriginal]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()

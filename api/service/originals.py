"""The files that articles came from, as they are sent: to be kept, never to be run here."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from anyio import to_thread
from starlette.responses import Response

from index.errors import GivenUpError, OriginalGoneError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from starlette.types import Receive, Scope, Send

    from api.service.serving import Served
    from api.settings import Settings
    from index.loading.originals import OpenedOriginal, Original
    from index.records import ArticleInfo

PREFIX: Final = "/v1/originals"
PDF: Final = "application/pdf"
# By the ending of a file's name, for every format that can be indexed. No charset: that of a text
# is not recorded, and a wrong one is worse than none.
MEDIA_TYPES: Final = {
    ".atom": "application/atom+xml",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".htm": "text/html",
    ".html": "text/html",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".pdf": PDF,
    ".rss": "application/rss+xml",
    ".txt": "text/plain",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
}
# Whatever a browser makes of a file, it is of no origin, runs nothing and loads nothing.
CONTENT_SECURITY_POLICY: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
_AT_A_TIME: Final = 2
_SEND_SECONDS: Final = 60.0  # for a piece of 256 KiB, so that a stalled client keeps no place


def link_to(info: ArticleInfo) -> str:
    """Where the file that an article came from is, relative to the service."""
    return f"{PREFIX}/{quote(info.id, safe='')}"


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


class OriginalResponse(Response):
    """Sends a file piece by piece, and closes it.

    A PDF may be shown by the browser, so that a link can lead to a page of it; anything else is
    to be saved.

    Args:
        opened: The file, found to be as it was indexed.
    """

    def __init__(self, opened: OpenedOriginal) -> None:
        self._opened = opened
        original = opened.original
        media_type = MEDIA_TYPES[original.suffix]
        how = "inline" if media_type == PDF else "attachment"
        quoted = quote(original.name, safe="")
        name = f'filename="{quoted}"' if quoted == original.name else f"filename*=UTF-8''{quoted}"
        super().__init__(
            headers={
                "Content-Type": media_type,
                "Content-Length": str(original.size),
                "Content-Disposition": f"{how}; {name}",
                "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the file.

        Raises:
            OriginalGoneError: If it has changed since it was opened; the connection is cut before
                what has changed.
            GivenUpError: If the client takes no more of it.
        """
        with self._opened as opened:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while block := await to_thread.run_sync(opened.read_block):
                try:
                    async with asyncio.timeout(_SEND_SECONDS):
                        await send({"type": "http.response.body", "body": block, "more_body": True})
                except TimeoutError as error:
                    raise GivenUpError(
                        f"the client took nothing of a file for {_SEND_SECONDS:g} s"
                    ) from error
            await send({"type": "http.response.body", "body": b"", "more_body": False})

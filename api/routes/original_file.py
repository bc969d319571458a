"""An original file as it is sent: to be kept, never to be run here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from anyio import to_thread
from starlette.responses import Response

from api.errors import GivenUpError
from index.formats.registry import FORMATS, PDF

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from index.loading.originals import OpenedOriginal

# Whatever a browser makes of a file, it is of no origin, runs nothing and loads nothing.
CONTENT_SECURITY_POLICY: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
_SEND_SECONDS: Final = 60.0  # for a piece of 256 KiB, so that a stalled client keeps no place


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
        media_type = FORMATS[original.suffix].media_type
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

"""The response that sends an original file: to be saved, never to be run in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from anyio import to_thread
from starlette.responses import Response

from index.formats.registry import FORMATS, PDF

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from index.loading.originals import OpenedOriginal

# However a browser opens a file, it has no origin, runs no script and loads nothing.
CONTENT_SECURITY_POLICY: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"


class OriginalResponse(Response):
    """Sends a file block by block, and closes it.

    The browser may show a PDF, so that a link can lead to one of its pages; it saves other files.

    Args:
        opened: The file, with the content that was indexed.
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
                the change.
        """
        with self._opened as opened:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while block := await to_thread.run_sync(opened.read_block):
                await send({"type": "http.response.body", "body": block, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

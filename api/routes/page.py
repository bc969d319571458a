"""The page and the API reference: a fixed table of files, so that no request can name another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request

_MEDIA_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_PATHS: Final = {"index.html": "/", "docs.html": "/docs"}


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file of the page, as it is sent."""

    content: bytes
    media_type: str
    etag: str


def _load() -> dict[str, PageFile]:
    """The files of the page, by their paths on the service."""
    loaded = {}
    for file in files("api").joinpath("page").iterdir():
        media_type = _MEDIA_TYPES.get(file.name.rpartition(".")[2])
        if media_type is not None:
            content = file.read_bytes()
            etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            path = _PATHS.get(file.name, f"/page/{file.name}")
            loaded[path] = PageFile(content, media_type, etag)
    return loaded


PAGE_FILES: Final = _load()
router = APIRouter()


def _sends(file: PageFile) -> Callable[[Request], Response]:
    # A browser revalidates on every visit, so that a page never runs with modules of two versions;
    # the reply is mostly an empty 304.
    headers = {"ETag": file.etag, "Cache-Control": "no-cache"}

    def send(request: Request) -> Response:
        if _matches(file.etag, request.headers.get("if-none-match", "")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(file.content, headers=headers, media_type=file.media_type)

    return send


def _matches(etag: str, if_none_match: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in tags or "*" in tags


for _path, _file in PAGE_FILES.items():
    router.add_route(_path, _sends(_file), methods=["GET"], include_in_schema=False)

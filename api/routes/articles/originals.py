"""The original files of articles."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException, Request, Response

from api.keys import Scope
from api.problems import problem_responses
from api.routes.access import needs
from api.routes.articles.original_file import OriginalResponse
from api.routes.dependencies import DOWNLOAD, LOOKUP, Running, ServedIndex
from api.routes.events import unless_gone
from api.service.articles.originals import originals_folder
from api.translation.articles import ORIGINALS_PREFIX
from index.formats.registry import FORMATS
from index.loading.originals import Original

_FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file, byte for byte as it was indexed",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in sorted({row.media_type for row in FORMATS.values()})
        },
    }
}

# Not below /v1/articles, where an article's id may be anything and so end in any word.
router = APIRouter(
    prefix=ORIGINALS_PREFIX,
    tags=["articles"],
    dependencies=[Depends(needs(Scope.ASK)), LOOKUP, DOWNLOAD],
    responses=problem_responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.GONE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)


@router.get("/{article_id:path}", response_class=Response, responses=_FILES)
async def read_original(
    article_id: str, request: Request, service: Running, served: ServedIndex
) -> OriginalResponse:
    """Send the corpus file that an article was read from.

    Where several articles were read from one file, each of them gives that file. A copy gives its
    own. A file that has changed since it was indexed, or is not there any more, is gone (410).
    """
    settings = service.settings
    if not settings.originals:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, "this service does not serve original files; see QA_ORIGINALS"
        )

    def find() -> Original:
        info = served.generation.articles.own(article_id).info
        return served.generation.originals.find(info.path, originals_folder(served, settings))

    original = await to_thread.run_sync(find)
    # While the look-up's slot is held, which bounds how many wait here.
    opened = await unless_gone(request, service.opener.open(original))
    return OriginalResponse(opened)

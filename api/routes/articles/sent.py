"""Bodies with articles: files as a form, or text and metadata as JSON."""

from __future__ import annotations

from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from api.errors import StateError
from api.routes.json_body import JsonRequest
from api.schemas import ArticleIn
from api.service.articles.files import SentFile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import Request
    from starlette.datastructures import FormData

MOST_FILES: Final = 100
_LONGEST_FIELD: Final = 4096  # bytes; a form is refused that has any
_FORM: Final = "multipart/form-data"
_JSON: Final = "application/json"
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {"schema": ArticleIn.model_json_schema()},
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": MOST_FILES,
                            "items": {"type": "string", "format": "binary"},
                            "description": "Article files, under any names of fields.",
                        }
                    },
                }
            },
        },
    }
}


@asynccontextmanager
async def sent_articles(request: Request) -> AsyncIterator[ArticleIn | list[SentFile]]:
    """Read the body: an article as JSON, or files, which are closed when the block ends.

    It is read here, not by FastAPI, which would do so before it checks the scope of the key.

    Raises:
        HTTPException: If it is neither, malformed, or has too many files.
        StateError: If there is no room for the files.
        RequestValidationError: If a field of the article is wrong.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == _JSON:
        yield await _read_json(request)
    elif media_type == _FORM:
        form = await _read_form(request)
        try:
            yield _files([value for _, value in form.multi_items()])
        finally:
            await form.close()
    else:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"Content-Type: '{media_type[:100]}'; expected {_FORM} with files, or {_JSON}",
        )


async def _read_form(request: Request) -> FormData:
    """Read a form; its files lie on disk, and of what is no file no more than a name is kept."""
    try:
        return await request.form(
            max_files=MOST_FILES, max_fields=MOST_FILES, max_part_size=_LONGEST_FIELD
        )
    except OSError as error:
        raise StateError(
            f"the folder for temporary files: {error.strerror}; check its disk, then send again"
        ) from error


async def _read_json(request: Request) -> ArticleIn:
    try:
        loaded = await JsonRequest(request.scope, request.receive).json()
    except (ValueError, RecursionError) as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"body: {error}; expected JSON") from error
    try:
        return ArticleIn.model_validate(loaded)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False, include_context=False)
        raise RequestValidationError(
            [{**item, "loc": ("body", *item["loc"])} for item in wrong]
        ) from error


def _files(values: list[UploadFile | str]) -> list[SentFile]:
    files = [
        SentFile(value.filename, value.file)
        for value in values
        if isinstance(value, UploadFile) and value.filename
    ]
    if not files or len(files) < len(values):
        raise HTTPException(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "body: a form without files, with other fields, or cut off; expected files with names",
        )
    return files

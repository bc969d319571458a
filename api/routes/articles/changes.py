"""Adding, replacing and removing articles of the corpus folder."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from api.keys import Scope
from api.problems import problem_responses
from api.routes.access import needs
from api.routes.articles.sent import BODY, sent_articles
from api.routes.dependencies import UPLOAD, Running
from api.routes.job_reply import from_job, name_job
from api.schemas import ArticleIn, ChangeResponse

if TYPE_CHECKING:
    from typing import Any

    from api.service.jobs.corpus_change import Change
    from api.service.jobs.job import Job

_SENT = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)
router = APIRouter(
    prefix="/v1/articles",
    tags=["articles"],
    dependencies=[Depends(needs(Scope.ADMIN)), UPLOAD],
    responses=problem_responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    responses=problem_responses(*_SENT),
    openapi_extra=BODY,
)
async def add_articles(
    request: Request,
    response: Response,
    service: Running,
    replace: Annotated[
        bool, Query(description="Replace files of the same name, and their articles.")
    ] = False,
) -> ChangeResponse:
    """Add articles to the corpus folder: files, or one article of text and metadata as JSON.

    The job indexes them, after other builds that are running; asking goes on meanwhile. Files
    without an article in them are left out and named in ``skipped``. Nothing is added where a name
    is refused, or an article or file is there already.
    """
    async with sent_articles(request) as sent:
        if isinstance(sent, ArticleIn):
            changed = await service.article_changes.add_text(_fields(sent))
        else:
            changed = await service.article_changes.add_files(sent, replace=replace)
    return _accepted(request, response, *changed)


@router.put(
    "/{article_id:path}",
    status_code=HTTPStatus.ACCEPTED,
    responses=problem_responses(*_SENT),
    openapi_extra=BODY,
)
async def put_article(
    article_id: str, request: Request, response: Response, service: Running
) -> ChangeResponse:
    """Replace an article, or add it where there is none: by one file, or by text and metadata.

    The file must hold this article alone, and give it this id.
    """
    async with sent_articles(request) as sent:
        if isinstance(sent, ArticleIn):
            if sent.id not in (None, article_id):
                raise HTTPException(
                    HTTPStatus.UNPROCESSABLE_ENTITY,
                    f"body.id: '{sent.id}'; expected '{article_id}' as in the address, or none",
                )
            changed = await service.article_changes.put_text(article_id, _fields(sent))
        elif len(sent) == 1:
            changed = await service.article_changes.put_file(article_id, sent[0])
        else:
            raise HTTPException(
                HTTPStatus.UNPROCESSABLE_ENTITY, f"body: {len(sent)} files; expected one"
            )
    return _accepted(request, response, *changed)


@router.delete(
    "/{article_id:path}",
    status_code=HTTPStatus.ACCEPTED,
    responses=problem_responses(HTTPStatus.NOT_FOUND),
)
async def delete_article(
    article_id: str, request: Request, response: Response, service: Running
) -> ChangeResponse:
    """Remove an article from the corpus folder, and its file where it is alone in it.

    Of a file with an article a line (``.jsonl``), its line is removed.
    """
    return _accepted(request, response, *await service.article_changes.remove(article_id))


def _fields(sent: ArticleIn) -> dict[str, Any]:
    return sent.model_dump(mode="json", exclude_defaults=True)


def _accepted(request: Request, response: Response, change: Change, job: Job) -> ChangeResponse:
    name_job(request, response, job)
    return ChangeResponse.model_validate({**change.described(), "job": from_job(job)})

"""Listing and reading the articles of the index."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.keys import Scope
from api.problems import problem_responses
from api.routes.access import needs
from api.routes.dependencies import LOOKUP, Running, ServedIndex
from api.schemas import ArticlesResponse, ArticleWithText, ListRequest
from api.service.articles.originals import find_original, originals_folder
from api.translation.articles import from_articles, from_whole_article
from index.loading.originals import Original
from index.records import ArticleInfo

router = APIRouter(
    prefix="/v1/articles",
    tags=["articles"],
    dependencies=[Depends(needs(Scope.ASK)), LOOKUP],
    responses=problem_responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)


@router.get("", responses=problem_responses(HTTPStatus.NOT_FOUND))
def list_articles(
    served: ServedIndex, request: Annotated[ListRequest, Query()]
) -> ArticlesResponse:
    """List the articles that pass the filters; searched, sorted, and page by page."""
    return from_articles(served.generation, request)


@router.get("/{article_id:path}", responses=problem_responses(HTTPStatus.NOT_FOUND))
def read_article(article_id: str, service: Running, served: ServedIndex) -> ArticleWithText:
    """Read one article: metadata and the canonical text that all offsets refer to.

    The id of a copy gives the article that it is a copy of.
    """

    def find(info: ArticleInfo) -> Original | None:
        if not service.settings.originals:
            return None
        return find_original(served, info, originals_folder(served, service.settings))

    return from_whole_article(served.generation, article_id, find)

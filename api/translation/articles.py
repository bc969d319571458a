"""Articles on the wire, and their sources, tags and days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from api.schemas import (
    ArticleOut,
    ArticlesResponse,
    ArticleWithText,
    Cursor,
    FacetOut,
    FacetsResponse,
    HeadingOut,
    NearDuplicateOut,
)
from index.chunking.blocks import BlockKind, split_blocks
from index.formats.registry import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.schemas import FacetsRequest, ListRequest
    from index.generations.generation import Generation
    from index.loading.originals import Original
    from index.records import Article, ArticleInfo

ORIGINALS_PREFIX: Final = "/v1/originals"


def from_article(info: ArticleInfo) -> ArticleOut:
    """An article's metadata on the wire."""
    return ArticleOut(
        id=info.id,
        title=info.title,
        url=info.url,
        source=info.source,
        author=info.author,
        published_at=info.published_at,
        published_at_from=info.published_at_from,
        tags=list(info.tags),
        sha256=info.sha256,
        recognised=info.recognised,
    )


def from_whole_article(
    generation: Generation,
    article_id: str,
    find_original: Callable[[ArticleInfo], Original | None] = lambda _: None,
) -> ArticleWithText:
    """An article with its text, and the metadata of its copies and near duplicates.

    Args:
        generation: The index.
        article_id: The id of an article, or of a copy of one.
        find_original: Returns the original file of an article; None where it is not served.

    Raises:
        ArticleNotFoundError: If there is none with this id.
    """
    store = generation.articles
    article = store.article(article_id)
    original = find_original(article.info)
    return ArticleWithText(
        **dict(from_article(article.info)),
        text=article.text,
        headings=_headings(article),
        page_starts=[page.start for page in article.info.pages],
        left_out=list(article.info.left_out),
        original=None if original is None else link_to(article.info),
        original_type=None if original is None else FORMATS[original.suffix].media_type,
        also_at=[from_article(info) for info in store.copies(article.info.id)],
        near_duplicates=[
            NearDuplicateOut(article=from_article(info), similarity=similarity)
            for info, similarity in store.near_duplicates(article.info.id)
        ],
        index_version=generation.version,
    )


def _headings(article: Article) -> list[HeadingOut]:
    blocks = split_blocks(article.text, guess_headings=not article.info.marks_headings)
    return [
        HeadingOut(start=block.span.start, end=block.span.end, level=block.level)
        for block in blocks
        if block.kind is BlockKind.HEADING
    ]


def from_articles(generation: Generation, request: ListRequest) -> ArticlesResponse:
    """One page of the list of articles that pass the filters."""
    filters = request.to_filters()
    # One more than asked for says whether there is another page.
    infos, total = generation.articles.infos(
        filters, request.offset, request.limit + 1, request.to_query()
    )
    infos, further = infos[: request.limit], infos[request.limit :]
    return ArticlesResponse(
        articles=[from_article(info) for info in infos],
        total=total,
        offset=request.offset,
        limit=request.limit,
        next_cursor=_cursor(infos[-1], request).encode() if further else None,
        undated_left_out=generation.articles.undated(filters),
        index_version=generation.version,
    )


def _cursor(last: ArticleInfo, request: ListRequest) -> Cursor:
    value = None if request.sort is None else getattr(last, request.sort.removeprefix("-"))
    return Cursor(request.sort, last.id, None if value is None else str(value))


def from_facets(generation: Generation, request: FacetsRequest) -> FacetsResponse:
    """The sources, tags and days of the articles, and how many pass the filters of a request."""
    facets = generation.articles.facets(request.limit, request.to_filters())
    return FacetsResponse(
        sources=[FacetOut(**value._asdict()) for value in facets.sources],
        tags=[FacetOut(**value._asdict()) for value in facets.tags],
        months=[FacetOut(**value._asdict()) for value in facets.months],
        first_day=facets.first_day,
        last_day=facets.last_day,
        index_version=generation.version,
    )


def link_to(info: ArticleInfo) -> str:
    """Path of an article's original file on the service."""
    return f"{ORIGINALS_PREFIX}/{quote(info.id, safe='')}"

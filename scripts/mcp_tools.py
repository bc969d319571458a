"""MCP tools, resources and prompt over a service."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import MCPServerError, ResourceError, ToolError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field

from api import __version__
from api.client import Client
from api.schemas import (
    MAX_LISTED,
    MAX_QUESTION_CHARACTERS,
    MAX_TOP_K,
    ArticleOut,
    ArticlesResponse,
    AskResponse,
    FacetOut,
    SearchResponse,
)
from index.errors import ArticleQAError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.client import Service
    from api.client.calls import FilterOptions, ListOptions

MAX_CHARACTERS: Final = 20_000  # of an article in one call, to spare the assistant's context
_INSTRUCTIONS: Final = (
    "These tools answer questions from a fixed collection of articles. Every answer is the exact "
    "words of an article, checked against it, and comes with the sentence, the article and the "
    "offsets where it stands. Quote those words unchanged and name the title, the source and the "
    "page. When the status is 'abstained', the articles do not answer: say so rather than guess."
)
_PROMPT: Final = (
    "Answer this question from the articles: {question}\n\n"
    "Call the tool `ask_articles` with the question as it stands. If the status is 'answered', "
    "give the words of each answer unchanged, with the numbers of its citations in brackets, such "
    "as [1]; below, list each number with its sentence, and the title, source, day and page of its "
    "article. If `agreement` is 'disagree', give every statement of `timeline`. If the status is "
    "'abstained', say that the articles do not answer the question, and give the reason."
)
_READING: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

Question = Annotated[
    str, Field(min_length=1, max_length=MAX_QUESTION_CHARACTERS, description="In plain words.")
]
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K, description="Passages to retrieve.")]
From = Annotated[str | None, Field(description="Earliest day of publication, as 2025-01-31.")]
To = Annotated[str | None, Field(description="Latest day of publication, as 2025-01-31.")]
Sources = Annotated[list[str] | None, Field(description="Only from one of these publishers.")]
Tags = Annotated[list[str] | None, Field(description="Only articles with one of these tags.")]
AsOf = Annotated[
    str | None,
    Field(description="Day that the question is asked on, as 2025-01-31; null for today."),
]
Source = Annotated[str | None, Field(description="Only from this publisher.")]
Tag = Annotated[str | None, Field(description="Only with this tag.")]
Ids = Annotated[list[str] | None, Field(description="Only these articles.")]


class ArticleSlice(BaseModel):
    """A slice of an article: ``text`` is its canonical text at ``[start, end)``."""

    article: ArticleOut
    text: str
    start: int
    end: int
    length: int = Field(description="Code points of the whole article.")
    original: str | None = Field(
        description="Address of the original file, which may need the key of the service; null "
        "without a service that has it."
    )


class FilterValues(BaseModel):
    """Values to filter by, the commonest first, and the number of articles that have each."""

    values: list[FacetOut]
    index_version: str


class ListedArticle(BaseModel):
    """An article in the list of resources; its text is at ``uri``."""

    uri: str
    title: str | None
    source: str | None
    published_at: dt.date | None
    tags: list[str]


class ListedArticles(BaseModel):
    """The articles, in corpus order: at most as many as one request lists, of ``total``."""

    articles: list[ListedArticle]
    total: int
    index_version: str


def make_server(service: Service) -> MCPServer:
    """Make a server that gets its answers from a service."""
    server: MCPServer[None] = MCPServer(
        "article-qa",
        title="Article QA",
        instructions=_INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",
    )

    @server.tool(title="Ask the articles", annotations=_READING)
    def ask_articles(
        question: Question,
        top_k: TopK = 8,
        max_answers: Annotated[
            int | None,
            Field(ge=1, le=10, description="Null for 3, or 10 where a list is asked for."),
        ] = None,
        min_confidence: Annotated[
            float | None, Field(ge=0, le=1, description="Null for the calibrated threshold.")
        ] = None,
        published_from: From = None,
        published_to: To = None,
        sources: Sources = None,
        tags: Tags = None,
        article_ids: Ids = None,
        as_of: AsOf = None,
    ) -> AskResponse:
        """Answer a question with the exact words of an article and where they stand, or abstain.

        In `citations`, `quote` is the answer word for word, `sentence` the sentence around it,
        `start` and `end` its place in the article, `page` its page in a PDF. `confidence` is the
        probability that the answer is right. `value` is what an answer's words say as a quantity
        or period: compare figures by it, not by their words. `agreement` says whether articles
        contradict each other: where it is 'disagree', give every value of `timeline` with its
        source. `standing` tells results from plans and forecasts, `as_of` the day as of which an
        answer holds. Where `listing` is set, every answer is an item of a list: say how complete
        it is. Where `comparison` is set, give both values and its `statement`. A sum, an average
        or a yes or no is never given: work it out from what is cited.
        """
        filters = _filters(published_from, published_to, sources, tags, article_ids)
        with _reported_errors():
            return service.ask(
                question,
                top_k=top_k,
                max_answers=max_answers,
                min_confidence=min_confidence,
                filters=filters,
                as_of=as_of,
            )

    @server.tool(title="Search the articles", annotations=_READING)
    def search_articles(
        question: Question,
        top_k: TopK = 8,
        published_from: From = None,
        published_to: To = None,
        sources: Sources = None,
        tags: Tags = None,
        article_ids: Ids = None,
    ) -> SearchResponse:
        """Find the passages that best match words or a question, best first, without answering."""
        filters = _filters(published_from, published_to, sources, tags, article_ids)
        with _reported_errors():
            return service.search(question, top_k=top_k, filters=filters)

    @server.tool(title="Read an article", annotations=_READING)
    def get_article(
        article_id: Annotated[str, Field(description="`article.id` of a citation or passage.")],
        start: Annotated[int, Field(ge=0, description="Code point to begin at.")] = 0,
        length: Annotated[int, Field(ge=1, le=MAX_CHARACTERS)] = MAX_CHARACTERS,
    ) -> ArticleSlice:
        """Read an article, or the part of a long one that begins at `start`."""
        with _reported_errors():
            article = service.article(article_id)
        text = article.text[start : start + length]
        return ArticleSlice(
            article=ArticleOut.model_validate(
                article.model_dump(include=set(ArticleOut.model_fields))
            ),
            text=text,
            start=min(start, len(article.text)),
            end=min(start, len(article.text)) + len(text),
            length=len(article.text),
            original=service.address_of(article.original)
            if isinstance(service, Client) and article.original is not None
            else None,
        )

    _add_lists(server, service)
    _add_resources(server, service)

    @server.prompt(title="Answer with citations")
    def answer_with_citations(
        question: Annotated[str, Field(description="In plain words.")],
    ) -> str:
        """Ask a question, and get the articles' words with numbered citations."""
        return _PROMPT.format(question=question)

    return server


def _add_lists(server: MCPServer[None], service: Service) -> None:
    """Add the tools that list articles, and what they can be filtered by."""

    @server.tool(title="List the articles", annotations=_READING)
    def list_articles(
        source: Source = None,
        tag: Tag = None,
        published_from: From = None,
        published_to: To = None,
        offset: Annotated[int, Field(ge=0, description="Articles to pass over.")] = 0,
        limit: Annotated[int, Field(ge=1, le=MAX_LISTED)] = 20,
    ) -> ArticlesResponse:
        """List articles without their text, in corpus order; `total` is the number of all."""
        options: ListOptions = {"offset": offset, "limit": limit}
        if source is not None:
            options["source"] = [source]
        if tag is not None:
            options["tag"] = [tag]
        if published_from is not None:
            options["published_from"] = published_from
        if published_to is not None:
            options["published_to"] = published_to
        with _reported_errors():
            return service.articles(**options)

    @server.tool(title="List the sources", annotations=_READING)
    def list_sources() -> FilterValues:
        """List the publishers of the articles, for the `sources` of other tools."""
        with _reported_errors():
            facets = service.facets()
        return FilterValues(values=facets.sources, index_version=facets.index_version)

    @server.tool(title="List the tags", annotations=_READING)
    def list_tags() -> FilterValues:
        """List the tags of the articles, for the `tags` of other tools."""
        with _reported_errors():
            facets = service.facets()
        return FilterValues(values=facets.tags, index_version=facets.index_version)


def _add_resources(server: MCPServer[None], service: Service) -> None:
    """Add the articles as resources, and the list of them."""

    @server.resource("articles://list", title="The articles", mime_type="application/json")
    def read_list() -> str:
        """The articles without their text, and where each can be read."""
        with _reported_errors(ResourceError):
            listed = service.articles(limit=MAX_LISTED)
        articles = [
            ListedArticle(
                uri=f"article://{quote(article.id, safe='')}",
                **article.model_dump(include={"title", "source", "published_at", "tags"}),
            )
            for article in listed.articles
        ]
        return ListedArticles(
            articles=articles, total=listed.total, index_version=listed.index_version
        ).model_dump_json()

    @server.resource(
        "article://{article_id}",
        title="An article",
        mime_type="text/plain",
        # An id is looked up as a value, and may look like any path.
        security=ResourceSecurity(exempt_params={"article_id"}),
    )
    def read_article(article_id: str) -> str:
        """The canonical text of an article, which the offsets of citations refer to."""
        with _reported_errors(ResourceError):
            return service.article(article_id).text


def _filters(
    published_from: str | None,
    published_to: str | None,
    sources: list[str] | None,
    tags: list[str] | None,
    article_ids: list[str] | None,
) -> FilterOptions:
    return {
        "published_from": published_from,
        "published_to": published_to,
        "sources": [] if sources is None else sources,
        "tags": [] if tags is None else tags,
        "article_ids": [] if article_ids is None else article_ids,
    }


@contextmanager
def _reported_errors(kind: type[MCPServerError] = ToolError) -> Iterator[None]:
    """Turn errors of this project into errors that the assistant can read.

    Raises:
        MCPServerError: One of that kind, for every error of this project.
    """
    try:
        yield
    except ArticleQAError as error:
        raise kind(str(error)) from error

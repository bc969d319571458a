"""The tools of the MCP server: ask, search and read, in the schemas of the service."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field

from api import __version__
from api.client import Client
from api.schemas import MAX_QUESTION_CHARACTERS, MAX_TOP_K, ArticleOut, AskResponse, SearchResponse
from index.errors import ArticleQAError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.client import Service
    from api.client.calls import FilterOptions

MAX_CHARACTERS: Final = 20_000  # of an article in one call, to spare the assistant's context
_INSTRUCTIONS: Final = (
    "These tools answer questions from a fixed collection of articles. Every answer is the exact "
    "words of an article, checked against it, and comes with the sentence, the article and the "
    "offsets where it stands. Quote those words unchanged and name the title, the source and the "
    "page. When the status is 'abstained', the articles do not answer: say so rather than guess."
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


def make_server(service: Service) -> MCPServer:
    """Make a server whose tools get their answers from a service."""
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

    return server


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
def _reported_errors() -> Iterator[None]:
    """Turn errors of this project into errors that the assistant can read.

    Raises:
        ToolError: For every error of this project.
    """
    try:
        yield
    except ArticleQAError as error:
        raise ToolError(str(error)) from error

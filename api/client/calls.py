"""Requests of the client as values, and the parsing of replies; nothing here does I/O."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, NotRequired, TypedDict, TypeVar
from urllib.parse import quote

import httpx2

from api.client.errors import ServiceError
from api.client.replies import as_file, check, is_problem, json_as
from api.schemas import (
    ArticlesResponse,
    ArticleWithText,
    AskResponse,
    BatchResponse,
    ChangeResponse,
    CitationOut,
    FacetsResponse,
    IndexResponse,
    JobResponse,
    ReadyResponse,
    SearchResponse,
    TableResponse,
    VerifyResponse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.questions.table_rows import Grouping
    from api.client.replies import Original

_ARTICLES: Final = "/v1/articles"
_BUSY: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_FIRST_WAIT: Final = 0.5  # seconds; twice as long each time

R = TypeVar("R")


class FilterOptions(TypedDict, total=False):
    """Which articles may answer; see `api.schemas.FiltersIn`."""

    published_from: dt.date | str | None
    published_to: dt.date | str | None
    sources: list[str]
    article_ids: list[str]
    tags: list[str]


class SearchOptions(TypedDict, total=False):
    """How to search; the service has defaults for what is left out."""

    top_k: int
    filters: FilterOptions | None


class TableOptions(SearchOptions, total=False):
    """How to ask the rows of a table; the service has defaults for what is left out."""

    min_confidence: float | None
    as_of: dt.date | str | None


class AskOptions(TableOptions, total=False):
    """How to ask; the service has defaults for what is left out."""

    max_answers: int | None
    allow_partial: bool


class FollowUpOptions(AskOptions, total=False):
    """How to ask one question, which may follow up another one; see `api.schemas.AskRequest`."""

    previous_question: str | None
    without: list[str]


class FacetOptions(TypedDict, total=False):
    """Which articles to count, and how many values; see ``GET /v1/index/facets``."""

    source: list[str]
    tag: list[str]
    published_from: dt.date | str
    published_to: dt.date | str
    limit: int


class ListOptions(FacetOptions, total=False):
    """Which articles to list; see ``GET /v1/articles``."""

    q: str
    sort: str
    cursor: str
    offset: int


class ArticleOptions(TypedDict, total=False):
    """Metadata of an article of text; see `api.schemas.ArticleIn`."""

    id: str
    title: str
    url: str
    source: str
    author: str
    published_at: dt.date | str
    tags: list[str]


class Quote(TypedDict):
    """The quote of an earlier citation; see `api.schemas.QuoteIn`."""

    article_id: str
    quote: str
    start: int
    end: int
    quote_sha256: NotRequired[str | None]


FileField = tuple[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """One request, and the parser of its reply; only the service validates it."""

    method: str
    path: str
    read: Callable[[httpx2.Response], R]
    body: dict[str, Any] | None = None
    params: dict[str, Any] | None = None
    files: list[FileField] | None = None


def ask(question: str, options: FollowUpOptions) -> Call[AskResponse]:
    """Ask one question."""
    body = as_json({"question": question, **options})
    return Call("POST", "/v1/ask", json_as(AskResponse), body=body)


def ask_batch(questions: Sequence[str], options: AskOptions) -> Call[BatchResponse]:
    """Ask several questions."""
    body = as_json({"questions": list(questions), **options})
    return Call("POST", "/v1/ask/batch", json_as(BatchResponse), body=body)


def ask_table(
    question: str, names: Sequence[str], by: Grouping | None, options: TableOptions
) -> Call[TableResponse]:
    """Ask one question of many."""
    body = as_json({"question": question, "names": list(names), "by": by, **options})
    return Call("POST", "/v1/ask/table", json_as(TableResponse), body=body)


def search(question: str, options: SearchOptions) -> Call[SearchResponse]:
    """Retrieve passages."""
    body = as_json({"question": question, **options})
    return Call("POST", "/v1/search", json_as(SearchResponse), body=body)


def verify(quotes: Sequence[CitationOut | Quote]) -> Call[VerifyResponse]:
    """Look up quotes of earlier citations."""
    body = {"quotes": [as_quote(quote) for quote in quotes]}
    return Call("POST", "/v1/verify", json_as(VerifyResponse), body=body)


def as_quote(quote: CitationOut | Quote) -> Quote:
    """The quote of a citation, where it is not one already."""
    if not isinstance(quote, CitationOut):
        return quote
    return Quote(
        article_id=quote.article.id,
        quote=quote.quote,
        start=quote.start,
        end=quote.end,
        quote_sha256=quote.quote_sha256,
    )


def list_articles(options: ListOptions) -> Call[ArticlesResponse]:
    """List articles."""
    return Call("GET", _ARTICLES, json_as(ArticlesResponse), params=as_json(dict(options)))


def facets(options: FacetOptions) -> Call[FacetsResponse]:
    """Count the values to filter by."""
    params = as_json(dict(options))
    return Call("GET", "/v1/index/facets", json_as(FacetsResponse), params=params)


def read_article(article_id: str) -> Call[ArticleWithText]:
    """Read an article; its id may contain any character."""
    return Call("GET", _article(article_id), json_as(ArticleWithText))


def add_files(paths: Sequence[Path | str], *, replace: bool) -> Call[ChangeResponse]:
    """Add article files."""
    params = {"replace": "true"} if replace else None
    files = [_file(path) for path in paths]
    return Call("POST", _ARTICLES, json_as(ChangeResponse), params=params, files=files)


def add_text(text: str, options: ArticleOptions) -> Call[ChangeResponse]:
    """Add an article of text and metadata."""
    return Call("POST", _ARTICLES, json_as(ChangeResponse), body=as_json({"text": text, **options}))


def put_file(article_id: str, path: Path | str) -> Call[ChangeResponse]:
    """Replace an article by a file."""
    return Call("PUT", _article(article_id), json_as(ChangeResponse), files=[_file(path)])


def put_text(article_id: str, text: str, options: ArticleOptions) -> Call[ChangeResponse]:
    """Replace an article by text and metadata."""
    body = as_json({"text": text, **options})
    return Call("PUT", _article(article_id), json_as(ChangeResponse), body=body)


def delete_article(article_id: str) -> Call[ChangeResponse]:
    """Remove an article."""
    return Call("DELETE", _article(article_id), json_as(ChangeResponse))


def _article(article_id: str) -> str:
    return f"{_ARTICLES}/{quote(article_id, safe='')}"


def _file(path: Path | str) -> FileField:
    opened = Path(path)
    return "files", (opened.name, opened.read_bytes())


def read_original(article_id: str) -> Call[Original]:
    """Fetch the original file of an article."""
    return Call("GET", f"/v1/originals/{quote(article_id, safe='')}", as_file)


def read_job(job_id: str) -> Call[JobResponse]:
    """Read the state of a rebuild."""
    return Call("GET", f"/v1/index/jobs/{quote(job_id, safe='')}", json_as(JobResponse))


INDEX: Final = Call("GET", "/v1/index", json_as(IndexResponse))
REBUILD: Final = Call("POST", "/v1/index/rebuild", json_as(JobResponse))
READY: Final = Call("GET", "/readyz", json_as(ReadyResponse))


def as_json(options: dict[str, Any]) -> dict[str, Any]:
    """Convert days to JSON, and leave out filters that are None."""
    return {
        name: _json_value(value)
        for name, value in options.items()
        if name != "filters" or value is not None
    }


def _json_value(value: object) -> object:
    if isinstance(value, dict):
        return as_json(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def authorization(api_key: str | None) -> dict[str, str]:
    """The header that carries a key."""
    return {} if api_key is None else {"Authorization": f"Bearer {api_key}"}


class Retries:
    """Decides whether to repeat a request that the service was too busy for, within bounds.

    Waits as long as Retry-After says. A 503 that names no seconds is repeated after half a second,
    then twice as long each time; a problem without Retry-After is final, since the service would
    say when to ask again.

    Args:
        allowed: The most repeats.
        longest: The most seconds to wait in total.
    """

    def __init__(self, allowed: int, longest: float) -> None:
        self._left = allowed
        self._longest = longest
        self._waited = 0.0
        self._back_off = _FIRST_WAIT

    def wait(self, response: httpx2.Response) -> float | None:
        """Seconds until the next attempt, or None where this reply is final."""
        if response.status_code not in _BUSY:
            return None
        retry_after = response.headers.get("Retry-After", "")
        if retry_after.isdecimal():
            seconds = float(retry_after)
        elif response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and (
            retry_after or not is_problem(response)
        ):
            seconds = self._back_off
            self._back_off *= 2
        else:
            return None
        self._left -= 1
        self._waited += seconds
        return None if self._left < 0 or self._waited > self._longest else seconds


def read_reply(call: Call[R], response: httpx2.Response) -> R:
    """Read a reply.

    Raises:
        ProblemError: If it is a problem.
        ServiceError: If it does not come from this service.
    """
    check(response)
    return call.read(response)


def unreachable(base_url: str, error: httpx2.TransportError) -> ServiceError:
    """The error of a request that got no reply."""
    message = str(error)
    reason = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return ServiceError(f"{base_url}: {reason}; is the service running?")


def checked_url(base_url: str) -> str:
    """Check that an address is one of HTTP.

    Raises:
        ServiceError: If it is not.
    """
    try:
        parsed = httpx2.URL(base_url)
    except httpx2.InvalidURL as error:
        raise ServiceError(f"'{base_url}': {error}") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise ServiceError(f"'{base_url}': expected an address such as http://127.0.0.1:8000")
    return base_url

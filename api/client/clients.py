"""Clients of the service, for threads (`Client`) and for asyncio (`AsyncClient`)."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final, Self, Unpack

import httpx2

from api.client import calls, evaluation_calls, gold_calls
from api.client.calls import (
    ArticleOptions,
    AskOptions,
    Call,
    FacetOptions,
    FilterOptions,
    FollowUpOptions,
    ListOptions,
    Quote,
    R,
    Retries,
    SearchOptions,
    TableOptions,
)
from api.client.tables import EVENTS, AsyncTable, Table, read_async_table, read_table

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from api.answering.questions.table_rows import Grouping
    from api.client.replies import Original
    from api.schemas import (
        ArticlesResponse,
        ArticleWithText,
        AskResponse,
        BatchResponse,
        ChangeResponse,
        CitationOut,
        ComparisonResponse,
        EvaluationJobResponse,
        EvaluationsResponse,
        FacetsResponse,
        GenerationsResponse,
        IndexResponse,
        JobResponse,
        MarkedQuestionOut,
        MarkedQuestionsResponse,
        ReadyResponse,
        SearchResponse,
        VerifyResponse,
    )

TIMEOUT: Final = 60.0  # seconds; a question may wait in the service's queue
MAX_RETRIES: Final = 2
MAX_WAIT: Final = 10.0  # seconds that one request may wait for a busy service


class Client:
    """A client for synchronous code; threads may share it.

    Every method raises `ProblemError` if the service refuses or fails, and `ServiceError` if it
    cannot be reached. A busy service is asked again; see `calls.Retries`.

    Args:
        base_url: Address of the service, such as ``http://127.0.0.1:8000``.
        api_key: Sent as a bearer token, where the service needs one.
        timeout: Seconds to wait for a reply.
        max_retries: The most repeats of one request.
        max_wait: The most seconds to wait between them in total.
        transport: Transport of httpx2, for tests; the network where None.
        sleep: Waits between repeats; replaced in tests.

    Raises:
        ServiceError: If the address is not one of HTTP.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        timeout: float = TIMEOUT,
        max_retries: int = MAX_RETRIES,
        max_wait: float = MAX_WAIT,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base_url = calls.checked_url(base_url)
        self._max_retries, self._max_wait = max_retries, max_wait
        self._sleep = sleep
        self._http = httpx2.Client(
            base_url=base_url,
            headers=calls.authorization(api_key),
            timeout=timeout,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def ask(self, question: str, **options: Unpack[FollowUpOptions]) -> AskResponse:
        """Ask one question; with ``previous_question`` one that follows it up."""
        return self._send(calls.ask(question, options))

    def ask_batch(self, questions: Sequence[str], **options: Unpack[AskOptions]) -> BatchResponse:
        """Ask several questions of one generation of the index."""
        return self._send(calls.ask_batch(questions, options))

    def ask_table(
        self,
        question: str,
        names: Sequence[str] = (),
        *,
        by: Grouping | None = None,
        **options: Unpack[TableOptions],
    ) -> Table:
        """Ask one question of many: with each name in its slot, or of every group.

        Its rows come as they are answered: ``for row in client.ask_table("Who runs {company}?",
        ["Intel", "Meta"])``.
        """
        call = calls.ask_table(question, names, by, options)
        return read_table(self._request(call, stream=True))

    def search(self, question: str, **options: Unpack[SearchOptions]) -> SearchResponse:
        """Retrieve passages without reading them."""
        return self._send(calls.search(question, options))

    def verify(self, quotes: Sequence[CitationOut | Quote]) -> VerifyResponse:
        """Say of quotes that were cited before whether they still stand, and where.

        Takes citations of replies as they are; at most `api.schemas.MAX_QUOTES` at a time.
        """
        return self._send(calls.verify(quotes))

    def articles(self, **options: Unpack[ListOptions]) -> ArticlesResponse:
        """List articles."""
        return self._send(calls.list_articles(options))

    def article(self, article_id: str) -> ArticleWithText:
        """Read one article; `NotFoundProblemError` where there is none."""
        return self._send(calls.read_article(article_id))

    def original(self, article_id: str) -> Original:
        """Fetch the original file of an article.

        `NotFoundProblemError` if there is no such article or the service serves no files,
        `GoneProblemError` if the file has changed since it was indexed.
        """
        return self._send(calls.read_original(article_id))

    def add_files(self, *paths: Path | str, replace: bool = False) -> ChangeResponse:
        """Add article files to the corpus folder; ``job`` of the reply indexes them.

        `ConflictProblemError` where a file or article is there already and not to be replaced.
        """
        return self._send(calls.add_files(paths, replace=replace))

    def add_text(self, text: str, **options: Unpack[ArticleOptions]) -> ChangeResponse:
        """Add an article of text and metadata; see `add_files`."""
        return self._send(calls.add_text(text, options))

    def put_file(self, article_id: str, path: Path | str) -> ChangeResponse:
        """Replace an article by a file, or add it; see `add_files`."""
        return self._send(calls.put_file(article_id, path))

    def put_text(
        self, article_id: str, text: str, **options: Unpack[ArticleOptions]
    ) -> ChangeResponse:
        """Replace an article by text and metadata, or add it; see `add_files`."""
        return self._send(calls.put_text(article_id, text, options))

    def delete_article(self, article_id: str) -> ChangeResponse:
        """Remove an article from the corpus folder; `NotFoundProblemError` where there is none."""
        return self._send(calls.delete_article(article_id))

    def mark_answer(
        self,
        question: str,
        words: Sequence[CitationOut | Quote] = (),
        *,
        filters: FilterOptions | None = None,
    ) -> MarkedQuestionOut:
        """Keep which words answer a question, as a gold question; none where no article does.

        Takes citations of a reply as they are: ``client.mark_answer(reply.question,
        reply.citations[:1])`` says that the first one is right.
        """
        return self._send(gold_calls.mark_answer(question, words, filters))

    def marked_answers(self) -> MarkedQuestionsResponse:
        """List the marked questions."""
        return self._send(gold_calls.MARKED)

    def review_marked(self, gold_id: str) -> MarkedQuestionOut:
        """Note that a marked question was reviewed: from now on evaluations ask it."""
        return self._send(gold_calls.review_marked(gold_id))

    def remove_marked(self, gold_id: str) -> None:
        """Remove a marked question."""
        self._send(gold_calls.remove_marked(gold_id))

    def address_of(self, path: str) -> str:
        """The full address of a path in a reply, such as ``article.original``."""
        return f"{self._base_url.rstrip('/')}{path}"

    def index(self) -> IndexResponse:
        """Describe the index: what it was built from and with."""
        return self._send(calls.INDEX)

    def facets(self, **options: Unpack[FacetOptions]) -> FacetsResponse:
        """List the sources and tags that there are to filter by, the commonest first.

        With filters, each counts the articles that pass those on the other fields.
        """
        return self._send(calls.facets(options))

    def rebuild(self) -> JobResponse:
        """Start a rebuild; `ConflictProblemError` where one is running."""
        return self._send(calls.REBUILD)

    def job(self, job_id: str) -> JobResponse:
        """Read the state of a rebuild."""
        return self._send(calls.read_job(job_id))

    def start_evaluation(self, questions: int | None = None) -> EvaluationJobResponse:
        """Start asking the gold questions; `ConflictProblemError` where that is going on.

        Of more than ``questions``, every second, third and so on is asked.
        """
        return self._send(evaluation_calls.start_evaluation(questions))

    def evaluations(self) -> EvaluationsResponse:
        """List the evaluations with their figures, the latest first."""
        return self._send(evaluation_calls.EVALUATIONS)

    def evaluation(self, evaluation_id: str) -> EvaluationJobResponse:
        """Read the state of an evaluation, or what came of it."""
        return self._send(evaluation_calls.read_evaluation(evaluation_id))

    def evaluation_report(self, evaluation_id: str) -> Original:
        """Fetch the report of an evaluation, an HTML file that loads nothing."""
        return self._send(evaluation_calls.read_report(evaluation_id))

    def cancel_evaluation(self, evaluation_id: str) -> EvaluationJobResponse:
        """End an evaluation that runs; it leaves no figures."""
        return self._send(evaluation_calls.cancel_evaluation(evaluation_id))

    def compare_evaluations(self, old: str, new: str) -> ComparisonResponse:
        """Compare two evaluations by their ids, over the questions that both asked."""
        return self._send(evaluation_calls.compare_evaluations(old, new))

    def generations(self) -> GenerationsResponse:
        """List the generations of the index that are kept, the latest first."""
        return self._send(evaluation_calls.GENERATIONS)

    def roll_back(self, index_version: str | None = None) -> GenerationsResponse:
        """Serve a kept generation again: the one before where none is named.

        `ConflictProblemError` where it is not kept, or a build is running.
        """
        return self._send(evaluation_calls.roll_back(index_version))

    def refuse_generation(self, index_version: str, reason: str) -> GenerationsResponse:
        """Refuse a kept generation; the one before is served where it is current.

        `ConflictProblemError` where none before is kept, or a build is running.
        """
        return self._send(evaluation_calls.refuse_generation(index_version, reason))

    def allow_generation(self, index_version: str) -> GenerationsResponse:
        """Take the refusal of a generation back; it is not served by that."""
        return self._send(evaluation_calls.allow_generation(index_version))

    def ready(self) -> ReadyResponse:
        """Check that questions can be answered; `ProblemError` if not."""
        return self._send(calls.READY)

    def _send(self, call: Call[R]) -> R:
        return calls.read_reply(call, self._request(call))

    def _request(self, call: Call[R], *, stream: bool = False) -> httpx2.Response:
        """Send a request, again where the service is busy; a stream is left open, for events."""
        retries = Retries(self._max_retries, self._max_wait)
        while True:
            request = _build_request(self._http, call, stream=stream)
            try:
                response = self._http.send(request, stream=stream)
                wait = retries.wait(response)
                if wait is None:
                    return response
                response.close()
            except httpx2.TransportError as error:
                raise calls.unreachable(self._base_url, error) from error
            self._sleep(wait)


class AsyncClient:
    """The asynchronous `Client`: the same methods, to be awaited."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        timeout: float = TIMEOUT,
        max_retries: int = MAX_RETRIES,
        max_wait: float = MAX_WAIT,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._base_url = calls.checked_url(base_url)
        self._max_retries, self._max_wait = max_retries, max_wait
        self._sleep = sleep
        self._http = httpx2.AsyncClient(
            base_url=base_url,
            headers=calls.authorization(api_key),
            timeout=timeout,
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def ask(self, question: str, **options: Unpack[FollowUpOptions]) -> AskResponse:
        """Ask one question."""
        return await self._send(calls.ask(question, options))

    async def ask_batch(
        self, questions: Sequence[str], **options: Unpack[AskOptions]
    ) -> BatchResponse:
        """Ask several questions of one generation of the index."""
        return await self._send(calls.ask_batch(questions, options))

    async def ask_table(
        self,
        question: str,
        names: Sequence[str] = (),
        *,
        by: Grouping | None = None,
        **options: Unpack[TableOptions],
    ) -> AsyncTable:
        """Ask one question of many; see `Client.ask_table`."""
        call = calls.ask_table(question, names, by, options)
        return await read_async_table(await self._request(call, stream=True))

    async def search(self, question: str, **options: Unpack[SearchOptions]) -> SearchResponse:
        """Retrieve passages without reading them."""
        return await self._send(calls.search(question, options))

    async def verify(self, quotes: Sequence[CitationOut | Quote]) -> VerifyResponse:
        """Say of quotes whether they still stand; see `Client.verify`."""
        return await self._send(calls.verify(quotes))

    async def articles(self, **options: Unpack[ListOptions]) -> ArticlesResponse:
        """List articles."""
        return await self._send(calls.list_articles(options))

    async def article(self, article_id: str) -> ArticleWithText:
        """Read one article; `NotFoundProblemError` where there is none."""
        return await self._send(calls.read_article(article_id))

    async def original(self, article_id: str) -> Original:
        """Fetch the original file of an article; see `Client.original`."""
        return await self._send(calls.read_original(article_id))

    async def add_files(self, *paths: Path | str, replace: bool = False) -> ChangeResponse:
        """Add article files to the corpus folder; ``job`` of the reply indexes them."""
        return await self._send(calls.add_files(paths, replace=replace))

    async def add_text(self, text: str, **options: Unpack[ArticleOptions]) -> ChangeResponse:
        """Add an article of text and metadata; see `add_files`."""
        return await self._send(calls.add_text(text, options))

    async def put_file(self, article_id: str, path: Path | str) -> ChangeResponse:
        """Replace an article by a file, or add it; see `add_files`."""
        return await self._send(calls.put_file(article_id, path))

    async def put_text(
        self, article_id: str, text: str, **options: Unpack[ArticleOptions]
    ) -> ChangeResponse:
        """Replace an article by text and metadata, or add it; see `add_files`."""
        return await self._send(calls.put_text(article_id, text, options))

    async def delete_article(self, article_id: str) -> ChangeResponse:
        """Remove an article from the corpus folder; `NotFoundProblemError` where there is none."""
        return await self._send(calls.delete_article(article_id))

    async def mark_answer(
        self,
        question: str,
        words: Sequence[CitationOut | Quote] = (),
        *,
        filters: FilterOptions | None = None,
    ) -> MarkedQuestionOut:
        """Keep which words answer a question; see `Client.mark_answer`."""
        return await self._send(gold_calls.mark_answer(question, words, filters))

    async def marked_answers(self) -> MarkedQuestionsResponse:
        """List the marked questions."""
        return await self._send(gold_calls.MARKED)

    async def review_marked(self, gold_id: str) -> MarkedQuestionOut:
        """Note that a marked question was reviewed: from now on evaluations ask it."""
        return await self._send(gold_calls.review_marked(gold_id))

    async def remove_marked(self, gold_id: str) -> None:
        """Remove a marked question."""
        await self._send(gold_calls.remove_marked(gold_id))

    def address_of(self, path: str) -> str:
        """The full address of a path in a reply, such as ``article.original``."""
        return f"{self._base_url.rstrip('/')}{path}"

    async def index(self) -> IndexResponse:
        """Describe the index: what it was built from and with."""
        return await self._send(calls.INDEX)

    async def facets(self, **options: Unpack[FacetOptions]) -> FacetsResponse:
        """List the sources and tags that there are to filter by; see `Client.facets`."""
        return await self._send(calls.facets(options))

    async def rebuild(self) -> JobResponse:
        """Start a rebuild; `ConflictProblemError` where one is running."""
        return await self._send(calls.REBUILD)

    async def job(self, job_id: str) -> JobResponse:
        """Read the state of a rebuild."""
        return await self._send(calls.read_job(job_id))

    async def start_evaluation(self, questions: int | None = None) -> EvaluationJobResponse:
        """Start asking the gold questions; `ConflictProblemError` where that is going on.

        Of more than ``questions``, every second, third and so on is asked.
        """
        return await self._send(evaluation_calls.start_evaluation(questions))

    async def evaluations(self) -> EvaluationsResponse:
        """List the evaluations with their figures, the latest first."""
        return await self._send(evaluation_calls.EVALUATIONS)

    async def evaluation(self, evaluation_id: str) -> EvaluationJobResponse:
        """Read the state of an evaluation, or what came of it."""
        return await self._send(evaluation_calls.read_evaluation(evaluation_id))

    async def evaluation_report(self, evaluation_id: str) -> Original:
        """Fetch the report of an evaluation, an HTML file that loads nothing."""
        return await self._send(evaluation_calls.read_report(evaluation_id))

    async def cancel_evaluation(self, evaluation_id: str) -> EvaluationJobResponse:
        """End an evaluation that runs; it leaves no figures."""
        return await self._send(evaluation_calls.cancel_evaluation(evaluation_id))

    async def compare_evaluations(self, old: str, new: str) -> ComparisonResponse:
        """Compare two evaluations by their ids, over the questions that both asked."""
        return await self._send(evaluation_calls.compare_evaluations(old, new))

    async def generations(self) -> GenerationsResponse:
        """List the generations of the index that are kept, the latest first."""
        return await self._send(evaluation_calls.GENERATIONS)

    async def roll_back(self, index_version: str | None = None) -> GenerationsResponse:
        """Serve a kept generation again: the one before where none is named.

        `ConflictProblemError` where it is not kept, or a build is running.
        """
        return await self._send(evaluation_calls.roll_back(index_version))

    async def refuse_generation(self, index_version: str, reason: str) -> GenerationsResponse:
        """Refuse a kept generation; the one before is served where it is current.

        `ConflictProblemError` where none before is kept, or a build is running.
        """
        return await self._send(evaluation_calls.refuse_generation(index_version, reason))

    async def allow_generation(self, index_version: str) -> GenerationsResponse:
        """Take the refusal of a generation back; it is not served by that."""
        return await self._send(evaluation_calls.allow_generation(index_version))

    async def ready(self) -> ReadyResponse:
        """Check that questions can be answered; `ProblemError` if not."""
        return await self._send(calls.READY)

    async def _send(self, call: Call[R]) -> R:
        return calls.read_reply(call, await self._request(call))

    async def _request(self, call: Call[R], *, stream: bool = False) -> httpx2.Response:
        """Send a request, again where the service is busy; a stream is left open, for events."""
        retries = Retries(self._max_retries, self._max_wait)
        while True:
            request = _build_request(self._http, call, stream=stream)
            try:
                response = await self._http.send(request, stream=stream)
                wait = retries.wait(response)
                if wait is None:
                    return response
                await response.aclose()
            except httpx2.TransportError as error:
                raise calls.unreachable(self._base_url, error) from error
            await self._sleep(wait)


def _build_request(
    http: httpx2.Client | httpx2.AsyncClient, call: Call[R], *, stream: bool
) -> httpx2.Request:
    return http.build_request(
        call.method,
        call.path,
        json=call.body,
        params=call.params,
        files=call.files,
        headers={"Accept": EVENTS} if stream else None,
    )

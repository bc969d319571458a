"""Translation between the wire schema and the records of index and answering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from api import __version__
from api.answering.answerer import AskParameters
from api.answering.days import today
from api.answering.follow_up import context_of
from api.answering.table_rows import rows_of_groups, rows_of_names
from api.answering.verifying import CitedQuote, verify
from api.schemas import (
    AbstentionOut,
    AnswerOut,
    ArticleOut,
    ArticlesResponse,
    ArticleWithText,
    AskResponse,
    BelowTheBarOut,
    CitationOut,
    ComparisonOut,
    ContextOut,
    Cursor,
    FacetOut,
    FacetsResponse,
    IndexResponse,
    ListingOut,
    MarkedQuestionOut,
    NamesOut,
    NearDuplicateOut,
    NearestOut,
    PassageOut,
    PeriodOut,
    QuantityOut,
    QuestionOptions,
    QuestionTimeOut,
    ReaderOut,
    ScoresOut,
    SearchResponse,
    SearchTimingsOut,
    SideOut,
    TableHeadOut,
    TableRowOut,
    TimelineEntryOut,
    TimingsOut,
    VerifiedQuoteOut,
    VerifyResponse,
)
from index.formats.registry import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.answering.answers import (
        Citation,
        Comparison,
        FramedTime,
        Listing,
        Nearest,
        Reply,
        Timings,
    )
    from api.answering.names.findings import Names
    from api.answering.ranking import Ranker
    from api.answering.table_rows import TableRow, TableRows
    from api.answering.values.value import Value
    from api.schemas import (
        FacetsRequest,
        ListRequest,
        ReadingOptions,
        TableRequest,
        VerifyRequest,
    )
    from index.generations.generation import Generation
    from index.loading.gold import GoldQuestion
    from index.loading.originals import Original
    from index.records import ArticleInfo, Passage, RetrievalScores
    from index.retriever import Retrieval

ORIGINALS_PREFIX: Final = "/v1/originals"


def to_parameters(request: ReadingOptions) -> AskParameters:
    """The parameters of a request."""
    return AskParameters(
        top_k=request.top_k,
        max_answers=request.max_answers if isinstance(request, QuestionOptions) else None,
        min_confidence=request.min_confidence,
        filters=request.filters.to_filters(),
        # Replies are kept by how they were asked for, and "today" is another day tomorrow.
        as_of=today() if request.as_of is None else request.as_of,
    )


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


def from_quotes(generation: Generation, request: VerifyRequest) -> VerifyResponse:
    """What became of quotes in this index."""
    quotes = [CitedQuote(quote.article_id, quote.quote, quote.start) for quote in request.quotes]
    return VerifyResponse(
        quotes=[
            VerifiedQuoteOut(
                status=found.status,
                start=None if found.span is None else found.span.start,
                end=None if found.span is None else found.span.end,
                page=found.page,
            )
            for found in verify(quotes, generation.articles)
        ],
        index_version=generation.version,
    )


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


def from_index(generation: Generation, ranker: Ranker, *, originals: bool) -> IndexResponse:
    """What an index was built from and with, and what reads its passages, on the wire.

    Args:
        generation: The index.
        ranker: With the reader.
        originals: Whether the files that its articles came from can be fetched.
    """
    stated = generation.manifest.model_dump(include=set(IndexResponse.model_fields))
    facts = ranker.reader.facts
    reader = ReaderOut(name=facts.name, fingerprint=facts.fingerprint, instead_of=ranker.instead_of)
    return IndexResponse.model_validate(
        {**stated, "service_version": __version__, "originals": originals, "reader": reader}
    )


def from_passage(passage: Passage) -> PassageOut:
    """A retrieved passage on the wire."""
    return PassageOut(
        number=passage.rank,
        article=from_article(passage.article),
        text=passage.chunk.text,
        start=passage.chunk.start,
        end=passage.chunk.end,
        context=passage.chunk.context,
        page=passage.article.page_at(passage.chunk.start),
        scores=_scores(passage.scores, None),
    )


def from_retrieval(question: str, retrieval: Retrieval, version: str) -> SearchResponse:
    """The passages of a search in the index of this version, on the wire."""
    return SearchResponse(
        question=question,
        passages=[from_passage(passage) for passage in retrieval.passages],
        index_version=version,
        undated_left_out=retrieval.undated,
        timings_ms=SearchTimingsOut(encode=retrieval.encode_ms, retrieve=retrieval.search_ms),
    )


def from_reply(reply: Reply, cache_ms: float | None = None) -> AskResponse:
    """A reply on the wire.

    Args:
        reply: The reply.
        cache_ms: Milliseconds of its look-up in the answer cache; None where it is new.
    """
    best = reply.answers[0] if reply.answers else None
    return AskResponse(
        status="abstained" if best is None else "answered",
        question=reply.question,
        answer=None if best is None else best.text,
        confidence=None if best is None else best.confidence,
        answers=[
            AnswerOut(
                text=answer.text,
                confidence=answer.confidence,
                value=None if answer.value is None else from_value(answer.value),
                as_of=answer.as_of,
                standing=answer.standing,
                citations=[citation.number for citation in answer.citations],
            )
            for answer in reply.answers
        ],
        citations=[_citation(citation) for citation in reply.citations],
        abstention=None
        if reply.abstention is None
        else AbstentionOut(
            reason=reply.abstention.reason,
            nearest=[_nearest(item) for item in reply.abstention.nearest],
            best_candidate=reply.abstention.best_candidate,
            best_confidence=reply.abstention.best_confidence,
        ),
        agreement=reply.agreement,
        timeline=[
            TimelineEntryOut(
                as_of=entry.as_of,
                text=entry.text,
                value=None if entry.value is None else from_value(entry.value),
                standing=entry.standing,
                citation=entry.citation.number,
            )
            for entry in reply.timeline
        ],
        question_time=None if reply.time is None else _question_time(reply.time),
        names=_names(reply.names),
        context=_context(reply.question),
        listing=None if reply.listing is None else _listing(reply.listing),
        comparison=None if reply.comparison is None else _comparison(reply.comparison),
        index_version=reply.index_version,
        undated_left_out=reply.undated,
        timings_ms=_timings(reply.timings)
        if cache_ms is None
        else TimingsOut(encode=0, retrieve=0, read=0, cache=cache_ms, total=cache_ms),
    )


def to_rows(request: TableRequest, generation: Generation) -> TableRows:
    """The rows to ask for a table, of one generation of the index."""
    filters = request.filters.to_filters()
    if request.by is None:
        return rows_of_names(request.question, dict.fromkeys(request.names), filters)
    return rows_of_groups(request.question, request.by, filters, generation.articles)


def from_rows(table: TableRows, generation: Generation) -> TableHeadOut:
    """The rows of a table that are to come."""
    return TableHeadOut(
        labels=[row.label for row in table.rows],
        left_out=table.left_out,
        index_version=generation.version,
    )


def from_row(number: int, row: TableRow, reply: Reply | None, reason: str = "") -> TableRowOut:
    """A row of a table with its best answer.

    Args:
        number: The row's number, from 1.
        row: What was asked.
        reply: The reply; None where the question could not be asked.
        reason: Why it could not.
    """
    fields = {"number": number, "label": row.label, "question": row.question}
    if reply is None:
        return TableRowOut(**fields, status="failed", reason=reason)
    if reply.abstention is not None:
        return TableRowOut(**fields, status="abstained", reason=reply.abstention.reason)
    best = reply.answers[0]
    return TableRowOut(
        **fields,
        status="answered",
        answer=best.text,
        confidence=best.confidence,
        value=None if best.value is None else from_value(best.value),
        as_of=best.as_of,
        standing=best.standing,
        agreement=reply.agreement,
        citation=_citation(best.citations[0]),
    )


def from_marked(question: GoldQuestion) -> MarkedQuestionOut:
    """A question that a reader marked, on the wire."""
    mark = question.mark
    return MarkedQuestionOut(
        id=question.id,
        question=question.question,
        answers=list(question.answers),
        articles=list(question.articles),
        filters=question.filters,
        marked_by=None if mark is None else mark.by,
        marked_at=None if mark is None else mark.at,
        reviewed=mark is not None and mark.reviewed,
    )


def from_value(value: Value) -> QuantityOut | PeriodOut | None:
    """Write a value; its numbers are exact until here."""
    quantity, days = value.quantity(), value.days()
    if quantity is not None:
        kind, low, high = quantity
        return QuantityOut(
            kind=kind,
            low=float(low),
            high=float(high),
            unit=value.unit,
            approximate=value.approximate,
        )
    if days is not None:
        return PeriodOut(
            kind="date",
            low=days[0],
            high=days[1],
            unit=value.unit,
            approximate=value.approximate,
        )
    return None


def _context(question: str) -> ContextOut:
    context = context_of(question, today())
    return ContextOut(names=list(context.names), time=context.time)


def _listing(listing: Listing) -> ListingOut:
    return ListingOut(
        complete=listing.complete,
        articles_searched=listing.articles_searched,
        below_the_bar=[
            BelowTheBarOut(text=item.text, confidence=item.confidence)
            for item in listing.below_the_bar
        ],
    )


def _comparison(comparison: Comparison) -> ComparisonOut:
    return ComparisonOut(
        sides=[SideOut(subject=side.subject, answer=side.answer) for side in comparison.sides],
        greater=comparison.greater,
        statement=comparison.statement,
    )


def _question_time(time: FramedTime) -> QuestionTimeOut:
    start, end = time.frame.period
    return QuestionTimeOut(**{"from": start}, to=end, words=time.frame.words, use=time.use)


def _names(names: Names) -> NamesOut:
    return NamesOut(
        absent=list(names.absent),
        read_as=dict(names.read_as),
        offered={word: list(spellings) for word, spellings in names.offered.items()},
    )


def _timings(timings: Timings) -> TimingsOut:
    return TimingsOut(
        encode=timings.encode,
        retrieve=timings.retrieve,
        read=timings.read,
        total=timings.total,
    )


def _citation(citation: Citation) -> CitationOut:
    return CitationOut(
        number=citation.number,
        article=from_article(citation.article),
        quote=citation.quote,
        start=citation.span.start,
        end=citation.span.end,
        sentence=citation.sentence,
        sentence_start=citation.sentence_span.start,
        sentence_end=citation.sentence_span.end,
        before=citation.before,
        before_start=None if citation.before_span is None else citation.before_span.start,
        before_end=None if citation.before_span is None else citation.before_span.end,
        passage_start=citation.passage_span.start,
        passage_end=citation.passage_span.end,
        page=citation.page,
        scores=_scores(citation.retrieval, citation.reader_score),
    )


def _nearest(item: Nearest) -> NearestOut:
    return NearestOut(
        number=item.number,
        article=from_article(item.article),
        sentence=item.sentence,
        sentence_start=item.sentence_span.start,
        sentence_end=item.sentence_span.end,
        passage_start=item.passage_span.start,
        passage_end=item.passage_span.end,
        page=item.page,
        scores=_scores(item.retrieval, item.reader_score),
    )


def _scores(retrieval: RetrievalScores, reader: float | None) -> ScoresOut:
    return ScoresOut(
        dense=retrieval.dense, lexical=retrieval.lexical, fused=retrieval.fused, reader=reader
    )

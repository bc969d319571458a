"""The service in this process: the methods and replies of the client, without HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self, TypeVar, Unpack

from pydantic import BaseModel, ValidationError

from api.answering.answerer import AskParameters
from api.answering.questions.question import Question
from api.client.calls import as_quote
from api.client.tables import Table
from api.schemas import (
    AskRequest,
    BatchRequest,
    BatchResponse,
    FacetsRequest,
    ListRequest,
    SearchRequest,
    TableRequest,
    VerifyRequest,
)
from api.service.models import load_models
from api.service.serving import Serving
from api.translation.articles import from_articles, from_facets, from_whole_article
from api.translation.citations import from_quotes
from api.translation.index import from_index
from api.translation.passages import from_retrieval
from api.translation.replies import from_reply, to_parameters
from api.translation.tables import from_row, from_rows, to_rows
from index.errors import ArticleQAError
from index.field_faults import fault
from index.generations.generation import current_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from api.answering.questions.table_rows import Grouping, TableRows
    from api.client.calls import (
        AskOptions,
        FacetOptions,
        FollowUpOptions,
        ListOptions,
        Quote,
        SearchOptions,
        TableOptions,
    )
    from api.schemas import (
        ArticlesResponse,
        ArticleWithText,
        AskResponse,
        CitationOut,
        FacetsResponse,
        IndexResponse,
        SearchResponse,
        TableRowOut,
        VerifyResponse,
    )
    from api.service.serving import Served
    from api.settings import Settings

_Request = TypeVar("_Request", bound=BaseModel)


class RefusedError(ArticleQAError):
    """A question or option is wrong; over HTTP it is refused with status 422."""


class LocalService:
    """Answers in this process what `api.client.Client` asks a server; see `Service`.

    Every method raises `RefusedError` for a wrong question or option.

    Args:
        current: Returns the generation to answer from; called once for each request.
    """

    def __init__(self, current: Callable[[], Served]) -> None:
        self._current = current

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Load the models and the index; each request is answered from the newest generation.

        Args:
            settings: Which models and index.

        Raises:
            IndexMissingError: If nothing has been built yet.
            IndexCorruptError: If the index is damaged.
            IndexMismatchError: If it was built with another encoder or format version.
            EncoderError: If the encoder cannot be loaded.
            ReaderError: If the reader cannot be loaded.
        """
        current_folder(settings.index_dir)  # before the models, which take longer to load
        return cls(Serving(settings.index_dir, load_models(settings)).newest)

    def ask(self, question: str, **options: Unpack[FollowUpOptions]) -> AskResponse:
        """Ask one question."""
        request = checked(AskRequest, {"question": question, **options})
        return _answer(self._current(), request.asked, request)

    def ask_batch(self, questions: Sequence[str], **options: Unpack[AskOptions]) -> BatchResponse:
        """Ask several questions of one generation of the index."""
        request = checked(BatchRequest, {"questions": list(questions), **options})
        served = self._current()
        return BatchResponse(
            responses=[_answer(served, question, request) for question in request.questions]
        )

    def ask_table(
        self,
        question: str,
        names: Sequence[str] = (),
        *,
        by: Grouping | None = None,
        **options: Unpack[TableOptions],
    ) -> Table:
        """Ask one question of many, of one generation of the index."""
        fields = {"question": question, "names": list(names), "by": by, **options}
        request = checked(TableRequest, fields)
        served = self._current()
        table = to_rows(request, served.generation)
        return Table(from_rows(table, served.generation), _answer_rows(served, table, request))

    def search(self, question: str, **options: Unpack[SearchOptions]) -> SearchResponse:
        """Retrieve passages without reading them."""
        request = checked(SearchRequest, {"question": question, **options})
        served = self._current()
        parameters = AskParameters(top_k=request.top_k, filters=request.filters.to_filters())
        retrieval = served.answerer.search(Question.parse(request.question), parameters)
        return from_retrieval(request.question, retrieval, served.generation.version)

    def verify(self, quotes: Sequence[CitationOut | Quote]) -> VerifyResponse:
        """Say of quotes that were cited before whether they still stand, and where."""
        request = checked(VerifyRequest, {"quotes": [as_quote(quote) for quote in quotes]})
        return from_quotes(self._current().generation, request)

    def articles(self, **options: Unpack[ListOptions]) -> ArticlesResponse:
        """List articles."""
        return from_articles(self._current().generation, checked(ListRequest, options))

    def article(self, article_id: str) -> ArticleWithText:
        """Read one article; `ArticleNotFoundError` where there is none."""
        return from_whole_article(self._current().generation, article_id)

    def index(self) -> IndexResponse:
        """Describe the index: what it was built from and with."""
        served = self._current()
        return from_index(served.generation, served.ranker, originals=False)

    def facets(self, **options: Unpack[FacetOptions]) -> FacetsResponse:
        """List the sources and tags that there are to filter by, the commonest first."""
        return from_facets(self._current().generation, checked(FacetsRequest, options))


def _answer_rows(served: Served, table: TableRows, request: TableRequest) -> Iterator[TableRowOut]:
    for number, row in enumerate(table.rows, start=1):
        parameters = replace(to_parameters(request), filters=row.filters)
        yield from_row(number, row, served.answerer.ask(row.question, parameters))


def _answer(served: Served, question: str, request: AskRequest | BatchRequest) -> AskResponse:
    return from_reply(served.answerer.ask(question, to_parameters(request)))


def checked(model: type[_Request], request: Mapping[str, object]) -> _Request:
    """Validate a request as the service does, but for filters that are None: the client sends none.

    Raises:
        RefusedError: If something in it is wrong.
    """
    given = {
        name: value for name, value in request.items() if name != "filters" or value is not None
    }
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RefusedError(
            "; ".join(
                f"{'.'.join(map(str, item['loc']))}: {fault(item)}" for item in error.errors()
            )
        ) from None

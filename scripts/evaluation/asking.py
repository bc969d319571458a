"""Those who can be asked gold questions: an index in this process, or a server over HTTP.

Both speak the wire schema, so that what is measured is what clients get.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from api.answering.answerer import Answerer
from api.schemas import (
    MAX_TOP_K,
    AskResponse,
    SearchResponse,
    SearchTimingsOut,
)
from api.translation import from_passage, from_reply, to_parameters
from index.embedding.encoder import WrappedEncoder
from index.errors import ArticleNotFoundError
from index.records import Filters
from index.retriever import Retriever

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from api.client import Client
    from api.schemas import AskRequest, SearchRequest
    from api.service.models import Models
    from index.embedding.encoder import Encoder
    from index.generations.generation import Generation
    from index.retriever import RetrievalParameters

_PAGE: Final = 1000


class Slice(NamedTuple):
    """A passage of an article, half-open in code points, with its words."""

    start: int
    end: int
    text: str


class Asked(Protocol):
    """Whatever answers gold questions."""

    @property
    def place(self) -> str:
        """Where it is: a folder or a URL."""
        ...

    @property
    def index_version(self) -> str:
        """The generation that is asked."""
        ...

    @property
    def encoder(self) -> str:
        """The embedding model, by name."""
        ...

    @property
    def reader(self) -> str | None:
        """The reader, by name, where that is known."""
        ...

    @property
    def threshold(self) -> float | None:
        """The least confidence of an answer, where that is known."""
        ...

    def ask(self, request: AskRequest) -> AskResponse:
        """Answer one question."""
        ...

    def search(self, request: SearchRequest) -> SearchResponse:
        """Retrieve the passages of one question."""
        ...

    def article_ids(self) -> frozenset[str]:
        """The ids of all articles that are indexed; of copies, only the first is."""
        ...

    def original(self, article_id: str) -> str | None:
        """The id that an article is cited under: of a copy the first's; None where unknown."""
        ...

    def text(self, article_id: str) -> str | None:
        """The canonical text of an article; None where there is none with this id."""
        ...

    def passages(self, article_id: str) -> list[Slice]:
        """The passages that an article was cut into."""
        ...


class LocalIndex:
    """A generation in this process, asked through the code that serves it.

    Args:
        place: Where the index is, to name it.
        generation: What to ask.
        models: With what to ask it.
        retrieval: How to retrieve; as the service does where None.
    """

    def __init__(
        self,
        place: str,
        generation: Generation,
        models: Models,
        retrieval: RetrievalParameters | None = None,
    ) -> None:
        remembering = _RememberingEncoder(models.encoder)
        self.place = place
        self.index_version = generation.version
        self.encoder = models.encoder.model
        self.reader: str | None = models.reader.name
        self.threshold: float | None = models.calibration.threshold
        self.retriever = Retriever(generation, remembering, retrieval)
        self._articles = generation.articles
        self._answerer = Answerer(self.retriever, models.reader, models.calibration)

    def ask(self, request: AskRequest) -> AskResponse:
        """Answer one question."""
        return from_reply(self._answerer.ask(request.question, to_parameters(request)))

    def search(self, request: SearchRequest) -> SearchResponse:
        """Retrieve the passages of one question."""
        found = self.retriever.retrieve(
            request.question, request.top_k, request.filters.to_filters()
        )
        return SearchResponse(
            question=request.question,
            passages=[from_passage(passage) for passage in found.passages],
            index_version=self.index_version,
            timings_ms=SearchTimingsOut(encode=found.encode_ms, retrieve=found.search_ms),
        )

    def article_ids(self) -> frozenset[str]:
        """The ids of all articles."""
        infos, _ = self._articles.infos(Filters(), 0, self._articles.article_count)
        return frozenset(info.id for info in infos)

    def original(self, article_id: str) -> str | None:
        """The id that an article is cited under: of a copy the first's; None where unknown."""
        try:
            return self._articles.article(article_id).info.id
        except ArticleNotFoundError:
            return None

    def text(self, article_id: str) -> str | None:
        """The canonical text of an article; None where there is none with this id."""
        try:
            return self._articles.article(article_id).text
        except ArticleNotFoundError:
            return None

    def passages(self, article_id: str) -> list[Slice]:
        """The passages that an article was cut into."""
        chunks = self._articles.chunks_of(article_id)
        return [Slice(chunk.start, chunk.end, chunk.text) for chunk in chunks]


class _RememberingEncoder(WrappedEncoder):
    """Keeps the last question's vector: each question is both asked and searched for."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder)
        self._encoder = encoder
        self._last: tuple[str, npt.NDArray[np.float32]] | None = None

    def encode_question(self, question: str) -> npt.NDArray[np.float32]:
        if self._last is None or self._last[0] != question:
            self._last = (question, self._encoder.encode_question(question))
        return self._last[1]


class Server:
    """A running server.

    Args:
        place: Its address.
        client: Asks it.

    Raises:
        ServiceError: If it cannot be reached.
        ProblemError: If it has no index.
    """

    reader: str | None = None
    threshold: float | None = None

    def __init__(self, place: str, client: Client) -> None:
        self._client = client
        self.place = place
        index = client.index()
        self.index_version = index.index_version
        self.encoder = index.encoder.model

    def ask(self, request: AskRequest) -> AskResponse:
        """Answer one question."""
        return self._client.ask(**request.model_dump(mode="json"))

    def search(self, request: SearchRequest) -> SearchResponse:
        """Retrieve the passages of one question."""
        return self._client.search(**request.model_dump(mode="json"))

    def article_ids(self) -> frozenset[str]:
        """The ids of all articles."""
        known = set[str]()
        while True:
            page = self._client.articles(offset=len(known), limit=_PAGE)
            known.update(article.id for article in page.articles)
            if not page.articles or len(known) >= page.total:
                return frozenset(known)

    def original(self, article_id: str) -> str | None:
        """The id that an article is cited under: of a copy the first's; None where unknown."""
        try:
            return self._client.article(article_id).id
        except ArticleNotFoundError:
            return None

    def text(self, article_id: str) -> str | None:
        """The canonical text of an article; None where there is none with this id."""
        try:
            return self._client.article(article_id).text
        except ArticleNotFoundError:
            return None

    def passages(self, article_id: str) -> list[Slice]:
        """The passages that an article was cut into, at most as many as one search returns."""
        found = self._client.search("?", top_k=MAX_TOP_K, filters={"article_ids": [article_id]})
        return [Slice(passage.start, passage.end, passage.text) for passage in found.passages]

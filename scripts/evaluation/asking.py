"""The systems that gold questions are asked of: an index in this process, or a server.

Both are asked through `api.client.Service`, so that what is measured is what clients get.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, Unpack

from api.schemas import MAX_TOP_K
from api.service.local import LocalService
from api.service.serving import Served
from index.embedding.encoder import WrappedEncoder
from index.errors import ArticleNotFoundError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from api.client.calls import FollowUpOptions, ListOptions, SearchOptions
    from api.schemas import (
        ArticlesResponse,
        ArticleWithText,
        AskRequest,
        AskResponse,
        IndexResponse,
        SearchRequest,
        SearchResponse,
    )
    from api.service.models import Models
    from index.embedding.encoder import Encoder
    from index.generations.generation import Generation
    from index.retriever import RetrievalParameters

_PAGE: Final = 1000


class Asked(Protocol):
    """What of `api.client.Service` an evaluation asks."""

    def ask(self, question: str, **options: Unpack[FollowUpOptions]) -> AskResponse:
        """Ask one question."""

    def search(self, question: str, **options: Unpack[SearchOptions]) -> SearchResponse:
        """Retrieve passages."""

    def articles(self, **options: Unpack[ListOptions]) -> ArticlesResponse:
        """List articles."""

    def article(self, article_id: str) -> ArticleWithText:
        """Read one article; `ArticleNotFoundError` where there is none."""

    def index(self) -> IndexResponse:
        """Describe the index."""


class Slice(NamedTuple):
    """A passage of an article, half-open in code points, with its words."""

    start: int
    end: int
    text: str


class System:
    """A service to be evaluated.

    Args:
        place: Where it is: a folder or a URL.
        service: Answers the questions.

    Attributes:
        index_version: The generation when the evaluation began.
        encoder: The embedding model, by name.
        reader: The reader, by name; None where the service does not tell.
        threshold: The least confidence of an answer; None where the service does not tell.

    Raises:
        ServiceError: If it cannot be reached.
        ProblemError: If it has no index.
    """

    reader: str | None = None
    threshold: float | None = None

    def __init__(self, place: str, service: Asked) -> None:
        self.place = place
        self._service = service
        index = service.index()
        self.index_version = index.index_version
        self.encoder = index.encoder.model

    def ask(self, request: AskRequest) -> AskResponse:
        """Answer one question."""
        return self._service.ask(**request.model_dump(mode="json"))

    def search(self, request: SearchRequest) -> SearchResponse:
        """Retrieve the passages of one question."""
        return self._service.search(**request.model_dump(mode="json"))

    def article_ids(self) -> frozenset[str]:
        """The ids of all articles that are indexed; of copies, only the first is."""
        ids = set[str]()
        while True:
            page = self._service.articles(offset=len(ids), limit=_PAGE)
            ids.update(article.id for article in page.articles)
            if not page.articles or len(ids) >= page.total:
                return frozenset(ids)

    def original(self, article_id: str) -> str | None:
        """The id that an article is cited under: of a copy the first's; None where unknown."""
        try:
            return self._service.article(article_id).id
        except ArticleNotFoundError:
            return None

    def text(self, article_id: str) -> str | None:
        """The canonical text of an article; None where there is none with this id."""
        try:
            return self._service.article(article_id).text
        except ArticleNotFoundError:
            return None

    def passages(self, article_id: str) -> list[Slice]:
        """The passages that an article was cut into, at most as many as one search returns."""
        retrieval = self._service.search(
            "?", top_k=MAX_TOP_K, filters={"article_ids": [article_id]}
        )
        return [Slice(passage.start, passage.end, passage.text) for passage in retrieval.passages]


class LocalSystem(System):
    """One generation in this process; unlike a server it tells its reader and every passage.

    Args:
        place: Where the index is, to name it.
        generation: What to ask.
        models: What to ask it with.
        retrieval: How to retrieve; the tuned defaults where None.
    """

    def __init__(
        self,
        place: str,
        generation: Generation,
        models: Models,
        retrieval: RetrievalParameters | None = None,
    ) -> None:
        remembering = dataclasses.replace(models, encoder=_RememberingEncoder(models.encoder))
        served = Served.of(generation, remembering, retrieval)
        super().__init__(place, LocalService(lambda: served))
        self.reader = models.ranker.reader.facts.name
        self.threshold = models.ranker.calibration.threshold
        self.retriever = served.retriever
        self._articles = generation.articles

    def passages(self, article_id: str) -> list[Slice]:
        """The passages that an article was cut into, however many."""
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

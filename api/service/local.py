"""The service in this process: an index of this machine, asked without HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, Unpack

from pydantic import BaseModel, ValidationError

from api.schemas import (
    AskRequest,
    SearchRequest,
    SearchResponse,
    SearchTimingsOut,
)
from api.service.models import load_models
from api.service.serving import Serving
from api.translation import from_passage, from_reply, from_whole_article, to_parameters
from index.errors import ArticleQAError
from index.generations.generation import current_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.client.calls import AskOptions, SearchOptions
    from api.schemas import ArticleWithText, AskResponse
    from api.settings import Settings

R = TypeVar("R", bound=BaseModel)


class RefusedError(ArticleQAError):
    """A question or option that the service would refuse, too."""


class LocalIndex:
    """An index of this machine, asked in this process without a service.

    Args:
        settings: Where the index is, and the models to ask it with.

    Raises:
        IndexMissingError: If nothing has been built yet.
        IndexCorruptError: If the index is damaged.
        IndexMismatchError: If it was built with another encoder or format version.
        EncoderError: If the encoder cannot be loaded.
        ReaderError: If the reader cannot be loaded.
    """

    def __init__(self, settings: Settings) -> None:
        current_folder(settings.index_dir)  # before the models, which take longer to load
        self.serving = Serving(settings.index_dir, load_models(settings))

    def ask(self, question: str, **options: Unpack[AskOptions]) -> AskResponse:
        """Ask one question; `RefusedError` for a wrong option."""
        request = _checked(AskRequest, {"question": question, **options})
        answerer = self.serving.current().answerer
        return from_reply(answerer.ask(request.question, to_parameters(request)))

    def search(self, question: str, **options: Unpack[SearchOptions]) -> SearchResponse:
        """Retrieve passages without reading them; `RefusedError` for a wrong option."""
        request = _checked(SearchRequest, {"question": question, **options})
        served = self.serving.current()
        found = served.retriever.retrieve(
            request.question, request.top_k, request.filters.to_filters()
        )
        return SearchResponse(
            question=request.question,
            passages=[from_passage(passage) for passage in found.passages],
            index_version=served.generation.version,
            timings_ms=SearchTimingsOut(encode=found.encode_ms, retrieve=found.search_ms),
        )

    def article(self, article_id: str) -> ArticleWithText:
        """Read one article; `ArticleNotFoundError` where there is none."""
        return from_whole_article(self.serving.current().generation, article_id)


def _checked(model: type[R], request: Mapping[str, object]) -> R:
    """Check a request as the service does.

    Raises:
        RefusedError: If something in it is wrong.
    """
    try:
        return model.model_validate(request)
    except ValidationError as error:
        raise RefusedError(
            "; ".join(
                f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()
            )
        ) from None

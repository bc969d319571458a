"""The service at the other end of this process's pipes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from api.client.errors import ServiceError
from api.schemas import (
    ArticlesResponse,
    ArticleWithText,
    AskResponse,
    IndexResponse,
    SearchResponse,
)
from index.errors import ArticleNotFoundError

if TYPE_CHECKING:
    from typing import TextIO

M = TypeVar("M", bound=BaseModel)


class PipedService:
    """Asks the process that started this one, through its pipes.

    Args:
        out: Where calls are written.
        replies: Where replies are read.
    """

    def __init__(self, out: TextIO, replies: TextIO) -> None:
        self._out = out
        self._replies = replies

    def ask(self, question: str, **options: Any) -> AskResponse:
        """Answer one question."""
        return self._call(AskResponse, "ask", question, **options)

    def search(self, question: str, **options: Any) -> SearchResponse:
        """Retrieve passages."""
        return self._call(SearchResponse, "search", question, **options)

    def articles(self, **options: Any) -> ArticlesResponse:
        """List articles."""
        return self._call(ArticlesResponse, "articles", **options)

    def article(self, article_id: str) -> ArticleWithText:
        """Read one article."""
        return self._call(ArticleWithText, "article", article_id)

    def index(self) -> IndexResponse:
        """Describe the index."""
        return self._call(IndexResponse, "index")

    def _call(self, model: type[M], method: str, *arguments: str, **options: Any) -> M:
        """Call a method of the service.

        Raises:
            ArticleNotFoundError: If there is no such article.
            ServiceError: If the service refuses, or has gone.
        """
        call = {"method": method, "arguments": arguments, "options": options}
        print(json.dumps(call), file=self._out, flush=True)
        line = self._replies.readline()
        if not line:
            raise ServiceError("the service has gone")
        message = json.loads(line)
        if "error" in message:
            kind = ArticleNotFoundError if message["missing"] else ServiceError
            raise kind(message["error"])
        return model.model_validate(message["reply"])

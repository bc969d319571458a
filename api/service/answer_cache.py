"""Replies that were given before, by index version, question and how it was asked."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Final

from cachetools import LRUCache

if TYPE_CHECKING:
    from collections.abc import Hashable

    from api.answering.answerer import AskParameters
    from api.answering.answers import Reply

_SPACE: Final = re.compile(r"\s+")


class AnswerCache:
    """Keeps the replies that were used last; safe to use from several threads.

    Args:
        size: The most replies kept; 0 keeps none.
    """

    def __init__(self, size: int) -> None:
        self._replies: LRUCache[Hashable, Reply] = LRUCache(size)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._replies)

    def get(self, version: str, question: str, parameters: AskParameters) -> Reply | None:
        """Find the reply that this question got from this index, asked in this way."""
        with self._lock:
            return self._replies.get((version, question, parameters))

    def put(self, question: str, parameters: AskParameters, reply: Reply) -> None:
        """Keep a reply, in the place of the one that was not used for longest."""
        with self._lock:
            if self._replies.maxsize > 0:
                self._replies[reply.index_version, question, parameters] = reply


def normalise_question(question: str) -> str:
    """Write every stretch of white space as one space: it means nothing to retrieval and reader.

    Nothing else is safe to change: capitals, for one, tell names from words.
    """
    return _SPACE.sub(" ", question)

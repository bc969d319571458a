"""The answer cache: replies by question, bounded in number and in bytes."""

from __future__ import annotations

import dataclasses
import sys
import threading
from typing import TYPE_CHECKING, Final

from cachetools import LRUCache

if TYPE_CHECKING:
    from collections.abc import Hashable

    from api.answering.answerer import AskParameters
    from api.answering.answers import Reply
    from api.answering.questions.question import Question

DEFAULT_BYTES: Final = 64 * 1024 * 1024


class AnswerCache:
    """Least-recently-used cache of replies, for several threads.

    Args:
        size: The most replies kept; 0 keeps none.
        most_bytes: The most memory that they take, with their questions.
    """

    def __init__(self, size: int, most_bytes: int = DEFAULT_BYTES) -> None:
        self._size = size
        self._replies: LRUCache[Hashable, tuple[Reply, int]] = LRUCache(
            most_bytes, getsizeof=lambda kept: kept[1]
        )
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._replies)

    def get(self, version: str, question: Question, parameters: AskParameters) -> Reply | None:
        """The reply to this question from this index, asked with these parameters."""
        with self._lock:
            kept = self._replies.get((version, question, parameters))
        return None if kept is None else kept[0]

    def put(self, question: Question, parameters: AskParameters, reply: Reply) -> None:
        """Add a reply, unless it is partial; the least recently used ones make room for it."""
        if reply.is_partial:
            return
        key = reply.index_version, question, parameters
        taken = memory_bytes((key, reply))
        if self._size == 0 or taken > self._replies.maxsize:
            return
        with self._lock:
            self._replies[key] = reply, taken
            while len(self._replies) > self._size:
                self._replies.popitem()


def memory_bytes(value: object) -> int:
    """The memory of a record and of all that it holds; what it holds twice counts once."""
    seen: set[int] = set()
    waiting, total = [value], 0
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        total += sys.getsizeof(each)
        if dataclasses.is_dataclass(each):
            waiting.extend(getattr(each, field.name) for field in dataclasses.fields(each))
        elif isinstance(each, dict):
            waiting.extend([*each.keys(), *each.values()])
        elif isinstance(each, (tuple, list, set, frozenset)):
            waiting.extend(each)
    return total

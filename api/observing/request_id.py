"""The id of the current request, for its response, problem and log records."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar
from typing import Final

HEADER: Final = "X-Request-ID"
_ACCEPTED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def current_request_id() -> str | None:
    """The id of the current request; None outside of one."""
    return _current.get()


def begin_request(proposed: str | None) -> str:
    """Set the id of a request: the client's own where it is well formed, else a new one."""
    accepted = None if proposed is None else _ACCEPTED.fullmatch(proposed)
    request_id = uuid.uuid4().hex if accepted is None else accepted.group()
    _current.set(request_id)
    return request_id

"""The id of the request being answered, for its response, its problem and its log records."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar
from typing import Final

HEADER: Final = "X-Request-ID"
_ACCEPTED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def current_request_id() -> str | None:
    """The id of the request being answered; None outside of one."""
    return _current.get()


def begin_request(proposed: str | None) -> str:
    """Give the request its id: the client's own where it is harmless, else a new one."""
    known = proposed is not None and _ACCEPTED.fullmatch(proposed) is not None
    request_id = proposed if known and proposed is not None else uuid.uuid4().hex
    _current.set(request_id)
    return request_id

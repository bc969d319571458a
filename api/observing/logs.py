"""Log records on standard error: JSON lines, or text, each with the id of its request."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from typing import Any, Final

from pythonjsonlogger.core import RESERVED_ATTRS

from api.observing.request_id import current_request_id
from api.settings import LogFormat

_JSON: Final[dict[str, Any]] = {
    "()": "pythonjsonlogger.json.JsonFormatter",
    "fmt": ["levelname", "name", "message"],
    "rename_fields": {"levelname": "level", "name": "logger"},
    "timestamp": "time",
    "reserved_attrs": [*RESERVED_ATTRS, "color_message"],
}
_TEXT: Final[dict[str, Any]] = {
    "()": "api.observing.logs.TextFormatter",
    "fmt": "%(asctime)s %(levelname)s %(name)s%(place)s %(message)s",
}

_REPEATED_EVERY: Final = 1.0  # seconds
_FAULTS_KEPT: Final = 1000


class TextFormatter(logging.Formatter):
    """One line of text, with the id of the request in brackets where it is of one.

    The questions stand at the end where they are logged at all.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - its base's name
        """Format all but a stack trace."""
        request_id = getattr(record, "request_id", None)
        record.place = "" if request_id is None else f" [{request_id}]"
        line = super().formatMessage(record)
        questions = getattr(record, "asked", None)
        return line if questions is None else f"{line} asked={json.dumps(questions)}"


class RequestIdFilter(logging.Filter):
    """Adds the id of the request being answered to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set ``request_id``; every record passes."""
        record.request_id = current_request_id()
        return True


class RepeatFilter(logging.Filter):
    """Passes the same warning or error at most once a second, and counts the others.

    Records of a request always pass: each stands for an answer that a client got.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._faults: dict[tuple[str, str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record passes; one that follows repeats says how many there were."""
        if record.levelno < logging.WARNING or current_request_id() is not None:
            return True
        error = record.exc_info[1] if record.exc_info else None
        message = record.getMessage()
        fault = record.name, message, repr(error)
        now = time.monotonic()
        with self._lock:
            last, repeats = self._faults.get(fault, (now - _REPEATED_EVERY, 0))
            if now - last < _REPEATED_EVERY:
                self._faults[fault] = last, repeats + 1
                return False
            if len(self._faults) >= _FAULTS_KEPT:
                self._faults.clear()
            self._faults[fault] = now, 0
        if repeats:
            record.msg, record.args = f"{message} (and {repeats} times before)", ()
        return True


def log_config(form: LogFormat) -> dict[str, Any]:
    """Logging of the service and of uvicorn, for `logging.config.dictConfig`.

    The form AUTO is text where standard error is a terminal, and JSON elsewhere.
    uvicorn's access log is off: `api.middleware.observing` writes one record for every request.
    """
    is_text = sys.stderr.isatty() if form is LogFormat.AUTO else form is LogFormat.TEXT
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": _TEXT if is_text else _JSON},
        "filters": {
            "request_id": {"()": "api.observing.logs.RequestIdFilter"},
            "repeats": {"()": "api.observing.logs.RepeatFilter"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "chosen",
                "filters": ["request_id", "repeats"],
            }
        },
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {
            "uvicorn.access": {"level": "WARNING"},
            "faiss.loader": {"level": "WARNING"},  # it logs every variant that it tries
        },
    }

"""Log records on standard error: JSON lines, or text, each with the id of its request."""

from __future__ import annotations

import logging
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
    "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
}


class RequestIdFilter(logging.Filter):
    """Adds the id of the request being answered to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set ``request_id``; every record passes."""
        record.request_id = current_request_id()
        return True


def log_config(form: LogFormat) -> dict[str, Any]:
    """Logging of the service and of uvicorn, for `logging.config.dictConfig`.

    uvicorn's access log is off: `api.middleware.observing` writes one record for every request.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": _JSON if form is LogFormat.JSON else _TEXT},
        "filters": {"request_id": {"()": "api.observing.logs.RequestIdFilter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "chosen",
                "filters": ["request_id"],
            }
        },
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {
            "uvicorn.access": {"level": "WARNING"},
            "faiss.loader": {"level": "WARNING"},  # it logs every variant that it tries
        },
    }

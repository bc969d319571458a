"""OpenTelemetry spans of requests and of their stages, by FastAPI's own instrumentation.

Spans hold methods, routes, statuses and times, and never the text of a question: FastAPI's log of
refused bodies is off.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from opentelemetry import trace

from api.errors import SettingsError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from fastapi.telemetry import TelemetryConfig

_TRACER: Final = trace.get_tracer("api")
_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_EXPORTER: Final = "opentelemetry.exporter.otlp.proto.http"


def check_tracing() -> None:
    """Check that spans can be exported.

    Raises:
        SettingsError: If no endpoint is set, or the extra is not installed.
    """
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        raise SettingsError(
            f"QA_TRACING=true: {_ENDPOINTS[1]} is not set; expected the address to send spans to, "
            "such as http://127.0.0.1:4318"
        )
    if not _installed():
        raise SettingsError(
            "QA_TRACING=true: OpenTelemetry's exporter is not installed; install the extra "
            "'tracing': pip install '.[tracing]'"
        )


def telemetry_config(tracing: bool) -> TelemetryConfig:
    """FastAPI's telemetry settings.

    Args:
        tracing: Whether to export spans.

    Raises:
        SettingsError: As `check_tracing`.
    """
    if tracing:
        check_tracing()
    return {"auto_configure": tracing, "tracing": tracing, "metrics": False, "logs": False}


def stage_span(name: str) -> AbstractContextManager[trace.Span]:
    """The span of one stage of a question, within that of its request."""
    return _TRACER.start_as_current_span(name)


def _installed() -> bool:
    try:
        return find_spec(_EXPORTER) is not None
    except ModuleNotFoundError:
        return False

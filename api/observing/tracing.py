"""OpenTelemetry spans of requests and of their stages, by FastAPI's own instrumentation.

Spans hold methods, routes, statuses and times, and never the text of a question: FastAPI's log of
refused bodies is off.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.context import get_current as current_context

from api.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from fastapi.telemetry import TelemetryConfig
    from opentelemetry.context import Context

    from index.replica_calls import ReplicaCall

_TRACER: Final = trace.get_tracer("api")
_CALLERS: Final[ContextVar[tuple[Context, ...]]] = ContextVar("callers", default=())
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


@contextmanager
def working_for(callers: Sequence[Context]) -> Iterator[None]:
    """Let what is traced while the block runs be a part of several traces.

    Args:
        callers: The contexts of spans that wait for what the block does.
    """
    token = _CALLERS.set(tuple(callers))
    try:
        yield
    finally:
        _CALLERS.reset(token)


def trace_replica_call(call: ReplicaCall) -> None:
    """Add the spans of a call of a process on a cluster to the traces of all who wait for it.

    The second one, of the work there, has the times of the clock of its node. Only this process
    exports spans, so that nodes need no exporter.
    """
    attributes: dict[str, str | int] = {
        "qa.replica": call.replica,
        "qa.outcome": call.outcome,
        "qa.questions": call.questions,
        "server.address": call.node,
    }
    if call.shard is not None:
        attributes["qa.shard"] = call.shard
    for caller in _CALLERS.get() or (current_context(),):
        span = _TRACER.start_span(
            f"call {call.role}",
            context=caller,
            kind=trace.SpanKind.CLIENT,
            attributes=attributes,
            start_time=call.sent_ns,
        )
        if call.work is None:
            span.set_status(trace.StatusCode.ERROR, call.outcome)
        else:
            _TRACER.start_span(
                call.role,
                context=trace.set_span_in_context(span, caller),
                kind=trace.SpanKind.SERVER,
                attributes=attributes,
                start_time=call.work.began_ns,
            ).end(call.work.ended_ns)
        span.end(call.ended_ns)


def _installed() -> bool:
    try:
        return find_spec(_EXPORTER) is not None
    except ModuleNotFoundError:
        return False

"""The application: `python -m api`, or `uvicorn api.main:create_app --factory`.

`python -m api` refuses to listen beyond loopback without API keys. Started by another server, the
application does not know the address that it listens on; without keys it then answers only the
connections whose two ends are loopback addresses (`api.middleware.access`).
"""

from __future__ import annotations

import asyncio
import functools
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware

from api import __version__
from api.middleware.access import METRICS_PATH, OPEN_PATHS, AccessMiddleware
from api.middleware.body_limit import BodyLimit, BodyLimitMiddleware
from api.middleware.headers import SecurityHeadersMiddleware
from api.middleware.observing import ObservingMiddleware
from api.middleware.rate_limit import RateLimitMiddleware, counted_by_address, counted_by_key
from api.middleware.send_limit import SendLimitMiddleware
from api.middleware.starting import StartingMiddleware
from api.observing.metrics import Metrics
from api.observing.request_id import HEADER
from api.observing.tracing import telemetry_config
from api.problems import install_problem_handlers
from api.routes import citations, evaluating, generations, index, marking, monitoring, page
from api.routes.articles import changes, listing, originals
from api.routes.asking import choices, openai, questions
from api.service.running import run_service
from api.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.routing import BaseRoute

    from api.service.models import Models
    from api.settings import Settings

_CANCELLED_SECONDS: Final = 1.0


def create_app(settings: Settings | None = None, models: Models | None = None) -> FastAPI:
    """Make the application; models and index are loaded when it starts.

    Args:
        settings: Read from the environment where None.
        models: Loaded as the settings say where None.

    Raises:
        SettingsError: If a setting is wrong, or tracing is asked for and not set up.
    """
    chosen = read_settings() if settings is None else settings
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with run_service(chosen, metrics, models) as service:
            app.state.service = service  # read by `api.routes.dependencies` alone
            yield
            await _finish_cancelled_requests()

    app = FastAPI(
        title="Article QA",
        summary="Ask a folder of articles; get the exact words, where they stand, and how sure.",
        version=__version__,
        lifespan=lifespan,
        telemetry=telemetry_config(chosen.tracing),
        # Both pages load scripts from other hosts; `api.routes.page` has one of its own.
        docs_url=None,
        redoc_url=None,
        routes=_routes(),
    )
    install_problem_handlers(app)
    _add_middleware(app, chosen, metrics)
    return app


@functools.cache
def _routes() -> list[BaseRoute]:
    """The routes, shared by all applications of a process, so that signatures are read once."""
    router = APIRouter()
    for routes in (
        *(questions, citations, openai, listing, changes, originals, index, choices),
        *(evaluating, generations, marking, monitoring, page),
    ):
        router.include_router(routes.router)
    return router.routes


async def _finish_cancelled_requests() -> None:
    """Wait a moment for the requests that the server cancelled when the time to drain was over.

    Each of them still sends its client a problem, before the process ends.
    """
    cancelled = [task for task in asyncio.all_tasks() if task.cancelling()]
    if cancelled:
        await asyncio.wait(cancelled, timeout=_CANCELLED_SECONDS)


def _add_middleware(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    """Wrap the application in its middleware, the innermost first."""
    open_paths = OPEN_PATHS | page.PAGE_FILES.keys()
    app.add_middleware(
        BodyLimitMiddleware,
        BodyLimit(settings.max_body_bytes, settings.body_seconds),
        uploads=BodyLimit(settings.max_upload_bytes, settings.upload_seconds),
    )
    if settings.key_rate is not None:
        app.add_middleware(RateLimitMiddleware, rate=settings.key_rate, counted=counted_by_key)
    app.add_middleware(
        AccessMiddleware,
        keyring=settings.api_keys,
        allow_open=settings.allow_open,
        allowed_hosts=settings.allowed_hosts,
        open_paths=open_paths | ({METRICS_PATH} if settings.open_metrics else set()),
        origins=settings.cors_origins,
    )
    if settings.address_rate is not None:
        app.add_middleware(
            RateLimitMiddleware,
            rate=settings.address_rate,
            counted=counted_by_address,
            uncounted_paths=open_paths,  # the page has some twenty files
        )
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["DELETE", "GET", "POST", "PUT"],
            allow_headers=["Authorization", "Content-Type", HEADER],
            expose_headers=[HEADER, "Retry-After", "Location"],
        )
    app.add_middleware(ObservingMiddleware, metrics=metrics)
    app.add_middleware(SecurityHeadersMiddleware)
    app.add_middleware(SendLimitMiddleware, seconds=settings.send_seconds)
    app.add_middleware(StartingMiddleware)

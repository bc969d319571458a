"""The application: `python -m api`, or `uvicorn api.main:create_app --factory`.

`python -m api` refuses to listen beyond loopback without API keys. Started in any other way, the
application cannot know the address that it listens on; then every single connection is judged, and
without keys answered only if both of its ends are loopback addresses (`api.middleware.access`).
"""

from __future__ import annotations

import asyncio
import dataclasses
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from api import __version__
from api.middleware.access import METRICS_PATH, OPEN_PATHS, AccessMiddleware
from api.middleware.body_limit import BodyLimitMiddleware
from api.middleware.headers import SecurityHeadersMiddleware
from api.middleware.observing import ObservingMiddleware
from api.middleware.rate_limit import RateLimitMiddleware, counted_by_address, counted_by_key
from api.middleware.starting import StartingMiddleware
from api.observing.metrics import Metrics
from api.observing.request_id import HEADER
from api.observing.tracing import telemetry_config
from api.problems import install_problem_handlers
from api.routes import articles, asking, choices, index, monitoring, originals, page
from api.service.admission import Admission, Bound
from api.service.asking import Asking
from api.service.batched_models import BatchingEncoder, BatchingReader, ManyEncoder, ManyReader
from api.service.example_questions import ExampleQuestions
from api.service.models import Models, load_models
from api.service.originals import Hashing
from api.service.rebuilding import Rebuilder
from api.service.serving import Serving
from api.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.settings import Settings

_LAST_WORDS_SECONDS: Final = 1.0


def create_app(settings: Settings | None = None, models: Models | None = None) -> FastAPI:
    """Make the application; models and index are loaded when it starts.

    Args:
        settings: From the environment where None.
        models: Loaded as the settings say where None.

    Raises:
        SettingsError: If the environment has a setting that is wrong, or asks for tracing that is
            not set up.
    """
    known = read_settings() if settings is None else settings
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        loaded = await asyncio.to_thread(load_models, known) if models is None else models
        loaded, batching = _batching(loaded, known.max_in_flight)
        serving = await asyncio.to_thread(Serving, known.index_dir, loaded)
        admission = Admission(known.max_in_flight, known.max_queue, known.queue_seconds, metrics)
        app.state.serving = serving
        app.state.example_questions = ExampleQuestions()
        app.state.rebuilder = Rebuilder(known, serving.refresh)
        most_lookups = known.max_in_flight + known.max_queue
        app.state.lookups = Bound(most_lookups, "look-ups", "lookups_full", metrics)
        # A file that waits to be hashed is looked up until then: the rest is for the articles.
        app.state.downloads = Bound(
            max(1, most_lookups // 2), "downloads", "downloads_full", metrics
        )
        app.state.hashing = Hashing()
        app.state.asking = Asking(known, admission, metrics)
        following = asyncio.create_task(serving.follow(known.reload_seconds))
        yield
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await _let_given_up_answer()
        admission.close()
        app.state.hashing.close()
        for batches in batching:
            await asyncio.to_thread(batches.close)
        await app.state.rebuilder.stop()

    app = FastAPI(
        title="Article QA",
        summary="Ask a folder of articles; get the exact words, where they stand, and how sure.",
        version=__version__,
        lifespan=lifespan,
        telemetry=telemetry_config(known.tracing),
        # Both pages load scripts from elsewhere; /openapi.json describes the same.
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = known
    app.state.metrics = metrics
    install_problem_handlers(app)
    for routes in (asking, articles, originals, index, choices, monitoring, page):
        app.include_router(routes.router)
    _add_middleware(app, known, metrics)
    return app


async def _let_given_up_answer() -> None:
    """Wait a moment for the requests that the server gave up as their time to end was over.

    Each still says so to its client, which the end of the process must not overtake.
    """
    given_up = [task for task in asyncio.all_tasks() if task.cancelling()]
    if given_up:
        await asyncio.wait(given_up, timeout=_LAST_WORDS_SECONDS)


def _batching(
    models: Models, in_flight: int
) -> tuple[Models, list[BatchingEncoder | BatchingReader]]:
    """Let models that can do so work for several questions at once; also what is to be closed."""
    begun: list[BatchingEncoder | BatchingReader] = []
    encoder, reader = models.encoder, models.reader
    if isinstance(encoder, ManyEncoder):
        encoder = BatchingEncoder(encoder, in_flight)
        begun.append(encoder)
    if isinstance(reader, ManyReader):
        reader = BatchingReader(reader, in_flight)
        begun.append(reader)
    return dataclasses.replace(models, encoder=encoder, reader=reader), begun


def _add_middleware(app: FastAPI, known: Settings, metrics: Metrics) -> None:
    """Put the middleware around the application, the innermost first."""
    open_paths = OPEN_PATHS | page.PAGE_FILES.keys()
    app.add_middleware(
        BodyLimitMiddleware, max_bytes=known.max_body_bytes, seconds=known.body_seconds
    )
    if known.key_rate is not None:
        app.add_middleware(RateLimitMiddleware, rate=known.key_rate, counted=counted_by_key)
    app.add_middleware(
        AccessMiddleware,
        keyring=known.api_keys,
        allow_open=known.allow_open,
        allowed_hosts=known.allowed_hosts,
        open_paths=open_paths | ({METRICS_PATH} if known.open_metrics else set()),
        origins=known.cors_origins,
    )
    if known.address_rate is not None:
        app.add_middleware(
            RateLimitMiddleware,
            rate=known.address_rate,
            counted=counted_by_address,
            uncounted_paths=open_paths,  # the page is some twenty files
        )
    if known.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=known.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", HEADER],
            expose_headers=[HEADER, "Retry-After", "Location"],
        )
    app.add_middleware(ObservingMiddleware, metrics=metrics)
    app.add_middleware(SecurityHeadersMiddleware)
    app.add_middleware(StartingMiddleware)

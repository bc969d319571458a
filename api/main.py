"""The application: `uvicorn api.main:create_app --factory`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from fastapi import FastAPI

from api.problems import install_problem_handlers
from api.rebuilding import Rebuilder
from api.routes import articles, asking, index
from api.serving import Models, Serving, load_models
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def create_app(settings: Settings | None = None, models: Models | None = None) -> FastAPI:
    """Make the application; models and index are loaded when it starts.

    Args:
        settings: From the environment where None.
        models: Loaded as the settings say where None.
    """
    known = Settings() if settings is None else settings

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        loaded = await asyncio.to_thread(load_models, known) if models is None else models
        serving = await asyncio.to_thread(Serving, known.index_dir, loaded)
        app.state.serving = serving
        app.state.rebuilder = Rebuilder(known, serving.refresh)
        following = asyncio.create_task(serving.follow(known.reload_seconds))
        yield
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await app.state.rebuilder.stop()

    app = FastAPI(
        title="Article QA",
        summary="Ask a folder of articles; get the exact words, where they stand, and how sure.",
        version=application_version(),
        lifespan=lifespan,
    )
    install_problem_handlers(app)
    for routes in (asking, articles, index):
        app.include_router(routes.router)
    return app


def application_version() -> str:
    """The version of this application; 0 where it runs from a bare checkout."""
    try:
        return version("article-qa")
    except PackageNotFoundError:
        return "0"

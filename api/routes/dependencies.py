"""What routes are given: the generation being served, and those who work with it.

All are coroutines, since FastAPI calls plain functions in another thread, and on a busy machine
every change of threads waits for one that computes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Final, cast

from fastapi import Depends, Request

from api.service.admission import Bound
from api.service.asking import Asking
from api.service.rebuilding import Rebuilder
from api.service.serving import Served, Serving


async def _serving(request: Request) -> Serving:
    return cast("Serving", request.app.state.serving)


async def _served(serving: Annotated[Serving, Depends(_serving)]) -> Served:
    return serving.current()


async def _rebuilder(request: Request) -> Rebuilder:
    return cast("Rebuilder", request.app.state.rebuilder)


async def _asking(request: Request) -> Asking:
    return cast("Asking", request.app.state.asking)


async def _lookup(request: Request) -> AsyncIterator[None]:
    lookups: Bound = request.app.state.lookups
    with lookups.place():
        yield


async def _download(request: Request) -> AsyncIterator[None]:
    downloads: Bound = request.app.state.downloads
    with downloads.place():
        yield


# Left before the response is sent: a client that reads slowly must not keep a place.
LOOKUP: Final = Depends(_lookup, scope="function")
# Left only when all of the response is sent, or its client has left.
DOWNLOAD: Final = Depends(_download, scope="request")
RunningServing = Annotated[Serving, Depends(_serving)]
ServedIndex = Annotated[Served, Depends(_served)]
RunningRebuilder = Annotated[Rebuilder, Depends(_rebuilder)]
AskingService = Annotated[Asking, Depends(_asking)]

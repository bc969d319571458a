"""Dependencies of the routes: the running service, the generation that it serves, and limits.

All are coroutines: FastAPI calls plain functions in another thread, and on a busy machine every
switch of threads waits for one that computes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Final, cast

from fastapi import Depends, Request

from api.service.running import RunningService
from api.service.serving import Served


async def _service(request: Request) -> RunningService:
    return cast("RunningService", request.app.state.service)


Running = Annotated[RunningService, Depends(_service)]


async def _served(service: Running) -> Served:
    return service.serving.current()


async def _lookup(service: Running) -> AsyncIterator[None]:
    with service.lookups.slot():
        yield


async def _download(service: Running) -> AsyncIterator[None]:
    with service.downloads.slot():
        yield


async def _upload(service: Running) -> AsyncIterator[None]:
    with service.uploads.slot():
        yield


# Freed before the response is sent: a client that reads slowly must not keep a slot.
LOOKUP: Final = Depends(_lookup, scope="function")
UPLOAD: Final = Depends(_upload, scope="function")
# Freed only when the whole response is sent, or its client has left.
DOWNLOAD: Final = Depends(_download, scope="request")
ServedIndex = Annotated[Served, Depends(_served)]

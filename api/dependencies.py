"""What routes are given: the generation being served, and those who work with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Final, cast

from fastapi import Depends, Request

from api.admission import Lookups
from api.asking import Asking
from api.rebuilding import Rebuilder
from api.serving import Served, Serving


def _serving(request: Request) -> Serving:
    return cast("Serving", request.app.state.serving)


def _served(serving: Annotated[Serving, Depends(_serving)]) -> Served:
    return serving.current()


def _rebuilder(request: Request) -> Rebuilder:
    return cast("Rebuilder", request.app.state.rebuilder)


def _asking(request: Request) -> Asking:
    return cast("Asking", request.app.state.asking)


async def _lookup(request: Request) -> AsyncIterator[None]:
    lookups: Lookups = request.app.state.lookups
    with lookups.place():
        yield


# Left before the response is sent: a client that reads slowly must not keep a place.
LOOKUP: Final = Depends(_lookup, scope="function")
RunningServing = Annotated[Serving, Depends(_serving)]
ServedIndex = Annotated[Served, Depends(_served)]
RunningRebuilder = Annotated[Rebuilder, Depends(_rebuilder)]
AskingService = Annotated[Asking, Depends(_asking)]

"""The generations of the index that are kept, and going back to one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Request

from api.errors import StateError
from api.keys import Scope
from api.middleware.access import caller_of
from api.problems import ASKING_PROBLEMS, problem_responses
from api.routes.access import needs
from api.routes.dependencies import LOOKUP, Running
from api.routes.json_body import JsonRoute
from api.schemas import (
    GenerationOut,
    GenerationsResponse,
    RefusalOut,
    RefusalRequest,
    RollbackRequest,
)
from api.service.running import RunningService
from index.errors import IndexCorruptError
from index.generations.generation import CURRENT_FILE, current_version
from index.generations.refusals import Refusal, read_refusals
from index.generations.rotation import kept_generations

_Version = Annotated[str, Path(min_length=1, max_length=200)]
router = APIRouter(
    prefix="/v1/index",
    tags=["index"],
    route_class=JsonRoute,
    dependencies=[Depends(needs(Scope.ADMIN)), LOOKUP],
    responses=problem_responses(*ASKING_PROBLEMS),
)
_CONFLICT = problem_responses(HTTPStatus.CONFLICT)


@router.get("/generations")
def list_generations(service: Running) -> GenerationsResponse:
    """List the generations of the index that are kept, the latest first."""
    return _generations(service)


@router.post("/rollback", responses=_CONFLICT)
async def roll_back(service: Running, body: RollbackRequest | None = None) -> GenerationsResponse:
    """Serve an earlier generation again: the one that the current one replaced, or one by name.

    Nothing is built or removed, so that a later one can be gone back to as well. The next build
    reads the articles as they are then.
    """
    version = None if body is None else body.index_version
    await to_thread.run_sync(service.serving.roll_back, version)
    return await to_thread.run_sync(_generations, service)


@router.put("/generations/{index_version}/refusal", responses=_CONFLICT)
async def refuse_generation(
    index_version: _Version, body: RefusalRequest, request: Request, service: Running
) -> GenerationsResponse:
    """Refuse a kept generation, with the reason; the one before is served where it is current.

    Nothing goes back to it until the refusal is taken back, it is the first to be removed, and a
    server that starts does not build it again while the articles are the same.
    """
    by = caller_of(request.scope).name
    await to_thread.run_sync(service.serving.refuse, index_version, body.reason, by)
    return await to_thread.run_sync(_generations, service)


@router.delete("/generations/{index_version}/refusal", responses=_CONFLICT)
async def allow_generation(index_version: _Version, service: Running) -> GenerationsResponse:
    """Take the refusal of a generation back; it is not served by that."""
    await to_thread.run_sync(service.serving.allow, index_version)
    return await to_thread.run_sync(_generations, service)


def _generations(service: RunningService) -> GenerationsResponse:
    index_dir = service.settings.index_dir
    try:
        current = current_version(index_dir)
    except IndexCorruptError as error:
        raise StateError(
            f"{CURRENT_FILE} in the index folder cannot be read, so it is not certain which of the "
            "kept generations is current; build once more"
        ) from error
    refusals = read_refusals(index_dir)
    return GenerationsResponse(
        generations=[
            GenerationOut(
                index_version=manifest.index_version,
                created_at=manifest.created_at,
                articles=manifest.articles,
                chunks=manifest.chunks,
                current=manifest.index_version == current,
                refused=_refusal(refusals.get(manifest.index_version)),
            )
            for manifest in kept_generations(index_dir)
        ]
    )


def _refusal(refusal: Refusal | None) -> RefusalOut | None:
    return None if refusal is None else RefusalOut(**refusal.model_dump())

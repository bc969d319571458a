"""The generations of the index that are kept, and going back to one."""

from __future__ import annotations

from http import HTTPStatus

from anyio import to_thread
from fastapi import APIRouter, Depends

from api.errors import StateError
from api.keys import Scope
from api.problems import ASKING_PROBLEMS, problem_responses
from api.routes.access import needs
from api.routes.dependencies import LOOKUP, Running
from api.routes.json_body import JsonRoute
from api.schemas import GenerationOut, GenerationsResponse, RollbackRequest
from api.service.running import RunningService
from index.errors import IndexCorruptError
from index.generations.generation import CURRENT_FILE, current_version
from index.generations.rotation import kept_generations

router = APIRouter(
    prefix="/v1/index",
    tags=["index"],
    route_class=JsonRoute,
    dependencies=[Depends(needs(Scope.ADMIN)), LOOKUP],
    responses=problem_responses(*ASKING_PROBLEMS),
)


@router.get("/generations")
def list_generations(service: Running) -> GenerationsResponse:
    """List the generations of the index that are kept, the latest first."""
    return _generations(service)


@router.post("/rollback", responses=problem_responses(HTTPStatus.CONFLICT))
async def roll_back(service: Running, body: RollbackRequest | None = None) -> GenerationsResponse:
    """Serve an earlier generation again: the one that the current one replaced, or one by name.

    Nothing is built or removed, so that a later one can be gone back to as well. The next build
    reads the articles as they are then.
    """
    version = None if body is None else body.index_version
    await to_thread.run_sync(service.serving.roll_back, version)
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
    return GenerationsResponse(
        generations=[
            GenerationOut(
                index_version=manifest.index_version,
                created_at=manifest.created_at,
                articles=manifest.articles,
                chunks=manifest.chunks,
                current=manifest.index_version == current,
            )
            for manifest in kept_generations(index_dir)
        ]
    )

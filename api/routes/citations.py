"""What can be done with the citations of a reply."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from api.citation_formats import FORMATS, write_citations
from api.keys import Scope
from api.problems import ASKING_PROBLEMS, problem_responses
from api.routes.access import needs
from api.routes.dependencies import LOOKUP, ServedIndex
from api.routes.json_body import JsonRoute
from api.schemas import (
    VerifyRequest,
    VerifyResponse,
    WriteCitationsRequest,
    WrittenCitationsResponse,
)
from api.translation.citations import from_quotes

router = APIRouter(
    prefix="/v1",
    tags=["citations"],
    route_class=JsonRoute,
    dependencies=[Depends(needs(Scope.ASK)), LOOKUP],
    responses=problem_responses(*ASKING_PROBLEMS),
)


@router.post("/verify")
def verify_quotes(body: VerifyRequest, served: ServedIndex) -> VerifyResponse:
    """Say of quotes that were cited before whether they still stand in their articles, and where.

    The status of each is ``intact``, ``moved``, ``changed`` or ``gone``.
    """
    return from_quotes(served.generation, body)


@router.post("/citations")
def write_citations_of_a_reply(body: WriteCitationsRequest) -> WrittenCitationsResponse:
    """Write citations of a reply as text: a quotation, Markdown, BibTeX, RIS or CSL-JSON."""
    return WrittenCitationsResponse(
        format=body.format,
        media_type=FORMATS[body.format].media_type,
        text=write_citations(body.reply, body.format, body.numbers),
    )

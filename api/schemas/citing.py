"""Citations of a reply, to be written as text."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from api.schemas import examples
from api.schemas.answers import AskResponse
from api.schemas.base import WHOLE, Request, Response, with_examples

CitationFormat = Literal["quotation", "markdown", "bibtex", "ris", "csl"]


class WriteCitationsRequest(Request):
    """A reply of ``/v1/ask`` as it came, and which of its citations to write how.

    ``quotation`` is the sentence with title, source, day and page; ``markdown`` the whole answer
    with all its citations; ``bibtex``, ``ris`` and ``csl`` (CSL-JSON) a work for each article.
    """

    format: CitationFormat
    reply: AskResponse
    numbers: Annotated[
        list[Annotated[int, Field(ge=1), WHOLE]] | None,
        Field(min_length=1, max_length=1000, description="Of the citations; null for all."),
    ] = None

    @field_validator("numbers")
    @classmethod
    def _of_the_reply(cls, value: list[int] | None, info: ValidationInfo) -> list[int] | None:
        reply = info.data.get("reply")
        if value is not None and reply is not None:
            there = {citation.number for citation in reply.citations}
            missing = [number for number in value if number not in there]
            if missing:
                raise ValueError(f"{missing[0]}: no citation of the reply has this number")
        return value


class WrittenCitationsResponse(Response):
    """Citations as text, and the media type of that; empty where the reply has none."""

    model_config = with_examples(examples.WRITTEN_CITATIONS)

    format: CitationFormat
    media_type: str
    text: str

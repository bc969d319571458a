"""Quotes of earlier citations to look up again, and what became of them."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import (
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from api.answering.verifying import QuoteStatus, sha256_of
from api.schemas import examples
from api.schemas.answers import Page
from api.schemas.base import WHOLE, Request, Response, with_examples

MAX_QUOTES: Final = 100
MAX_QUOTE_CHARACTERS: Final = 5000

Offset = Annotated[int, Field(ge=0, le=2**31), WHOLE]


class QuoteIn(Request):
    """The quote of a citation, where it stood, and the SHA-256 that the citation has of it."""

    article_id: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    quote: Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUOTE_CHARACTERS)]
    start: Offset
    end: Offset
    quote_sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = None

    @field_validator("end")
    @classmethod
    def _as_long_as_the_quote(cls, value: int, info: ValidationInfo) -> int:
        start, quote = info.data.get("start"), info.data.get("quote")
        if start is not None and quote is not None and value != start + len(quote):
            raise ValueError(
                f"{value}; expected {start + len(quote)}: start, and the {len(quote)} code points "
                "of the quote"
            )
        return value

    @field_validator("quote_sha256")
    @classmethod
    def _of_the_quote(cls, value: str | None, info: ValidationInfo) -> str | None:
        quote = info.data.get("quote")
        if value is not None and quote is not None and value != sha256_of(quote):
            raise ValueError(f"not that of the quote, which is {sha256_of(quote)}")
        return value


class VerifyRequest(Request):
    """Quotes to look up in the index that is being served."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.VERIFY]})

    quotes: Annotated[list[QuoteIn], Field(min_length=1, max_length=MAX_QUOTES)]


class VerifiedQuoteOut(Response):
    """What became of a quote, and where it stands now.

    ``status`` is "intact" where it stands at its offsets; "moved" where it stands elsewhere in the
    article: nearest to them, the first of two as near; "changed" where the article is there without
    these words; "gone" where there is no such article. Offsets are null where it does not stand.
    """

    status: QuoteStatus
    start: int | None
    end: int | None
    page: Page = None


class VerifyResponse(Response):
    """What became of each quote, in order."""

    model_config = with_examples(examples.VERIFIED)

    quotes: list[VerifiedQuoteOut]
    index_version: str

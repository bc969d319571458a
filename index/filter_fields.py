"""Filters as JSON writes them, in requests and in gold files alike."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from index.records import Filters

MAX_FILTER_VALUES: Final = 1000


def _check_day(value: object) -> object:
    """Refuse numbers: they would be taken for seconds since 1970."""
    if not isinstance(value, dt.date) and not (isinstance(value, str) and "-" in value[1:]):
        raise ValueError("expected a day such as 2025-01-31")
    return value


Day = Annotated[dt.date, BeforeValidator(_check_day), Field(strict=False)]
FilterValues = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=2000)]],
    Field(max_length=MAX_FILTER_VALUES),
]


class FiltersIn(BaseModel):
    """Which articles may answer: values of one field are alternatives, fields must all hold."""

    model_config = ConfigDict(extra="forbid", strict=True)

    published_from: Day | None = None
    published_to: Day | None = None
    sources: FilterValues = Field(default_factory=list)
    article_ids: FilterValues = Field(default_factory=list)
    tags: FilterValues = Field(default_factory=list)

    @field_validator("published_to")
    @classmethod
    def _not_before_from(cls, value: dt.date | None, info: ValidationInfo) -> dt.date | None:
        first = info.data.get("published_from")
        if value is not None and first is not None and value < first:
            raise ValueError(f"{value} is before published_from ({first})")
        return value

    def to_filters(self) -> Filters:
        """Convert to the record that searches take."""
        return Filters.of(
            published_from=self.published_from,
            published_to=self.published_to,
            sources=self.sources,
            article_ids=self.article_ids,
            tags=self.tags,
        )

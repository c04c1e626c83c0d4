"""The parameters of GET /api/search, checked."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.contract import PLACE_LENGTH, QUESTION_LENGTH, Badge, DocumentStatus, check_readable, only_iso
from bot.ports import SearchQuery

Place = Annotated[str, Field(max_length=PLACE_LENGTH)]
Filter = Annotated[str, Field(max_length=100)]


def none_if_blank(value: object) -> object:
    """A form sends an empty field for a filter that is not set."""
    return None if value == "" else value


class SearchParams(BaseModel):
    """What the hotline desk may ask for; an empty filter is an open one."""

    model_config = ConfigDict(frozen=True)

    q: Annotated[str, Field(min_length=1, max_length=QUESTION_LENGTH), AfterValidator(check_readable)]
    jurisdiction: Annotated[Place | None, BeforeValidator(none_if_blank)] = None
    topic: Annotated[Filter | None, BeforeValidator(none_if_blank)] = None
    department: Annotated[Filter | None, BeforeValidator(none_if_blank)] = None
    status: Annotated[DocumentStatus | None, BeforeValidator(none_if_blank)] = None
    valid_on: Annotated[date | None, BeforeValidator(only_iso), BeforeValidator(none_if_blank)] = None
    audience: Annotated[Filter | None, BeforeValidator(none_if_blank)] = None
    state: Annotated[Badge | None, BeforeValidator(none_if_blank)] = None
    facets: bool = False
    limit: Annotated[int | None, Field(ge=1, le=100)] = None  # as many as the settings say
    offset: Annotated[int, Field(ge=0)] = 0

    def to_query(self) -> SearchQuery:
        """The same, in the assistant's words."""
        values = self.model_dump()
        return SearchQuery(text=values.pop("q"), **values)

"""What a place may settle about the review of refusals (section `refusals`)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Duration, Section

from .rules import reading

Cause = Literal["declined", "explained", "passed_around", "hidden"]
Count = Annotated[int, Field(ge=0, le=20)]


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class Pool(Section):
    """备选库 (N1): what makes a matter a candidate; from how many returns; from which share on a text says no."""

    causes: tuple[Cause, ...] = ("declined", "explained", "passed_around", "hidden")
    returns: Annotated[int, Field(ge=1, le=10)] = 2
    threshold: Annotated[float, Field(gt=0, lt=1)] = reading.THRESHOLD


class Quotas(Section):
    """How many of each group sit on a panel (路桥: 人大常委会领导、人大代表、企业代表、专家)."""

    leader: Count = 1
    deputy: Count = 2
    enterprise: Count = 1
    expert: Count = 1

    @property
    def seats(self) -> dict[str, int]:
        """Group → seats, without groups that have none."""
        return {name: count for name, count in self.model_dump().items() if count}


class Panel(Section):
    """评议团 (N3): seats by group, and how many votes make a valid result."""

    quotas: Quotas = Quotas()
    quorum: Annotated[int, Field(ge=1, le=80)] = 3

    @model_validator(mode="after")
    def _can_be_reached(self) -> "Panel":
        if self.quorum > sum(self.quotas.seats.values()):
            raise ValueError("the quorum is larger than the panel")
        return self


class Limits(Section):
    """The review's own clock: how long each step may take."""

    select_within: Duration = _days("10wd")
    draw_within: Duration = _days("3wd")
    convene_within: Duration = _days("5wd")
    session_within: Duration = _days("10wd")
    vote_within: Duration = _days("2wd")
    order_within: Duration = _days("2wd")
    should_within: Duration = _days("60d")
    can_within: Duration = _days("10wd")


class Refusals(Section):
    """说“不”评议 (路桥)."""

    pool: Pool = Pool()
    notes_before_selection: Annotated[int, Field(ge=0, le=10)] = 1
    panel: Panel = Panel()
    limits: Limits = Limits()
    common_from: Annotated[int, Field(ge=2, le=50)] = 3


def register() -> None:
    """Register the section."""
    registry.register_section("refusals", Refusals)

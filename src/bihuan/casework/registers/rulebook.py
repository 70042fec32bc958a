"""What a place may settle about its registers (section `registers`)."""

from typing import Annotated, Literal

from pydantic import Field

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Duration, Section


class Measure(Section):
    """How the effect of an institution is measured: months on each side, and the least cases that say something."""

    months: Annotated[int, Field(ge=1, le=24)] = 6
    least: Annotated[int, Field(ge=3, le=100)] = 5


Voter = Literal["deputy", "leader", "board_head", "discipline", "justice_supervisor", "department_head"]


class Competitions(Section):
    """揭榜挂帅 (鹿城): how long one nominates and votes, who votes, how many are promoted, from how many votes."""

    nominate_within: Duration = WorkDuration.parse("20wd")
    vote_within: Duration = WorkDuration.parse("5wd")
    voters: tuple[Voter, ...] = ("deputy", "leader", "board_head")
    promote: Annotated[int, Field(ge=1, le=20)] = 3
    least_votes: Annotated[int, Field(ge=1, le=50)] = 1


class Registers(Section):
    """制度、典型与警示 (庆元、鹿城、路桥)."""

    review_within: Duration = WorkDuration.parse("180d")
    effect: Measure = Measure()
    competitions: Competitions = Competitions()


def register() -> None:
    """Register the section."""
    registry.register_section("registers", Registers)

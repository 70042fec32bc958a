"""What a place may settle about tiers, meetings and their decisions (section `conference`)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section, Share


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class GroupRole(Section):
    """A role of the leading group (领导小组); presides: may chair a conference; votes: counts for the quorum."""

    id: Code
    name: BothNames
    presides: bool = False
    votes: bool = True


_GROUP = (
    GroupRole(id="chair", name=Name(zh="组长", en="Chair"), presides=True),
    GroupRole(id="first_deputy", name=Name(zh="第一副组长", en="First deputy chair"), presides=True),
    GroupRole(id="deputy", name=Name(zh="副组长", en="Deputy chair"), presides=True),
    GroupRole(id="member", name=Name(zh="成员", en="Member")),
)


class Quorum(Section):
    """到会: the share of the voting members that has to be there, and whether one who presides has to be among them."""

    share: Annotated[Share, Field(gt=0, le=1)] = 0.5
    presiding: bool = True


class Candidates(Section):
    """议题来源: what makes a matter a candidate by itself. Escalating one to the conference always does."""

    lights: bool = True
    tiers: tuple[Literal["complex", "hard"], ...] = ("hard",)


class Decisions(Section):
    """决定: the longest limit, how soon reports are verified, who is told when one is overdue (督查室、纪委监委)."""

    max: Duration = _days("60wd")
    verify_within: Duration = _days("3wd")
    supervisors: tuple[Role, ...] = (Role.SUPERVISION_OFFICE, Role.DISCIPLINE)


class Series(Section):
    """A regular dialogue (周恳谈、月例会): weekday (1 Monday … 7) or day of the month, hour, channel, how many guests.

    A date on a rest day moves to the next working day.
    """

    id: Code
    name: BothNames
    channel: Code = "talk"
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "09:30"
    place: Annotated[str, Field(max_length=200)] = ""
    guests: Annotated[int, Field(ge=1, le=60)] = 8

    @model_validator(mode="after")
    def _one_rhythm(self) -> "Series":
        if (self.weekday is None) == (self.day is None):
            raise ValueError("a series needs a weekday or a day of the month, not both")
        return self


class Conference(Section):
    """联席会议 (湖州): leading group, candidates, quorum, limits, what is reviewed next time, and regular dialogues."""

    group: Annotated[tuple[GroupRole, ...], Field(min_length=1, max_length=12)] = _GROUP
    quorum: Quorum = Quorum()
    candidates: Candidates = Candidates()
    screen_within: Duration = _days("5wd")
    minutes_within: Duration = _days("2wd")
    decisions: Decisions = Decisions()
    review: Literal["unfinished", "overdue", "none"] = "unfinished"
    dialogues: Annotated[tuple[Series, ...], Field(max_length=12)] = ()
    ahead: Duration = _days("14d")
    publish_answers: bool = True


def register() -> None:
    """Register the section."""
    registry.register_section("conference", Conference)

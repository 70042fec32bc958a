"""What a place may settle about retrospectives (section `retrospectives`)."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, field_validator

from bihuan.casework.cases.rulebook import Categories, Channels
from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section, wrong

from .rules.grounds import Condition

Tier = Literal["ordinary", "complex", "hard"]
Kind = Literal["resolved", "explained", "alternative", "tracked"]
Leading = Literal["leader", "supervision_office", "board_head"]


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class Must(Section):
    """One “must” (必复盘). Everything it names has to be so: one of the channels, one of the tiers, each flag …"""

    id: Code
    name: BothNames
    channels: tuple[Code, ...] = ()
    tiers: tuple[Tier, ...] = ()
    categories: tuple[Code, ...] = ()
    closed_kinds: tuple[Kind, ...] = ()
    urgent: bool = False
    escalated: bool = False
    institution: bool = False
    repeated: Annotated[int, Field(ge=0, le=20)] = 0

    @property
    def condition(self) -> Condition:
        """The same as a plain value."""
        return Condition(**self.model_dump(exclude={"name"}))


class Limits(Section):
    """The retrospective's own clock: how long each step may take; check_after: from the approval on."""

    assign_within: Duration = _days("3wd")
    dissect_within: Duration = _days("10wd")
    rehearse_within: Duration = _days("5wd")
    report_within: Duration = _days("5wd")
    approve_within: Duration = _days("3wd")
    check_after: Duration = _days("90d")


class Retrospectives(Section):
    """“三个一”复盘 (庆元): what is looked back at, who may lead it, and its time limits."""

    must_when: Annotated[tuple[Must, ...], Field(max_length=20)] = (
        Must(
            id="superior",
            name=Name(zh="市级以上交办问题必复盘", en="Assigned from city level or above"),
            channels=("superior",),
        ),
        Must(id="complex", name=Name(zh="复杂问题必复盘", en="Complex matter"), tiers=("complex", "hard")),
        Must(
            id="policy",
            name=Name(zh="涉及政策性问题必复盘", en="Touches policy"),
            categories=("policy",),
        ),
        Must(
            id="institution",
            name=Name(zh="涉及制度性问题必复盘", en="Touches institutions"),
            institution=True,
        ),
    )
    led_by: Annotated[tuple[Leading, ...], Field(min_length=1)] = ("leader",)
    limits: Limits = Limits()

    @field_validator("must_when")
    @classmethod
    def _say_something(cls, listed: tuple[Must, ...]) -> tuple[Must, ...]:
        for must in listed:
            if must.condition.asks_for_nothing:
                raise wrong(_("the condition “%(id)s” names nothing, so it would never apply") % {"id": must.id})
        if len({must.id for must in listed}) != len(listed):
            raise wrong(_("two conditions have the same id"))
        return listed

    @property
    def conditions(self) -> list[Condition]:
        """The conditions as plain values, in order."""
        return [must.condition for must in self.must_when]


def _check(sections: Mapping[str, BaseModel]) -> Iterable[tuple[registry.Path, str]]:
    """Yield conditions that name a channel or a category which the place does not have."""
    book, channels, categories = (sections.get(name) for name in ("retrospectives", "channels", "categories"))
    if not (isinstance(book, Retrospectives) and isinstance(channels, Channels) and isinstance(categories, Categories)):
        return
    known = {"channels": {row.id for row in channels.root}, "categories": {row.id for row in categories.root}}
    if book == Retrospectives():
        return
    for place, must in enumerate(book.must_when):
        for name, ids in known.items():
            for code in sorted(set(getattr(must, name)) - ids):
                path = ("retrospectives", "must_when", place, name)
                yield path, _("“%(code)s” is not in the list of this place") % {"code": code}


def register() -> None:
    """Register the section and its check."""
    registry.register_section("retrospectives", Retrospectives)
    registry.register_check(_check)

"""What a place may settle about its scoreboard (section `scoreboard`)."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section, wrong

from .rules.counting import Index

Points = Annotated[int, Field(ge=0, le=100)]


class Weights(Section):
    """How many of the 100 points each index brings; together exactly 100."""

    on_time_rate: Points = 30
    original_on_time_rate: Points = 0
    achieved_rate: Points = 25
    overdue_achieved_rate: Points = 5
    satisfaction: Points = 20
    process_satisfaction: Points = 0
    plan_satisfaction: Points = 5
    sign_rate: Points = 0
    response_rate: Points = 5
    at_once_rate: Points = 0
    refusal_rate: Points = 0
    return_rate: Points = 0
    repeat_rate: Points = 10

    @model_validator(mode="after")
    def _together(self) -> "Weights":
        together = sum(self.points().values())
        if together != 100:
            raise wrong(f"the weights together are {together}; they have to be 100")
        return self

    def points(self) -> dict[str, int]:
        """Return index → points, without those that bring none."""
        return {index.value: points for index in Index if (points := getattr(self, index.value))}


class Peers(StrEnum):
    """What a department sees of others."""

    OWN = "own"
    GROUP = "group"
    ALL = "all"


DepartmentKinds = Literal["bureau", "town", "centre", "supervisor", "utility"]


class Group(Section):
    """Units that do like work and are compared with each other: by their kind, or named by their codes."""

    id: Code
    name: BothNames
    kinds: tuple[DepartmentKinds, ...] = ()
    departments: tuple[str, ...] = ()


class Scoreboard(Section):
    """晾晒: which indices, with what weight, in which groups; from how many matters on a unit has a place.

    min_n: fewer matters have no rank (DOMAIN §1.4); least_ratings: the rated side sees no share of fewer ratings, and
    none of a running month; satisfied_from: the lowest level that counts as satisfied; at_once: 即办, resolved within
    this from acceptance; reference_months: over how many months what is to be expected is learnt; check_for: 核对期,
    how long units may remark on a draft; freeze_after: how long a published edition can still be taken back.
    """

    indices: tuple[Index, ...] = tuple(Index)
    weights: Weights = Weights()
    min_n: Annotated[int, Field(ge=1, le=1000)] = 10
    least_ratings: Annotated[int, Field(ge=3, le=100)] = 5
    satisfied_from: Annotated[int, Field(ge=2, le=5)] = 3
    at_once: Duration = WorkDuration.parse("1wd")
    reference_months: Annotated[int, Field(ge=1, le=36)] = 12
    groups: tuple[Group, ...] = (
        Group(id="bureaus", name=Name(zh="部门", en="Bureaus"), kinds=("bureau", "centre", "supervisor")),
        Group(id="towns", name=Name(zh="镇街和园区", en="Towns and zones"), kinds=("town",)),
        Group(id="utilities", name=Name(zh="公用事业单位", en="Utilities"), kinds=("utility",)),
    )
    peers: Peers = Peers.GROUP
    check_for: Duration = WorkDuration.parse("3wd")
    freeze_after: Duration = WorkDuration.parse("5wd")

    @model_validator(mode="after")
    def _whole(self) -> "Scoreboard":
        missing = [index for index in self.weights.points() if index not in set(self.indices)]
        if missing:
            raise wrong(f"{missing[0]} has a weight, but is not among the indices")
        if len({group.id for group in self.groups}) != len(self.groups):
            raise wrong("two groups have the same id")
        return self

    def group_of(self, kind: str, code: str) -> str:
        """Return the id of a department's group: the one that names it, else the one of its kind, else none."""
        named = [group.id for group in self.groups if code in group.departments]
        return next(iter(named or [group.id for group in self.groups if kind in group.kinds]), "")


def register() -> None:
    """Register the section."""
    registry.register_section("scoreboard", Scoreboard)

"""Lights, time limits, and what may move them; each value with its source."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, RootModel, model_validator

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section, Share


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


Shape = Literal["disc", "triangle", "diamond", "octagon", "ring", "square"]
Colour = Literal["green", "yellow", "orange", "red", "blue"]
Consequence = Literal[
    "remind",
    "list",
    "escalate",
    "supervision_order",
    "notify_supervision",
    "notify_discipline",
    "conference",
    "webhook",
]
Word = Literal["unsatisfied", "denied"]

Reasons = Annotated[tuple[BothNames, ...], Field(min_length=1, max_length=40)]

_SHAPES = {"blue": "ring", "green": "disc", "yellow": "triangle", "orange": "diamond", "red": "octagon"}


class Light(Section):
    """A light: lit from a share of the time onward, with what follows by itself (钱塘: 60 % 黄, 80 % 橙, 100 % 红).

    also_when lights it at once, whatever the time, on the enterprise's word (定海: 不满意办理 is red). A light whose id
    is a colour takes that colour, and a light without a shape the shape of its colour.
    """

    id: Code
    name: BothNames
    at: Share
    colour: Colour = "green"
    shape: Shape = "disc"
    consequences: tuple[Consequence, ...] = ()
    also_when: tuple[Word, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _look(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        colour = given.get("colour", given.get("id") if given.get("id") in _SHAPES else "green")
        return {"colour": colour, "shape": _SHAPES.get(str(colour), "disc"), **given}


def _light(code: str, zh: str, en: str, at: float, *consequences: Consequence) -> Light:
    look = {"colour": code, "shape": _SHAPES[code]}
    return Light(id=code, name=Name(zh=zh, en=en), at=at, consequences=consequences, **look)


ON_TRACK = _light("green", "正常", "On track", 0.0)


def _from_the_start(lights: tuple[Light, ...]) -> tuple[Light, ...]:
    """Put the green light before lights of which none is lit from the start."""
    return lights if lights and lights[0].at == 0 else (ON_TRACK, *lights)


class Lights(RootModel[tuple[Light, ...]]):
    """All lights in ascending order; the first is lit from the start (a green one is added where none is)."""

    model_config = ConfigDict(frozen=True)
    root: Annotated[tuple[Light, ...], Field(min_length=1, max_length=12), AfterValidator(_from_the_start)] = (
        ON_TRACK,
        _light("yellow", "关注", "Watch", 0.6, "remind"),
        _light("orange", "预警", "At risk", 0.8, "list"),
        _light("red", "超期", "Overdue", 1.0, "supervision_order", "escalate"),
    )


Receiver = Literal["catch_all", "coordinator", "board_head", "leader", "supervision_office"]


class Fallback(Section):
    """Who receives what would otherwise reach nobody: the first of these roles that somebody holds (never skipped)."""

    receivers: Annotated[tuple[Receiver, ...], Field(min_length=1, max_length=5)] = (
        "catch_all",
        "coordinator",
        "leader",
    )


class Tier(Section):
    """Time limits of one tier (DOMAIN §1.2, recommended preset: sign 4 working hours, first contact 1 working day).

    supplement_within is how long the raiser has to supply what was asked for (as long as `silence.after`); plan_within,
    counted from the signing, is when a solution plan has to be there (none: no plan is asked for).
    """

    sign_within: Duration = _days("4wh")
    first_contact_within: Duration = _days("1wd")
    supplement_within: Duration = _days("5wd")
    plan_within: Duration | None = None
    due: Duration = _days("5wd")


class Tiers(Section):
    """一般 / 复杂 / 疑难. Ordinary 5 working days (山东 2020, 济南, 潍坊), complex 15, hard 30."""

    ordinary: Tier = Tier()
    complex: Tier = Tier(plan_within=_days("5wd"), due=_days("15wd"))
    hard: Tier = Tier(plan_within=_days("10wd"), due=_days("30wd"))

    def named(self, tier: str) -> Tier:
        """Return the limits of a tier by its id."""
        found: Tier = getattr(self, tier)
        return found


class Acceptance(Section):
    """How long the front desk may take to accept or decline."""

    within: Duration = _days("1wd")


class Grounds(Section):
    """What extension and suspension share: reasons offered, whether another may be written in one's own words, whether
    evidence has to come with it, and who decides: that role, or the leader, never the side that handles.
    """

    reasons: Reasons = (Name(zh="其他", en="Other"),)
    own_words: bool = True
    evidence_required: bool = False
    approver: Role = Role.COORDINATOR

    def lists(self, reason: str) -> bool:
        """Tell whether `reason` is one of the list, in whichever language."""
        return any(reason in (row.zh, row.en) for row in self.reasons)


class Extension(Grounds):
    """延期: asked for before expiry, once, at most ten working days (山东 2020), granted by the level above."""

    reasons: Reasons = (
        Name(zh="需要专家论证、检验检测", en="Experts or tests are needed"),
        Name(zh="涉及多个部门，正在会商", en="Several departments are conferring"),
        Name(zh="需要现场勘查或施工", en="A site visit or works are needed"),
        Name(zh="案情特别复杂", en="The matter is unusually complex"),
    )
    max_times: Annotated[int, Field(ge=0, le=5)] = 1
    max: Duration = _days("10wd")
    before_expiry: bool = True
    approver: Role = Role.COORDINATOR


class Suspension(Grounds):
    """挂账: the longest stop, and how often a suspended case is reviewed by whoever allows it."""

    reasons: Reasons = (
        Name(zh="等待司法或仲裁结果", en="Waiting for a court or arbitration"),
        Name(zh="等待上级政策或批复", en="Waiting for a decision from above"),
        Name(zh="企业要求暂缓", en="The enterprise asked to wait"),
        Name(zh="不可抗力", en="Force majeure"),
    )
    max: Duration = _days("90d")
    review_every: Duration = _days("10wd")
    approver: Role = Role.LEADER


class Returns(Section):
    """异议: once per department (潍坊), inside 1 working day; ruled on within 1; the third goes to the catch-all.

    last_return: the how-manieth return that is; where nobody holds the office, the first of `fallback.receivers` rules.
    """

    window: Duration = _days("1wd")
    max_per_unit: Annotated[int, Field(ge=0, le=5)] = 1
    ruling_within: Duration = _days("1wd")
    third_goes_to: Literal["catch_all"] = "catch_all"
    last_return: Annotated[int, Field(ge=1, le=10)] = 3


class Within(Section):
    """A section with one time limit."""

    within: Duration = _days("3wd")


class Verification(Within):
    """核验: read the reply and call back within 3 working days (DOMAIN §1.2)."""


class Callback(Within):
    """回访: the enterprise is called back within 3 working days of the reply (DOMAIN §1.2)."""


class Rework(Section):
    """退回重办: the shorter limit after a returned reply (5 working days)."""

    due: Duration = _days("5wd")


class Reopen(Section):
    """重办: how long after closing it may be asked for, and the shorter limit that runs from then on."""

    within: Duration = _days("15d")
    due: Duration = _days("3wd")


class Urging(Section):
    """催一下: for how many hours after one urging the raiser's next one would say nothing new."""

    every_hours: Annotated[int, Field(ge=1, le=720)] = 24


class Silence(Section):
    """When no word from the enterprise is recorded as `no_response`. Never as praise."""

    after: Duration = _days("5wd")


class Duplicates(Section):
    """Which matters of one enterprise are shown to a person as perhaps the same."""

    window: Duration = _days("30d")
    similarity: Share = 0.82

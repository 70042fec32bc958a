"""What a place may settle about inspections of enterprises (section `inspections`)."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section, Share

from .rules.classes import Scale, Step
from .rules.gate import Cap, Treatment

Points = Annotated[int, Field(ge=0, le=1000)]


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class CheckCategory(Section):
    """A category of checks. essential: even the best class is checked in it. rates: its records count for the class."""

    id: Code
    name: BothNames
    essential: bool = False
    rates: bool = True


def _category(code: str, zh: str, en: str, *, essential: bool = False) -> CheckCategory:
    return CheckCategory(id=code, name=Name(zh=zh, en=en), essential=essential)


class YearlyCap(Section):
    """A yearly cap: per body, per category, or all bodies together."""

    per: Literal["body", "category", "all"]
    most: Annotated[int, Field(ge=0, le=100)]


class Grade(Section):
    """A class. up_to: points up to which it holds (the last one: none). exempt: essential categories only.

    weight: how many lots an enterprise of this class has in a random draw; 0: it is never drawn.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]$")]
    name: BothNames
    up_to: Points | None = None
    exempt: bool = False
    caps: Annotated[tuple[YearlyCap, ...], Field(max_length=3)] = ()
    weight: Annotated[int, Field(ge=0, le=100)] = 1


class Severities(Section):
    """Points for each kind of record."""

    minor: Points = 1
    ordinary: Points = 3
    serious: Points = 10


_BODY = YearlyCap(per="body", most=2)


class Classes(Section):
    """I1. years: how far records are looked back; unrated: the class of whoever was never rated."""

    years: Annotated[int, Field(ge=1, le=10)] = 3
    points: Severities = Severities()
    grades: Annotated[tuple[Grade, ...], Field(min_length=2, max_length=6)] = (
        Grade(id="A", name=Name(zh="低风险", en="Low risk"), up_to=0, caps=(YearlyCap(per="body", most=1),), weight=1),
        Grade(id="B", name=Name(zh="较低风险", en="Fairly low risk"), up_to=5, caps=(_BODY,), weight=2),
        Grade(id="C", name=Name(zh="较高风险", en="Fairly high risk"), up_to=15, caps=(_BODY,), weight=4),
        Grade(id="D", name=Name(zh="高风险", en="High risk"), caps=(), weight=8),
    )
    unrated: str = "B"
    object_within: Duration = _days("10wd")

    @model_validator(mode="after")
    def _makes_sense(self) -> "Classes":
        ids = [one.id for one in self.grades]
        limits = [one.up_to for one in self.grades[:-1]]
        if len(set(ids)) < len(ids) or self.unrated not in ids:
            raise ValueError("each class once, and unrated is one of them")
        if any(one is None for one in limits) or self.grades[-1].up_to is not None:
            raise ValueError("every class but the last says up to how many points it holds")
        if sorted(limits) != limits or len(set(limits)) < len(limits):  # type: ignore[type-var]
            raise ValueError("classes stand from the best down, with rising points")
        return self

    def grade(self, grade: str) -> Grade:
        """Return a class by its id; one that this place does not know is that of the unrated."""
        known = {one.id: one for one in self.grades}
        return known.get(grade, known[self.unrated])


class MonthSpan(Section):
    """Days of each month, both included."""

    first: Annotated[int, Field(ge=1, le=31)]
    last: Annotated[int, Field(ge=1, le=31)]


class DateSpan(Section):
    """Days of one year, both included."""

    first: dt.date
    last: dt.date


class QuietDays(Section):
    """企业安静期: days on which no planned check comes."""

    monthly: Annotated[tuple[MonthSpan, ...], Field(max_length=10)] = ()
    dates: Annotated[tuple[DateSpan, ...], Field(max_length=50)] = ()


class Gate(Section):
    """I2. officers: certified ones of each body; notice: how long before a planned check the enterprise is told."""

    officers: Annotated[int, Field(ge=2, le=10)] = 2
    quiet: QuietDays = QuietDays()
    repeat_days: Annotated[int, Field(ge=0, le=366)] = 180
    merge_days: Annotated[int, Field(ge=0, le=180)] = 30
    lapse_days: Annotated[int, Field(ge=1, le=60)] = 5
    review_within: Duration = _days("5wd")
    report_within: Duration = _days("5wd")


class CheckRatings(Section):
    """Ratings of checks. least: how many ratings a body needs before its mean is shown. bad: from this level down."""

    least: Annotated[int, Field(ge=2, le=100)] = 5
    bad: Annotated[int, Field(ge=1, le=4)] = 2


class Lenient(Section):
    """I4. first_years: whoever has no record of the category in so many years has violated for the first time."""

    first_years: Annotated[int, Field(ge=1, le=10)] = 2


class RepairMonths(Section):
    """Months after a record before which it is not repaired, by severity (国办发〔2025〕22号)."""

    minor: Annotated[int, Field(ge=0, le=60)] = 0
    ordinary: Annotated[int, Field(ge=0, le=60)] = 3
    serious: Annotated[int, Field(ge=0, le=60)] = 12


class CreditRepair(Section):
    """I5. The limits of each step."""

    after_months: RepairMonths = RepairMonths()
    guide_within: Duration = _days("5wd")
    decide_within: Duration = _days("10wd")
    sync_within: Duration = _days("3wd")


class Anomalies(Section):
    """What stands out to a supervisor: from how many checks on; share of clues and emergencies; penalties beside the
    mean of all bodies; days after a refusal in which a clue about the same enterprise is noted.
    """

    least: Annotated[int, Field(ge=2, le=100)] = 5
    free_share: Share = 0.5
    penalty_ratio: Annotated[float, Field(ge=1, le=20)] = 3.0
    after_refusal_days: Annotated[int, Field(ge=1, le=366)] = 30


class Inspections(Section):
    """涉企检查."""

    categories: Annotated[tuple[CheckCategory, ...], Field(min_length=1, max_length=30)] = (
        _category("safety", "安全生产", "Work safety", essential=True),
        _category("environment", "生态环境", "Environment", essential=True),
        _category("fire", "消防", "Fire"),
        _category("traffic", "交通", "Traffic"),
        _category("market", "市场监管", "Market"),
        _category("tax", "税务", "Tax"),
        _category("labour", "劳动保障", "Labour"),
        _category("other", "其他", "Other"),
    )
    classes: Classes = Classes()
    gate: Gate = Gate()
    leniency: Lenient = Lenient()
    repair: CreditRepair = CreditRepair()
    ratings: CheckRatings = CheckRatings()
    anomalies: Anomalies = Anomalies()

    def scale(self) -> Scale:
        """Return what enterprises are rated by, for the rule."""
        return Scale(
            years=self.classes.years,
            points=self.classes.points.model_dump(),
            categories=frozenset(one.id for one in self.categories if one.rates),
            steps=tuple(Step(id=one.id, up_to=one.up_to) for one in self.classes.grades),
        )

    def class_of(self, grade: str) -> Treatment:
        """Return what a class means at the gate."""
        found = self.classes.grade(grade)
        caps = tuple(Cap(per=one.per, most=one.most) for one in found.caps)
        return Treatment(id=found.id, exempt=found.exempt, caps=caps)


def register() -> None:
    """Register the section."""
    registry.register_section("inspections", Inspections)

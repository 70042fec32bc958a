"""What a place may settle about codes, ratings and visits (section `outreach`)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section

Follow = Literal["letter", "callback"]


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class CodeReason(Section):
    """One reason for a bad rating of a window or a visit; the id is kept with the rating."""

    id: Code
    name: BothNames


def _reason(code: str, zh: str, en: str) -> CodeReason:
    return CodeReason(id=code, name=Name(zh=zh, en=en))


class BadRating(Section):
    """差评: from which level down (1–5) something follows; what, when the rater can be called, and when not.

    send_within: letter or call; answer_within: the department's answer to the letter (海北: 工作提示函、电话回访).
    """

    line: Annotated[int, Field(ge=1, le=4)] = 2
    known: Follow = "callback"
    unknown: Follow = "letter"
    send_within: Duration = _days("3wd")
    answer_within: Duration = _days("5wd")


class OutreachCodes(Section):
    """码上监督: for how long a prompt's link rates; how many ratings a group needs before its mean is shown."""

    prompt_valid: Duration = _days("15d")
    least: Annotated[int, Field(ge=2, le=100)] = 5
    bad: BadRating = BadRating()
    reasons: Annotated[tuple[CodeReason, ...], Field(min_length=1, max_length=20)] = (
        _reason("nobody_there", "窗口没人", "Nobody at the window"),
        _reason("slow", "办得慢", "Too slow"),
        _reason("sent_around", "让我多跑", "Sent from one place to another"),
        _reason("asked_too_much", "多要材料", "Asked for papers that are not needed"),
        _reason("attitude", "态度不好", "Unfriendly"),
        _reason("other", "其他", "Something else"),
    )


class TeamKind(Section):
    """A kind of team, and how many of it there are (青岛 4 + 20 + N); none: as many as needed."""

    id: Code
    name: BothNames
    count: Annotated[int, Field(ge=1, le=1000)] | None = None


class FixedDay(Section):
    """A customary day (卫东 每月 8 日、每周三): day of the month, or of the week (1 Monday … 7)."""

    id: Code
    name: BothNames
    monthly: Annotated[int, Field(ge=1, le=31)] | None = None
    weekly: Annotated[int, Field(ge=1, le=7)] | None = None

    @model_validator(mode="after")
    def _says_when(self) -> "FixedDay":
        if (self.monthly is None) == (self.weekly is None):
            raise ValueError("say either monthly or weekly")
        return self


class VisitCap(Section):
    """Q3: how many visits of all bodies together one enterprise gets in so many days; which kinds do not count."""

    most: Annotated[int, Field(ge=1, le=100)] = 2
    days: Annotated[int, Field(ge=1, le=366)] = 30
    exempt: tuple[Literal["visit", "inspection", "registered"], ...] = ()


class Photos(Section):
    """Photos of one report: how large each, how many."""

    max_mb: Annotated[int, Field(ge=1, le=50)] = 20
    max_count: Annotated[int, Field(ge=0, le=20)] = 9


class Visits(Section):
    """走访、察访、干部访企登记."""

    cap: VisitCap = VisitCap()
    teams: Annotated[tuple[TeamKind, ...], Field(min_length=1, max_length=20)] = (
        TeamKind(id="team", name=Name(zh="走访队", en="Visiting team")),
    )
    fixed_days: Annotated[tuple[FixedDay, ...], Field(max_length=20)] = ()
    photos: Photos = Photos()


class Campaigns(Section):
    """百日攻坚. stars: the criteria that give a matter one star each (星级动态监督); lively: days without a word."""

    stars: Annotated[tuple[Literal["lively", "unblocked", "on_time", "accepted", "done"], ...], Field(min_length=1)] = (
        "lively",
        "unblocked",
        "on_time",
        "accepted",
        "done",
    )
    lively: Annotated[int, Field(ge=1, le=60)] = 7


class Outreach(Section):
    """问需、走访、码上监督."""

    codes: OutreachCodes = OutreachCodes()
    visits: Visits = Visits()
    campaigns: Campaigns = Campaigns()


def register() -> None:
    """Register the section."""
    registry.register_section("outreach", Outreach)

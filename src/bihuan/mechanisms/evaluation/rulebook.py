"""What a place may settle about ratings, bad marks, callbacks and the signs of formalism (section `evaluation`)."""

from typing import Annotated, Literal

from pydantic import Field

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section, Share

Few = Annotated[int, Field(ge=2, le=100)]


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class Reason(Section):
    """One reason for a bad mark that the raiser can choose; the id is kept with the rating."""

    id: Code
    name: BothNames


def _reason(code: str, zh: str, en: str) -> Reason:
    return Reason(id=code, name=Name(zh=zh, en=en))


class Invitation(Section):
    """评价邀请: for how long the link in the message rates without login.

    written: channels whose raisers, where they have no account, are asked by e-mail rather than by short message.
    """

    valid: Duration = _days("15d")
    written: tuple[Code, ...] = ("web", "api", "open311", "questionnaire")


class Silence(Section):
    """What a place's own rule makes of silence, in an export only and marked there; in the product silence is silence.

    counts_as: the level (none: as nothing); after: how long nobody must have spoken (广东 7 日, 新疆某县 5 个工作日).
    """

    counts_as: Annotated[int, Field(ge=1, le=5)] | None = None
    after: Duration = _days("7d")


class Marks(Section):
    """差评: contact in 1 working day (上海条例 30), correct in 5 (德州), revisit in 3 (suggested)."""

    contact_within: Duration = _days("1wd")
    correct_within: Duration = _days("5wd")
    revisit_within: Duration = _days("3wd")


class Callbacks(Section):
    """回访: how often a draw closes, which share of each stratum is called, which closings are called in any case."""

    every: Duration = _days("7d")
    share: Annotated[Share, Field(ge=0.05, le=1)] = 0.05
    all_of: tuple[Literal["resolved", "explained", "alternative", "tracked"], ...] = ("explained",)
    strata: Literal["department", "board", "tier"] = "department"
    within: Duration = _days("3wd")
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    script: tuple[BothNames, ...] = (
        Name(
            zh="您好，这里是企业服务中心，想用两分钟问问您提的这件事。",
            en="Service centre: two minutes about your matter?",
        ),
        Name(zh="部门答复说已经办好了，实际办成了吗？还差什么？", en="They say it is done. Is it? What is missing?"),
        Name(
            zh="办的过程里，有没有让您为难、或者请您打好评的？", en="Did anybody press you, or ask for a good rating?"
        ),
    )


class Burst(Section):
    """Praise in bursts: so many enterprises inside so many minutes for one department."""

    firms: Few = 4
    minutes: Annotated[int, Field(ge=1, le=1440)] = 20
    firms_one_device: Few = 3
    minutes_one_device: Annotated[int, Field(ge=1, le=1440)] = 60


class Template(Section):
    """Template answers: so many replies of one department that are so much alike (text left without digits)."""

    replies: Few = 5
    likeness: Annotated[Share, Field(ge=0.5, le=1)] = 0.9
    shortest: Annotated[int, Field(ge=5, le=200)] = 20


class Formalism(Section):
    """C6: what is asked about. chance: how unlikely a share must be for an honest department before it is asked about.

    keep: for how long the salted hash of a device's class is kept; days: how far the detectors look back; last_from:
    from which share of the time on an answer comes just before the limit; least: fewest matters a share is made of;
    gap: by how much ratings and callbacks must differ.
    """

    keep: Annotated[int, Field(ge=1, le=90)] = 30
    days: Annotated[int, Field(ge=7, le=366)] = 91
    burst: Burst = Burst()
    template: Template = Template()
    last_from: Annotated[Share, Field(ge=0.5, le=1)] = 0.97
    least: Few = 10
    gap: Annotated[Share, Field(ge=0.05, le=1)] = 0.25
    chance: Annotated[float, Field(gt=0, le=0.05)] = 0.001


class Evaluation(Section):
    """好差评: five levels and three parts are national (国办发〔2019〕51号, GB/T 39734); the rest is the place's own.

    parts: which parts are asked (the plan only where there was one); least: the smallest group of enterprises behind
    which one may hide; shown_by: how far the time of a rating is coarsened.
    """

    parts: tuple[Literal["plan", "process", "result"], ...] = ("plan", "process", "result")
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1, max_length=20)] = (
        _reason("slow", "办得太慢", "Too slow"),
        _reason("not_solved", "问题没解决", "The problem is still there"),
        _reason("beside_the_point", "答非所问", "The answer misses the point"),
        _reason("many_errands", "跑腿多、材料多", "Too many errands, too much paper"),
        _reason("attitude", "态度不好", "Unfriendly"),
        _reason("nobody_called", "没人联系过我", "Nobody got in touch"),
    )
    least: Few = 5
    shown_by: Literal["day", "week", "month"] = "day"
    invitation: Invitation = Invitation()
    silence: Silence = Silence()
    marks: Marks = Marks()
    callbacks: Callbacks = Callbacks()
    formalism: Formalism = Formalism()


def register() -> None:
    """Register the section."""
    registry.register_section("evaluation", Evaluation)

"""What a place may settle about sending matters up (section `escalation`)."""

from typing import Annotated, Literal

from pydantic import Field

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Duration, Name, Section


class Escalation(Section):
    """联动上报 (湖州): who may send up, when an answer is due, and what the last two steps are called.

    files_mb: how many MiB of files travel with a matter, up and down together.
    silent_after: for how long another installation may receive nothing before those whose matters wait are told.
    """

    senders: Annotated[tuple[Literal["coordinator", "catch_all", "leader"], ...], Field(min_length=1)] = (
        "coordinator",
        "catch_all",
        "leader",
    )
    reply_within: Duration = WorkDuration.parse("15wd")
    files_mb: Annotated[int, Field(ge=0, le=200)] = 20
    silent_after: Duration = WorkDuration.parse("4h")
    task_force: BothNames = Name(zh="省营商环境专班", en="Provincial task force")
    major_list: BothNames = Name(zh="省“重大督查问题清单”", en="Provincial list of major problems")


def register() -> None:
    """Register the section."""
    registry.register_section("escalation", Escalation)

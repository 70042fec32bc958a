"""What a place may settle about frequent matters (section `frequent`)."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Duration, Section


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class Frequent(Section):
    """高频事项清单: how many matters in how many days are frequent, how many are listed, how long steps take."""

    days: Annotated[int, Field(ge=7, le=366)] = 30
    least: Annotated[int, Field(ge=2, le=10_000)] = 5
    most: Annotated[int, Field(ge=1, le=100)] = 10
    take_within: Duration = _days("3wd")
    answer_within: Duration = _days("5wd")
    settle_within: Duration = _days("3wd")


LABELS = {
    "frequent": _("Frequent matters"),
    "frequent.days": _("Looked at: the last days"),
    "frequent.least": _("Frequent from how many matters on"),
    "frequent.most": _("At most listed at once"),
    "frequent.take_within": _("Taken on by a leader within"),
    "frequent.answer_within": _("Answered on the spot within"),
    "frequent.settle_within": _("Answer settled within"),
    "?frequent": _("What is raised again and again: a leader takes it on, the department answers on the spot."),
}


def register() -> None:
    """Register the section and its names."""
    registry.register_section("frequent", Frequent)
    registry.register_labels(LABELS)

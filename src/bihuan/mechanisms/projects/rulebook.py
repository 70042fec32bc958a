"""What a place may settle about key projects (section `projects`)."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Code, Section


class Projects(Section):
    """重点项目: how long before its day a milestone is amber, and the channel of what blocks a project."""

    warn_days: Annotated[int, Field(ge=0, le=90)] = 7
    channel: Code = "visit"


LABELS = {
    "projects": _("Key projects"),
    "projects.warn_days": _("Amber how many days before the day of a milestone"),
    "projects.channel": _("Channel in which what blocks a project comes in"),
    "?projects": _("Milestones with lights, what blocks them, and what was signed, started and paid."),
}


def register() -> None:
    """Register the section and its names."""
    registry.register_section("projects", Projects)
    registry.register_labels(LABELS)

"""What a place may settle about double hand-overs (section `handovers`)."""

from collections.abc import Mapping
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Duration, Section

Unit = Annotated[str, Field(min_length=1, max_length=64)]


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class HandoverLimits(Section):
    """How long each side has for its report after signing."""

    department: Duration = _days("10wd")
    supervisor: Duration = _days("10wd")


class Handovers(Section):
    """双交办双督促. supervisors: code of a department → code of the one that supervises it."""

    sign_within: Duration = _days("1wd")
    report_within: HandoverLimits = HandoverLimits()
    settle_within: Duration = _days("3wd")
    supervisors: Mapping[Unit, Unit] = Field(default_factory=dict)


LABELS = {
    "handovers": _("Double hand-overs"),
    "handovers.sign_within": _("Signed within"),
    "handovers.report_within": _("Reported on within"),
    "handovers.department": _("Department"),
    "handovers.supervisor": _("Supervisor"),
    "handovers.settle_within": _("Report settled within"),
    "handovers.supervisors": _("Which department supervises which"),
    "?handovers": _("A matter goes to the department and its supervisor at once; each answers for itself."),
}


def register() -> None:
    """Register the section and its names."""
    registry.register_section("handovers", Handovers)
    registry.register_labels(LABELS)

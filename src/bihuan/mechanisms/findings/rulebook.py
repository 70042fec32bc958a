"""What a place may settle about the three linked lists (section `findings`)."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Code, Duration, Section, Share


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class FindingLook(Section):
    """回头看 (O7): when, and which share of what was written off (100 %: all)."""

    after: Duration = _days("30d")
    share: Annotated[Share, Field(ge=0, le=1)] = 1.0


class Findings(Section):
    """三单联动: time limits, look-back, and through which channel unclear duties come to the centre."""

    sort_within: Duration = _days("3wd")
    rectify_within: Duration = _days("15wd")
    verify_within: Duration = _days("5wd")
    channel: Code = "visit"
    look_back: FindingLook = FindingLook()


LABELS = {
    "findings": _("Three linked lists"),
    "findings.sort_within": _("Problems sorted within"),
    "findings.rectify_within": _("Put right within"),
    "findings.verify_within": _("Answer verified within"),
    "findings.channel": _("Channel in which unclear duties come to the centre"),
    "findings.look_back": _("Look-back"),
    "findings.after": _("Looked at again after"),
    "findings.share": _("Share of what was written off that is looked at again"),
    "?findings": _("One finding moves along: what is to be checked, what was found, what was put right."),
}


def register() -> None:
    """Register the section and its names."""
    registry.register_section("findings", Findings)
    registry.register_labels(LABELS)

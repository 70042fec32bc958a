"""What a place may settle about instruments of oversight (section `instruments`)."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Duration, Section, Share

Name = Annotated[str, Field(max_length=60)]


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class Replies(Section):
    """How long the department has for its reply, for each kind that asks for one, from the receipt on."""

    supervision_order: Duration = _days("10wd")
    advisory_letter: Duration = _days("10wd")
    oversight_recommendation: Duration = _days("20wd")
    discipline_recommendation: Duration = _days("20wd")
    supervisory_recommendation: Duration = _days("20wd")
    interview: Duration = _days("5wd")


class LookBack(Section):
    """回头看 (O7): when, and which share of what was written off (100 %: all)."""

    after: Duration = _days("30d")
    share: Annotated[Share, Field(ge=0, le=1)] = 1.0


class Heads(Section):
    """发文机关标志 of each office; empty ones follow from the place."""

    coordinator: Name = ""
    catch_all: Name = ""
    supervision_office: Name = ""
    leader: Name = ""
    discipline: Name = ""
    justice_supervisor: Name = ""


class Instruments(Section):
    """监督文书: time limits, heads of letters, look-back. mark: of the place, before each 机关代字."""

    issue_within: Duration = _days("5wd")
    receive_within: Duration = _days("2wd")
    reply_within: Replies = Replies()
    assess_within: Duration = _days("5wd")
    object_within: Duration = _days("30d")
    review_within: Duration = _days("30d")
    look_back: LookBack = LookBack()
    heads: Heads = Heads()
    mark: Annotated[str, Field(max_length=8)] = ""


LABELS = {
    "instruments": _("Instruments of oversight"),
    "instruments.issue_within": _("Issued after its draft within"),
    "instruments.receive_within": _("Signed for within"),
    "instruments.reply_within": _("Replied to within"),
    "instruments.supervision_order": _("Supervision order"),
    "instruments.advisory_letter": _("Advisory letter"),
    "instruments.oversight_recommendation": _("Oversight recommendation"),
    "instruments.discipline_recommendation": _("Discipline-inspection recommendation"),
    "instruments.supervisory_recommendation": _("Supervisory recommendation"),
    "instruments.interview": _("Interview"),
    "instruments.assess_within": _("Reply assessed within"),
    "instruments.object_within": _("Objection possible within"),
    "instruments.review_within": _("Objection decided within"),
    "instruments.look_back": _("Look-back"),
    "instruments.after": _("Looked at again after"),
    "instruments.share": _("Share of what was written off that is looked at again"),
    "instruments.heads": _("Names printed over the letters (empty: from the place)"),
    "instruments.coordinator": _("General board coordinator"),
    "instruments.catch_all": _("Catch-all board coordinator"),
    "instruments.supervision_office": _("Supervision office"),
    "instruments.leader": _("Leader in charge"),
    "instruments.discipline": _("Discipline inspection"),
    "instruments.justice_supervisor": _("Law-enforcement supervisor"),
    "instruments.mark": _("Mark of the place before each number"),
    "?instruments": _("Letters of oversight, from the reminder to the recommendation, each with its own steps."),
}


def register() -> None:
    """Register the section and its names."""
    registry.register_section("instruments", Instruments)
    registry.register_labels(LABELS)

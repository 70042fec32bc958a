"""Words of instruments for pages and letters."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS: Mapping[str, Any] = {
    "reminder": _("Reminder"),
    "warning": _("Early warning"),
    "supervision_order": _("Supervision order"),
    "advisory_letter": _("Advisory letter"),
    "oversight_recommendation": _("Oversight recommendation"),
    "discipline_recommendation": _("Discipline-inspection recommendation"),
    "supervisory_recommendation": _("Supervisory recommendation"),
    "interview": _("Interview"),
    "circular": _("Public circular"),
    "tolerance": _("Tolerance of error"),
    "clarification": _("Clearing of a name"),
}
BASES: Mapping[str, Any] = {
    "supervision_order": _("Regulation on Government Supervision (2021), articles 12 and 16"),
    "interview": _("Regulation on Government Supervision (2021), article 12(7)"),
    "supervisory_recommendation": _("Supervision Law, article 52(1)(5); unfounded refusal: article 71"),
    "discipline_recommendation": _("Party rules on discipline inspection; to Party organisations"),
    "tolerance": _("“Three distinctions” for officials who try and err"),
    "clarification": _("Party rules on complaints that prove untrue"),
}
"""Kind → what it stands on; the others are practice, rest on the rulebook of the place and bind nobody further."""
PRACTICE = _("Practice of the place, by its rulebook")
PARTS: Mapping[str, Any] = {
    "text": _("What is said"),
    "source": _("Where it comes from"),
    "problems": _("Problems found"),
    "causes": _("Causes"),
    "suggestions": _("What is suggested"),
}
PLACES = (_("I."), _("II."), _("III."), _("IV."))
"""Numbers of the headings of a letter, as the standard writes them."""
STATES: Mapping[str, Any] = {
    "drafted": _("Drafted"),
    "reviewed": _("Draft reviewed"),
    "approved": _("Approved"),
    "verified": _("Facts established"),
    "consented": _("Consent stated"),
    "issued": _("Issued"),
    "received": _("Signed for"),
    "held": _("Interview held"),
    "replied": _("Replied to"),
    "assessed": _("Reply assessed"),
    "closed": _("Written off"),
    "taken_back": _("Taken back"),
}
OBJECTIONS: Mapping[str, Any] = {
    "raised": _("Objection to be decided"),
    "upheld": _("Objection upheld"),
    "rejected": _("Objection not upheld"),
}
LOOKS: Mapping[str, Any] = {
    "drawn": _("To be looked at again"),
    "holds": _("Looked at again: holds"),
    "relapsed": _("Looked at again: came back"),
}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "review": (_("Review the draft"), _("What was looked at")),
    "approve": (_("Approve it"), _("A word on it")),
    "verify": (_("Establish the facts"), _("What was found, and how")),
    "consent": (_("State consent"), _("In which form the name is to be cleared")),
    "issue": (_("Issue it"), _("A word to the department")),
    "receive": (_("Sign for it"), ""),
    "hold": (_("Record the interview"), _("Minutes: who took part, what was said")),
    "remind": (_("Ask for the reply"), _("What is missing")),
    "reply": (_("Reply"), _("What was done, and what follows")),
    "return_reply": (_("Send the reply back"), _("What is missing in the reply")),
    "assess": (_("Assess the reply"), _("Whether the reply holds, and how that was verified")),
    "close": (_("Write it off"), _("What it came to")),
    "object": (_("Object"), _("Why, and on what basis")),
    "decide_objection": (_("Decide on the objection"), _("Why")),
    "look_back": (_("Looked again: holds"), _("What was found on the spot")),
    "relapse": (_("Looked again: came back"), _("What was found on the spot")),
    "take_back": (_("Take it back"), _("Why")),
}
"""Action → (button, label of its text; empty where none is asked for)."""
RARE = ("return_reply", "remind", "object", "relapse", "take_back")
"""Actions that stand last on the page."""
CLOCKS: Mapping[str, Any] = {
    "instrument_issue": _("issuing it"),
    "instrument_receive": _("signing for it"),
    "instrument_reply": _("the reply"),
    "instrument_assess": _("assessing the reply"),
    "instrument_review": _("deciding on the objection"),
    "instrument_look_back": _("looking again"),
}
"""Clock → name."""
REASONS: Mapping[str, Any] = {
    "objected_already": _("An objection was made already; there is one only."),
    "not_received": _("An objection is possible once the letter was signed for."),
    "objection_late": _("The time for an objection is over."),
    "no_objection": _("There is no objection to decide on."),
    "not_drawn": _("This one is not to be looked at again."),
    "objection_open": _("The objection has to be decided first."),
}
"""Code → why an action is not possible."""
HEADS: Mapping[str, Any] = {
    "coordinator": _("%(place)s Enterprise Service Centre"),
    "catch_all": _("%(place)s Enterprise Service Centre"),
    "supervision_office": _("%(place)s Supervision Office"),
    "leader": _("%(place)s People's Government"),
    "discipline": _("%(place)s Commission for Discipline Inspection"),
    "justice_supervisor": _("%(place)s Bureau of Justice"),
    "supervisory_recommendation": _("%(place)s Supervisory Commission"),
}
"""Issuer (or a kind with a head of its own) → 发文机关标志."""
OFFICE_MARKS: Mapping[str, Any] = {
    "coordinator": _("ESC"),
    "catch_all": _("ESC-C"),
    "supervision_office": _("SO"),
    "leader": _("GOV"),
    "discipline": _("CDI"),
    "justice_supervisor": _("BOJ"),
}
KIND_MARKS: Mapping[str, Any] = {
    "reminder": _("-REM"),
    "warning": _("-WARN"),
    "supervision_order": _("-SUP"),
    "advisory_letter": _("-ADV"),
    "oversight_recommendation": _("-REC"),
    "discipline_recommendation": _("-DISC"),
    "supervisory_recommendation": _("-SREC"),
    "interview": _("-INT"),
    "circular": _("-CIRC"),
    "tolerance": _("-TOL"),
    "clarification": _("-CLR"),
}
"""Both together are 机关代字: one series for each office and kind."""
FIGURES: Mapping[str, Any] = {
    "issued": _("Issued so far"),
    "open": _("Open"),
    "replied_late": _("Replied to late"),
    "closed": _("Written off"),
    "taken_back": _("Taken back"),
    "objected": _("Objected to"),
    "upheld": _("Objection upheld"),
    "look": _("To be looked at again"),
    "relapsed": _("Came back"),
}
"""Figure of the registers → name."""

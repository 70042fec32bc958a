"""Words of outreach for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases import wording as cases

KINDS: Mapping[str, Any] = {
    "window": _("Window code"),
    "enterprise": _("Enterprise code"),
    "card": _("Supervision cards"),
}
CHANNELS = {"window": "window_code", "enterprise": "enterprise_code", "card": "supervision_card"}
"""Kind of code → the channel through which matters raised by it come in."""
STATES: Mapping[str, Any] = {"active": _("In use"), "closed": _("Closed for now"), "revoked": _("Revoked")}
FOLLOW_STATES: Mapping[str, Any] = {
    "opened": _("To be answered"),
    "sent": _("Letter sent"),
    "answered": _("Unit answered"),
    "done": _("Written off"),
    "set_aside": _("Nothing follows"),
}
FOLLOW_KINDS: Mapping[str, Any] = {"letter": _("Reminder letter"), "callback": _("Callback")}
LEVELS: Mapping[int, Any] = {int(level): word for level, word in cases.LEVELS.items()}
FACES = ((5, "mood-happy"), (4, "mood-smile"), (3, "mood-empty"), (2, "mood-sad"), (1, "mood-angry"))
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "hand_out": (_("Hand out cards"), _("To whom")),
    "close_code": (_("Take it out of use"), _("Why, and where to go instead")),
    "open_again": (_("Put it in use again"), _("Why")),
    "revoke": (_("Revoke the code"), _("Why; the printed code never works again")),
    "send_letter": (_("Send a reminder letter"), _("What the unit is reminded of; never who rated")),
    "call": (_("Note the callback"), _("What was said")),
    "set_aside": (_("Set it aside"), _("Why nothing follows")),
    "answer_letter": (_("Answer the letter"), _("What was found and what was changed")),
    "send_back": (_("Send the answer back"), _("What is missing")),
    "write_off": (_("Write it off"), _("What it came to")),
}
"""Action → (button, label of its text)."""
VISIT_STATES: Mapping[str, Any] = {"planned": _("Planned"), "done": _("Took place"), "called_off": _("Called off")}
VISIT_KINDS: Mapping[str, Any] = {
    "visit": _("Visit to ask what is needed"),
    "inspection": _("Inspection visit"),
    "registered": _("Registered visit"),
}
CAMPAIGN_STATES: Mapping[str, Any] = {"running": _("Running"), "ended": _("Ended"), "called_off": _("Called off")}
MATTER_STATES: Mapping[str, Any] = {
    "open": _("Being worked on"),
    "reported": _("The unit says: done"),
    "done": _("Written off"),
    "dropped": _("Taken down"),
}
FIGURES: Mapping[str, Any] = {
    "visits": _("Visits made"),
    "firms": _("Enterprises visited"),
    "findings": _("Problems found"),
    "raised": _("Matters of enterprises"),
    "solved": _("Of these achieved"),
    "done": _("Chart matters written off"),
}
DEFINED: Mapping[str, Any] = {
    "visits": _("reported visits of the campaign's plans, by day"),
    "firms": _("each enterprise once, on the day of its first visit"),
    "findings": _("reports with a finding"),
    "raised": _("statements that became matters of the register"),
    "solved": _("matters of them whose enterprise or a supervisor says it is done"),
    "done": _("matters of the wall chart, on the day they were done"),
}
CRITERIA: Mapping[str, Any] = {
    "lively": _("a word within %(days)d days"),
    "unblocked": _("nothing in the way"),
    "on_time": _("not past its day"),
    "accepted": _("“done” never sent back"),
    "done": _("written off"),
}
CAMPAIGN_ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "end_campaign": (_("End the campaign"), _("What it came to; it stands in the closing report")),
    "call_off_campaign": (_("Call the campaign off"), _("Why")),
    "tell_progress": (_("Tell how far it is"), _("How far it is, and what comes next")),
    "tell_done": (_("It is done"), _("What was done, and how one can see it")),
    "write_off_matter": (_("Write the matter off"), _("How it was checked")),
    "not_done": (_("It is not done"), _("What is missing")),
    "take_down": (_("Take it off the chart"), _("Why")),
}
CLOCKS: Mapping[str, Any] = {
    "outreach_follow": _("answer to a bad rating"),
    "outreach_answer": _("answer to the letter"),
}
RULEBOOK: Mapping[str, Any] = {
    "outreach": _("Outreach and codes"),
    "outreach.codes": _("Codes and ratings"),
    "outreach.prompt_valid": _("Link of a prompt rates for"),
    "outreach.least": _("Smallest group"),
    "outreach.bad": _("Bad ratings"),
    "outreach.line": _("Bad from which level down"),
    "outreach.known": _("What follows when the rater can be called"),
    "outreach.unknown": _("What follows when nobody can be called"),
    "outreach.send_within": _("Letter or call within"),
    "outreach.answer_within": _("Answer to the letter within"),
    "outreach.reasons": _("Reasons for a bad rating"),
    "outreach.visits": _("Visits"),
    "outreach.cap": _("Most visits to one enterprise"),
    "outreach.most": _("Visits"),
    "outreach.days": _("In how many days"),
    "outreach.exempt": _("Kinds that do not count"),
    "outreach.teams": _("Kinds of teams"),
    "outreach.count": _("How many teams"),
    "outreach.fixed_days": _("Customary days"),
    "outreach.monthly": _("Day of the month"),
    "outreach.weekly": _("Day of the week"),
    "outreach.photos": _("Photos of a report"),
    "outreach.max_mb": _("Most megabytes"),
    "outreach.max_count": _("Most photos"),
    "outreach.campaigns": _("Campaigns"),
    "outreach.stars": _("What gives a star"),
    "outreach.lively": _("Days without a word at most"),
    "=lively": _("a word in time"),
    "=unblocked": _("nothing in the way"),
    "=on_time": _("not past its day"),
    "=accepted": _("“done” never sent back"),
    "=done": _("written off"),
    "=visit": _("Visit to ask what is needed"),
    "=inspection": _("Inspection visit"),
    "=registered": _("Registered visit"),
    "=letter": _("Reminder letter"),
    "=callback": _("Callback"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""

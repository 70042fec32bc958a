"""Words of simulated accountability for pages and papers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "applied": _("Applied for"),
    "not_accepted": _("Not accepted"),
    "investigating": _("Being investigated"),
    "found": _("Found; to be put right"),
    "rectified": _("Put right; to be seen"),
    "cleared": _("Nothing found"),
    "written_off": _("Written off"),
    "referred": _("Referred to real accountability"),
}
OUTCOMES: Mapping[str, Any] = {
    "warned": _("Simulated accountability: warned"),
    "tolerated": _("A failing that is tolerated"),
    "cleared": _("No failing found"),
}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "take_on": (_("Take it on"), _("Why, and who investigates")),
    "turn_away": (_("Do not accept"), _("Why not")),
    "split": (_("Add a responsibility"), _("What happened, without names of persons")),
    "strike": (_("Strike a responsibility out"), _("Why")),
    "state_side": (_("State our side"), _("What happened from our side, without names of persons")),
    "find": (_("Give the finding report"), _("Finding report, without names of persons")),
    "rectify": (_("Report what was put right"), _("Rectification report")),
    "return_report": (_("Send the report back"), _("What is missing")),
    "visit": (_("Record a return visit"), _("What was seen")),
    "write_off": (_("Write it off"), _("What it came to")),
    "refer": (_("Refer to real accountability"), _("What was not carried out")),
    "relieve": (_("Propose tolerance or a letter"), _("Why, without names of persons")),
}
"""Action → (button, label of its text)."""
SIGNS: Mapping[str, Any] = {
    "silence": _("Long without a word"),
    "returns": _("Returned again and again"),
    "extensions": _("Extended again and again"),
    "last_minute": _("Answered at the last minute"),
    "template": _("Answered in set phrases"),
    "ignored": _("Warning light ignored"),
}
SIGN_STATES: Mapping[str, Any] = {
    "open": _("To be looked at"),
    "dismissed": _("Nothing in it"),
    "taken_further": _("Applied for"),
}
SIGN_ACTIONS: Mapping[str, Any] = {"explain": _("Explain"), "dismiss": _("Nothing in it")}
EVIDENCE: Mapping[str, Any] = {
    "since": _("Last word of work"),
    "lit": _("Light came on"),
    "light": _("Light"),
    "count": _("How often"),
    "share": _("Time used (per cent)"),
    "like": _("Same answer in"),
}
RELIEFS: Mapping[str, Any] = {
    "tolerance": _("Tolerance finding"),
    "no_effect": _("Letter: does not affect use"),
}
RELIEF_STATES: Mapping[str, Any] = {"proposed": _("Proposed"), "granted": _("Granted"), "refused": _("Not granted")}
RELIEF_ACTIONS: Mapping[str, Any] = {"grant": _("Grant"), "refuse": _("Refuse")}
CHECK_STATES: Mapping[str, Any] = {"open": _("Being answered"), "closed": _("Round ended")}
POINTS: Mapping[str, Any] = {
    "centre": _("Service centre"),
    "advice": _("Advice sub-centre"),
    "enterprise": _("Enterprise"),
    "association": _("Association"),
    "other": _("Other organisation"),
}
CLOCKS: Mapping[str, Any] = {
    "inquiry_accept": _("acceptance"),
    "inquiry_find": _("finding report"),
    "inquiry_rectify": _("rectification report"),
    "inquiry_visit": _("return visit"),
    "check_answer": _("self-checks"),
}
RULEBOOK: Mapping[str, Any] = {
    "accountability": _("Simulated accountability"),
    "proposed": _("The lists are a proposal"),
    "accountability.visits": _("Return visits before it is written off"),
    "accountability.limits": _("Time limits"),
    "accept_within": _("Accepted or not within"),
    "find_within": _("Finding report within"),
    "rectify_within": _("Rectification report within"),
    "visit_within": _("Return visit within"),
    "check_within": _("Self-checks answered within"),
    "accountability.signs": _("Early signs"),
    "accountability.kinds": _("Kinds"),
    "accountability.silence": _("Silent for how long"),
    "accountability.returns": _("From how many returns on"),
    "accountability.extensions": _("From how many extensions on"),
    "last_minute": _("Last minute: from which used share of the time on"),
    "last_minute_times": _("So many of the last 20 answers"),
    "accountability.alike": _("From which likeness on two answers are the same"),
    "alike_times": _("So many alike answers"),
    "accountability.ignored": _("Lights that must not be ignored"),
    "ignored_after": _("Ignored for how long"),
    "problems": _("Problem list"),
    "treatments": _("Treatments that would apply"),
    "posts": _("Posts"),
    "accountability.basis": _("Provision"),
    "accountability.id": _("Id"),
    "accountability.name": _("Name"),
    "=silence": _("Long without a word"),
    "=returns": _("Returned again and again"),
    "=extensions": _("Extended again and again"),
    "=last_minute": _("Answered at the last minute"),
    "=template": _("Answered in set phrases"),
    "=ignored": _("Warning light ignored"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""
ISSUERS: Mapping[str, str] = {"inquiry_request": "coordinator", "inquiry_notice": "inquiry_office"}
"""Kind of letter → office that answers for it."""
HEADS: Mapping[str, Any] = {
    "inquiry_request": _("%(place)s Enterprise Service Centre"),
    "inquiry_notice": _("%(place)s Office for Simulated Accountability"),
}
"""Kind of letter → 发文机关标志."""
MARKS: Mapping[str, Any] = {"inquiry_request": _("ESC-APP"), "inquiry_notice": _("OSA")}
"""Kind of letter → 机关代字."""
LETTERS: Mapping[str, Any] = {
    "inquiry_request": _("Application (letter)"),
    "inquiry_notice": _("Notice of the finding (letter)"),
}

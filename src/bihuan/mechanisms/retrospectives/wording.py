"""Words of retrospectives for pages and papers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

STATES: Mapping[str, Any] = {
    "awaited": _("Waits for the closing"),
    "opened": _("Opened"),
    "led": _("Being dissected"),
    "dissected": _("Dissected"),
    "rehearsed": _("Solution rehearsed"),
    "drafted": _("Report drafted"),
    "submitted": _("Report submitted"),
    "concluded": _("Report approved"),
    "checked": _("Looked back"),
    "lapsed": _("Lapsed"),
}
BRANCHES: Mapping[str, Any] = {
    "department": _("Department"),
    "law": _("Law and policy"),
    "process": _("Procedure"),
    "resources": _("Resources"),
    "enterprise": _("Enterprise"),
    "other": _("Other"),
}
PRESUMPTIONS: Mapping[str, Any] = {
    "reasonable": _("The enterprise's wish is reasonable"),
    "solvable": _("The enterprise's problem can be solved"),
    "at_fault": _("The enterprise's criticism is justified"),
}
OUTPUTS: Mapping[str, Any] = {
    "institution": _("Institution"),
    "exemplar": _("Model case"),
    "warning": _("Warning case"),
}
BY_HAND = _("asked for by a person")
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "assign": (_("Name who leads it"), ""),
    "invite": (_("Invite a third party"), ""),
    "advise": (_("Give advice"), _("What you advise")),
    "state_unit": (_("Statement of the department"), _("How the department sees it")),
    "find_cause": (_("Put a cause on the fishbone"), ""),
    "presume": (_("Three presumptions"), ""),
    "dissect": (_("Finish the dissection"), _("The root of it, and the weak link")),
    "rehearse": (_("Rehearse the solution"), _("The solution that is to be carried out")),
    "propose_output": (_("Propose what follows"), _("What it is about, and whom it concerns")),
    "let_stand": (_("Say why a word stays"), _("Why it names nobody")),
    "strike": (_("Strike something out"), _("Why it is struck out")),
    "draft": (_("Draft the report"), ""),
    "edit": (_("Write a new version"), _("The report")),
    "submit": (_("Submit the report"), ""),
    "send_back": (_("Send the report back"), _("What is missing")),
    "approve": (_("Approve the report"), ""),
    "check": (_("Look back"), _("What the solution brought")),
}
"""Action → (button, label of its text; empty where none is asked for)."""
CLOCKS: Mapping[str, Any] = {
    "retro_assign": _("naming of who leads"),
    "retro_dissect": _("dissection"),
    "retro_rehearse": _("rehearsal of the solution"),
    "retro_report": _("report"),
    "retro_approve": _("approval of the report"),
    "retro_check": _("look back at side effects"),
}
RULEBOOK: Mapping[str, Any] = {
    "retrospectives": _("Retrospectives"),
    "must_when": _("What has to be looked back at"),
    "must_when.id": _("Id"),
    "retrospectives.channels": _("Came in by one of these channels"),
    "retrospectives.tiers": _("Is of one of these tiers"),
    "retrospectives.categories": _("Is of one of these categories"),
    "closed_kinds": _("Was closed in one of these ways"),
    "retrospectives.urgent": _("Is urgent"),
    "escalated": _("Was taken a level up"),
    "institution": _("A lasting rule was proposed because of it"),
    "repeated": _("Was returned or opened again at least so often"),
    "led_by": _("Offices that may lead it"),
    "assign_within": _("Leader named within"),
    "dissect_within": _("Dissected within"),
    "rehearse_within": _("Solution rehearsed within"),
    "report_within": _("Report submitted within"),
    "approve_within": _("Report approved within"),
    "check_after": _("Side effects looked at after"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""


def both(word: Any) -> dict[str, str]:
    """Return a word as facts keep it, for readers of both languages."""
    found = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            found[key] = str(word)
    return found

"""Words of the review of refusals for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "pooled": _("Candidate"),
    "researched": _("Researched"),
    "selected": _("Selected"),
    "drawn": _("Panel drawn"),
    "convened": _("Session called"),
    "voting": _("Panel votes"),
    "decided": _("Decided"),
    "followed": _("Being carried out"),
    "done": _("Carried out"),
    "conceded": _("Unit does it after all"),
    "solved_early": _("Solved before the review"),
    "set_aside": _("Not selected"),
    "lapsed": _("Lapsed"),
}
OUTCOMES: Mapping[str, Any] = {
    "cannot": _("Truly cannot be done"),
    "should": _("Should be done"),
    "can": _("Can be done"),
}
CAUSES: Mapping[str, Any] = {
    "declined": _("Declined at acceptance"),
    "explained": _("Answered “cannot be done”"),
    "passed_around": _("Passed around"),
    "hidden": _("Text says no, evades or pushes away"),
}
KINDS: Mapping[str, Any] = {"no": _("says no"), "evade": _("evades"), "push": _("pushes to others")}
GROUPS: Mapping[str, Any] = {
    "leader": _("Leaders"),
    "deputy": _("Deputies"),
    "enterprise": _("Enterprises"),
    "expert": _("Experts"),
}
CONFLICTS: Mapping[str, Any] = {
    "refused_it": _("said no in person"),
    "of_the_unit": _("works in the unit"),
    "above_the_unit": _("works in a body above the unit"),
    "of_the_enterprise": _("speaks for the enterprise"),
}
SERVICES: Mapping[str, Any] = {
    "substitute": _("Substitute service"),
    "supporting": _("Supporting service"),
    "added": _("Added service"),
}
SCORES: Mapping[str, Any] = {
    "importance": _("Importance"),
    "soundness": _("Soundness"),
    "typicality": _("Typicality"),
}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "research": (_("Add research"), _("What was found out in the field")),
    "select": (_("Select for review"), _("Why this one")),
    "set_aside": (_("Do not select"), _("Why it is not reviewed")),
    "draw": (_("Draw the panel"), ""),
    "convene": (_("Call the session"), _("When and where")),
    "state_unit": (_("Statement of the unit"), _("Why it cannot be done, and on what basis")),
    "state_enterprise": (_("Statement of the enterprise"), _("Why it should be done")),
    "open_vote": (_("Open the vote"), _("Minutes of the session")),
    "vote": (_("Vote"), _("Why")),
    "recuse": (_("Take a member off the panel"), _("How the member is involved")),
    "close_vote": (_("Close the vote"), ""),
    "annul": (_("Annul the verdict"), _("How a member who voted was involved")),
    "order": (_("Order what follows"), _("What is to be done")),
    "report": (_("Report how far it is"), _("What has been done, what comes next")),
    "complete": (_("Write it off"), _("What it came to")),
    "concede": (_("We do it after all"), _("What is done, by when")),
}
"""Action → (button, label of its text; empty where none is asked for)."""
CLOCKS: Mapping[str, Any] = {
    "refusal_select": _("selection"),
    "refusal_draw": _("draw of the panel"),
    "refusal_convene": _("call of the session"),
    "refusal_session": _("session"),
    "refusal_vote": _("vote"),
    "refusal_order": _("order after the verdict"),
    "refusal_measure": _("what was ordered"),
}
PROPOSAL_STATES: Mapping[str, Any] = {
    "proposed": _("Proposed"),
    "taken_up": _("Taken up"),
    "changed": _("Policy changed"),
    "turned_down": _("Turned down"),
}
PROPOSAL_ACTIONS: Mapping[str, Any] = {
    "take_up": _("Take it up"),
    "register_change": _("Register the change"),
    "turn_down": _("Turn it down"),
}
IN_FACTS = {"cause": CAUSES, "outcome": OUTCOMES, "group": GROUPS, "clock": CLOCKS}
"""Key of a fact → its codes → the word shown instead."""
RULEBOOK: Mapping[str, Any] = {
    "refusals": _("Review of refusals"),
    "pool": _("Candidate pool"),
    "causes": _("What makes a matter a candidate"),
    "pool.returns": _("Passed around from how many returns on"),
    "pool.threshold": _("From which share on a text says no"),
    "notes_before_selection": _("Notes of deputies before selection"),
    "panel": _("Panel"),
    "quotas": _("Seats by group"),
    "quotas.leader": _("Leaders"),
    "quotas.deputy": _("Deputies"),
    "quotas.enterprise": _("Enterprises"),
    "expert": _("Experts"),
    "quorum": _("Quorum of the panel"),
    "limits": _("Time limits"),
    "select_within": _("Selected within"),
    "draw_within": _("Panel drawn within"),
    "convene_within": _("Session called within"),
    "session_within": _("Session held within"),
    "vote_within": _("Votes in within"),
    "order_within": _("Ordered within"),
    "should_within": _("Conditions created within"),
    "can_within": _("Plan and result within"),
    "common_from": _("A common problem from how many refusals on"),
    "=declined": _("Declined at acceptance"),
    "=explained": _("Answered “cannot be done”"),
    "=passed_around": _("Passed around"),
    "=hidden": _("Text says no, evades or pushes away"),
    "refusals.leader": _("Leaders"),
    "refusals.deputy": _("Deputies"),
    "refusals.enterprise": _("Enterprises"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""

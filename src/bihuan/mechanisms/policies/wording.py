"""Words of policies for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "draft": _("Being written"),
    "in_force": _("In force"),
    "ended": _("Ended"),
    "dropped": _("Dropped"),
}
CLAUSES: Mapping[str, Any] = {"written": _("Being written"), "open": _("Open"), "closed": _("Closed")}
LEVELS: Mapping[str, Any] = {
    "state": _("Central government"),
    "province": _("Province"),
    "city": _("City"),
    "county": _("County or district"),
    "town": _("Town or street"),
}
TRACKS: Mapping[str, Any] = {
    "free": _("Enjoyed without applying"),
    "quick": _("Quick application"),
    "statutory": _("Statutory procedure"),
}
OUTCOMES: Mapping[str, tuple[str, Any]] = {
    "yes": ("green", _("Fits")),
    "unknown": ("yellow", _("Something is missing")),
    "no": ("plain", _("Does not fit")),
}
"""Outcome → (light, word)."""
STEPS: Mapping[str, Any] = {
    "formula": _("By the formula"),
    "negative": _("Never below nothing"),
    "cap": _("At most each time"),
    "year_cap": _("What is left of this year's most"),
    "stack": _("Less what another benefit gave; they do not add up"),
}
ROUNDS: Mapping[str, Any] = {
    "offered": _("Enterprises may refuse"),
    "review": _("To be decided"),
    "notice": _("Public notice"),
    "paying": _("Being paid"),
    "done": _("Finished"),
    "stopped": _("Stopped"),
}
GRANTS: Mapping[str, Any] = {
    "offered": _("Offered"),
    "willing": _("Wanted"),
    "refused": _("Not wanted"),
    "rejected": _("Rejected"),
    "approved": _("Approved, public notice"),
    "due": _("To be paid"),
    "paid": _("Paid"),
    "confirmed": _("Arrived"),
    "disputed": _("Said not to have arrived"),
}
GRANT_ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "accept": (_("We want it"), ""),
    "refuse": (_("We do not want it"), _("Why")),
    "confirm": (_("The money arrived"), ""),
    "dispute": (_("The money did not arrive"), _("What you see on your account")),
    "reject": (_("Reject"), _("Why")),
    "settle": (_("It is settled"), _("How it can be seen")),
}
"""Action → (button, label of its text; empty where none is asked for)."""
ROUND_ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "approve": (_("Approve all that are left, and publish the notice"), ""),
    "stop": (_("Stop it"), _("Why")),
}
ITEMS: Mapping[str, Any] = {
    "draft": _("Being written"),
    "published": _("Published"),
    "withdrawn": _("Withdrawn"),
}
PROMISES: Mapping[str, Any] = {"open": _("Open"), "kept": _("Kept"), "broken": _("Broken")}
PROMISE_KINDS: Mapping[str, Any] = {
    "tolerated": _("The paper comes later"),
    "promised": _("A promise stands for the paper"),
}
WAYS: Mapping[str, Any] = {
    "shared": _("from another department"),
    "self": _("own word"),
    "third": _("a third party"),
    "association": _("a trade association"),
    "original": _("the paper itself"),
}
ITEM_ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "edit": (_("Change the draft"), ""),
    "publish": (_("Publish it"), ""),
    "reform": (_("Reform it"), _("What changed, and why")),
    "demand": (_("A paper was demanded"), ""),
    "promise": (_("Take a promise"), ""),
    "withdraw": (_("Withdraw it"), _("Why")),
    "supply": (_("It was kept"), ""),
    "break": (_("It was broken"), _("How it can be seen")),
}
BURDEN: Mapping[str, Any] = {"steps": _("Steps"), "papers": _("Papers to bring"), "days": _("Working days")}
PAPER_FLAWS: Mapping[str, Any] = {
    "shape": _("papers: a list of at most 60, each with name and ways"),
    "name": _("A paper needs a name: %(name)s"),
    "twice": _("A paper stands twice: %(name)s"),
    "way": _("There is no such way of proof: %(name)s"),
    "shareable": _("Another department has it already, so nobody may be asked for it: %(name)s"),
}
IMPORTS: Mapping[str, Any] = {"profiles": _("Profiles of enterprises"), "policies": _("Policies and their clauses")}
GAPS_BY: Mapping[str, Any] = {"clause": _("By clause"), "department": _("By department")}
ROW_ERRORS: Mapping[str, Any] = {
    "uscc": _("no valid credit code"),
    "unknown": _("nothing is owed to it in this delivery"),
    "paid": _("paid already"),
    "amount": _("not the amount that is owed: %(owed)s"),
    "receipt": _("no receipt number, or one that was used"),
    "day": _("no day, or one that lies ahead"),
    "twice": _("stands twice in the file"),
}
FIELDS: Mapping[str, Any] = {
    "region": _("Region"),
    "town": _("Town or street"),
    "industry": _("Trade (GB/T 4754)"),
    "size": _("Size"),
    "today": _("Today"),
}
"""What the directory knows."""
FLAWS: Mapping[str, Any] = {
    "syntax": _("This cannot be read: %(word)s"),
    "end": _("Something is missing at the end."),
    "long": _("It is too long."),
    "deep": _("It is nested too deep."),
    "function": _("There is no such function: %(word)s"),
    "field": _("There is no such field: %(word)s"),
    "kind": _("These cannot be compared or computed: %(word)s"),
    "date": _("A day is written like 2026-01-31, not %(word)s"),
    "large": _("The number is too large: %(word)s"),
    "division": _("It divides by zero."),
    "contradiction": _("Nobody could ever fit: the conditions exclude each other. %(word)s"),
    "not_condition": _("It is no condition."),
    "not_amount": _("It is no amount."),
    "none": _("Say which level of government pays which part."),
    "twice": _("One level stands twice."),
    "percent": _("Each part must be more than nothing."),
    "sum": _("The parts must add up to 100 per cent."),
}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "write_clause": (_("Add a clause"), ""),
    "write_guide": (_("Write the guide"), _("Who gets what, how, and whom to ask")),
    "publish": (_("Publish it"), ""),
    "drop": (_("Drop it"), _("Why")),
    "end": (_("End it"), _("Why")),
}
"""Action → (button, label of its text; empty where none is asked for)."""

"""What the raiser reads: plain words for the states of a matter, what happens now, what comes next."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STANDINGS: Mapping[str, Any] = {
    "submitted": _("Received"),
    "supplement_requested": _("Waiting for what you add"),
    "declined": _("Not accepted"),
    "merged": _("Joined with another matter"),
    "accepted": _("Accepted"),
    "dispatched": _("Going to a department"),
    "objected": _("Going to a department"),
    "signed": _("Being handled"),
    "handling": _("Being handled"),
    "awaiting_enterprise": _("Waiting for your answer"),
    "suspended": _("On hold"),
    "replied": _("Answered"),
    "verifying": _("Answered"),
    "closed": _("Answered"),
    "reopened": _("Being handled again"),
    "archived": _("Filed"),
}
"""State → where the matter stands, beside its light."""

NOW: Mapping[str, Any] = {
    "submitted": _("The service centre is reading it."),
    "supplement_requested": _("Something is missing. Please add it; the clock waits for you."),
    "declined": _("It was not accepted. The reason and where to go stand below."),
    "merged": _("It goes on together with another matter of the same kind."),
    "accepted": _("The service centre chooses who handles it."),
    "dispatched": _("%(lead)s has it and must sign for it."),
    "objected": _("The service centre decides who handles it."),
    "signed": _("%(lead)s has signed for it and begins."),
    "handling": _("%(lead)s is handling it."),
    "awaiting_enterprise": _("%(lead)s asks you something; the clock waits for you."),
    "suspended": _("It waits for something outside; it is looked at regularly."),
    "replied": _("%(lead)s has answered. The service centre checks the answer."),
    "verifying": _("%(lead)s has answered. The service centre checks the answer."),
    "closed": _("%(lead)s has answered, and the answer was checked."),
    "reopened": _("The service centre gives it out again, to be checked by somebody else."),
    "archived": _("It is closed and filed."),
}
"""State → what is happening now; may name the lead department."""

NEXT: Mapping[str, Any] = {
    "submitted": _("It is accepted, or you are told why not and where to go."),
    "supplement_requested": _("After that, the service centre reads on."),
    "accepted": _("It goes to a department, and you see which."),
    "dispatched": _("You get a plan, or at once an answer."),
    "objected": _("It goes to a department, and you see which."),
    "signed": _("You get a plan, or at once an answer."),
    "handling": _("You get an answer and say whether it is done."),
    "awaiting_enterprise": _("After your answer they go on."),
    "suspended": _("When the time has come, they go on by themselves."),
    "replied": _("Good enough: you say whether it is done. Not good enough: it goes back."),
    "verifying": _("Good enough: you say whether it is done. Not good enough: it goes back."),
    "reopened": _("A department begins again, with a shorter limit."),
}
"""State → what comes after that."""

SOON: Mapping[str, Any] = {"orange": _("due soon"), "red": _("late")}
"""Tone of the light → what it adds to the standing while somebody works on the matter."""

ASKS: Mapping[str, tuple[Any, Any]] = {
    "supplement": (_("Something is missing. Please add it."), _("Add it")),
    "answer": (_("The department asks you something."), _("Answer the question")),
    "word": (_("It was answered. Is it really done?"), _("Say whether it is done")),
    "rate": (_("Please rate how it was handled."), _("Rate it now")),
    "plan": (_("There is a plan. Is it what you need?"), _("Read the plan")),
}
"""What a matter wants from its raiser → (sentence, button)."""

YOURS = frozenset(
    "case.raised case.supplemented case.answered case.plan_rated case.confirmed case.denied case.rated"
    " case.withdrawn case.urged".split()
)
"""Facts that are the raiser's own words."""

DEPARTMENTS = frozenset(
    "case.signed case.plan_submitted case.progress_reported case.enterprise_asked case.replied"
    " case.extension_requested".split()
)
"""Facts that the lead department makes."""

SHEETS: Mapping[str, Any] = {
    "window_code": _("Could not get it done at this window?"),
    "enterprise_code": _("Is something in the way of your enterprise?"),
    "supervision_card": _("Something to say about how you were treated?"),
    "mobile": _("Is something in the way of your enterprise?"),
}
"""Channel → the heading of its printed sheet; these are the channels a code can be printed for."""

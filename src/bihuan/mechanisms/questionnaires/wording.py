"""Words of questionnaires for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases import wording as cases

STATES: Mapping[str, Any] = {
    "draft": _("Being written"),
    "open": _("Open for answers"),
    "closed": _("Closed"),
    "dropped": _("Dropped"),
}
PROBLEM_STATES: Mapping[str, Any] = {
    "found": _("To be decided"),
    "raised": _("With task forces"),
    "settled": _("Settled"),
}
KINDS: Mapping[str, Any] = {
    "one": _("One of several"),
    "many": _("Any of several"),
    "scale": _("Five levels"),
    "number": _("A number"),
    "words": _("A few words"),
    "problem": _("A problem that has to be solved"),
}
SCALE: Mapping[str, Any] = {str(level): word for level, word in cases.LEVELS.items()}
FACTS: Mapping[str, Any] = {
    "town": _("Town or street"),
    "industry": _("Trade (GB/T 4754)"),
    "size": _("Size"),
    "address": _("Address"),
}
"""What the directory knows of an enterprise."""
FLAWS: Mapping[str, Any] = {
    "empty": _("There is no question yet."),
    "kind": _("There is no such kind of question."),
    "text": _("The question has no text."),
    "options": _("It needs at least two different answers to choose from."),
    "twice": _("Its key stands twice."),
    "unknown": _("It depends on a question that is not there."),
    "option": _("It depends on an answer that is not there."),
    "loop": _("It depends on itself."),
    "later": _("It depends on a question that comes later."),
    "dead": _("No answers lead to it."),
    "fact": _("This cannot be known of an enterprise."),
}
WRONG: Mapping[str, Any] = {
    "needed": _("Please answer this one."),
    "choice": _("Please choose among these answers."),
    "number": _("Please write a whole number."),
    "long": _("Please say it in fewer words."),
}
ROBOTS: Mapping[str, Any] = {
    "robot": _("This does not look as if a person had sent it. Nothing was kept."),
    "forged": _("This page was not made for this link. Please open the link again."),
    "stale": _("The page was open for very long. Please look once more and send it again."),
    "quick": _("That was faster than anybody reads. Please wait a moment and send it again."),
}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "send": (_("Send it to the enterprises"), ""),
    "drop": (_("Drop it"), _("Why")),
    "remind": (_("Remind those who have not answered"), ""),
    "extend": (_("Keep it open longer"), _("Why")),
    "sort": (_("Put statements together"), ""),
    "close": (_("Close it"), ""),
    "hand_on": (_("Give it to the task forces"), ""),
    "settle": (_("Settle it"), _("What it came to")),
}
"""Action → (button, label of its text)."""
BY: Mapping[str, Any] = {"town": _("Town or street"), "trade": _("Trade"), "size": _("Size")}
RULEBOOK: Mapping[str, Any] = {
    "questionnaires": _("Questionnaires"),
    "questionnaires.open_for": _("Open for"),
    "questionnaires.least": _("Smallest group"),
    "questionnaires.alike": _("Same meaning from a likeness of"),
    "questionnaires.quickest": _("Seconds a person needs at least"),
    "questionnaires.cap": _("Most questionnaires to one enterprise"),
    "questionnaires.most": _("Questionnaires"),
    "questionnaires.days": _("In how many days"),
    "questionnaires.facts": _("What is asked once"),
    "questionnaires.facts.days": _("Known for how many days"),
    "questionnaires.task_forces": _("Task forces"),
    "questionnaires.towns": _("Towns (region codes)"),
    "questionnaires.trades": _("Trades (beginnings of GB/T 4754 codes)"),
    "questionnaires.board": _("Board"),
}
"""Names of the fields of the rulebook section."""

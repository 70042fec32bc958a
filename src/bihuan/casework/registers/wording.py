"""Words of the registers for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "drafted": _("Draft"),
    "in_force": _("In force"),
    "reviewed": _("In force, reviewed"),
    "withdrawn": _("Withdrawn rule"),
}
KINDS: Mapping[str, Any] = {
    "improved": _("Improves what there was"),
    "loophole": _("Closes a loophole"),
    "added": _("Adds a service"),
}
SOURCES: Mapping[str, Any] = {
    "hand": _("Entered by hand"),
    "conference": _("Came from a meeting"),
    "proposal": _("Came from a policy proposal"),
    "retrospective": _("Came from a retrospective"),
    "refusals": _("Review of refusals"),
}
COMPETITIONS: Mapping[str, Any] = {
    "called": _("Nominations are open"),
    "voting": _("The vote is open"),
    "closed": _("Vote counted"),
    "cancelled": _("Ended without a result"),
}
EXEMPLARS: Mapping[str, Any] = {
    "nominated": _("Nominated"),
    "promoted": _("Model case"),
    "passed_over": _("Not promoted"),
    "withdrawn": _("Nomination withdrawn"),
}
WARNINGS: Mapping[str, Any] = {
    "drafted": _("Draft"),
    "circulated": _("Circulated"),
    "taken_back": _("Taken back"),
}
TELLS: Mapping[str, Any] = {
    "firm": _("the name of an enterprise"),
    "person": _("the name of a person"),
    "phone": _("a telephone number"),
    "id": _("an identity number"),
    "code": _("a credit code"),
    "email": _("an e-mail address"),
    "case": _("a case number"),
}
PROPOSALS: Mapping[str, Any] = {
    "proposed": _("Proposed"),
    "taken_up": _("Taken up"),
    "changed": _("Policy changed"),
    "turned_down": _("Turned down"),
}
ACTIONS: dict[str, Any] = {
    "put_in_force": _("Put in force"),
    "review": _("Record a review"),
    "amend": _("Change its words"),
    "link": _("Link more cases"),
    "unlink": _("Unlink cases that were linked by mistake"),
    "change_owner": _("Give it to another department"),
    "withdraw": _("Withdraw the rule"),
    "open_vote": _("Begin the vote"),
    "vote": _("Vote"),
    "cancel": _("Cancel it"),
    "adopt": _("Adopt it in our department"),
    "circulate": _("Circulate it"),
    "take_back": _("Take it back"),
}
EXEMPLAR_ACTIONS: Mapping[str, Any] = ACTIONS | {"withdraw": _("Withdraw the nomination")}
FIELDS: Mapping[str, Any] = {
    "title": _("Title"),
    "text": _("In words"),
    "reason": _("Reason"),
    "cases": _("Case numbers, divided by spaces"),
    "kind": _("What it does"),
    "owner": _("Who answers for it"),
    "on": _("In force from (empty: today)"),
    "category": _("Category of the cases it is about"),
    "words": _("Words these cases have in common"),
    "review_on": _("Next review on (empty: as the rulebook says)"),
    "department": _("Whose it is"),
    "case": _("Number of the case"),
    "lesson": _("What to learn from it"),
    "problem": _("The problem, without names"),
    "worked": _("What worked"),
    "stays": _("Why a word that looks like a name stays (only where it names nobody)"),
    "institution": _("Institution"),
    "exemplar": _("Nominated case"),
}
WHY_NOT: Mapping[str, Any] = {
    "not_in_force": _("It is not in force yet, so nothing can be compared."),
    "no_theme": _("Nobody has said yet what kind of cases it is about. “Change its words” lets you say it."),
    "too_early": _("It is in force for less than four weeks; that is too early to compare."),
    "too_few": _("There are too few cases on one side; so small a number says nothing."),
}
VERDICTS: Mapping[str, Any] = {
    "less": _("fewer than before"),
    "more": _("more than before"),
    "": _("may be chance"),
}
SPEED: Mapping[str, Any] = {"less": _("quicker than before"), "more": _("slower than before"), "": _("may be chance")}
RULEBOOK: Mapping[str, Any] = {
    "registers": _("Registers"),
    "review_within": _("Institutions are reviewed within"),
    "registers.effect": _("Effect of institutions"),
    "registers.months": _("Months compared on each side"),
    "competitions": _("Competitions for model cases"),
    "nominate_within": _("Nominations are open for"),
    "registers.vote_within": _("The vote is open for"),
    "voters": _("Who votes"),
    "promote": _("How many are promoted"),
    "least_votes": _("From how many votes on"),
    "registers.least": _("Least number of cases that says something"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""

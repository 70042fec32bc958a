"""Words of the scoreboard for pages, files and rulebook forms."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .rules.counting import Index, Level

LEVELS: Mapping[str, Any] = {
    Level.DEPARTMENT: _("Departments"),
    Level.BOARD: _("Boards"),
    Level.REGION: _("Regions"),
}
INDICES: Mapping[Index, Any] = {
    Index.ON_TIME: _("On time"),
    Index.ORIGINAL_ON_TIME: _("On time by the first limit"),
    Index.ACHIEVED: _("Really done"),
    Index.OVERDUE_ACHIEVED: _("Done, but late"),
    Index.SATISFACTION: _("Satisfied with the result"),
    Index.PROCESS_SATISFACTION: _("Satisfied with the handling"),
    Index.PLAN_SATISFACTION: _("Satisfied with the plan"),
    Index.SIGN: _("Signed in time"),
    Index.RESPONSE: _("First word in time"),
    Index.AT_ONCE: _("Done at once"),
    Index.REFUSAL: _("Said no"),
    Index.RETURN: _("Returned by the department"),
    Index.REPEAT: _("Handled again"),
}
MEANINGS: Mapping[Index, Any] = {
    Index.ON_TIME: _("Answered within the limit ÷ answered, or past the limit. Time that stood still does not count."),
    Index.ORIGINAL_ON_TIME: _("The same by the limit that was given first, without extensions."),
    Index.ACHIEVED: _(
        "Really done, as the enterprise or a callback said ÷ closed. Tracked ones once their limit is over."
    ),
    Index.OVERDUE_ACHIEVED: _("Answered after the limit ÷ really done. Less is better."),
    Index.SATISFACTION: _("Satisfied ratings of the result ÷ all ratings of the result. Silence is no rating."),
    Index.PROCESS_SATISFACTION: _("Satisfied ratings of the handling ÷ all ratings of the handling."),
    Index.PLAN_SATISFACTION: _("Satisfied ratings of the plan ÷ all ratings of the plan."),
    Index.SIGN: _("Signed within the limit ÷ dispatched."),
    Index.RESPONSE: _("First word to the enterprise within the limit ÷ signed."),
    Index.AT_ONCE: _("Resolved at the first go, within the time the rulebook gives ÷ closed."),
    Index.REFUSAL: _("Not accepted, or closed with an explanation only ÷ closed or not accepted. Less is better."),
    Index.RETURN: _("Sent back by the department ÷ dispatched to it. Less is better."),
    Index.REPEAT: _("Returned after verification or reopened ÷ answered. Less is better."),
}
"""Index → numerator ÷ denominator, in plain words."""
STATES: Mapping[str, Any] = {
    "draft": _("Draft"),
    "checking": _("Being checked by the units"),
    "published": _("Published"),
    "frozen": _("Frozen"),
    "proposed": _("Proposed"),
    "granted": _("Left out"),
    "refused": _("Stays in"),
    "ending": _("Left out; somebody proposes to count it again"),
    "ended": _("Counts again"),
}
AUDIENCES: Mapping[str, Any] = {"internal": _("Internal"), "public": _("Public")}
OUTCOMES: Mapping[int, Any] = {0: _("counts, not reached"), 1: _("counts, reached"), 2: _("left out")}
ACTIONS: Mapping[str, Any] = {
    "send_for_check": _("Send to the units to check"),
    "remark": _("Remark"),
    "answer_remark": _("Answer"),
    "publish": _("Publish"),
    "take_back": _("Take back"),
    "freeze": _("Freeze"),
    "grant": _("Leave it out"),
    "refuse": _("Keep it in"),
    "end": _("Propose to count it again"),
    "confirm_end": _("Count it again"),
    "keep_out": _("Keep it out"),
}
IN_FACTS = {"index": {**{index.value: name for index, name in INDICES.items()}, "all": _("all figures")}}
"""Key of a fact → its codes → the word shown instead."""
RULEBOOK: Mapping[str, Any] = {
    "scoreboard": _("Scoreboard"),
    "scoreboard.indices": _("Indices"),
    "scoreboard.weights": _("Points of each index, together 100"),
    **{f"scoreboard.{index.value}": name for index, name in INDICES.items()},
    **{f"={index.value}": name for index, name in INDICES.items()},
    "scoreboard.min_n": _("No place below this many matters"),
    "scoreboard.least_ratings": _("Ratings shown to departments from this many on"),
    "scoreboard.satisfied_from": _("Satisfied from this level on"),
    "scoreboard.at_once": _("Done at once means within"),
    "scoreboard.reference_months": _("Expectation from this many months"),
    "scoreboard.groups": _("Groups of like units"),
    "scoreboard.kinds": _("Kinds of departments"),
    "scoreboard.departments": _("Departments by code"),
    "scoreboard.peers": _("What a department sees of others"),
    "=own": _("only its own"),
    "=group": _("those of its group"),
    "=all": _("all"),
    "scoreboard.check_for": _("Time for units to check"),
    "scoreboard.freeze_after": _("Frozen after"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""

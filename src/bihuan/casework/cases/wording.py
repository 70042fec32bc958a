"""Names of what a case is made of, in the readers' languages; the one place that words states, actions and kinds."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "submitted": _("Submitted"),
    "supplement_requested": _("Supplement requested"),
    "declined": _("Declined"),
    "merged": _("Merged"),
    "accepted": _("Accepted"),
    "dispatched": _("Dispatched"),
    "objected": _("Objected"),
    "signed": _("Signed"),
    "handling": _("In work"),
    "awaiting_enterprise": _("Awaiting the enterprise"),
    "suspended": _("Suspended"),
    "replied": _("Replied"),
    "verifying": _("Verifying"),
    "closed": _("Closed"),
    "reopened": _("Reopened"),
    "archived": _("Archived"),
}
"""Names of states."""

ACTIONS: Mapping[str, Any] = {
    "request_supplement": _("Ask for a supplement"),
    "supplement": _("Add what is missing"),
    "accept": _("Accept"),
    "decline": _("Decline"),
    "merge": _("Merge"),
    "dispatch": _("Dispatch"),
    "sign": _("Sign"),
    "object": _("Object"),
    "rule_objection": _("Rule on the objection"),
    "submit_plan": _("Submit a plan"),
    "rate_plan": _("Rate the plan"),
    "report_progress": _("Report progress"),
    "ask_enterprise": _("Ask the enterprise"),
    "answer": _("Answer"),
    "suspend": _("Suspend"),
    "decide_suspension": _("Decide on the suspension"),
    "resume": _("Resume"),
    "request_extension": _("Ask for more time"),
    "decide_extension": _("Decide on more time"),
    "co_reply": _("Answer as co-department"),
    "reply": _("Submit the reply"),
    "verify_start": _("Start verifying"),
    "verify_return": _("Return for rework"),
    "verify_close": _("Close"),
    "confirm": _("Yes, it is done"),
    "deny": _("No, it is not done"),
    "rate": _("Rate"),
    "no_response": _("Note the silence"),
    "reopen": _("Reopen"),
    "overturn": _("Overturn the “no”"),
    "withdraw": _("Withdraw"),
    "escalate": _("Escalate"),
    "move_tier": _("Move to another tier"),
    "come_down": _("Take it back down"),
    "remind": _("Remind"),
    "urge": _("Urge"),
    "archive": _("Archive"),
}
"""What buttons say."""

TIERS: Mapping[str, Any] = {
    "ordinary": _("Ordinary"),
    "complex": _("Complex"),
    "hard": _("Hard"),
}
"""Names of tiers."""

KINDS: Mapping[str, Any] = {
    "resolved": _("Resolved"),
    "explained": _("Explained"),
    "alternative": _("Alternative offered"),
    "tracked": _("Moved to tracking"),
    "withdrawn": _("Withdrawn"),
}
"""What a closed case came to."""

WORDS: Mapping[str, Any] = {
    "pending": _("No word yet"),
    "confirmed": _("Confirmed"),
    "denied": _("Denied"),
    "no_response": _("No response"),
}
"""The enterprise's word."""

REASONS: Mapping[str, Any] = {
    "not_in_scope": _("Not within our scope"),
    "other_channel": _("Has a legal channel of its own"),
    "no_legal_basis": _("No legal basis"),
    "policy_changed": _("The policy has changed"),
    "insufficient": _("Not enough to go on"),
}
"""Reasons for declining."""

LEVELS: Mapping[str, Any] = {
    "5": _("Very satisfied"),
    "4": _("Satisfied"),
    "3": _("Basically satisfied"),
    "2": _("Dissatisfied"),
    "1": _("Very dissatisfied"),
}
"""Five levels (国办发〔2019〕51号)."""

CONSEQUENCES: Mapping[str, Any] = {
    "remind": _("reminder"),
    "list": _("warning list"),
    "escalate": _("one level up"),
    "supervision_order": _("supervision procedure"),
    "notify_supervision": _("word to the supervision office"),
    "notify_discipline": _("word to discipline inspection"),
    "conference": _("candidate for the joint conference"),
    "webhook": _("message to another system"),
}
"""What a light of the rulebook sets going."""

CLOCKS: Mapping[str, Any] = {
    "acceptance": _("acceptance"),
    "handling": _("handling"),
    "sign": _("signing"),
    "first_contact": _("first contact"),
    "ruling": _("ruling on the objection"),
    "co_reply": _("answer of the co-department"),
    "verification": _("verification"),
    "supplement": _("supplement by the raiser"),
    "plan": _("solution plan"),
    "callback": _("callback"),
    "suspension_review": _("review of the suspension"),
    "word": _("the enterprise's word"),
    "suspension": _("suspension"),
}
"""Names of clocks."""

ABOVE: Mapping[str, Any] = {
    "catch_all": _("Catch-all board"),
    "conference": _("Joint conference"),
    "leader": _("Leader in charge"),
    "supervision_office": _("Supervision office"),
    "discipline": _("Discipline inspection"),
    "board_head": _("Board head"),
}
"""Where a matter may be taken up to."""

FIGURES_NONE = _("None yet")
"""Name of the row of cases without board or tier."""

FIGURES: Mapping[str, Any] = {
    "collected": _("Collected"),
    "closed": _("Closed"),
    "achieved": _("Achieved"),
    "no_response": _("Closed without a word"),
    "closed_late": _("Answered late"),
    "open": _("Open"),
    "open_overdue": _("Open and overdue"),
    "left_out": _("Not counted"),
}
"""Figures of the register (`selectors.FIGURES`)."""

STAGES: Mapping[str, Any] = {
    "raised": _("Raising"),
    "accepted": _("Acceptance"),
    "dispatched": _("Dispatch"),
    "planned": _("Plan"),
    "handling": _("Handling"),
    "replied": _("Reply"),
    "rated": _("Rating"),
    "reviewed": _("Review"),
}
"""The eight parts of the loop."""


def stage_of(state: str, *, planned: bool, rated: bool) -> int:
    """Return how many of the eight parts of the loop are done (0–8), for the ring and the stepper."""
    done = {
        "submitted": 1,
        "supplement_requested": 1,
        "declined": 1,
        "merged": 1,
        "accepted": 2,
        "dispatched": 2,
        "objected": 2,
        "reopened": 2,
        "signed": 3,
        "replied": 6,
        "verifying": 6,
        "archived": 8,
    }
    if state == "closed":
        return 7 if rated else 6
    return done.get(state, 4 if planned else 3)


RULEBOOK: Mapping[str, Any] = {
    "lights": _("Lights"),
    "id": _("Id"),
    "at": _("From this share of the time on"),
    "colour": _("Colour"),
    "shape": _("Shape"),
    "consequences": _("What then happens by itself"),
    "also_when": _("Also lit at once when"),
    "tiers": _("Time limits"),
    "ordinary": _("Ordinary"),
    "complex": _("Complex"),
    "hard": _("Hard"),
    "sign_within": _("Sign within"),
    "first_contact_within": _("First contact within"),
    "supplement_within": _("Supplement within"),
    "due": _("Due within"),
    "within": _("Within"),
    "acceptance": _("Acceptance"),
    "extension": _("Extension"),
    "max_times": _("How often at most"),
    "max": _("How long at most"),
    "before_expiry": _("Only before it expires"),
    "approver": _("Who approves"),
    "suspension": _("Suspension"),
    "reasons": _("Reasons"),
    "review_every": _("Reviewed every"),
    "returns": _("Returns and objections"),
    "window": _("How long it is possible"),
    "max_per_unit": _("How often for each department"),
    "ruling_within": _("Ruled on within"),
    "third_goes_to": _("The third one goes to"),
    "last_return": _("The how-manieth return is the last"),
    "verification": _("Verification"),
    "callback": _("Callback"),
    "rework": _("Rework"),
    "reopen": _("Reopening"),
    "reopen.within": _("Possible within"),
    "silence": _("Silence"),
    "after": _("Recorded as no response after"),
    "duplicates": _("Possible duplicates"),
    "duplicates.window": _("Looked for within"),
    "similarity": _("From this likeness on"),
    "attachments": _("Attachments"),
    "max_mb": _("Largest file, in MiB"),
    "max_count": _("Files for each matter"),
    "types": _("Kinds of files"),
    "numbering": _("Case numbers"),
    "pattern": _("How they look"),
    "channels": _("Channels"),
    "public": _("Open to everybody"),
    "categories": _("Categories"),
    "boards": _("Boards to begin with"),
    "code": _("Code"),
    "kind": _("Kind"),
    "plan_within": _("Plan within"),
    "own_words": _("Reasons in own words, through the API"),
    "evidence_required": _("Evidence required"),
    "fallback": _("If nobody holds an office"),
    "receivers": _("Then these receive it, in this order"),
    "urging": _("Urging by the raiser"),
    "every_hours": _("Again after (hours)"),
    "?lights": _("When a light is lit, how it looks, and what then happens by itself. The first one is the calm one."),
    "?tiers": _("Times are written like 4wh (working hours), 5wd (working days) or 30d (calendar days)."),
    "?at": _("0 is the beginning, 1 (100 percent) the end of the time."),
    "?extension": _("More time: asked for with evidence, decided by somebody above, told to the enterprise."),
    "?suspension": _("The clock stands while something outside is awaited; looked at again and again."),
    "?returns": _("How a department may return what is not its own, and who decides."),
    "?verification": _("The centre reads each reply, and calls back; whoever handled a case never closes it."),
    "?silence": _("Silence is recorded as silence and never counted as praise."),
    "?duplicates": _("Only proposed; people decide whether two matters are one."),
    "?numbering.pattern": _("The parts in braces stand for the county, the month and a running number."),
    "?fallback": _("So that no reminder and no order is lost while an office is vacant."),
    "?attachments": _("What may be added to a matter. Programs are never accepted."),
    "=remind": _("remind"),
    "=list": _("put on the warning list"),
    "=escalate": _("hand to the catch-all board"),
    "=supervision_order": _("open a supervision order"),
    "=notify_supervision": _("tell the supervision office"),
    "=notify_discipline": _("tell discipline inspection"),
    "=conference": _("call a joint conference"),
    "=webhook": _("tell another system"),
    "=unsatisfied": _("the enterprise is not satisfied"),
    "=denied": _("the enterprise says it is not done"),
    "=green": _("green"),
    "=yellow": _("yellow"),
    "=orange": _("orange"),
    "=red": _("red"),
    "=blue": _("blue"),
    "=disc": _("disc"),
    "=triangle": _("triangle"),
    "=diamond": _("diamond"),
    "=octagon": _("octagon"),
    "=ring": _("ring"),
    "=square": _("square"),
    "=service": _("service"),
    "=zone": _("zone"),
    "=general": _("general"),
    "=catch_all": _("Catch-all board"),
}
"""Names of the fields and choices of a rulebook that cases own, as `rulebooks.registry.register_labels` takes them."""

"""Words of evaluation for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

MARKS: Mapping[str, Any] = {
    "opened": _("New bad mark"),
    "verified": _("Verified, to be contacted"),
    "contacted": _("To be corrected"),
    "corrected": _("Corrected, to be answered"),
    "answered": _("Answered, to be revisited"),
    "revisited": _("Revisited"),
    "closed": _("Concluded"),
    "set_aside": _("Set aside"),
}
"""State of a bad mark → name."""
CALLS: Mapping[str, Any] = {
    "waiting": _("To be called"),
    "taken": _("Being called"),
    "done": _("Called"),
    "unreached": _("Nobody reached"),
    "lapsed": _("No longer needed"),
}
"""State of a callback → name."""
DRAWS: Mapping[str, Any] = {
    "committed": _("Seed fixed, not drawn yet"),
    "drawn": _("Drawn, seed still secret"),
    "revealed": _("Drawn and revealed"),
}
"""State of a draw → name."""
QUESTIONS: Mapping[str, Any] = {"open": _("Waits for a note"), "answered": _("Answered with a note")}
"""State of a question → name."""
APPEALS: Mapping[str, Any] = {
    "": "",
    "pending": _("Appeal waits for a decision"),
    "upheld": _("Appeal upheld"),
    "refused": _("Appeal refused"),
}
"""Appeal → name."""
PARTS: Mapping[str, Any] = {"plan": _("Plan"), "process": _("Process"), "result": _("Result")}
"""Part of a rating → name."""
SHARED: Mapping[str, Any] = {
    "": _("Nothing yet"),
    "matter": _("The matter, with the enterprise's consent"),
    "kind": _("Reasons and month only"),
    "nothing": _("Nothing: the enterprise could be recognised"),
}
"""What the rated unit learns → words."""
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "verify": (_("Verified"), _("What was found in the record")),
    "contact": (_("Contacted"), _("What the enterprise said, and what has to be put right")),
    "correct": (_("It is corrected"), _("What was put right, and how it stays right")),
    "answer": (_("Answered"), _("What the enterprise was told")),
    "revisit": (_("Revisited"), _("What the enterprise says now")),
    "close": (_("Close the bad mark"), _("What it came to")),
    "appeal": (_("Appeal"), _("Why the rating is mistaken or malicious, with evidence")),
    "decide_appeal": (_("Decide on the appeal"), _("Why")),
    "take": (_("Call"), ""),
    "miss": (_("Nobody reached"), _("What happened")),
    "finish": (_("Write down the call"), _("What the enterprise said, in its words")),
    "answer_question": (_("Answer with a note"), _("What was found, and what follows")),
}
"""Action → (button, label of its text; empty where none is asked for)."""
KINDS: Mapping[str, tuple[Any, Any]] = {
    "own_device": (
        _("Rated where staff was logged in"),
        _("The link was used in a browser in which a member of staff was logged in."),
    ),
    "burst": (_("Praise in a burst"), _("Many enterprises praised one department within minutes.")),
    "template": (
        _("The same answer again and again"),
        _("Replies are nearly the same text, but for names and numbers."),
    ),
    "last_minute": (
        _("Answered just before the limit"),
        _("Far more answers than elsewhere come in the last moments of the time allowed."),
    ),
    "reopened_after_praise": (
        _("Praised, and yet it came back"),
        _("Matters rated as satisfying were reopened far more often than elsewhere."),
    ),
    "disagreement": (
        _("Ratings and telephone disagree"),
        _("Enterprises that are called are far less content than the ratings say."),
    ),
}
"""What a detector noticed → (heading, sentence)."""
EVIDENCE: Mapping[str, Any] = {
    "result": _("Level of the result"),
    "day": _("Day"),
    "firms": _("Enterprises"),
    "minutes": _("Minutes"),
    "replies": _("Replies alike"),
    "of": _("Of how many"),
    "cases": _("For example"),
    "hits": _("How often"),
    "others": _("Elsewhere"),
    "others_of": _("Elsewhere, of how many"),
    "odds": _("So unlikely if nothing is different"),
    "rated": _("Rated"),
    "praised": _("Of these content"),
    "called": _("Called"),
    "content": _("Of these content, by telephone"),
}
"""Key of the evidence → name."""
CLOCKS: Mapping[str, Any] = {
    "mark_contact": _("contact after a bad mark"),
    "mark_correct": _("correction after a bad mark"),
    "mark_revisit": _("revisit after a bad mark"),
    "evaluation_call": _("callback"),
}
"""Clock → name."""
IN_FACTS = {"kind": {code: name for code, (name, _meaning) in KINDS.items()}, "clock": CLOCKS}
"""Key of a fact → its codes → the word shown instead."""
RULEBOOK: Mapping[str, Any] = {
    "evaluation": _("Ratings and callbacks"),
    "evaluation.parts": _("Parts that are rated"),
    "evaluation.reasons": _("Reasons for a bad mark"),
    "evaluation.least": _("Smallest group"),
    "evaluation.shown_by": _("Times of ratings shown by"),
    "evaluation.invitation": _("Invitation"),
    "evaluation.valid": _("The link holds for"),
    "evaluation.written": _("Asked by e-mail first, when raised by"),
    "evaluation.silence": _("Silence"),
    "evaluation.counts_as": _("Counts in an export as level"),
    "evaluation.after": _("After"),
    "evaluation.marks": _("Bad marks"),
    "evaluation.contact_within": _("Contact within"),
    "evaluation.correct_within": _("Correct within"),
    "evaluation.revisit_within": _("Revisit within"),
    "evaluation.callbacks": _("Callbacks"),
    "evaluation.share": _("Share that is called"),
    "evaluation.all_of": _("Always called when closed as"),
    "evaluation.strata": _("Drawn for each"),
    "evaluation.attempts": _("Attempts"),
    "evaluation.script": _("What is asked"),
    "evaluation.formalism": _("Signs of formalism"),
    "evaluation.keep": _("Device classes kept for days"),
    "evaluation.burst": _("Bursts"),
    "evaluation.firms": _("Enterprises"),
    "evaluation.minutes": _("Minutes"),
    "evaluation.firms_one_device": _("Enterprises from one class of devices"),
    "evaluation.minutes_one_device": _("Minutes, one class of devices"),
    "evaluation.template": _("Template answers"),
    "evaluation.replies": _("Replies alike"),
    "evaluation.likeness": _("Likeness"),
    "evaluation.shortest": _("Shortest text"),
    "evaluation.last_from": _("Just before the limit: from this share on"),
    "evaluation.gap": _("Gap between ratings and telephone"),
    "evaluation.chance": _("Asked about when less likely than"),
    "evaluation.every": _("Drawn how often"),
    "evaluation.days": _("Days looked at"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""
NAMED = _("Does the enterprise agree that the department learns which matter it is?")
CONTENT = _("Is the enterprise content now?")
UPHELD = _("Is the appeal right?")
SOLVED = _("Is it really done?")

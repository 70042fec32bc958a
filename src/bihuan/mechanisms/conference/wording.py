"""Words of the conference for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS: Mapping[str, Any] = {
    "conference": _("Joint conference"),
    "consultation": _("Consultation"),
    "dialogue": _("Dialogue"),
}
MEETING_STATES: Mapping[str, Any] = {
    "called": _("To be held"),
    "held": _("In session"),
    "minuted": _("Minutes issued"),
    "cancelled": _("Cancelled"),
}
ITEM_STATES: Mapping[str, Any] = {
    "candidate": _("Candidate"),
    "screened": _("Screened"),
    "turned_down": _("Not taken"),
    "on_agenda": _("On the agenda"),
    "settled": _("Dealt with"),
    "lapsed": _("Lapsed"),
}
DECISION_STATES: Mapping[str, Any] = {
    "assigned": _("Being carried out"),
    "reported": _("To be verified"),
    "written_off": _("Written off"),
}
SOURCES: Mapping[str, Any] = {
    "light": _("by its light"),
    "tier": _("by its tier"),
    "proposal": _("proposed"),
    "review": _("reviewed"),
    "consultation": _("consultation"),
}
ACTIONS: Mapping[str, Any] = {
    "invite": _("Invite more"),
    "brief": _("Briefing and report"),
    "postpone": _("Move the meeting"),
    "hold": _("Open the meeting"),
    "collect": _("Write down what was raised"),
    "publish_answer": _("Publish an answer"),
    "propose_institution": _("Propose a lasting rule"),
    "minute": _("Issue the minutes"),
    "cancel": _("Cancel the meeting"),
    "prepare": _("Prepare the page"),
    "screen": _("Take it to the conference"),
    "turn_down": _("Do not take it"),
    "put_on": _("Put it on an agenda"),
    "take_off": _("Take it off the agenda"),
    "decide": _("Record a decision"),
    "review": _("Reviewed"),
    "put_off": _("Put it off"),
    "report": _("Report"),
    "send_back": _("Send it back"),
    "write_off": _("Verified: write it off"),
    "give_time": _("Give more time"),
    "hand_over": _("Hand it over"),
}
FIELDS: Mapping[str, Any] = {
    "text": _("What there is to say"),
    "reason": _("Reason"),
    "starts_at": _("Time"),
    "place": _("Place"),
    "departments": _("Departments"),
    "boards": _("Boards"),
    "enterprises": _("Credit codes of enterprises, divided by spaces"),
    "people": _("User names, divided by spaces"),
    "briefing": _("What of the policy is passed on"),
    "report": _("How matters are handled"),
    "present": _("Who is here"),
    "enterprise": _("Enterprise"),
    "title": _("Title"),
    "category": _("Category"),
    "issue": _("Which issue"),
    "question": _("The question, without names"),
    "answer": _("The answer, without names"),
    "cases": _("Case numbers, divided by spaces (none: those of the meeting)"),
    "brief": _("What it is about, for those who decide"),
    "options": _("Choices, one a line"),
    "meeting": _("Which meeting"),
    "minutes": _("Minutes on the agenda"),
    "what": _("What is decided"),
    "owner": _("Who answers for it"),
    "person": _("Person there (user name), if one is named"),
    "within": _("Within, for example 10wd"),
    "due": _("Or by this day"),
    "measures": _("Measures, one a line"),
    "days": _("Working days"),
    "number": _("Case number"),
    "region": _("Region"),
    "role": _("Role"),
    "department": _("Department"),
}
"""Field of a body → label."""
WITH: Mapping[str, Any] = {
    "seat": _("Front desk"),
    "coordinator": _("General board"),
    "enterprise": _("The raiser"),
}
"""Holder of a case → name, where cases know no other."""
CLOCKS: Mapping[str, Any] = {
    "screening": _("screening of a candidate"),
    "minutes": _("minutes of a meeting"),
    "decision": _("carrying out a decision"),
    "verify_decision": _("verification of a decision"),
}
GUEST = _("Guest")

IN_FACTS = {"source": SOURCES}
"""Key of a fact → its codes → the word shown instead."""
RULEBOOK: Mapping[str, Any] = {
    "conference": _("Joint conference"),
    "group": _("Leading group"),
    "conference.presides": _("May preside"),
    "conference.votes": _("Counts for the quorum"),
    "quorum": _("Quorum"),
    "conference.share": _("Share of the voting members"),
    "conference.presiding": _("Somebody who presides is needed"),
    "candidates": _("Candidates"),
    "conference.tiers": _("Tiers"),
    "conference.screen_within": _("Screened within"),
    "conference.minutes_within": _("Minutes within"),
    "conference.decisions": _("Decisions"),
    "conference.max": _("At most"),
    "conference.supervisors": _("Told when overdue"),
    "conference.review": _("Reviewed next time"),
    "dialogues": _("Dialogues"),
    "conference.weekday": _("Day of the week"),
    "conference.day": _("Day of the month"),
    "conference.guests": _("Guests"),
    "conference.ahead": _("Planned ahead"),
    "conference.publish_answers": _("Answers are published"),
    "conference.verify_within": _("Limit for verifying what was carried out"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""
NOTICE_HEAD, NOTICE_MARK = _("%(place)s Office of the Joint Conference"), _("OJC")
"""发文机关标志 and 机关代字 of the notice of a meeting."""

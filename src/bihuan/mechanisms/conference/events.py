"""What happens to meetings, their items and decisions: facts with their wordings, and one event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ConferenceChanged(Event):
    """A fact of a meeting, an item, a decision or a member of the leading group was recorded (`conference.…`)."""

    thing_id: uuid.UUID
    case_id: uuid.UUID | None
    region: str
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "conference.meeting_called": _("{actor} called the meeting for {starts_at}"),
    "conference.meeting_planned": _("The product planned the meeting for {starts_at}; host and guests took their turn"),
    "conference.meeting_invite": _("{actor} invited more: {invited}"),
    "conference.meeting_brief": _("{actor} prepared briefing and report"),
    "conference.meeting_postpone": _("{actor} moved the meeting to {starts_at}: {reason}"),
    "conference.meeting_hold": _("{actor} opened the meeting: {present} of {invited} are here"),
    "conference.meeting_collect": _("{actor} wrote down what an enterprise raised: {number}"),
    "conference.meeting_publish_answer": _("{actor} published the answer to: {question}"),
    "conference.meeting_propose_institution": _("{actor} proposed a lasting rule: {title}"),
    "conference.meeting_minute": _("{actor} issued the minutes: {decisions} decisions"),
    "conference.meeting_cancel": _("{actor} cancelled the meeting: {reason}"),
    "conference.meeting_late": _("The minutes are not there in time"),
    "conference.item_proposed": _("The matter became a candidate ({source}): {reason}"),
    "conference.item_convened": _("{actor} put the matter before a consultation: {reason}"),
    "conference.item_reviewed_next": _("Not written off yet; it is on the agenda again by itself"),
    "conference.item_prepare": _("{actor} prepared the page of the matter"),
    "conference.item_screen": _("{actor} takes it to the conference: {text}"),
    "conference.item_turn_down": _("{actor} does not take it to the conference: {reason}"),
    "conference.item_put_on": _("{actor} put it on the agenda of {meeting}"),
    "conference.item_take_off": _("{actor} took it off the agenda: {reason}"),
    "conference.item_decide": _("{actor} settled it; decision {decision} follows from it"),
    "conference.item_review": _("{actor} reviewed it: {text}"),
    "conference.item_put_off": _("{actor} put it off: {reason}"),
    "conference.item_lapse": _("The matter ended, or the meeting was cancelled"),
    "conference.item_late": _("Nobody has screened it in time"),
    "conference.decision_assigned": _("{actor} recorded the decision; {owner} answers for it, due by {due_at}"),
    "conference.decision_report": _("{actor} reported: {text}"),
    "conference.decision_send_back": _("{actor} sent the report back: {text}"),
    "conference.decision_write_off": _("{actor} verified it and wrote it off: {text}"),
    "conference.decision_give_time": _("{actor} gave {days} more working days: {reason}"),
    "conference.decision_hand_over": _("{actor} handed it over to {owner}: {reason}"),
    "conference.decision_light": _("The light of the decision changed to {light_name}"),
    "conference.decision_late": _("The decision is overdue; the supervisors are told"),
    "conference.member_appointed": _("{actor} appointed a member of the leading group: {role}"),
    "conference.member_released": _("{actor} released a member of the leading group: {role}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""

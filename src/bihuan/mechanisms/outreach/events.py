"""What happens to codes and to what follows a bad rating: facts with their wordings, and events for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OutreachCodeChanged(Event):
    """A printed code was issued, closed, opened again, revoked, handed out, asked about or rated; never by whom."""

    code_id: uuid.UUID
    kind: str
    region: str
    fact: str
    state: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class FollowUpChanged(Event):
    """A bad rating was answered in some way: where that stands. kind: `letter` or `callback`."""

    follow_up_id: uuid.UUID
    region: str
    department_id: uuid.UUID | None
    kind: str
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class VisitChanged(Event):
    """A visit to an enterprise was registered, reported, called off or rated; never how it was rated."""

    visit_id: uuid.UUID
    region: str
    enterprise_id: uuid.UUID
    department_id: uuid.UUID | None
    fact: str
    state: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class CampaignChanged(Event):
    """A campaign was made or ended, or a matter of its wall chart moved. matter_id: None for the campaign itself."""

    campaign_id: uuid.UUID
    matter_id: uuid.UUID | None
    region: str
    department_id: uuid.UUID | None
    fact: str
    state: str
    at: dt.datetime


WORDINGS = {
    "outreach.code_issued": _("{actor} put up the code “{name}”"),
    "outreach.code_hand_out": _("{actor} handed out {count} cards: {text}"),
    "outreach.code_close_code": _("{actor} closed it: {text}"),
    "outreach.code_open_again": _("{actor} opened it again: {text}"),
    "outreach.code_revoke": _("{actor} revoked it: {text}"),
    "outreach.code_prompted": _("{actor} asked for a rating after: {service}"),
    "outreach.code_rated": _("It was rated {level}"),
    "outreach.follow_opened": _("A rating of {level} opened it ({kind})"),
    "outreach.follow_send_letter": _("{actor} sent the letter {number}, due {due_at}: {text}"),
    "outreach.follow_call": _("{actor} called back: {text}"),
    "outreach.follow_set_aside": _("{actor} set it aside: {text}"),
    "outreach.follow_answer_letter": _("{actor} answered: {text}"),
    "outreach.follow_send_back": _("{actor} sent the answer back: {text}"),
    "outreach.follow_write_off": _("{actor} wrote it off: {text}"),
    "outreach.follow_late": _("A time limit ran out: {clock}"),
    "outreach.team_set_up": _("{actor} set up the team “{name}”: {members} members, {experts} from outside"),
    "outreach.plan_made": _(
        "{actor} made the plan “{name}”: {visits} visits, {skipped} enterprises are visited enough"
    ),
    "outreach.visit_registered": _("{actor} registered a visit on {on}: {purpose}"),
    "outreach.visit_report": _("{actor} reported: {text}"),
    "outreach.visit_call_off": _("{actor} called it off: {text}"),
    "outreach.visit_rated": _("The enterprise rated it"),
    "outreach.campaign_made": _("{actor} made the campaign “{name}”, {since} to {until}"),
    "outreach.campaign_end_campaign": _("{actor} ended it: {text}"),
    "outreach.campaign_call_off_campaign": _("{actor} called it off: {text}"),
    "outreach.matter_put_up": _("{actor} put it on the wall chart, due {due_on}: {measure}"),
    "outreach.matter_tell_progress": _("{actor} told how far it is: {text}"),
    "outreach.matter_tell_done": _("{actor} says it is done: {text}"),
    "outreach.matter_write_off_matter": _("{actor} saw that it is done and wrote it off: {text}"),
    "outreach.matter_not_done": _("{actor} found that it is not done: {text}"),
    "outreach.matter_take_down": _("{actor} took it off the chart: {text}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""

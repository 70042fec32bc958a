"""What people are told: an enterprise after a service, supervisors about bad ratings, a unit about a letter."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from .models import CampaignMatter, FollowUp, Prompt, Visit
from .states import SUPERVISORS

SUPERVISOR, UNIT = "supervisor", "unit"
TOLD: dict[str, tuple[Any, str]] = {
    "opened": (_("%(subject)s was rated badly; please look into it"), SUPERVISOR),
    "send_letter": (_("%(subject)s: reminder letter %(number)s, answer due %(due_at)s"), UNIT),
    "answer_letter": (_("%(subject)s: the unit answered letter %(number)s"), SUPERVISOR),
    "send_back": (_("%(subject)s: the answer to letter %(number)s was sent back"), UNIT),
    "write_off": (_("%(subject)s: letter %(number)s was written off"), UNIT),
    "late": (_("%(subject)s: a bad rating was not answered in time"), SUPERVISOR),
}
"""Fact of a follow-up → (wording, who is told)."""
PROMPT = "outreach.prompt"
VISITED: dict[str, Any] = {
    "visit_registered": _("%(subject)s registered a visit to you on %(on)s; you may rate it from that day on"),
    "visit_done": _("%(subject)s was with you on %(on)s: how was it? Those who came do not learn how you rate"),
    "visit_called_off": _("%(subject)s called off the visit on %(on)s"),
}
"""What an enterprise is told of a visit to it."""


def register() -> None:
    """Make all notices known."""
    for name, (title, side) in TOLD.items():
        audience = Audience.STAFF if side == UNIT else Audience.OVERSIGHT
        path = "/outreach/followups/%(follow_up)s/"
        registry.register(Kind(key=f"outreach.{name}", audience=frozenset({audience}), title=title, path=path))
    registry.register(
        Kind(
            key="outreach.campaign_matter",
            audience=frozenset({Audience.STAFF}),
            title=_("“%(subject)s” is on the wall chart of a campaign, yours to do by %(due_on)s"),
            path="/outreach/campaigns/%(campaign)s/",
        )
    )
    asked = _("%(subject)s: how was it? One tap rates, and they do not learn who rated.")
    everybody = frozenset({Audience.ENTERPRISE})
    registry.register(Kind(key=PROMPT, audience=everybody, title=asked, path="/s/%(token)s/", channels=registry.URGENT))
    for name, title in VISITED.items():
        ways = registry.URGENT if name == "visit_done" else registry.QUIET
        key = f"outreach.{name}"
        registry.register(Kind(key=key, audience=everybody, title=title, path="/outreach/mine/", channels=ways))


def tell_unit(name: str, *, matter: CampaignMatter, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell a unit that a matter of a campaign is given to it."""
    people = {
        one
        for role in ("department_head", "liaison")
        for one in accounts.holders(role=role, region=matter.region, now=now, department_id=matter.department_id)
    }
    notifications.notify(
        key=f"outreach.{name}",
        recipients=people - {but},
        subject=matter.name,
        data={"campaign": str(matter.campaign_id), "due_on": matter.due_on.isoformat()},
        now=now,
        dedupe=f"{matter.id}:{name}",
        region=matter.region,
    )


def announce(name: str, *, visit: Visit, now: dt.datetime) -> None:
    """Tell whoever speaks for the enterprise of a visit to it."""
    notifications.notify(
        key=f"outreach.{name}",
        recipients=accounts.speakers_of(enterprise_id=visit.enterprise_id, now=now),
        subject=visit.department.short_name if visit.department else (visit.team.name if visit.team else visit.purpose),
        data={"on": visit.on.isoformat()},
        now=now,
        dedupe=f"{visit.id}:{name}",
        region=visit.region,
    )


def ask(prompt: Prompt, *, token: str, now: dt.datetime) -> int:
    """Ask whoever speaks for the enterprise how the service was; return how many persons are told."""
    return notifications.notify(
        key=PROMPT,
        recipients=accounts.speakers_of(enterprise_id=prompt.enterprise_id, now=now),
        subject=prompt.service,
        data={"token": token},
        now=now,
        dedupe=str(prompt.id),
        region=prompt.region,
    )


def send(name: str, *, follow_up: FollowUp, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact of a follow-up concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    region, unit = follow_up.region, follow_up.department_id
    if TOLD[name][1] == UNIT:
        roles = ("department_head", "liaison")
        people = {
            one for role in roles for one in accounts.holders(role=role, region=region, now=now, department_id=unit)
        }
    else:
        people = {one for role in SUPERVISORS for one in accounts.holders(role=role, region=region, now=now)}
        for office in rulebooks.version(follow_up.rulebook_version).section(Fallback).receivers:
            people = people or set(accounts.holders(role=office, region=region, now=now))
    due = follow_up.due_at.isoformat() if follow_up.due_at else ""
    notifications.notify(
        key=f"outreach.{name}",
        recipients=people - {but},
        subject=follow_up.place,
        data={"number": follow_up.number, "due_at": due, "follow_up": str(follow_up.id)},
        now=now,
        dedupe=f"{follow_up.id}:{name}:{now.isoformat()}",
        region=region,
    )

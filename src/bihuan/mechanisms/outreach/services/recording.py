"""One fact of a thing of outreach: recorded, saved with the row, told to people, to webhooks and to other contexts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..events import CampaignChanged, FollowUpChanged, OutreachCodeChanged, VisitChanged
from ..models import Campaign, CampaignMatter, Code, FollowUp, Team, Visit, VisitPlan
from ..rulebook import Outreach

_PREFIX: dict[type, str] = {
    Campaign: "campaign",
    CampaignMatter: "matter",
    Code: "code",
    FollowUp: "follow",
    Team: "team",
    VisitPlan: "plan",
    Visit: "visit",
}


def rule(region: str, now: dt.datetime) -> Outreach:
    """Return what the rulebook in force in a region says."""
    return rulebooks.in_force(region, now).section(Outreach)


def commit(
    thing: Campaign | CampaignMatter | Code | FollowUp | Team | VisitPlan | Visit,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
) -> None:
    """Record the fact `outreach.<thing>_<name>`, save the row, and tell everybody."""
    fact, state = f"outreach.{_PREFIX[type(thing)]}_{name}", getattr(thing, "state", "")
    ledger.record_and_save(
        thing,
        kind=fact,
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said=said,
        came_from=came_from,
        changed=changed,
        made=made,
    )
    payload = {"id": str(thing.id), "state": state, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=thing.region, now=now, enterprise_id=None)
    if isinstance(thing, Visit):
        firm, body = thing.enterprise_id, thing.department_id
        about: dict[str, Any] = {"visit_id": thing.id, "enterprise_id": firm, "department_id": body}
        events.publish(VisitChanged(region=thing.region, fact=fact, state=state, at=now, **about))
    elif isinstance(thing, Code):
        about = {"code_id": thing.id, "kind": thing.kind, "region": thing.region}
        events.publish(OutreachCodeChanged(fact=fact, state=state, at=now, **about))
    elif isinstance(thing, (Campaign, CampaignMatter)):
        matter = thing if isinstance(thing, CampaignMatter) else None
        about = {"campaign_id": matter.campaign_id if matter else thing.id, "matter_id": matter.id if matter else None}
        about["department_id"] = matter.department_id if matter else None
        events.publish(CampaignChanged(region=thing.region, fact=fact, state=state, at=now, **about))
    elif isinstance(thing, FollowUp):
        notices.send(name, follow_up=thing, now=now, but=actor.person_id)
        events.publish(
            FollowUpChanged(
                follow_up_id=thing.id,
                region=thing.region,
                department_id=thing.department_id,
                kind=thing.kind,
                fact=fact,
                state=thing.state,
                actor_id=actor.person_id,
                at=now,
            )
        )

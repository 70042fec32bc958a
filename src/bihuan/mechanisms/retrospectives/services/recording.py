"""One fact of a retrospective: recorded, saved with the row, told to people, to webhooks and to other contexts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import events
from bihuan.foundation.kernel.text import in_language
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, wording
from ..events import RetrospectiveChanged
from ..models import Retrospective
from ..rulebook import Retrospectives


def rule(retrospective: Retrospective) -> Retrospectives:
    """Return what the rulebook says by which the retrospective goes: that of its case when it began."""
    return rulebooks.version(retrospective.rulebook_version).section(Retrospectives)


def ground_names(retrospective: Retrospective, grounds: Sequence[str]) -> list[dict[str, str]]:
    """Return what the rulebook calls these grounds, in both languages."""
    book = {must.id: must.name.in_both() for must in rule(retrospective).must_when}
    return [book[ground] if ground in book else wording.both(wording.BY_HAND) for ground in grounds]


def shown_grounds(retrospective: Retrospective) -> list[str]:
    """Return why the case is looked back at, in the reader's language."""
    language = get_language() or "en"
    return [in_language(name, language) for name in ground_names(retrospective, retrospective.grounds)]


def commit(
    retrospective: Retrospective,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
) -> None:
    """Record the fact `retrospectives.<name>`, save the row, and tell everybody."""
    fact = f"retrospectives.{name}"
    ledger.record_and_save(
        retrospective,
        kind=fact,
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said={**said, "case": retrospective.number},
        came_from=came_from,
        changed=changed,
        made=made,
    )
    notices.send(name, retrospective=retrospective, data=said, now=now, but=actor.person_id)
    payload = {"number": retrospective.number, "state": retrospective.state, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=retrospective.region, now=now, enterprise_id=None)
    events.publish(
        RetrospectiveChanged(
            retrospective_id=retrospective.id,
            case_id=retrospective.case_id,
            number=retrospective.number,
            region=retrospective.region,
            fact=fact,
            state=retrospective.state,
            actor_id=actor.person_id,
            at=now,
        )
    )

"""严管厚爱 (A7): a failing is tolerated, or a letter says that it does not affect use. For a post; no names."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import needed_text

from .. import notices, permissions, selectors
from ..models import RELIEF_KINDS, Inquiry, Relief
from ..rulebook import Accountability
from ..states import RELIEFS, ReliefState
from . import recording
from .recording import chosen, line, record


def propose(
    inquiry: Inquiry, book: Accountability, *, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Propose a tolerance finding or a letter for a post of a unit of the inquiry; return what its fact says.

    body: `kind`, `post`, `section`, `text`; `unit` (code) where it is not the first one. Raises Forbidden for another
    unit than the actor's own, Invalid.
    """
    code = str(body.get("unit", "") or "")
    unit = recording.named_unit(inquiry.region, code) if code else inquiry.unit
    if unit.pk not in inquiry.unit_ids or not (
        permissions.inside(actor, inquiry) or str(unit.pk) in permissions.speaks_for(actor)
    ):
        raise errors.Forbidden(action="relieve")
    relief = Relief(
        inquiry=inquiry,
        region=inquiry.region,
        number=f"{inquiry.number}-R{Relief.objects.filter(inquiry=inquiry).count() + 1}",
        kind=chosen(body.get("kind"), RELIEF_KINDS, "kind"),
        department=unit,
        section=line(body, "section", 60),
        post=chosen(body.get("post"), (one.id for one in book.posts), "post"),
        text=needed_text(body),
        proposed_by=selectors.person_of(actor),
        proposed_at=now,
    )
    said = {name: getattr(relief, name) for name in ("number", "kind", "section", "post", "text")} | {"unit": unit.code}
    record(relief, "relieve", now=now, said=said, actor=actor, made=True)
    return said


def take_relief(
    *, relief_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Relief:
    """Grant or refuse what was proposed, with a reason {text}; never by who proposed it, nor by the unit itself.

    Raises NotFound, Forbidden, Conflict `state_forbids`, Invalid. Leaves one fact.
    """
    with database.writing():
        relief = selectors.locked_relief(relief_id, actor)
        transition = recording.find_row(RELIEFS, action)
        allowed = permissions.can_decide(actor, action, relief)
        recording.check(allowed, transition, relief.state, selectors.relief_actions(relief, actor))
        came_from, relief.answer, relief.ended_at = relief.state, needed_text(body), now
        relief.state = {"grant": ReliefState.GRANTED, "refuse": ReliefState.REFUSED}[action].value
        changed = ["state", "answer", "ended_at"]
        record(relief, action, now=now, said={"text": relief.answer}, actor=actor, came_from=came_from, changed=changed)
        notices.send(
            action,
            thing=relief,
            subject=relief.number,
            inquiry=str(relief.inquiry_id),
            units=(relief.department_id,),
            now=now,
            but=actor.person_id,
        )
    return relief

"""What follows a bad rating: a reminder letter that the unit answers, or a call; each step with its clock."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, selectors
from ..models import OPEN_FOLLOWS, FollowUp
from ..rulebook import Outreach
from ..states import FOLLOW_UPS, OPEN_FOLLOW_UPS, SYSTEM, FollowState
from ..wording import CLOCKS
from .recording import commit

_KEPT = {"send_letter": "text", "answer_letter": "answer"}
"""Action → the field that keeps its text; the others say what it came to."""


def take_follow_up(
    *, follow_up_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> FollowUp:
    """Take one action of a person on what follows a bad rating, and return it as it then is; all need {text}.

    Raises NotFound (none, or not for these eyes), Forbidden, Conflict `state_forbids`, `nobody_to_remind` (cards of no
    unit), `nobody_to_call`, Invalid. Leaves one fact; publishes FollowUpChanged.
    """
    with database.writing():
        selectors.find_follow_up(follow_up_id, actor)
        chosen = FollowUp.objects.select_for_update(of=("self",)).select_related("rating")
        follow_up = chosen.get(pk=follow_up_id)
        transition = FOLLOW_UPS.find(action)
        if transition is None or SYSTEM in transition.roles:
            raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
        permissions.check(actor, action, follow_up)
        state = FollowState(follow_up.state)
        if state not in transition.sources:
            raise errors.Conflict(
                _("This is not possible in the present state."),
                code="state_forbids",
                state=state.value,
                allowed_actions=selectors.follow_up_actions(follow_up, actor),
            )
        _check(follow_up, action)
        text = needed_text(body)
        setattr(follow_up, _KEPT.get(action, "outcome"), text)
        came_from, follow_up.state = follow_up.state, next(iter(transition.targets)).value
        said: dict[str, Any] = {"text": text}
        changed = ["state", "text", "answer", "outcome", "number", "sent_at", "ended_at"]
        changed += _move(follow_up, action, now)
        if action == "send_letter":
            said |= {"number": follow_up.number, "due_at": follow_up.due_at.isoformat() if follow_up.due_at else ""}
        commit(follow_up, action, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
    return follow_up


def _check(follow_up: FollowUp, action: str) -> None:
    if action == "send_letter" and follow_up.department_id is None:
        raise errors.Conflict(_("These cards belong to no unit that could be reminded."), code="nobody_to_remind")
    if action == "call" and follow_up.rating.enterprise_id is None:
        raise errors.Conflict(_("Whoever rated gave no name; nobody can be called."), code="nobody_to_call")


def _move(follow_up: FollowUp, action: str, now: dt.datetime) -> list[str]:
    """Number the letter, stamp the end, and start the clock of the step that comes next."""
    limits = rulebooks.version(follow_up.rulebook_version).section(Outreach).codes.bad
    if action == "send_letter":
        follow_up.number, follow_up.sent_at = _number(follow_up, now), now
    if FollowState(follow_up.state) not in OPEN_FOLLOW_UPS:
        follow_up.ended_at = now
        return deadlines.expect(follow_up, "", None, now=now)
    answered = follow_up.state == FollowState.ANSWERED
    kind, within = ("outreach_follow", limits.send_within) if answered else ("outreach_answer", limits.answer_within)
    return deadlines.expect(follow_up, kind, within, now=now)


def _number(follow_up: FollowUp, now: dt.datetime) -> str:
    """Return the next number of a letter of this region and year; writers wait for each other, so there are no gaps."""
    year = f"TS-{follow_up.region}-{answers.local_date(now):%Y}-"
    database.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"outreach:{year}"])
    return f"{year}{1 + FollowUp.objects.filter(region=follow_up.region, number__startswith=year).count():04d}"


def cross(event: ThresholdCrossed) -> None:
    """A step is late: on record and told; clocks of other subjects are not its business."""
    if event.kind not in CLOCKS:
        return
    chosen = FollowUp.objects.select_for_update(of=("self",))
    follow_up = chosen.filter(pk=event.subject, state__in=OPEN_FOLLOWS).first()
    if follow_up is not None:
        follow_up.late_since = event.fire_at
        commit(follow_up, "late", now=event.now, said={"clock": event.kind}, changed=["late_since"])

"""“双百一中心” (A1): observation points and observers. What they notice comes in as a case, like everything else."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import needed_text

from .. import permissions, selectors
from ..models import POINT_KINDS, Observer, Point
from ..states import POINTS, PointState
from . import recording
from .recording import chosen, line, record, yes


def open_point(*, region: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Point:
    """Set up an observation point: {name, kind, town, advice}.

    Raises Forbidden, Conflict `point_exists`, Invalid. Leaves one fact.
    """
    with database.writing():
        permissions.check_keeps(actor, region)
        town = str(body.get("town", "") or "")
        if town:
            chosen(town, (one.code for one in directory.towns(region, answers.local_date(now))), "town")
        point = Point(
            region=region,
            name=line(body, "name", 120),
            kind=chosen(body.get("kind"), POINT_KINDS, "kind"),
            town=town,
            advice=yes(body.get("advice")),
            opened_at=now,
        )
        if Point.objects.filter(region=region, name=point.name, state=PointState.ACTIVE.value).exists():
            raise errors.Conflict(_("There is an observation point of this name."), code="point_exists")
        said = {"title": point.name, "kind": point.kind, "town": point.town, "advice": point.advice}
        record(point, "point_opened", now=now, said=said, actor=actor, made=True)
    return point


def take_point(*, point_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Point:
    """`appoint` an observer {username}, `release` one {observer}, or `close_point` {text}, which releases all.

    Raises NotFound, Forbidden, Conflict `state_forbids`, `observer_exists`, Invalid. Leaves one fact.
    """
    with database.writing():
        point = selectors.locked_point(point_id, actor)
        transition = recording.find_row(POINTS, action)
        recording.check(permissions.keeps(actor, point.region), transition, point.state, [])
        came_from = point.state
        said = _TAKEN[action](point, now, body)
        changed = ["state", "ended_at"]
        record(point, action, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
    return point


def _appoint(point: Point, now: dt.datetime, body: Mapping[str, Any]) -> dict[str, str]:
    person = accounts.person_named(str(body.get("username", "")))
    if person is None or not accounts.reader_of(person.pk).in_region(point.region):
        message = _("username: somebody who has an appointment in this region")
        raise errors.Invalid(message, code="person_unknown", field="username")
    if Observer.objects.filter(point=point, person=person, until=None).exists():
        raise errors.Conflict(_("This person observes here already."), code="observer_exists")
    made = Observer.objects.create(point=point, region=point.region, person=person, since=now)
    return {"observer": str(made.id)}


def _release(point: Point, now: dt.datetime, body: Mapping[str, Any]) -> dict[str, str]:
    observers = {str(one.id): one for one in Observer.objects.filter(point=point, until=None)}
    found = observers[chosen(body.get("observer"), observers, "observer")]
    found.until = now
    found.save(update_fields=["until"])
    return {"observer": str(found.id)}


def _close(point: Point, now: dt.datetime, body: Mapping[str, Any]) -> dict[str, str]:
    text = needed_text(body)
    Observer.objects.filter(point=point, until=None).update(until=now)
    point.state, point.ended_at = PointState.CLOSED.value, now
    return {"text": text}


_TAKEN = {"appoint": _appoint, "release": _release, "close_point": _close}

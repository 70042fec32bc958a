"""访企登记 (O11): a visit is registered before the day, within the cap of all bodies (Q3), called off, and rated."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, needed_text

from .. import notices, permissions, selectors
from ..models import COUNTED, Rating, Visit
from ..rulebook import Visits
from ..rules import visits
from ..states import VISITS, VisitState
from .rating import Said, keep
from .recording import commit, rule


def counted(book: Visits) -> Any:
    """Return all visits that are a load on an enterprise, of whichever body, region and team; exempt kinds are none."""
    return Visit.objects.filter(state__in=COUNTED).exclude(kind__in=book.cap.exempt)


def register_visit(
    *, region: str, enterprise: str, on: dt.date, purpose: str, announced: bool, actor: Actor, now: dt.datetime
) -> Visit:
    """Register that the actor will visit an enterprise, on the day or before it.

    enterprise: its USCC. announced: whether it is told now. Raises Forbidden, Invalid (enterprise, purpose,
    `not_ahead`), Conflict `visits_enough` with the rule, the days there are and the first free day.
    Leaves one fact; publishes VisitChanged.
    """
    with database.writing():
        permissions.check_visits(actor, region)
        assert actor.reader is not None
        firm = directory.enterprise(directory_rules.check_uscc(enterprise, field="enterprise"))
        if firm is None:
            raise errors.Invalid(_("No enterprise has this credit code."), code="unknown", field="enterprise")
        today = answers.local_date(now)
        if not today <= on <= today + dt.timedelta(days=visits.HORIZON):
            raise errors.Invalid(_("Register a visit before it, at most a year ahead."), code="not_ahead", field="on")
        body = next((one.department_id for one in actor.reader.grants if one.department_id), None)
        named = clean_line(purpose)
        if not 0 < len(named) <= 400:
            raise errors.Invalid(_("purpose: say what the visit is for"), code="invalid_body", field="purpose")
        visit = Visit(region=region, kind="registered", enterprise=firm, department_id=body, on=on, purpose=named)
        visit.officials, visit.announced = [actor.reader.person_id], announced
        check_load(visit, now)
        enter(visit, actor=actor, now=now)
    return visit


def check_load(visit: Visit, now: dt.datetime) -> None:
    """Lock the enterprise and raise Conflict `visits_enough` if this visit would be one too many for it."""
    book = rule(visit.region, now).visits
    list(Enterprise.objects.select_for_update().filter(pk=visit.enterprise_id).values_list("pk"))
    if visit.kind in book.cap.exempt:
        return
    own = counted(book).filter(enterprise=visit.enterprise_id).exclude(pk=visit.pk).values_list("on", flat=True)
    taken = [*own, *selectors.others([visit.enterprise_id], visit.on, visit.on).get(visit.enterprise_id, ())]
    too_much = visits.excess(taken, visit.on, most=book.cap.most, days=book.cap.days)
    if too_much is not None:
        free = too_much.earliest.isoformat() if too_much.earliest else _("none within a year")
        said = _(
            "All bodies together may visit this enterprise %(most)d times in %(days)d days. The first free day is"
            " %(free)s; or go along with a visit that is planned already."
        ) % {"most": too_much.most, "days": too_much.days, "free": free}
        taken_days = [day.isoformat() for day in too_much.taken]
        raise errors.Conflict(
            said, code="visits_enough", rule="outreach.visits.cap", taken=taken_days, earliest=too_much.earliest
        )


def enter(visit: Visit, *, actor: Actor, now: dt.datetime) -> None:
    """Record a new visit, and tell the enterprise if it is announced; its load is the caller's question."""
    visit.registered_by, visit.registered_at = actor.person_id, now
    said = {"on": visit.on.isoformat(), "purpose": visit.purpose, "kind": visit.kind, "announced": visit.announced}
    commit(visit, "registered", now=now, said=said, actor=actor, made=True)
    if visit.announced:
        notices.announce("visit_registered", visit=visit, now=now)


def call_off(*, visit_id: uuid.UUID, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Visit:
    """Call a planned visit off, with a reason {text}. Raises NotFound, Forbidden, Conflict `state_forbids`, Invalid."""
    with database.writing():
        visit = locked(visit_id, "call_off", actor, now)
        text = needed_text(body, most=400)
        came_from, visit.state, visit.ended_at = visit.state, VisitState.CALLED_OFF.value, now
        changed = ["state", "ended_at"]
        commit(visit, "call_off", now=now, said={"text": text}, actor=actor, came_from=came_from, changed=changed)
        if visit.announced:
            notices.announce("visit_called_off", visit=visit, now=now)
    return visit


def rate_visit(*, visit_id: uuid.UUID, said: Said, actor: Actor, now: dt.datetime) -> Rating:
    """Rate a visit, once, as the enterprise that was visited, from the day itself on.

    Raises NotFound, Forbidden, Conflict `state_forbids`, `rated`, Invalid (level). The visitors never learn of it but
    in the mean of a group; a bad one opens a letter or a callback by rule. Leaves one fact that does not say how.
    """
    with database.writing():
        visit = locked(visit_id, "rate_visit", actor, now)
        if visit.rated:
            raise errors.Conflict(_("This visit has been rated. Thank you."), code="rated")
        if said.level not in range(1, 6):
            raise errors.Invalid(_("level: a number from 1 to 5"), code="invalid_body", field="level")
        visit.rated = True
        # Who rated and how stands in the rating alone; the fact only says that there is one.
        commit(visit, "rated", now=now, said={}, changed=["rated"])
        return keep(visit, known=visit.enterprise_id, said=said, now=now)


def locked(visit_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime) -> Visit:
    """Lock a visit that the actor sees and may act on now. Raises NotFound, Forbidden, Conflict `state_forbids`."""
    selectors.find_visit(visit_id, actor)
    chosen = Visit.objects.select_for_update(of=("self",)).select_related("enterprise", "department", "team")
    visit = chosen.get(pk=visit_id)
    permissions.check(actor, action, visit)
    transition = VISITS.find(action)
    early = action != "call_off" and answers.local_date(now) < visit.on
    if transition is None or VisitState(visit.state) not in transition.sources or early:
        raise errors.Conflict(
            _("This is not possible in the present state."),
            code="state_forbids",
            state=visit.state,
            allowed_actions=selectors.visit_actions(visit, actor, now),
        )
    return visit

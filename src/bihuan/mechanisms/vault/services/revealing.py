"""Dual control: who gave a clue is shown to one officer, once, after another one agreed in time."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors

from .. import notices, permissions, selectors
from ..models import Clue, IdentityRequest, Informant
from ..selectors import Dossier
from ..states import LIVE, REQUESTS, RequestState
from . import recording

_LIVE = sorted(one.value for one in LIVE)


def ask(clue: Clue, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Ask to see who gave the clue (locked). The reason is sealed; the entry says who asked."""
    for lapsed in IdentityRequest.objects.filter(clue=clue, state__in=_LIVE):
        _move(lapsed, RequestState.EXPIRED, None, now, clue)
    hours = selectors.rule(clue.region, now).confirm_hours
    assert actor.person_id is not None, "officers are persons"
    request = IdentityRequest(
        clue=clue,
        region=clue.region,
        asked_by=actor.person_id,
        asked_at=now,
        until=now + dt.timedelta(hours=hours),
    )
    request.put(reason=reason)
    request.save(force_insert=True)
    recording.enter(
        region=clue.region,
        kind="ask_identity",
        at=now,
        actor_id=actor.person_id,
        clue=clue,
        request=str(request.id),
    )


def tell(found: Dossier, actor: Actor, now: dt.datetime) -> None:
    """Tell the other officers that somebody asks. Call outside the vault's scope."""
    region = found.clue.region
    people = notices.officers(region=region, about=found.about, text=found.content["text"], now=now)
    people -= {actor.person_id} if actor.person_id else set()
    notices.send("identity_asked", people=people, region=region, now=now)


def take_request(*, request_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime) -> dict[str, str] | None:
    """Confirm or refuse a request as the second officer, or see the identity as the one who asked: this once.

    Returns the identity for `show_identity`, else None. Raises Forbidden, NotFound, Conflict `request_lapsed` or
    `state_forbids`, Forbidden `takes_two` for one's own request. A clue that concerns the actor is not found.
    """
    permissions.check_reads(actor)
    shown = None
    with database.writing():
        with recording.inside():
            request = IdentityRequest.objects.select_for_update().filter(pk=request_id).first()
            clue, concerned = selectors.find(clue_id=request.clue_id, actor=actor) if request else (None, False)
            if request is not None and clue is not None and not concerned:
                _check(request, action, actor, now)
                shown = _take(request, clue, action, actor, now)
        if request is not None and clue is not None and not concerned and action != "show_identity":
            notices.send("identity_decided", people={request.asked_by}, region=clue.region, now=now)
    if request is None or clue is None or concerned:
        raise errors.NotFound(_("There is no such request here."), code="request_not_found")
    return shown


def _check(request: IdentityRequest, action: str, actor: Actor, now: dt.datetime) -> None:
    if REQUESTS.find(action) is None:
        raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
    if action in selectors.steps(request, actor, now):
        return
    state = selectors.standing(request, now)
    if state == RequestState.EXPIRED:
        raise errors.Conflict(_("The time for this request is over; please ask again."), code="request_lapsed")
    if RequestState(state) in REQUESTS.find(action).sources:  # type: ignore[union-attr]
        raise errors.Forbidden(
            _("This takes two: one officer asks, another one decides, and only the first one sees it."),
            code="takes_two",
        )
    raise errors.Conflict(_("This is not possible in the present state."), code="state_forbids", state=state)


def _take(request: IdentityRequest, clue: Clue, action: str, actor: Actor, now: dt.datetime) -> dict[str, str] | None:
    (target,) = REQUESTS.find(action).targets  # type: ignore[union-attr]
    _move(request, target, actor, now, clue)
    if target != RequestState.SHOWN:
        return None
    found: dict[str, str] = Informant.objects.get(clue=clue).get("identity")
    return found


def _move(request: IdentityRequest, target: RequestState, actor: Actor | None, now: dt.datetime, clue: Clue) -> None:
    request.state = target.value
    if target in (RequestState.CONFIRMED, RequestState.REFUSED):
        assert actor is not None
        request.decided_by, request.decided_at = actor.person_id, now
        request.until = now + (request.until - request.asked_at)
    if target == RequestState.SHOWN:
        request.shown_at = now
    request.save()
    names = {
        RequestState.CONFIRMED: "confirm_identity",
        RequestState.REFUSED: "refuse_identity",
        RequestState.SHOWN: "show_identity",
        RequestState.EXPIRED: "expire_identity",
    }
    recording.enter(
        region=clue.region,
        kind=names[target],
        at=now,
        actor_id=actor.person_id if actor else None,
        clue=clue,
        request=str(request.id),
    )

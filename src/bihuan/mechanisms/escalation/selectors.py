"""Reads of what went up and came from below, always with the eyes of an actor; nothing for those outside."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import keys
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import guards, permissions, rules
from .models import RUNNING_STATES, Arrival, Escalation, Message, Peer
from .rulebook import Escalation as Rule

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What went up (or came from below) as a reader sees it, with both clocks.

    level: the name of the other level. near, far: the light of the case here and of the one there.
    """

    thing: Any
    case: Case
    up: bool
    level: str
    near: str
    far: str
    overdue: bool
    listed: str
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class Above:
    """Where a case can be sent to."""

    code: str
    name: str


def page(
    *,
    actor: Actor,
    now: dt.datetime,
    up: bool,
    state: str = "open",
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return what went up, or what came from below, newest first, and the id to continue after.

    state: one state, `open` for what is not over, or empty for all.
    """
    with database.reading(actor.scope()):
        rows = _rows(Escalation if up else Arrival, actor)
        if state == "open":
            rows = rows.filter(state__in=RUNNING_STATES if up else ["open"])
        elif state:
            rows = rows.filter(state=state)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    following = found[limit - 1].id if len(found) > limit else None
    return [_seen(one, one.case, actor, now) for one in found[:limit]], following


def counts(*, actor: Actor) -> dict[str, int]:
    """Return how many matters are above, how many of them are late, and how many from below are in work here."""
    with database.reading(actor.scope()):
        running = _rows(Escalation, actor).filter(state__in=RUNNING_STATES)
        return {
            "up": running.count(),
            "late": running.filter(late_since__isnull=False).count(),
            "below": _rows(Arrival, actor).filter(state="open").count(),
        }


def one(*, thing_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return one escalation or arrival. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        found = _find(thing_id, actor)
    return _seen(found, found.case, actor, now)


def trace(*, thing_id: uuid.UUID, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of an escalation or arrival, oldest first. Raises NotFound."""
    with database.reading(actor.scope()):
        return [ledger.content(fact) for fact in ledger.history(_find(thing_id, actor).id)]


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return where a case comes from and where it went up to, newest first; empty for readers outside."""
    if not permissions.watches(actor):
        return []
    found: list[Escalation | Arrival] = []
    with database.reading(actor.scope()):
        found += Arrival.objects.filter(case=case)
        found += Escalation.objects.filter(case=case).order_by("-id")[:5]
    return [_seen(thing, case, actor, now) for thing in found]


def destination(*, case: Case, actor: Actor, now: dt.datetime) -> Above | None:
    """Return where the actor may send the case now, or None."""
    code = guards.next_above(case.region, now) if permissions.can_send(actor, case) else None
    if code is None or case.state in ("closed", "archived", "declined", "merged"):
        return None
    with database.reading(database.SERVICE):
        if Escalation.objects.filter(case=case, state__in=RUNNING_STATES).exists():
            return None
    return Above(code=code, name=level_name(code, case))


def level_name(code: str, case: Case) -> str:
    """Return what the level of a region is called: a province by its task force, all others by their name."""
    if code.endswith("0000"):
        return rulebooks.version(case.rulebook_version).section(Rule).task_force.in_language(get_language() or "")
    place = directory.region(code)
    return place.name if place else code


def peers() -> list[tuple[Peer, int, dt.datetime | None, str]]:
    """Return other installations: each with how many messages wait for it, since when, and why the last did not go."""
    with database.reading(database.SERVICE):
        waiting: dict[Any, list[Message]] = {}
        for message in Message.objects.filter(delivered_at=None).exclude(peer=None).order_by("created_at")[:5_000]:
            waiting.setdefault(message.peer_id, []).append(message)
        found = list(Peer.objects.order_by(F("active").desc(), "region", "-id"))
    shown = []
    for peer in found:
        mine = waiting.get(peer.id, [])
        shown.append(
            (peer, len(mine), mine[0].created_at if mine else None, next((m.error for m in mine if m.error), ""))
        )
    return shown


def peer(*, peer_id: uuid.UUID) -> Peer:
    """Return another installation. Raises NotFound."""
    with database.reading(database.SERVICE):
        found = Peer.objects.filter(pk=peer_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such installation."), code="peer_unknown")
    return found


def identity() -> str:
    """Return the public key by which other installations know this one."""
    return keys.public_key()


def _find(thing_id: uuid.UUID, actor: Actor) -> Any:
    for model in (Escalation, Arrival):
        found = _rows(model, actor).filter(pk=thing_id).first()
        if found is not None:
            return found
    raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="escalation_not_found")


def _rows(model: Any, actor: Actor) -> Any:
    # The rule of visibility names the table of cases; the harmless second condition keeps it joined in counts too.
    rows = model.objects.filter(visible(actor), case__number__gt="").select_related("case", "case__lead_department")
    return rows if permissions.watches(actor) else rows.none()


def _seen(thing: Escalation | Arrival, case: Case, actor: Actor, now: dt.datetime) -> Seen:
    machine = permissions.machine_of(thing)
    state = type(machine.initial)(thing.state)
    up = isinstance(thing, Escalation)
    running = thing.ended_at is None
    book = rulebooks.version(thing.rulebook_version).section(Rule)
    return Seen(
        thing=thing,
        case=case,
        up=up,
        level=level_name(thing.to_region if isinstance(thing, Escalation) else thing.from_region, case),
        near=cases.light_of(case, now),
        far=rules.light(at=now, light_at=thing.far_light_at, light_ids=thing.far_light_ids, held=thing.far_held_at),
        overdue=running and thing.reply_due_at is not None and thing.reply_due_at < now,
        listed=book.major_list.in_language(get_language() or "") if thing.listed_at else "",
        available_actions=[
            row.action for row in machine.allowed(state) if permissions.can(actor, row.action, thing, case)
        ],
    )

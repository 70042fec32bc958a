"""Reads of the vault: what an officer's office opens, without what concerns the officer.

Both walls stand here: the condition on the region, and the policies of the vault's role (migration 0002). Services
write each look into the ledger of views before anything of it is shown, so pages call services, not these.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Board, Region
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger.rules import Sealed, instant
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import permissions, rules
from .models import INSIDE, Chain, Clue, Entry, IdentityRequest, Informant
from .rulebook import Kind, Vault
from .states import CLUES, LIVE, OPEN, REQUESTS, RequestState, Stage

PAGE = 50
_OPEN = sorted(one.value for one in OPEN)
_LIVE = sorted(one.value for one in LIVE)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One clue in the list: what it is about, not what it says."""

    clue: Clue
    about: dict[str, Any]
    overdue: bool


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of the dialogue, or a note. side: `informant`, `officer` or `note`; by: which officer."""

    side: str
    text: str
    at: dt.datetime
    by: uuid.UUID | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request to see an identity, with its reason and what the reader may do with it."""

    request: IdentityRequest
    reason: str
    state: str
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One clue opened: what it says and about whom, the dialogue and notes, requests, and what the reader may do."""

    clue: Clue
    about: dict[str, Any]
    content: dict[str, Any]
    words: list[Word]
    requests: list[Asked]
    named: bool
    overdue: bool
    available_actions: list[str]


def rule(region: str, at: dt.datetime) -> Vault:
    """Return what the rulebook of the region says of the vault; the vault's own role sees no rulebook."""
    with database.reading(database.SERVICE):
        return rulebooks.in_force(region, at).section(Vault)


def kinds(region: str, at: dt.datetime) -> tuple[Kind, ...]:
    """Return what a report of the region may be about."""
    return rule(region, at).kinds


def places(*, on: dt.date, at: dt.datetime) -> list[Region]:
    """Return the counties in which the public may report, by code: those with boards of their own."""
    codes = Board.objects.order_by("region").values_list("region", flat=True).distinct()
    found = directory.regions(set(codes), on)
    return [one for one in found if len(one.code) == 6 and rule(one.code, at).reports]


def in_sight(actor: Actor) -> Any:
    """Return the clues of the actor's regions. Call inside `database.reading(permissions.scope(actor))`."""
    return Clue.objects.filter(region__in=permissions.scope(actor).regions)


def page(
    *, actor: Actor, now: dt.datetime, stage: str = "", before: uuid.UUID | None = None
) -> tuple[list[Row], uuid.UUID | None]:
    """Return a page of the desk, newest first, without clues that concern the reader, and where the next begins.

    stage: one stage, `open`, or nothing for all.
    """
    with database.reading(permissions.scope(actor)):
        rows = in_sight(actor).order_by("-received_at", "-id")
        if stage:
            rows = rows.filter(stage__in=_OPEN if stage == "open" else [stage])
        last = in_sight(actor).filter(pk=before).first() if before else None
        if last is not None:
            older = Q(received_at=last.received_at, id__lt=last.id)
            rows = rows.filter(older | Q(received_at__lt=last.received_at))
        found = list(rows[: PAGE + 1])
    following = found[PAGE - 1].id if len(found) > PAGE else None
    return list(_readable(found[:PAGE], actor, now)), following


def _readable(clues: Sequence[Clue], actor: Actor, now: dt.datetime) -> Iterator[Row]:
    for clue in clues:
        about = clue.get("about")
        if not permissions.recused(actor, about=about, text=clue.get("content")["text"]):
            yield Row(clue=clue, about=about, overdue=_overdue(clue, now))


def _overdue(clue: Clue, now: dt.datetime) -> bool:
    return clue.stage == Stage.RECEIVED and clue.due_at < now


def find(*, clue_id: uuid.UUID, actor: Actor) -> tuple[Clue | None, bool]:
    """Return (the clue, whether it concerns the reader, who then has to keep out); (None, False) where there is none.

    Call inside the vault's scope.
    """
    clue = in_sight(actor).filter(pk=clue_id).first()
    if clue is None:
        return None, False
    return clue, permissions.recused(actor, about=clue.get("about"), text=clue.get("content")["text"])


def dossier(*, clue: Clue, actor: Actor, now: dt.datetime) -> Dossier:
    """Return everything about a clue but who gave it. Call inside the vault's scope, after `find`."""
    words = [Word(side=one.side, text=one.get("text"), at=one.at, by=one.by) for one in clue.messages.order_by("place")]
    requests = [
        Asked(
            request=one,
            reason=one.get("reason"),
            state=standing(one, now),
            available_actions=steps(one, actor, now),
        )
        for one in clue.requests.order_by("-asked_at")
    ]
    named = Informant.objects.filter(clue=clue).exists()
    return Dossier(
        clue=clue,
        about=clue.get("about"),
        content=clue.get("content"),
        words=words,
        requests=requests,
        named=named,
        overdue=_overdue(clue, now),
        available_actions=actions(clue, named=named, live=any(one.state in LIVE for one in requests)),
    )


def actions(clue: Clue, *, named: bool, live: bool) -> list[str]:
    """Return what an officer may do with a clue now. live: a request to see the identity is under way."""
    found = [row.action for row in CLUES.allowed(Stage(clue.stage))]
    if clue.code_digest:
        found.append("answer")
    found.append("note")
    if named and not live:
        found.append("ask_identity")
    return found


def standing(request: IdentityRequest, now: dt.datetime) -> str:
    """Return the state of a request, which lapses by itself."""
    if request.state in LIVE and not rules.in_time(until=request.until, now=now):
        return RequestState.EXPIRED.value
    return request.state


def steps(request: IdentityRequest, actor: Actor, now: dt.datetime) -> list[str]:
    """Return what the actor may do with a request: the asker shows, another officer decides."""
    role = "asker" if request.asked_by == actor.person_id else "second_officer"
    return [row.action for row in REQUESTS.allowed(RequestState(standing(request, now))) if role in row.roles]


def waiting(*, actor: Actor, now: dt.datetime) -> list[IdentityRequest]:
    """Return the requests under way in clues that do not concern the reader, oldest first."""
    with database.reading(permissions.scope(actor)):
        rows = IdentityRequest.objects.filter(state__in=_LIVE, until__gt=now, clue__in=in_sight(actor))
        found = list(rows.select_related("clue").order_by("asked_at")[:PAGE])
    free = {row.clue.id for row in _readable([one.clue for one in found], actor, now)}
    return [one for one in found if one.clue_id in free]


def views(
    *, actor: Actor, before: int | None = None, region: str = "", most: int = PAGE
) -> tuple[list[tuple[Entry, str]], int | None]:
    """Return a page of the ledger of views of one region (entry, number of the clue), newest first, and the next."""
    with database.reading(permissions.scope(actor, *permissions.WATCHERS)):
        rows = Entry.objects.filter(region=region, region__in=permissions.scope(actor, *permissions.WATCHERS).regions)
        rows = rows.filter(seq__lt=before) if before else rows
        found = list(rows.order_by("-seq")[: most + 1])
        ids = {one.clue_id for one in found if one.clue_id}
        numbers = dict(Clue.objects.filter(pk__in=ids).values_list("id", "number"))
    following = found[most - 1].seq if len(found) > most else None
    return [(one, numbers[one.clue_id] if one.clue_id else "") for one in found[:most]], following


def regions_of(actor: Actor, *roles: str) -> tuple[str, ...]:
    """Return the regions in which the actor holds one of the roles (by default: reads clues)."""
    return permissions.scope(actor, *roles).regions


def entries() -> Iterator[Sealed]:
    """Yield the whole ledger of views as verification reads it. Call inside the vault's scope."""
    for one in Entry.objects.order_by("stream", "seq").iterator(chunk_size=2000):
        actor = str(one.actor_id) if one.actor_id else None
        yield Sealed(str(one.stream), one.seq, one.region, one.kind, instant(one.at), actor, one.hash, one.canonical)


def heads() -> dict[str, tuple[int, str]]:
    """Return region → (number, hash) of the last entry, as the chains know them. Call inside the vault's scope."""
    return {one.region: (one.last_seq, one.last_hash) for one in Chain.objects.all()}


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What may leave the vault about a region: numbers only, and small ones are still to be hidden."""

    received: int
    stages: dict[str, int]
    forms: dict[str, int]


def counted(*, regions: Collection[str], since: dt.datetime, until: dt.datetime) -> Counted:
    """Return how many clues came in a time, and how they stand: by stage, and by form of those that proved true.

    Raw counts for those who publish them (`analytics/openness`), which hides what is small.
    """
    with database.reading(INSIDE):
        rows = Clue.objects.filter(region__in=regions, received_at__gte=since, received_at__lt=until)
        found = list(rows.values_list("stage", "form"))
    stages, forms = Counter(stage for stage, _form in found), Counter(form for _stage, form in found if form)
    return Counted(received=len(found), stages=dict(stages), forms=dict(forms))

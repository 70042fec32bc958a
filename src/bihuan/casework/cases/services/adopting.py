"""换用规则书: a rulebook is put into force with its effect counted first; open cases move to it only when asked."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from procrastinate.contrib.django import app

from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.models import Clock, ClockState
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.kernel import database
from bihuan.foundation.rulebooks import loader
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.rulebooks import services as rulebook_services
from bihuan.foundation.rulebooks.models import RulebookVersion

from ..models import Case
from ..permissions import THE_SYSTEM, Actor
from ..rules import facts
from ..states import OPEN
from . import clocks
from .rehearsing import Rehearsal, governed, rehearse
from .turn import Turn, commit, lock_by_id, not_before


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A version that was put into force, and what the rehearsal just before said about the open cases."""

    version: RulebookVersion
    effect: Rehearsal


def apply_rulebook(
    *,
    region: str,
    actor_id: uuid.UUID | None,
    now: dt.datetime,
    name: str = "",
    text: str | None = None,
    effective_from: dt.datetime | None = None,
    note: str = "",
    expected: int | None = None,
    move_open: bool = False,
    most: int | None = None,
) -> Applied:
    """Put a rulebook into force and keep on record, with it, what it would do to the open cases of the region.

    name: of a packaged rulebook, or what `text` is called. Open cases keep the version they were raised under; with
    `move_open` a worker moves them when the version takes effect, each with a fact of its own. most: as in
    `rehearse`. Raises what `rulebooks.services.apply` raises.
    """
    text = loader.packaged(name) if text is None else text
    with database.writing():
        effect = rehearse(region=region, text=text, now=now, most=most)
        version = rulebook_services.apply(
            region=region,
            name=name or None,
            text=text,
            actor_id=actor_id,
            now=now,
            effective_from=effective_from,
            note=note,
            expected=expected,
            effect=effect.counts() | {"moves_open": move_open},
        )
        if move_open:
            task = app.configure_task("cases.move_to_rulebook", schedule_at=max(version.effective_from, now))
            task.defer(version_id=str(version.id), actor_id=str(actor_id) if actor_id else None)
    return Applied(version=version, effect=effect)


def to_move(*, version_id: uuid.UUID, after: uuid.UUID | None, now: dt.datetime, limit: int) -> Sequence[uuid.UUID]:
    """Return the ids, in order after `after`, of open cases that a version governs and that go by another one.

    Matters taken over from other registers have no clocks; they stay as they came.
    """
    regions = governed(rulebooks.version(version_id).region, now=now)
    running = Clock.objects.exclude(state=ClockState.STOPPED).values("subject")
    with database.reading(database.SERVICE):
        rows = Case.objects.filter(region__in=regions, state__in=sorted(state.value for state in OPEN))
        rows = rows.exclude(rulebook_version=version_id).filter(id__in=running)
        rows = rows if after is None else rows.filter(id__gt=after)
        return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def move_to_rulebook(
    *, case_id: uuid.UUID, version_id: uuid.UUID, actor_id: uuid.UUID | None, now: dt.datetime
) -> bool:
    """Bring one open case under the version that is in force; its clocks are counted anew from their own starts.

    Returns False where there is nothing to do: closed meanwhile, moved already, or another version is in force. What
    was extended stays extended, the original limit stays on record. Lights that are on now fire with the next sweep.
    """
    with database.writing():
        case = lock_by_id(case_id)
        if case is None or case.state not in OPEN or case.rulebook_version == version_id:
            return False
        structlog.contextvars.bind_contextvars(number=case.number)
        if rulebooks.in_force(case.region, now).id != version_id:
            return False
        actor = Actor(reader=accounts.reader_of(actor_id)) if actor_id else THE_SYSTEM
        old, book = rulebooks.version(case.rulebook_version), rulebooks.version(version_id)
        turn = Turn(case=case, actor=actor, now=not_before(case, now), book=book)
        before = facts.snapshot(case)
        case.rulebook_version = version_id
        with deadlines.together(subject=case.id):
            clocks.take_terms(turn, before=old.section)
        said = {
            "version": f"{book.name} {book.number}",
            "was_due_at": facts.to_plain(before["due_at"]),
            "due_at": facts.to_plain(case.due_at),
            "visible_to_enterprise": case.due_at != before["due_at"],
        }
        commit(turn, before=before, kind="case.rulebook_changed", said=said)
    return True

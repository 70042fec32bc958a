"""How mandates are checked, begun, ended, and written down."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors, events
from bihuan.foundation.kernel.text import needed_day
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, permissions, rules, selectors
from ..events import MandateChanged
from ..models import Mandate, Stay, Task, Window
from ..rulebook import MandateKind, Mandates
from ..states import MandateState, TaskState, WindowState

NEAR, END = "mandate_near", "mandate_end"
"""Clocks: the end of a term is announced, and comes."""


def check_keeps(actor: Actor, region: str, action: str) -> None:
    """Raise Forbidden unless the actor keeps the register of the region."""
    if not permissions.keeps(actor, region):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def together(region: str) -> None:
    """Let appointments of one region follow each other, so that the second of two sees what the first has entered."""
    database.fetch("select pg_advisory_xact_lock(hashtext(%s))", [f"mandates:{region}"])


def lines_of(body: Mapping[str, Any], name: str) -> list[str]:
    """Return the lines of a field of the body. Raises Invalid."""
    given = body.get(name)
    text = "\n".join(map(str, given)) if isinstance(given, list) else str(given or "")
    found = rules.lines(text)
    if not found or len(found) > rules.MOST:
        message = _("Between 1 and %(most)d lines, please.") % {"most": rules.MOST}
        raise errors.Invalid(message, code="lines_wrong", field=name)
    return found


def until_of(body: Mapping[str, Any], usual: dt.date | None, today: dt.date) -> dt.date | None:
    """Return the last day that is stated, or the usual one. Raises Invalid where it is over."""
    until = needed_day(body, "until") if body.get("until") else usual
    if until is not None and until < today:
        raise errors.Invalid(_("The term would be over already."), code="day_wrong", field="until")
    return until


def holder_of(kind: MandateKind, given: str, region: str, name: str) -> dict[str, Any]:
    """Return {person} or {enterprise} of one line. Raises Invalid naming it."""
    if kind.holder == "enterprise":
        try:
            firm = directory.enterprise(given)
        except errors.Invalid:
            firm = None
        if firm is None:
            message = _("“%(line)s” is the credit code of no enterprise here.") % {"line": given[:40]}
            raise errors.Invalid(message, code="holder_unknown", field=name)
        return {"enterprise": firm}
    person = accounts.person_named(given)
    if person is None or not accounts.reader_of(person.pk).in_region(region):
        message = _("“%(line)s” is nobody who has an office in this region.") % {"line": given[:40]}
        raise errors.Invalid(message, code="holder_unknown", field=name)
    return {"person": person}


def window_of(region: str, body: Mapping[str, Any]) -> Window:
    """Lock and return the open window that `body` names. Raises Invalid."""
    try:
        wanted = uuid.UUID(str(body.get("window") or ""))
    except ValueError:
        wanted = uuid.UUID(int=0)
    chosen = Window.objects.select_for_update().filter(pk=wanted, region=region, state=WindowState.OPEN.value)
    if (found := chosen.first()) is None:
        raise errors.Invalid(_("Choose one of the open windows."), code="window_unknown", field="window")
    return found


def locked(mandate_id: uuid.UUID) -> Mandate:
    """Lock and return a mandate."""
    rows = Mandate.objects.select_for_update(of=("self",)).select_related("person", "enterprise", "window")
    return rows.get(pk=mandate_id)


def new(
    region: str,
    kind: MandateKind,
    holder: Mapping[str, Any],
    window: Window | None,
    since: dt.date,
    until: dt.date | None,
    version: uuid.UUID,
) -> Mandate:
    """Return a mandate that is not saved yet."""
    return Mandate(
        region=region,
        kind=kind.id,
        window=window,
        department_id=window.department_id if window else None,
        since=since,
        until=until,
        here_since=since if window else None,
        channels=list(kind.channels),
        begins_at=answers.end_of_day(since - dt.timedelta(days=1)),
        rulebook_version=version,
        **holder,
    )


def begin(mandate: Mandate, kind: MandateKind, *, now: dt.datetime, actor: Actor) -> None:
    """Save a new mandate with its stay, clock and fact. Raises Conflict `holds_already`."""
    held = Mandate.objects.filter(region=mandate.region, kind=mandate.kind, state=MandateState.SERVING.value)
    if held.filter(person=mandate.person, enterprise=mandate.enterprise).exists():
        holder = selectors.holder(mandate)
        message = _("%(holder)s holds this post already.") % {"holder": holder}
        raise errors.Conflict(message, code="holds_already", field="holders")
    expect(mandate, now)
    until = mandate.until.isoformat() if mandate.until else "—"
    said = {"post": kind.name.in_both(), "since": mandate.since.isoformat(), "until": until}
    commit(mandate, "appointed", now=now, said=said, actor=actor, made=True)
    if mandate.window is not None:
        Stay.objects.create(mandate=mandate, window=mandate.window, begins_at=mandate.begins_at)


def expect(mandate: Mandate, now: dt.datetime) -> None:
    """Start the clock of what comes next: the announcement of the end, or the end."""
    if mandate.state != MandateState.SERVING or mandate.until is None:
        deadlines.expect(mandate, "", None, now=now)
        return
    ahead = rulebooks.version(mandate.rulebook_version).section(Mandates).remind_days
    near = answers.end_of_day(mandate.until - dt.timedelta(days=ahead))
    if mandate.reminded or near <= now:
        deadlines.expect(mandate, END, answers.end_of_day(mandate.until), now=now)
    else:
        deadlines.expect(mandate, NEAR, near, now=now)


def end(mandate: Mandate, how: str, now: dt.datetime) -> None:
    """End a mandate: nothing is asked of the holder any longer, and the window is free."""
    mandate.state, mandate.ended_by, mandate.ended_at = MandateState.ENDED.value, how, now
    Task.objects.filter(mandate=mandate, state=TaskState.ASKED.value).update(
        state=TaskState.DROPPED.value, ended_at=now
    )
    Stay.objects.filter(mandate=mandate, ended_at=None).update(ended_at=now)
    expect(mandate, now)


def commit(
    mandate: Mandate,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    made: bool = False,
) -> None:
    """Record the fact `mandates.<name>`, save the row, and tell everybody."""
    record(mandate, name, now=now, said=said, actor=actor, came_from=came_from, made=made)
    kind = selectors.kind_of(mandate)
    post = kind.name.in_both()["zh"] if kind else mandate.kind
    notices.send(name, mandate=mandate, post=post, now=now, but=actor.person_id)
    payload = {"id": str(mandate.id), "state": mandate.state, "at": now.isoformat()}
    notifications.publish(
        event_type=f"mandates.{name}",
        payload=payload,
        region=mandate.region,
        now=now,
        enterprise_id=mandate.enterprise_id,
    )
    events.publish(
        MandateChanged(
            mandate_id=mandate.id,
            region=mandate.region,
            kind=mandate.kind,
            person_id=mandate.person_id,
            enterprise_id=mandate.enterprise_id,
            fact=f"mandates.{name}",
            state=mandate.state,
            actor_id=actor.person_id,
            at=now,
        )
    )


def record(
    thing: Mandate | Window,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor,
    came_from: str | None = None,
    made: bool = False,
) -> None:
    """Record the fact `mandates.<name>` and save the row."""
    ledger.record_and_save(
        thing,
        kind=f"mandates.{name}",
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said=said,
        came_from=came_from,
        made=made,
    )

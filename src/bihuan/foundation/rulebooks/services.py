"""Putting rulebooks into force. Versions are only added; there is no way to change or delete one."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database, errors, events
from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.rulebooks import loader, permissions, rules, selectors, versions
from bihuan.foundation.rulebooks.events import RulebookApplied
from bihuan.foundation.rulebooks.flaws import Flaw
from bihuan.foundation.rulebooks.models import RulebookVersion
from bihuan.foundation.rulebooks.sections import Calendar
from bihuan.foundation.workcalendar import services as workcalendar

VALUES_KEPT = 60
"""How many differences are named on record one by one; both versions are kept whole."""


def apply(
    *,
    region: str,
    actor_id: uuid.UUID | None,
    now: dt.datetime,
    name: str | None = None,
    text: str | None = None,
    effective_from: dt.datetime | None = None,
    note: str = "",
    expected: int | None = None,
    effect: Mapping[str, int] | None = None,
) -> RulebookVersion:
    """Put a rulebook into force in `region` from `effective_from` (default: now): a packaged `name` or a `text`.

    With both, `text` counts and `name` is what it is called. The same text over the same defaults as the newest
    version adds nothing and returns that version. Cases keep the version under which they were raised. A text with a
    `calendar` also sets the region's office hours from that day on; one without leaves them as they are.
    `expected` is the number of the newest version (0: none) that the change was made from: another one is a Conflict.
    `effect` counts what the caller found it would do; it goes on record beside what differs from the rules before.
    Publishes RulebookApplied. Raises Flawed (`rulebook_flawed`, with all flaws), errors.Invalid (region not in force,
    `effective_in_the_past`, neither name nor text), errors.Conflict (`rulebook_changed_meanwhile`), errors.NotFound
    (unknown name), errors.Forbidden.
    """
    directory.region_in_force(region, now.date())
    start = effective_from or now
    if start < now:
        raise errors.Invalid(
            _("A rulebook cannot begin in the past; cases have already been handled under the old one."),
            code="effective_in_the_past",
            field="effective_from",
        )
    if text is None:
        if name is None:
            raise errors.Invalid(
                _("Give the name of a packaged rulebook or a text."), code="rulebook_absent", field="name"
            )
        text = loader.packaged(name)
    called = clean_line(name or "")[:80] or region
    before = selectors.in_force(region, now).sections
    with database.writing():
        permissions.check_apply(actor_id, region)
        loaded = loader.load(text, source=f"{called}.yaml")
        versions.take_turn(region)
        if expected is not None and expected != versions.newest_number(region):
            raise errors.Conflict(
                _("Somebody put another version into force meanwhile; please look at the difference first."),
                code="rulebook_changed_meanwhile",
            )
        version, added = versions.store(
            loaded=loaded,
            region=region,
            name=called,
            effective_from=start,
            applied_by=actor_id if actor_id and actor_id.int else None,
            now=now,
            note=clean_line(note)[:500],
        )
        if added:
            values = [[path, str(old), str(new)] for path, old, new in compare(before=before, after=loaded.sections)]
            _take_effect(version, loaded, now=now, said={"values": values[:VALUES_KEPT], **(effect or {})})
    return version


def _take_effect(version: RulebookVersion, loaded: loader.Loaded, *, now: dt.datetime, said: Mapping[str, Any]) -> None:
    """Bring what lives elsewhere in line with a new version, and tell others."""
    calendar = loaded.sections["calendar"]
    if "calendar" in loaded.own and isinstance(calendar, Calendar):
        hours = calendar.hours()
        workcalendar.set_office_hours(
            region=version.region,
            hours=str(hours),
            valid_from=version.effective_from.astimezone(hours.zone).date(),
            actor_id=version.applied_by_id,
            now=now,
            timezone=hours.timezone,
            after_hours=hours.after_hours,
        )
    transaction.on_commit(selectors.forget)
    selectors.forget()
    accounts.record(
        "rulebook.applied",
        now=now,
        actor_id=version.applied_by_id,
        region=version.region,
        version=version.number,
        name=version.name,
        effective_from=version.effective_from.isoformat(),
        reason=version.note,
        **said,
    )
    events.publish(
        RulebookApplied(
            version_id=version.id,
            region=version.region,
            number=version.number,
            effective_from=version.effective_from,
            actor_id=version.applied_by_id,
            now=now,
        )
    )


def ensure_default(*, now: dt.datetime) -> RulebookVersion:
    """Keep the packaged default as a version; `bihuan migrate` calls it, so that an upgrade's defaults count."""
    version = versions.store_default(now=now)
    selectors.forget()
    return version


def check(*, text: str | bytes, source: str = "rulebook") -> list[Flaw]:
    """Return everything that is wrong with a text, each with line, field and an example; empty means it is fine."""
    return loader.check(text, source=source)


def diff(*, a: str, b: str) -> list[rules.Change]:
    """Return (dotted path, before, after) for each difference in effect between two rulebooks.

    `a` and `b` are names of packaged rulebooks, ids of stored versions, or texts. What is only written differently
    (60% and 0.6, a default left out or stated) is no difference. Raises what loading them raises.
    """
    return rules.diff(_effect(a), _effect(b))


def compare(*, before: Mapping[str, BaseModel], after: Mapping[str, BaseModel]) -> list[rules.Change]:
    """Return (dotted path, before, after) for each difference in effect between two sets of validated sections."""
    return rules.diff(_plain(before), _plain(after))


def _effect(which: str) -> dict[str, object]:
    try:
        sections = selectors.version(uuid.UUID(which)).sections
    except ValueError:
        text = loader.packaged(which) if "\n" not in which and ":" not in which else which
        sections = loader.load(text, source="rulebook" if text is which else f"{which}.yaml").sections
    return _plain(sections)


def _plain(sections: Mapping[str, BaseModel]) -> dict[str, object]:
    return {name: section.model_dump(mode="json") for name, section in sections.items()}

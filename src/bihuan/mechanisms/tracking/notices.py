"""What people are told about a tracked matter, and who is told what."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.models import Case
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

CENTRE = ("coordinator",)
HEADS = ("department:department_head", "department:liaison")
FALLBACK = ("catch_all", "coordinator", "leader")
"""Who receives what would otherwise reach nobody, in this order."""

STAFF: dict[str, tuple[Any, tuple[str, ...]]] = {
    "proposed": (_("%(subject)s may need tracking: %(score)s points. Please decide"), CENTRE),
    "entered": (_("%(subject)s is tracked now; an update is due by %(due_at)s"), HEADS),
    "revision_asked": (_("%(subject)s: the enterprise is not satisfied with the plan; please revise it"), HEADS),
    "node_light": (_("%(subject)s: step %(node)s, “%(what)s”, shows “%(light)s”"), ("department:liaison",)),
    "node_overdue": (_("%(subject)s: step %(node)s, “%(what)s”, is overdue"), (*HEADS, *CENTRE, "catch_all")),
    "update_missed": (_("%(subject)s: the regular update did not come; it was due %(due_at)s"), (*HEADS, *CENTRE)),
    "rested": (_("%(subject)s ended without result; please decide whether it leaves the tracking store"), ("leader",)),
    "left": (_("%(subject)s left the tracking store: %(reason)s"), (*HEADS, *CENTRE)),
}
"""Notice → (wording, who is told: all of them)."""
RAISER: dict[str, Any] = {
    "entered": _("%(subject)s is followed until it is done; you will get regular news"),
    "progress_reported": _("%(subject)s: news: %(text)s"),
    "bulletin_published": _("%(subject)s: bulletin %(bulletin)s is there for you to read"),
    "left": _("%(subject)s is no longer followed: %(reason)s"),
}
"""Notice → wording for whoever raised the matter."""


def register() -> None:
    """Make all notices known, each for its side only."""
    path = "/tracking/%(track)s/"
    for name, (title, _offices) in STAFF.items():
        registry.register(Kind(key=f"tracking.{name}", audience=frozenset({Audience.STAFF}), title=title, path=path))
    outside = frozenset({Audience.ENTERPRISE, Audience.OUTSIDE})
    for name, title in RAISER.items():
        registry.register(Kind(key=f"tracking.{name}.raiser", audience=outside, title=title, path=path))


def send(name: str, *, case: Case, track_id: uuid.UUID, data: dict[str, Any], now: dt.datetime) -> None:
    """Tell everybody whom `name` concerns: those on the staff's side, and whoever raised the matter."""
    short = {key: value[:200] if isinstance(value, str) else value for key, value in data.items()}
    facts = {**short, "track": str(track_id)}
    if name in STAFF:
        _notify(f"tracking.{name}", _staff(case, STAFF[name][1], now), case, facts, now)
    if name in RAISER:
        _notify(f"tracking.{name}.raiser", _raisers(case, now), case, facts, now)


def _notify(key: str, people: set[uuid.UUID], case: Case, data: dict[str, Any], now: dt.datetime) -> None:
    if people:
        dedupe = f"{data['track']}:{key}:{data.get('node', '')}:{now.isoformat()}"
        notifications.notify(
            key=key, recipients=people, subject=case.number, data=data, now=now, dedupe=dedupe, region=case.region
        )


def _staff(case: Case, offices: tuple[str, ...], now: dt.datetime) -> set[uuid.UUID]:
    found = {person for office in offices for person in _holders(case, office, now)}
    for office in FALLBACK:
        found = found or set(_holders(case, office, now))
    return found


def _holders(case: Case, office: str, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    side, _sep, role = office.rpartition(":")
    if side and case.lead_department_id is None:
        return ()
    department = case.lead_department_id if side else None
    return accounts.holders(role=role, region=case.region, now=now, department_id=department)


def _raisers(case: Case, now: dt.datetime) -> set[uuid.UUID]:
    people: set[uuid.UUID] = set()
    if case.enterprise_id is not None:
        people |= set(accounts.speakers_of(enterprise_id=case.enterprise_id, now=now))
    outside = {Role.DEPUTY, Role.OBSERVER, Role.SPECIAL_SUPERVISOR}
    if case.raised_by is not None and accounts.reader_of(case.raised_by).roles & outside:
        people.add(case.raised_by)
    return people

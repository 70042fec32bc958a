"""What people are told: the enterprise of checks and its class, heads and supervisors of what waits for them."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from .models import Check, Repair, Standing

FIRM: dict[str, tuple[Any, str]] = {
    "check_approve": (_("%(subject)s will check you on %(on)s: see the items, and who may come"), "/inspections/mine/"),
    "check_call_off": (_("%(subject)s called off the check on %(on)s"), "/inspections/mine/"),
    "check_report": (
        _("%(subject)s has reported the check on %(on)s. How was it? They do not learn who answered"),
        "/inspections/mine/",
    ),
    "class_rated": (
        _("Your class for checks is %(subject)s: see how it was computed, or object"),
        "/inspections/mine/",
    ),
    "repair_told": (_("%(subject)s answered about the repair of your credit"), "/inspections/repairs/"),
    "class_decided": (_("Your objection was decided; your class is %(subject)s"), "/inspections/mine/"),
}
STAFF: dict[str, tuple[Any, str, Audience]] = {
    "to_approve": (_("Check %(subject)s waits for your approval"), "/inspections/%(check)s/", Audience.STAFF),
    "to_review": (
        _("Check %(subject)s could not wait: please review it"),
        "/inspections/%(check)s/",
        Audience.OVERSIGHT,
    ),
    "check_late": (_("Check %(subject)s: a time limit ran out"), "/inspections/%(check)s/", Audience.OVERSIGHT),
    "repair_asked": (_("%(subject)s: guidance on credit repair is asked for"), "/inspections/repairs/", Audience.STAFF),
    "repair_moved": (_("%(subject)s: the credit repair moved on"), "/inspections/repairs/", Audience.STAFF),
    "repair_late": (_("%(subject)s: the credit repair is late"), "/inspections/repairs/", Audience.STAFF),
    "class_objected": (_("An objection to class %(subject)s waits"), "/inspections/classes/%(check)s/", Audience.STAFF),
    "classes_renewed": (
        _("The classes of %(subject)s are there: %(count)s enterprises"),
        "/inspections/classes/",
        Audience.STAFF,
    ),
}


def register() -> None:
    """Make all notices known."""
    firms = frozenset({Audience.ENTERPRISE})
    for name, (title, path) in FIRM.items():
        ways = registry.URGENT if name in {"check_approve", "check_report"} else registry.QUIET
        registry.register(Kind(key=f"inspections.{name}", audience=firms, title=title, path=path, channels=ways))
    for name, (title, path, audience) in STAFF.items():
        registry.register(Kind(key=f"inspections.{name}", audience=frozenset({audience}), title=title, path=path))


def tell_firm(name: str, *, enterprise: uuid.UUID, subject: str, thing: Check | Standing, now: dt.datetime) -> None:
    """Tell whoever speaks for an enterprise."""
    notifications.notify(
        key=f"inspections.{name}",
        recipients=accounts.speakers_of(enterprise_id=enterprise, now=now),
        subject=subject,
        data={"on": thing.on.isoformat()} if isinstance(thing, Check) else {},
        now=now,
        dedupe=f"{thing.id}:{name}",
        region=thing.region,
    )


def tell_heads(
    name: str, *, check: Check, now: dt.datetime, but: uuid.UUID | None, body: uuid.UUID | None = None
) -> None:
    """Tell the heads of the bodies, or the leader for a sheltered enterprise, that a check waits for them."""
    if check.sheltered:
        people = set(accounts.holders(role="leader", region=check.region, now=now))
    else:
        people = {
            one
            for department in ([body] if body else check.bodies)
            for one in accounts.holders(role="department_head", region=check.region, now=now, department_id=department)
        }
    _staff(name, people or _fallback(check, now), subject=check.number, check=check, now=now, but=but)


def tell_justice(name: str, *, check: Check, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell the supervisors of law enforcement, or whom the rulebook names in their place."""
    people = set(accounts.holders(role="justice_supervisor", region=check.region, now=now))
    _staff(name, people or _fallback(check, now), subject=check.number, check=check, now=now, but=but)


def tell_listers(name: str, *, standing: Standing, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those who rate that an enterprise objects."""
    people = {
        one
        for role in ("justice_supervisor", "coordinator")
        for one in accounts.holders(role=role, region=standing.region, now=now)
    }
    _staff(name, people or _fallback(standing, now), subject=standing.grade, check=standing, now=now, but=but)


def tell_body(name: str, *, repair: Repair, now: dt.datetime) -> None:
    """Tell the body that repairs a record."""
    people = {
        one
        for role in ("department_head", "liaison")
        for one in accounts.holders(role=role, region=repair.region, now=now, department_id=repair.department_id)
    }
    notifications.notify(
        key=f"inspections.{name}",
        recipients=people or _fallback(repair, now),
        subject=repair.record.text[:60],
        data={"check": str(repair.id)},
        now=now,
        dedupe=f"{repair.id}:{repair.last_seq}",
        region=repair.region,
    )


def tell_repaired(*, repair: Repair, now: dt.datetime) -> None:
    """Tell the enterprise that the body answered."""
    notifications.notify(
        key="inspections.repair_told",
        recipients=accounts.speakers_of(enterprise_id=repair.enterprise_id, now=now),
        subject=repair.department.short_name,
        data={},
        now=now,
        dedupe=f"{repair.id}:{repair.last_seq}",
        region=repair.region,
    )


def classes_renewed(*, region: str, year: int, count: int, now: dt.datetime) -> None:
    """Tell all enforcers of a region that the classes of a year are there (每年度更新后推送给各执法部门)."""
    people = {
        one for role in ("department_head", "liaison") for one in accounts.holders(role=role, region=region, now=now)
    }
    notifications.notify(
        key="inspections.classes_renewed",
        recipients=people,
        subject=str(year),
        data={"count": str(count)},
        now=now,
        dedupe=f"{region}:{year}:{now.isoformat()}",
        region=region,
    )


def _fallback(thing: Check | Repair | Standing, now: dt.datetime) -> set[uuid.UUID]:
    for office in rulebooks.version(thing.rulebook_version).section(Fallback).receivers:
        people = set(accounts.holders(role=office, region=thing.region, now=now))
        if people:
            return people
    return set()


def _staff(
    name: str,
    people: set[uuid.UUID],
    *,
    subject: str,
    check: Check | Standing,
    now: dt.datetime,
    but: uuid.UUID | None,
) -> None:
    notifications.notify(
        key=f"inspections.{name}",
        recipients=people - {but},
        subject=subject,
        data={"check": str(check.id)},
        now=now,
        dedupe=f"{check.id}:{name}:{now.isoformat()}",
        region=check.region,
    )

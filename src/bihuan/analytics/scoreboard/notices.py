"""What people are told about editions and exclusions, and who is told what."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

STAFF: dict[str, tuple[Any, tuple[str, ...]]] = {
    "sent": (
        _("The scoreboard of %(subject)s is there to check, until %(check_until)s"),
        (Role.DEPARTMENT_HEAD, Role.LIAISON),
    ),
    "remarked": (_("%(unit)s has a remark on the scoreboard of %(subject)s"), (Role.COORDINATOR, Role.CATCH_ALL)),
    "published": (_("The scoreboard of %(subject)s is published"), (Role.DEPARTMENT_HEAD, Role.LIAISON, Role.LEADER)),
}
"""Notice → (wording, who is told)."""
EXCLUSION = "scoreboard.exclusion_proposed"
ENDING = "scoreboard.exclusion_ending"
ALARM = "scoreboard.differs"


def register() -> None:
    """Make all notices known."""
    staff = frozenset({Audience.STAFF})
    for name, (title, _roles) in STAFF.items():
        path = "/scoreboard/editions/%(edition)s/"
        registry.register(Kind(key=f"scoreboard.{name}", audience=staff, title=title, path=path))
    title = _("%(subject)s may be left out of the scoreboard. Please decide")
    deciders = frozenset({Audience.STAFF, Audience.OVERSIGHT})
    registry.register(Kind(key=EXCLUSION, audience=deciders, title=title, path="/scoreboard/exclusions/"))
    title = _("%(subject)s may count in the scoreboard again. Please decide")
    registry.register(Kind(key=ENDING, audience=deciders, title=title, path="/scoreboard/exclusions/"))
    title = _("The sums of the scoreboard differ from a recount: %(matters)s matters, %(cells)s sums")
    registry.register(
        Kind(key=ALARM, audience=frozenset({Audience.ADMINISTRATION}), title=title, path="/administration/")
    )


def send(name: str, *, region: str, month: str, edition_id: uuid.UUID, data: dict[str, Any], now: dt.datetime) -> None:
    """Tell everybody whom `name` concerns in the region."""
    people = {one for role in STAFF[name][1] for one in accounts.holders(role=role, region=region, now=now)}
    _notify(f"scoreboard.{name}", people, month, {"edition": str(edition_id), **data}, now, region)


def proposed(*, number: str, region: str, exclusion_id: uuid.UUID, now: dt.datetime, ending: bool = False) -> None:
    """Tell those who decide that somebody proposes to leave a matter out, or (`ending`) to count it again."""
    people = set(accounts.holders(role=Role.SUPERVISION_OFFICE, region=region, now=now))
    people = people or set(accounts.holders(role=Role.LEADER, region=region, now=now))
    _notify(ENDING if ending else EXCLUSION, people, number, {"exclusion": str(exclusion_id)}, now, region)


def alarm(*, matters: int, cells: int, now: dt.datetime) -> None:
    """Tell every system administrator that sums and matters do not agree."""
    people = set(accounts.holders_anywhere(role=Role.SYSTEM_ADMIN, now=now))
    _notify(ALARM, people, "", {"matters": matters, "cells": cells}, now, "000000")


def _notify(
    key: str, people: set[uuid.UUID], subject: str, data: dict[str, Any], now: dt.datetime, region: str
) -> None:
    if people:
        dedupe = f"{key}:{subject}:{data}:{now.isoformat()}"
        notifications.notify(
            key=key, recipients=people, subject=subject, data=data, now=now, dedupe=dedupe, region=region
        )

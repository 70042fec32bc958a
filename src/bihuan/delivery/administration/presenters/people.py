"""Offices in words, and what a reader may do with somebody's account."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from bihuan.foundation.accounts import roles
from bihuan.foundation.accounts.models import Appointment, Person
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.ui.components import Option


@dataclass(frozen=True, kw_only=True)
class Office:
    """One appointment as a page shows it. state: "now", "later" or "past"."""

    row: Appointment
    role: Any
    where: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something to be done with an account. text: what will happen; danger: drawn apart; secure: security's work."""

    name: str
    label: Any
    icon: str
    text: Any
    secure: bool = False


def offices(rows: Iterable[Appointment], now: dt.datetime) -> list[Office]:
    """Return appointments in words: role, and where it holds."""
    return [
        Office(row=row, role=roles.NAMES.get(Role(row.role), row.role), where=_where(row), state=_state(row, now))
        for row in rows
    ]


def _where(row: Appointment) -> str:
    place = directory.region(row.region)
    parts = [place.name if place else row.region]
    parts += [one.name for one in (row.department, row.board, row.enterprise) if one is not None]
    return " · ".join(parts)


def _state(row: Appointment, now: dt.datetime) -> str:
    if row.until is not None and row.until <= now:
        return "past"
    return "later" if row.since > now else "now"


def lines(people: Sequence[Person], now: dt.datetime) -> list[tuple[Person, list[Office]]]:
    """Return each person of a page with the offices held now (`person.offices`, read along with the page)."""
    return [(person, offices(person.offices, now)) for person in people]  # type: ignore[attr-defined]


def actions(person: Person, *, failures: int, factors: int, held: frozenset[Role]) -> list[Action]:
    """Return what the reader's administration may do with the account as it stands."""
    name = {"name": person.display_name}
    found: list[Action] = []
    if Role.SYSTEM_ADMIN in held:
        if person.disabled_at is None:
            text = _("%(name)s can no longer log in; sessions and tokens end at once. Offices stay.") % name
            found.append(Action(name="lock", label=_("Lock the account"), icon="lock", text=text))
        else:
            text = _("%(name)s can log in again with the old password.") % name
            found.append(Action(name="unlock", label=_("Unlock the account"), icon="key", text=text))
        if failures:
            text = _("%(name)s can try again at once.") % name
            found.append(Action(name="forgive", label=_("Forgive failed attempts"), icon="refresh", text=text))
    if Role.SECURITY_ADMIN in held and factors:
        text = (
            _("The app and the recovery codes of %(name)s stop working; a new one is set up at the next login.") % name
        )
        label = _("Remove the second factor")
        found.append(Action(name="second-factor", label=label, icon="shield-check", text=text, secure=True))
    return found


def chips(form: Any, query: dict[str, str], page: str) -> list[Option]:
    """Return the filters that are set, each with the address without it."""
    found = []
    for name, value in query.items():
        if name not in form.fields or not form.cleaned_data.get(name):
            continue
        words = dict(getattr(form.fields[name], "choices", ())).get(value, value)
        rest = urlencode({key: other for key, other in query.items() if key != name})
        found.append(Option(label=words, url=f"{page}?{rest}"))
    return found

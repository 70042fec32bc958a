"""What somebody's appointments open: Grant and Reader, the row scope they compile to, and who may manage accounts.

Visibility of cases (one rule; `kernel.database.Scope` carries it to SQL and row-level security):

| roles | cases |
|---|---|
| seat, coordinator, catch_all, leader, supervision_office, discipline, justice_supervisor | all of their regions |
| board_head | of their board in their region |
| liaison, department_head | where their department, or one merged into it, leads or helps |
| enterprise | of their enterprise |
| deputy | refused ones of the region: declined, or closed as explained |
| enterprise, observer, special_supervisor | those they raised themselves |
| system_admin, security_admin, audit_admin | none |
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from bihuan.foundation.accounts import roles
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import NOBODY, Scope

View = TypeVar("View", bound=Callable[..., Any])
ANYONE = "anyone"
LOGGED_IN = "logged_in"

OWN_MATTERS = frozenset({Role.ENTERPRISE, Role.OBSERVER, Role.SPECIAL_SUPERVISOR})
"""Roles that see what they raised themselves."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One appointment in force, ready for use.

    regions: the region of the appointment first, then every region inside it, as six-digit codes (cases live there).
    departments: the department as text, then those merged into it. board: the board's code in the region.
    """

    role: Role
    regions: tuple[str, ...]
    department_id: uuid.UUID | None = None
    departments: tuple[str, ...] = ()
    board: str | None = None
    enterprise_id: uuid.UUID | None = None

    @property
    def region(self) -> str:
        """The region of the appointment itself."""
        return self.regions[0]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A logged-in person with all that they hold. Without grants nothing is visible and nothing allowed."""

    person_id: uuid.UUID
    display_name: str
    language: str
    grants: tuple[Grant, ...] = ()

    @cached_property
    def roles(self) -> frozenset[Role]:
        """All roles held, anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def has(self, role: str, *, region: str | None = None) -> bool:
        """Tell whether the person holds the role: anywhere, or so that it covers `region` (a town: its county)."""
        return role in self.roles if region is None else region[:6] in self.regions_for((role,))

    def in_region(self, region: str) -> bool:
        """Tell whether any appointment covers the region (a town: its county)."""
        return any(region[:6] in grant.regions for grant in self.grants)

    def regions_for(self, some: Iterable[str]) -> tuple[str, ...]:
        """Return the codes of all regions in which one of the roles is held, each once."""
        wanted = frozenset(some)
        return tuple(dict.fromkeys(code for grant in self.grants if grant.role in wanted for code in grant.regions))

    def scope(self) -> Scope:
        """Return the rows this reader may see (table above)."""
        return self._scope

    @cached_property
    def _scope(self) -> Scope:
        departments = (one for grant in self.grants for one in grant.departments)
        boards = (f"{grant.region}:{grant.board}" for grant in self.grants if grant.board is not None)
        firms = (str(grant.enterprise_id) for grant in self.grants if grant.enterprise_id is not None)
        scope = Scope(
            kind="reader",
            person=str(self.person_id) if self.roles & OWN_MATTERS else "",
            regions=self.regions_for(roles.REGION_WIDE),
            departments=tuple(dict.fromkeys(departments)),
            boards=tuple(dict.fromkeys(boards)),
            enterprises=tuple(dict.fromkeys(firms)),
            refusal_regions=self.regions_for((Role.DEPUTY,)),
            offices=tuple(
                dict.fromkeys(
                    f"{grant.role}:{code}"
                    for grant in self.grants
                    if grant.role in roles.REGION_WIDE
                    for code in grant.regions
                )
            ),
        )
        return scope if self.grants else NOBODY


def _covers(actor: Reader | None, role: Role, target: Reader | None) -> bool:
    """Tell whether the actor holds `role` in every region in which the target is appointed to something."""
    if actor is None or not actor.has(role):
        return False
    return target is None or all(actor.has(role, region=grant.region) for grant in target.grants)


def can_manage_persons(actor: Reader | None, actor_id: uuid.UUID, *, target: Reader | None = None) -> bool:
    """Tell whether somebody may create, correct, disable persons and set passwords.

    That is the work of system administrators, for persons who hold nothing outside the administrator's regions.
    """
    return actor_id == OPERATOR or _covers(actor, Role.SYSTEM_ADMIN, target)


def check_manage_persons(actor: Reader | None, actor_id: uuid.UUID, *, target: Reader | None = None) -> None:
    """Raise Forbidden unless the actor may manage the person (a new one without `target`)."""
    if not can_manage_persons(actor, actor_id, target=target):
        raise errors.Forbidden(_("Only a system administrator of the person's regions may do this."))


def can_appoint(actor: Reader | None, actor_id: uuid.UUID, region: str) -> bool:
    """Tell whether somebody may appoint in a region: its security administrators, or the operator."""
    return actor_id == OPERATOR or (actor is not None and actor.has(Role.SECURITY_ADMIN, region=region))


def check_appoint(actor: Reader | None, actor_id: uuid.UUID, *, region: str, person_id: uuid.UUID) -> None:
    """Raise Forbidden unless the actor may change what `person_id` is appointed to in the region; never oneself."""
    if actor_id == person_id:
        raise errors.Forbidden(_("Nobody can change their own appointments."), code="own_appointment")
    if not can_appoint(actor, actor_id, region):
        raise errors.Forbidden(_("Only a security administrator of this region may change appointments."))


def can_secure(actor: Reader | None, actor_id: uuid.UUID, *, target: Reader) -> bool:
    """Tell whether somebody may revoke another's tokens and second factor: security administrators, as above."""
    return actor_id == OPERATOR or _covers(actor, Role.SECURITY_ADMIN, target)


def check_secure(actor: Reader | None, actor_id: uuid.UUID, *, target: Reader) -> None:
    """Raise Forbidden unless the actor may revoke the other's tokens and second factor."""
    if not can_secure(actor, actor_id, target=target):
        raise errors.Forbidden(_("Only a security administrator of the person's regions may do this."))


def check_administrate(reader: Reader) -> None:
    """Raise Forbidden unless the reader is one of the three administrators, anywhere."""
    if not reader.roles & roles.ADMINISTRATORS:
        raise errors.Forbidden(_("Only an administrator may see the list of persons."))


def can_keep_calendar(reader: Reader) -> bool:
    """Tell whether the reader may import official days: system administrators; the days hold for the whole product."""
    return reader.has(Role.SYSTEM_ADMIN)


def check_keep_calendar(reader: Reader) -> None:
    """Raise Forbidden unless the reader may import official days."""
    if not can_keep_calendar(reader):
        raise errors.Forbidden(_("Only a system administrator may import official days."))


def can_audit(reader: Reader) -> bool:
    """Tell whether the reader may read the security record: audit administrators."""
    return reader.has(Role.AUDIT_ADMIN)


def check_audit(reader: Reader) -> None:
    """Raise Forbidden unless the reader may read the security record."""
    if not can_audit(reader):
        raise errors.Forbidden(_("Only an audit administrator may read the security record."))


def allow(*who: str) -> Callable[[View], View]:
    """Declare who may use a page or an API operation: role ids, LOGGED_IN, or ANYONE (stored as `view.allowed`).

    A test refuses any page or operation without it. The door asks `check_allowed`; services check again in detail.
    Raises ValueError for nobody or an unknown role.
    """
    if not who or set(who) - {ANYONE, LOGGED_IN, *Role}:
        raise ValueError(f"allow() needs role ids, LOGGED_IN or ANYONE, not {who}")

    def declare(view: View) -> View:
        view.allowed = frozenset(who)  # type: ignore[attr-defined]
        return view

    return declare


def unrecorded(view: View) -> View:
    """Declare that nothing of a call is kept beside what the service keeps: no answer under an Idempotency-Key."""
    view.unrecorded = True  # type: ignore[attr-defined]
    return view


def check_allowed(allowed: Iterable[str], reader: Reader | None) -> None:
    """Raise Unauthenticated or Forbidden unless `reader` (None: nobody is logged in) is among `allowed`."""
    who = frozenset(allowed)
    if ANYONE in who:
        return
    if reader is None:
        raise errors.Unauthenticated()
    if LOGGED_IN not in who and not who & reader.roles:
        raise errors.Forbidden()

"""The roles of INTERFACES: fixed ids, and what each of them is bound to and opens."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """What a person may be appointed to. The ids are a promise to the outside."""

    ENTERPRISE = "enterprise"
    SEAT = "seat"
    COORDINATOR = "coordinator"
    CATCH_ALL = "catch_all"
    LIAISON = "liaison"
    DEPARTMENT_HEAD = "department_head"
    BOARD_HEAD = "board_head"
    LEADER = "leader"
    SUPERVISION_OFFICE = "supervision_office"
    DISCIPLINE = "discipline"
    JUSTICE_SUPERVISOR = "justice_supervisor"
    DEPUTY = "deputy"
    OBSERVER = "observer"
    SPECIAL_SUPERVISOR = "special_supervisor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""The three administrators (三员): one person holds at most one of these (GB/T 22239-2019, 8.1.4)."""

REGION_WIDE = frozenset(
    {
        Role.SEAT,
        Role.COORDINATOR,
        Role.CATCH_ALL,
        Role.LEADER,
        Role.SUPERVISION_OFFICE,
        Role.DISCIPLINE,
        Role.JUSTICE_SUPERVISOR,
    }
)
"""Roles that see every case of their regions."""

NEEDS_DEPARTMENT = frozenset({Role.LIAISON, Role.DEPARTMENT_HEAD})
NEEDS_BOARD = frozenset({Role.BOARD_HEAD})
NEEDS_ENTERPRISE = frozenset({Role.ENTERPRISE})

STRONG_LOGIN = ADMINISTRATORS | {Role.DISCIPLINE}
"""Roles that must log in with a second factor in production."""

NAMES: dict[Role, Any] = {
    Role.ENTERPRISE: _("Enterprise user"),
    Role.SEAT: _("Intake seat"),
    Role.COORDINATOR: _("General board coordinator"),
    Role.CATCH_ALL: _("Catch-all board coordinator"),
    Role.LIAISON: _("Department liaison"),
    Role.DEPARTMENT_HEAD: _("Department head"),
    Role.BOARD_HEAD: _("Board head"),
    Role.LEADER: _("Leader in charge"),
    Role.SUPERVISION_OFFICE: _("Supervision office"),
    Role.DISCIPLINE: _("Discipline inspection"),
    Role.JUSTICE_SUPERVISOR: _("Law-enforcement supervisor"),
    Role.DEPUTY: _("People's congress deputy"),
    Role.OBSERVER: _("Observer"),
    Role.SPECIAL_SUPERVISOR: _("Special supervisor"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}
"""The name of each role in the reader's language."""

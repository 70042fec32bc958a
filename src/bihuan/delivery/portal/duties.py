"""What each of the three administrators answers for (三员), as data for their first page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import roles
from bihuan.foundation.accounts.roles import Role


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One kind of administrator: name, what they do, and whether that is the reader."""

    name: Any
    tasks: tuple[Any, ...]
    mine: bool = False


TASKS: dict[Role, tuple[Any, ...]] = {
    Role.SYSTEM_ADMIN: (
        _("Make, correct and lock people's accounts, and give new passwords"),
        _("Keep departments, boards and the calendar"),
        _("Watch that the product runs and is backed up"),
    ),
    Role.SECURITY_ADMIN: (
        _("Appoint people to offices and end appointments"),
        _("Decide which offices need a second factor"),
        _("Put rulebooks into force"),
    ),
    Role.AUDIT_ADMIN: (
        _("Read who logged in, who changed what and who looked at what"),
        _("Verify that no fact of the ledger was changed"),
    ),
}


def of(held: Iterable[Role]) -> list[Duty]:
    """Return the three kinds of administrators, those of the reader first."""
    mine = set(held)
    found = [Duty(name=roles.NAMES[role], tasks=tasks, mine=role in mine) for role, tasks in TASKS.items()]
    return sorted(found, key=lambda duty: not duty.mine)

"""What each of the three administrators answers for (三员), as data for their first page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import roles
from bihuan.foundation.accounts.roles import Role

Task = tuple[Any, str]


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One kind of administrator: name, what they do (with the page for it, if it is one), whether it is the reader."""

    name: Any
    tasks: tuple[Task, ...]
    mine: bool = False


TASKS: dict[Role, tuple[Task, ...]] = {
    Role.SYSTEM_ADMIN: (
        (_("Make, correct and lock people's accounts, and give new passwords"), "administration:people"),
        (_("Keep the tree of departments"), "administration:departments"),
        (_("Keep the boards of the centre"), "administration:boards"),
        (_("Take in the official days of a year"), "administration:calendar"),
        (_("Put rulebooks into force"), "administration:rulebooks"),
        (_("Watch that the product runs and is backed up"), ""),
    ),
    Role.SECURITY_ADMIN: (
        (_("Appoint people to offices and end appointments"), "administration:people"),
        (_("Remove a lost second factor"), "administration:people"),
    ),
    Role.AUDIT_ADMIN: (
        (_("Read who logged in, who changed what and why"), "administration:record"),
        (_("Verify that no fact of the ledger was changed"), ""),
    ),
}


def of(held: Iterable[Role]) -> list[Duty]:
    """Return the three kinds of administrators, those of the reader first."""
    mine = set(held)
    found = [Duty(name=roles.NAMES[role], tasks=tasks, mine=role in mine) for role, tasks in TASKS.items()]
    return sorted(found, key=lambda duty: not duty.mine)

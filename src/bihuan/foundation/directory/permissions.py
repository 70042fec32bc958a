"""Who may change the directory. Who somebody is, is known one floor up: accounts connects its readers at start."""

import uuid
from collections.abc import Callable, Collection, Iterable
from typing import Protocol

from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors

OPERATOR = uuid.UUID(int=0)
"""Whoever runs the product's own commands on its machine (install, import, demonstration). Never logs in."""

STRUCTURE_ROLES = frozenset({"system_admin"})
ENTERPRISE_ROLES = frozenset({"seat", "coordinator", "system_admin"})


class Actor(Protocol):
    """What the directory needs to know of somebody: the regions (all codes) in which they hold one of `roles`."""

    def regions_for(self, roles: Iterable[str]) -> Collection[str]:
        """Return the region codes."""


_read_actor: list[Callable[[uuid.UUID], Actor]] = []


def connect(read_actor: Callable[[uuid.UUID], Actor]) -> None:
    """Say how a person's id becomes an Actor; called once, when the accounts are ready."""
    _read_actor[:] = [read_actor]


def _holds(actor_id: uuid.UUID, roles: Collection[str], region: str) -> bool:
    if actor_id == OPERATOR:
        return True
    return bool(_read_actor) and region[:6] in _read_actor[0](actor_id).regions_for(roles)


def can_change_structure(actor_id: uuid.UUID, region: str) -> bool:
    """Tell whether the person may change regions' departments and boards: a system administrator of the region."""
    return _holds(actor_id, STRUCTURE_ROLES, region)


def check_structure(actor_id: uuid.UUID, region: str) -> None:
    """Raise Forbidden unless the person may change the structure of the region."""
    if not can_change_structure(actor_id, region):
        raise errors.Forbidden(_("Only a system administrator of this region may change departments and boards."))


def can_keep_enterprises(actor_id: uuid.UUID, region: str) -> bool:
    """Tell whether the person may add or correct enterprises of the region: its seats and coordinators."""
    return _holds(actor_id, ENTERPRISE_ROLES, region)


def check_enterprises(actor_id: uuid.UUID, region: str) -> None:
    """Raise Forbidden unless the person may add or correct enterprises of the region."""
    if not can_keep_enterprises(actor_id, region):
        raise errors.Forbidden(_("Only a seat or coordinator of this region may add or correct enterprises."))

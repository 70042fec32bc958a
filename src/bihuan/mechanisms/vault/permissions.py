"""Who reads the vault, who may give it something, and who has to keep out of one clue."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import Scope

from . import rules
from .models import ROLE

OFFICERS = [Role.DISCIPLINE.value]
"""Who reads clues."""
WATCHERS = [Role.DISCIPLINE.value, Role.AUDIT_ADMIN.value]
"""Who reads the ledger of views, which says nothing of what clues say."""
GIVERS = sorted({Role.DISCIPLINE, Role.SUPERVISION_OFFICE, Role.JUSTICE_SUPERVISOR, Role.COORDINATOR, Role.CATCH_ALL})
"""Who may hand something over to the investigating section; they cannot look after it."""


def scope(actor: Actor, *roles: str) -> Scope:
    """Return the rows of the vault that the actor may see by office (the second wall): their regions, or none."""
    held = actor.reader.regions_for(roles or OFFICERS) if actor.reader else ()
    return Scope(kind="vault_reader", regions=held, role=ROLE)


def check_reads(actor: Actor) -> None:
    """Raise Forbidden unless the actor is an officer of discipline inspection somewhere."""
    if actor.reader is None or not actor.reader.has(Role.DISCIPLINE):
        raise errors.Forbidden(_("Only discipline inspection opens the vault."))


def check_watches(actor: Actor) -> None:
    """Raise Forbidden unless the actor may read the ledger of views."""
    if actor.reader is None or not actor.reader.roles & set(WATCHERS):
        raise errors.Forbidden(_("Only discipline inspection and the audit administrator see who looked."))


def recused(actor: Actor, *, about: dict[str, Any], text: str) -> bool:
    """Tell whether the clue concerns the actor or a unit of theirs (回避)."""
    if actor.reader is None:
        return True
    return rules.recused(
        name=actor.reader.display_name,
        departments={one for grant in actor.reader.grants for one in grant.departments},
        unit=str(about.get("unit", "")),
        said=f"{about.get('person', '')}\n{text}",
    )


def may_give(actor: Actor, region: str) -> bool:
    """Tell whether the actor may hand a clue of this region over."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in GIVERS)


def may_give_case(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may hand over what a case shows: never somebody of a department that handles it."""
    return may_give(actor, case.region) and not cases.of_handling_side(actor, case)


def check_gives(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor may hand a clue of this region over."""
    if not may_give(actor, region):
        raise errors.Forbidden(_("Your role may not hand clues over."))

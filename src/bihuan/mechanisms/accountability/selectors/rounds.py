"""Reads of self-checks."""

import uuid

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database

from .. import permissions
from ..models import Check, Entry
from .common import not_found


def checks(*, actor: Actor) -> list[tuple[Check, list[Entry]]]:
    """Return the newest rounds of self-checks, each with the answers that the actor may see (the last ten rounds)."""
    keeping = set(permissions.regions(actor))
    with database.reading(actor.scope()):
        rounds = list(Check.objects.order_by("-id")[:10])
        entries = list(
            Entry.objects.filter(check_round__in=rounds).select_related("department").order_by("board", "name", "id")
        )
    shown = [one for one in entries if one.region in keeping or permissions.can_answer(actor, one)]
    found = [(one, [entry for entry in shown if entry.check_round_id == one.id]) for one in rounds]
    return [(one, mine) for one, mine in found if mine]


def locked_check(check_id: uuid.UUID, actor: Actor) -> Check:
    """Return one round that concerns the actor, locked. Raises NotFound."""
    if check_id not in {one.id for one, _mine in checks(actor=actor)}:
        raise not_found()
    return Check.objects.select_for_update(of=("self",)).get(pk=check_id)

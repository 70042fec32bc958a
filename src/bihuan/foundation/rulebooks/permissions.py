"""Who may change rulebooks."""

import uuid

from django.utils.translation import gettext as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import errors

APPLY_ROLES = frozenset({Role.SYSTEM_ADMIN})


def can_apply(actor_id: uuid.UUID | None, region: str) -> bool:
    """Tell whether the person may put a rulebook into force: a system administrator of the region.

    None and OPERATOR stand for whoever runs the product's own commands on its machine.
    """
    if actor_id is None or actor_id == OPERATOR:
        return True
    return region[:6] in accounts.reader_of(actor_id).regions_for(APPLY_ROLES)


def check_apply(actor_id: uuid.UUID | None, region: str) -> None:
    """Raise Forbidden unless the person may put a rulebook into force in the region."""
    if not can_apply(actor_id, region):
        raise errors.Forbidden(_("Only a system administrator of this region may change its rulebook."))

"""Which place an administrator works on, and who may open which page."""

from typing import Any

from bihuan.casework.cases.permissions import STAFF_ROLES
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Region
from bihuan.foundation.kernel import answers, errors

ADMINS = allow(*sorted(ADMINISTRATORS))
SYSTEM = allow(Role.SYSTEM_ADMIN)
SECURITY = allow(Role.SECURITY_ADMIN)
AUDIT = allow(Role.AUDIT_ADMIN)
INSIDE = allow(*sorted(ADMINISTRATORS | STAFF_ROLES))
"""Rulebooks are public inside the product: whoever works under them may read them."""


def regions(request: Any, *roles: Role) -> list[Region]:
    """Return the regions in force in which the reader holds one of the roles (any administration without one)."""
    wanted = roles or tuple(ADMINISTRATORS)
    return directory.regions(request.reader.regions_for(wanted), answers.local_date(request.now))


def region(request: Any, found: list[Region], *, strict: bool = True) -> Region:
    """Return the region the page is about: the one asked for, else that of the reader's own office.

    Raises errors.NotFound (`region_unknown`) for one in which the reader holds nothing; with `strict` False that of
    the own office stands in, for a form that names the wrong choice itself.
    """
    own = {grant.region for grant in request.reader.grants}
    asked = request.POST.get("region") or request.GET.get("region")
    chosen = next((one for one in found if one.code == asked), None)
    if chosen is None and not (asked and strict):
        chosen = next((one for one in found if one.code in own), found[0] if found else None)
    if chosen is None:
        raise errors.NotFound(code="region_unknown")
    return chosen


def is_system(request: Any) -> bool:
    """Tell whether the reader is a system administrator, for the buttons a page shows."""
    return bool(request.reader.has(Role.SYSTEM_ADMIN))

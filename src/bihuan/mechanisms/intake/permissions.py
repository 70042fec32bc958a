"""Who works at the desk, and who may print codes."""

from django.utils.translation import gettext as _

from bihuan.foundation.accounts.permissions import Reader
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors

DESK = (Role.SEAT, Role.COORDINATOR, Role.CATCH_ALL)
"""Roles that write down what enterprises tell them."""
PRINTERS = (*DESK, Role.SUPERVISION_OFFICE, Role.DISCIPLINE)
"""Roles that put up codes: the front desk, and whoever watches over windows."""


def can_issue_link(reader: Reader | None, region: str) -> bool:
    """Tell whether the reader may issue codes that raise matters in the region."""
    return reader is not None and any(reader.has(role, region=region) for role in PRINTERS)


def check_issue_link(reader: Reader | None, region: str) -> None:
    """Raise Forbidden unless the reader may issue codes for the region."""
    if not can_issue_link(reader, region):
        raise errors.Forbidden(_("You may print codes for your own region only."), code="link_region")

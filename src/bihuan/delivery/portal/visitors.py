"""Who sits before a page, as the frame shows it: name, office, place, and how many messages wait."""

from typing import Any

from django.utils.translation import gettext

from bihuan.casework.cases.permissions import STAFF_ROLES
from bihuan.foundation.accounts import roles
from bihuan.foundation.accounts.permissions import Reader
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.notifications import selectors as notifications
from bihuan.foundation.ui.navigation import Visitor

PLACES = {
    "home": "home",
    "inbox": "inbox",
    "account": "mfa_index",
    "login": "account_login",
    "logout": "account_logout",
    "display": "display",
    "figures": "openness:regions",
    "pulse": "pulse",
}
"""The frame's places and the names of their addresses."""
SEARCHES = ((STAFF_ROLES, "cases:register"), (roles.ADMINISTRATORS, "administration:people"))
"""Who searches what; enterprises have no search in the frame, for they see their own matters at once."""


def visitor(request: Any) -> Visitor | None:
    """Return what the frame shows of whoever reads."""
    who: Reader | None = request.reader
    if who is None:
        return None
    place = directory.region(who.grants[0].region) if who.grants else None
    return Visitor(
        name=who.display_name,
        office=gettext(", ").join(dict.fromkeys(str(roles.NAMES[grant.role]) for grant in who.grants)),
        place=place.name if place else "",
        roles=frozenset(role.value for role in who.roles),
        key=who.person_id.hex[-12:],
    )


def unread(request: Any) -> int:
    """Return how many messages wait for whoever reads."""
    return notifications.unread(reader=request.reader) if request.reader else 0

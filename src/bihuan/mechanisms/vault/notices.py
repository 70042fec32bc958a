"""What officers are told: that something waits in the vault, never what; and never those whom it concerns."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

from . import permissions

TOLD: dict[str, Any] = {
    "received": _("A new clue waits in the vault"),
    "word": _("Somebody answered in a dialogue of the vault"),
    "identity_asked": _("Somebody asks to see an identity; a second officer has to decide"),
    "identity_decided": _("A request to see an identity was decided"),
}


def register() -> None:
    """Make all notices known."""
    for name, title in TOLD.items():
        audience = frozenset({Audience.DISCIPLINE})
        registry.register(Kind(key=f"vault.{name}", audience=audience, title=title, path="/vault/"))


def officers(*, region: str, about: dict[str, Any], text: str, now: dt.datetime) -> set[uuid.UUID]:
    """Return the officers of the region, or of the nearest one above that has any, whom the clue does not concern."""
    for place in reversed(directory.region_path(region)):
        held = accounts.holders(role=Role.DISCIPLINE, region=place.code, now=now)
        if held:
            readers = (Actor(reader=accounts.reader_of(person)) for person in held)
            free = (one for one in readers if not permissions.recused(one, about=about, text=text))
            return {one.person_id for one in free if one.person_id}
    return set()


def send(name: str, *, people: set[uuid.UUID], region: str, now: dt.datetime) -> None:
    """Tell people that something waits."""
    notifications.notify(
        key=f"vault.{name}",
        recipients=people,
        subject="",
        data={},
        now=now,
        dedupe=f"vault:{uuid.uuid4()}",
        region=region,
    )

"""The matters of one enterprise, for its page."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import database

from .. import panels, selectors, wording
from ..panels import FirmEntry
from ..permissions import Actor


def matters(firm: Enterprise, actor: Actor, now: dt.datetime) -> list[FirmEntry]:
    """Return the newest matters of an enterprise that this reader may see; one rule as in every list."""
    with database.reading(actor.scope()):
        rows, _following = selectors.page(actor=actor, filters=selectors.Filters(enterprise=(firm.uscc,)), now=now)
    return [
        FirmEntry(
            at=row.raised_at,
            what=row.title,
            state=wording.STATES[row.state],
            note=row.number,
            url=reverse("cases:case", args=[row.number]),
        )
        for row in rows
    ]


def register() -> None:
    """Put the matters onto the page of an enterprise."""
    panels.register_firm(panels.FirmSection(name="cases", title=_("Its matters"), known=matters, order=10))

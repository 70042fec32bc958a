"""What an enterprise is entitled to, on its page."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases import panels
from bihuan.casework.cases.panels import FirmEntry
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import database

from . import permissions, selectors, wording


def entitled(firm: Enterprise, actor: Actor, now: dt.datetime) -> list[FirmEntry] | None:
    """Return what fits it, or would if something were known: for itself and for offices of its place."""
    if not (permissions.owns(actor, firm.id) or firm.region[:6] in actor.scope().regions):
        return None
    with database.writing():
        found = selectors.judged.judged(firm, now)
    url = reverse("policies:firm", args=[firm.uscc])
    return [
        FirmEntry(
            at=one.policy.valid_from,
            what=one.clause.name,
            state=wording.OUTCOMES[one.outcome][1],
            note="" if one.amount is None else _("%(amount)s yuan") % {"amount": f"{one.amount:,.2f}"},
            url=url,
        )
        for one in found
        if one.outcome != "no"
    ][:20]


def register() -> None:
    """Put it onto the page of an enterprise."""
    panels.register_firm(panels.FirmSection(name="policies", title=_("Policies"), known=entitled, order=25))

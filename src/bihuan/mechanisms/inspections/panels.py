"""Checks of an enterprise and its class, on its page."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.casework.cases import panels
from bihuan.casework.cases.panels import FirmEntry
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory.models import Enterprise

from . import permissions, selectors, wording


def checks(firm: Enterprise, actor: Actor, now: dt.datetime) -> list[FirmEntry] | None:
    """Return the class and the checks that this reader may see; none of which it was not told for the enterprise."""
    staff = actor.reader is not None and bool(actor.reader.roles & set(permissions.READERS))
    own = permissions.speaks_for(actor, firm.id)
    if not staff and not own:
        return None
    entries = []
    standing = selectors.standing_of(enterprise=firm, actor=actor)
    if standing is not None:
        what = _("Class %(grade)s for %(year)d, %(points)d points") % {
            "grade": standing.grade,
            "year": standing.year,
            "points": standing.points,
        }
        url = reverse("inspections:class", args=[standing.id])
        state = wording.STANDING_STATES[standing.state]
        entries.append(FirmEntry(at=standing.rated_at, what=what, state=state, url=url))
    found, _following = selectors.checks_page(actor=actor, enterprise=firm.uscc)
    entries += [
        FirmEntry(
            at=one.on,
            what=f"{wording.KINDS[one.kind]} {one.number}",
            state=wording.CHECK_STATES[one.state],
            note=one.department.short_name,
            url=reverse("inspections:check", args=[one.id]),
        )
        for one in found
    ]
    return entries


def register() -> None:
    """Put the checks onto the page of an enterprise."""
    panels.register_firm(panels.FirmSection(name="checks", title=gettext_lazy("Inspections"), known=checks, order=25))

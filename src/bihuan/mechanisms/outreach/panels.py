"""The visits to an enterprise, on its page."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases import panels
from bihuan.casework.cases.panels import FirmEntry
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory.models import Enterprise

from . import permissions, selectors, wording


def visits(firm: Enterprise, actor: Actor, now: dt.datetime) -> list[FirmEntry] | None:
    """Return the visits that this reader may see; none that is not announced for the enterprise itself."""
    staff = actor.reader is not None and bool(actor.reader.roles & set(permissions.GOING))
    own = str(firm.id) in {str(one) for one in actor.scope().enterprises}
    if not staff and not own:
        return None
    found, _following = selectors.visits_page(actor=actor, enterprise=firm.uscc)
    return [
        FirmEntry(
            at=one.on,
            what=one.purpose,
            state=wording.VISIT_STATES[one.state],
            note=one.team.name if one.team else one.department.short_name if one.department else "",
            url=reverse("outreach:visit", args=[one.id]) if staff else "",
        )
        for one in found
    ]


def register() -> None:
    """Put the visits onto the page of an enterprise."""
    panels.register_firm(panels.FirmSection(name="visits", title=_("Visits"), known=visits, order=20))

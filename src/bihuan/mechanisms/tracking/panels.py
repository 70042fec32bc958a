"""The section of tracking on the case page, and what was promised to an enterprise on its page."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.panels import FirmEntry
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory.models import Enterprise

from . import permissions, selectors

PANEL = "tracking/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the newest track of the case, or the offer to open one, or None when there is nothing to show."""
    found = selectors.of_case(case=case, actor=actor, now=now)
    may_open = (found is None or found.track.ended_at is not None) and permissions.can_open(actor, case)
    if found is None and not (may_open and case.state not in ("closed", "declined", "merged", "archived")):
        return None
    return {"case": case, "found": found, "may_open": may_open}


def promised(firm: Enterprise, actor: Actor, now: dt.datetime) -> list[FirmEntry]:
    """Return the steps of plans that were promised to an enterprise, by day; those of matters this reader may see."""
    entries = []
    for found in selectors.of_firm(firm=firm, actor=actor, now=now):
        for node in found.nodes:
            state = (
                _("done") if node.reached_at else _("late") if node.due_at and node.due_at < now else _("to be done")
            )
            number = found.case.number
            where = reverse("cases:case", args=[number])
            entries.append(
                FirmEntry(at=node.due_at, what=node.what, state=state, note=f"{node.unit} {number}", url=where)
            )
    return entries


def register() -> None:
    """Put the sections on the pages of the case and of the enterprise."""
    panels.register_firm(panels.FirmSection(name="promises", title=_("Promised"), known=promised, order=40))
    panels.register(panels.Panel(name="tracking", template=PANEL, fill=fill, place="side", order=40))

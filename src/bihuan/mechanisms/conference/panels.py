"""The section of the conference on the case page: the tier ladder with its times, items, decisions, consultations."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases import wording as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.states import TIERS
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers
from bihuan.foundation.ui import wording as words
from bihuan.foundation.workcalendar import selectors as workcalendar

from . import permissions, selectors, wording

PANEL = "conference/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return where the case lay how long, and what meetings say about it; None for readers outside."""
    found = selectors.of_case(case=case, actor=actor, now=now)
    if found is None or not case.tier:
        return None
    units = {str(one.id): one.short_name for one in directory.departments(case.region)}
    names = {**cases.ABOVE, **wording.WITH, **units}
    day = workcalendar.calendar_for(case.region).hours_on(answers.local_date(now)).length

    def worked(time: dt.timedelta | None) -> str:
        return "" if time is None else words.worked(time, day_length=day)

    calling = permissions.can_call(actor, case.region)
    return {
        "case": case,
        "day": words.span(day),
        "ladder": [(cases.TIERS[one], one == case.tier, worked(found.tiers.get(one))) for one in TIERS],
        "holders": [(names.get(one, one), one == found.now_with, worked(time)) for one, time in found.holders.items()],
        "items": [(row, wording.ITEM_STATES[row.thing.state]) for row in found.items if row.thing.follows_id is None],
        "decisions": [(row, wording.DECISION_STATES[row.thing.state]) for row in found.decisions],
        "may_consult": calling and case.tier == "complex" and case.state not in ("closed", "archived", "merged"),
    }


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="conference", template=PANEL, fill=fill, place="side", order=35))

"""Where a case's time went: read from its ledger, computed by the rule, written down; never by hand."""

import datetime as dt
import uuid
from typing import Any

from bihuan.casework.cases.states import MACHINE
from bihuan.foundation.directory.models import Department
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.workcalendar import selectors as calendars

from ..models import Link, Retrospective
from ..rules import links

_DEPARTMENTS = ("liaison", "department_head")


def changes(facts: list[dict[str, Any]]) -> list[links.Change]:
    """Return the course of a case from the contents of its facts, oldest first."""
    state, department, found = "", "", []
    for fact in facts:
        put = fact["data"].get("set", {})
        state, department = put.get("state", state), put.get("lead_department_id", department) or ""
        found.append(links.Change(at=dt.datetime.fromisoformat(fact["at"]), state=state, department=department))
    return found


def measure(retrospective: Retrospective) -> list[str]:
    """Write the links of the case as its ledger now shows them; return the changed fields of the retrospective."""
    calendar = calendars.calendar_for(retrospective.region)
    facts = [ledger.content(fact) for fact in ledger.history(retrospective.case_id)]
    owners = {state.value: role for state, role in MACHINE.owners.items()}
    # After the closing nobody works on it: what waits there is the archive.
    owners |= {"closed": None, "declined": None}
    found = links.weak_links(changes(facts), owners=owners, of_department=_DEPARTMENTS, measure=calendar.elapsed)
    known = set(
        Department.objects.filter(pk__in=[one.department for one in found if one.department]).values_list(
            "id", flat=True
        )
    )
    retrospective.minutes = sum(one.minutes for one in found)
    Link.objects.filter(retrospective=retrospective).delete()
    Link.objects.bulk_create(
        Link(
            retrospective=retrospective,
            region=retrospective.region,
            place=place,
            step=one.step,
            role=one.role,
            department_id=_known(one.department, known),
            minutes=one.minutes,
            share=one.share,
            times=one.times,
        )
        for place, one in enumerate(found, start=1)
    )
    return ["minutes"]


def _known(department: str, known: set[uuid.UUID]) -> uuid.UUID | None:
    return uuid.UUID(department) if department and uuid.UUID(department) in known else None

"""The panel: drawn by a seed that was fixed beforehand, without anybody who is involved; and who follows whom (N3)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.text import needed_text

from .. import selectors
from ..models import Panelist, Refusal, Seat, Vote
from ..rules import judging
from .recording import rule


def sides(refusal: Refusal, case: Case) -> judging.Sides:
    """Return who is a side of the refusal: the unit, everything above it in the tree, the firm, who said no."""
    above, one = set(), refusal.unit
    while one is not None and one.parent_id is not None and str(one.parent_id) not in above:
        above.add(str(one.parent_id))
        one = directory.department_by_id(one.parent_id)
    unit = str(refusal.unit_id) if refusal.unit_id else ""
    others = {str(part) for part in (case.lead_department_id, *case.co_department_ids) if part} - {unit}
    return judging.Sides(
        unit=unit,
        above=frozenset(above | others),
        enterprise=str(case.enterprise_id or ""),
        persons=frozenset({str(refusal.refused_by)}) if refusal.refused_by else frozenset(),
        raiser=str(case.raised_by or ""),
    )


def person_of(panelist: Panelist) -> judging.Person:
    """Return a member of the pool with all offices that bind him or her."""
    grants = accounts.reader_of(panelist.person_id).grants
    return judging.Person(
        id=str(panelist.person_id),
        group=panelist.group,
        departments=frozenset(str(one) for grant in grants for one in grant.departments),
        enterprises=frozenset(str(grant.enterprise_id) for grant in grants if grant.enterprise_id),
    )


def draw(refusal: Refusal, case: Case, *, now: dt.datetime) -> tuple[dict[str, Any], list[str]]:
    """Seat the panel; return what the fact says (all that is needed to repeat the draw) and the changed fields.

    Raises Conflict `panel_incomplete` when a group of the pool has too few that are not involved.
    """
    pool = [person_of(one) for one in Panelist.objects.filter(region=refusal.region, active=True)]
    quotas = rule(refusal).panel.quotas.seats
    drawn = judging.draw(pool=pool, sides=sides(refusal, case), quotas=quotas, seed=refusal.seed)
    if drawn.missing:
        raise errors.Conflict(
            _("The pool has too few people who are not involved."),
            code="panel_incomplete",
            missing=dict(drawn.missing),
        )
    rows = [(person, group, False) for person, group in drawn.seats]
    rows += [(person, group, True) for person, group in drawn.reserve]
    Seat.objects.bulk_create(
        Seat(
            refusal=refusal,
            case=case,
            region=refusal.region,
            person_id=uuid.UUID(person),
            group=group,
            reserve=reserve,
            place=place,
        )
        for place, (person, group, reserve) in enumerate(rows, start=1)
    )
    refusal.excluded = [{"person": person, "why": why} for person, why in drawn.excluded]
    said = {
        "seed": refusal.seed,
        "count": len(drawn.seats),
        "pool": sorted([one.group, one.id] for one in pool),
        "seats": [list(one) for one in drawn.seats],
        "excluded": refusal.excluded,
    }
    return said, ["excluded"]


def recuse(refusal: Refusal, case: Case, *, now: dt.datetime, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take a member {member} off the panel for a reason {text}; void the vote; seat the next one of the draw.

    Who is in reserve is asked again whether he or she is involved. Raises Invalid, Conflict `no_reserve`.
    """
    text, given = needed_text(body), str(body.get("member", ""))
    seat = next((one for one in selectors.seated(refusal) if str(one.person_id) == given), None)
    if seat is None:
        raise errors.Invalid(_("This person has no seat on the panel."), code="no_such_member", field="member")
    seat.left_at, seat.left_reason = now, text
    seat.save(update_fields=["left_at", "left_reason"])
    voided = Vote.objects.filter(seat=seat, round=refusal.round, void=False).update(void=True)
    concerned = sides(refusal, case)
    reserve = Seat.objects.filter(refusal=refusal, group=seat.group, reserve=True, left_at=None).order_by("place")
    for one in reserve:
        panelist = Panelist.objects.filter(region=refusal.region, person_id=one.person_id, active=True).first()
        if panelist is not None and not judging.conflict(person_of(panelist), concerned):
            one.reserve = False
            one.save(update_fields=["reserve"])
            return {"text": text, "member": given, "vote_void": bool(voided), "replaced_by": str(one.person_id)}
    if selectors.seated(refusal).count() < rule(refusal).panel.quorum:
        raise errors.Conflict(_("Nobody is left to take the seat, and the quorum would be lost."), code="no_reserve")
    return {"text": text, "member": given, "vote_void": bool(voided), "replaced_by": ""}

"""A new instrument: what is to be said, to which department, about which case or none."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.events.between import LetterWanted
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Instrument
from ..states import KINDS, next_step
from .recording import commit, expect_next


def draft(
    *,
    kind: str,
    region: str,
    body: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
    source: uuid.UUID | None = None,
) -> Instrument:
    """Draft an instrument and return it. body: {department: code, title, case: number or none}, the parts of the kind.

    source: what asked for it elsewhere; it is told how the letter moves (LetterMoved).
    Raises Invalid (`kind_unknown`, `department_…`, `case_unknown`, a part that is missing), Forbidden (no office that
    issues this kind in the region, or one's own department). Leaves one fact and publishes InstrumentChanged.
    """
    row = KINDS.get(kind)
    if row is None:
        raise errors.Invalid(_("There is no such kind."), code="kind_unknown", field="kind")
    issuer = permissions.issuer_for(actor, kind, region)
    assert actor.person_id is not None
    title = clean_line(needed_text(body, "title", most=200))
    parts = {name: needed_text(body, name) for name in row.parts}
    with database.writing():
        today = answers.local_date(now)
        department = directory.department_in_force(region, str(body.get("department", "")), today)
        made = Instrument(
            region=region,
            kind=kind,
            issuer=issuer,
            offices=sorted(f"{role}:{region}" for role in row.readers | {issuer}),
            addressee=department,
            case=_case(str(body.get("case") or ""), actor),
            source=source,
            title=title,
            parts=parts,
            hands=[actor.person_id],
            drafted_by=actor.person_id,
            drafted_at=now,
            rulebook_version=rulebooks.in_force(region, now).id,
        )
        if permissions.of_department(actor, made):
            raise errors.Forbidden(_("Nobody writes to their own department."), action="draft")
        expect_next(made, now=now)
        said = {"title": title, "addressee": department.name, "step": next_step(row, made.state) or ""}
        commit(made, "drafted", now=now, said=said, actor=actor, made=True)
    return made


def _case(number: str, actor: Actor) -> Case | None:
    if not number.strip():
        return None
    with database.reading(actor.scope()):
        found = Case.objects.filter(visible(actor), number=number.strip()).defer("search").first()
    if found is None:
        raise errors.Invalid(_("There is no such case, or you may not see it."), code="case_unknown", field="case")
    return found


def draft_wanted(*, event: LetterWanted) -> None:
    """Draft the letter that something found elsewhere has to become, with the rights of whoever found it.

    Raises as `draft`: then nothing of it happens there either.
    """
    if event.actor_id is None:
        raise errors.Forbidden(_("Your role may not issue this kind here."), action="draft")
    actor = Actor(reader=accounts.reader_of(event.actor_id))
    body = {**event.parts, "department": event.department, "title": event.title, "case": event.case}
    draft(kind=event.kind, region=event.region, body=body, actor=actor, now=event.at, source=event.source_id)

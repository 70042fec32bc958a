"""The only writers of conduct lists and of examinations by them. Order of locks: sheet, examination."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors, events
from bihuan.foundation.kernel.text import clean_line, clean_text, needed_text
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications

from . import notices, permissions, rules, selectors
from .events import SheetChanged
from .models import Examination, Sheet
from .states import EXAMINATIONS, KINDS, RESULTS, SHEETS, SIDES, ExaminationState, SheetState

MOST_ENTRIES, LONGEST = 100, 400


def draft(*, region: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Sheet:
    """Draft the next version of a list and return it.

    body: {kind: contact or integrity, audience: for whom, title, basis, effective_on, and a text for each side, one
    entry a line}. Raises Forbidden, Invalid naming the field, Conflict `draft_open`. Leaves one fact, and one event.
    """
    _check_edits(actor, region)
    assert actor.person_id is not None
    kind = str(body.get("kind") or "")
    if kind not in KINDS:
        raise errors.Invalid(_("There is no such kind."), code="kind_unknown", field="kind")
    audience = clean_line(needed_text(body, "audience", most=60))
    with database.writing():
        same = Sheet.objects.filter(region=region, kind=kind, audience=audience)
        if same.filter(state="drafted").exists():
            raise errors.Conflict(_("There is a draft of this list already."), code="draft_open")
        made = Sheet(
            region=region,
            kind=kind,
            audience=audience,
            version=1 + (same.aggregate(last=Max("version"))["last"] or 0),
            drafted_by=actor.person_id,
            drafted_at=now,
        )
        _write(made, body, now)
        _record(made, "drafted", said={"version": made.version}, actor=actor, now=now, made=True)
    return made


def take(*, sheet_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Sheet:
    """Take one action on a version and return it: `edit` (as `draft`), `publish`, `drop`, `withdraw` with {text}.

    Raises NotFound, Forbidden (who drafted does not publish), Conflict `state_forbids`, Invalid. One fact, one event.
    """
    selectors.find(sheet_id=sheet_id, actor=actor)
    with database.writing():
        sheet = Sheet.objects.select_for_update().get(pk=sheet_id)
        transition = SHEETS.named(action)
        if not permissions.can(actor, action, sheet):
            raise errors.Forbidden(_("Your role may not take this action here."), action=action)
        SHEETS.check_state(transition, SheetState(sheet.state), may=lambda name: permissions.can(actor, name, sheet))
        came_from, said = sheet.state, {}
        if action == "edit":
            _write(sheet, body, now)
        else:
            said = {"text": needed_text(body), "effective_on": sheet.effective_on.isoformat()}
            sheet.state = next(iter(transition.targets)).value
            if action == "publish":
                sheet.published_at = now
            else:
                sheet.ended_at = now
        _record(sheet, action, said=said, actor=actor, now=now, came_from=came_from)
    return sheet


def examine(*, sheet_id: uuid.UUID, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Examination:
    """Examine one enterprise by an integrity list in force (清廉体检), and return the result, which it may read.

    body: {enterprise: USCC, advice, and for each entry id one of `kept`, `broken`, `open`; a missing one is open}.
    Raises NotFound, Forbidden, Conflict `not_in_force`, Invalid (enterprise, advice, results). Leaves one fact.
    """
    sheet = selectors.find(sheet_id=sheet_id, actor=actor)
    _check_edits(actor, sheet.region)
    current = selectors.in_force(actor=actor, on=answers.local_date(now), region=sheet.region)
    if sheet.kind != "integrity" or sheet.id not in {one.id for one in current}:
        raise errors.Conflict(_("Examine by an integrity list that is in force."), code="not_in_force")
    firm = directory.enterprise(directory_rules.check_uscc(str(body.get("enterprise") or ""), field="enterprise"))
    if firm is None:
        raise errors.Invalid(_("No enterprise has this credit code."), code="unknown", field="enterprise")
    results = {entry["id"]: str(body.get(entry["id"]) or "open") for entry in sheet.entries}
    if set(results.values()) - set(RESULTS):
        raise errors.Invalid(_("Say kept, broken or open of each entry."), code="result_unknown", field="results")
    with database.writing():
        made = Examination(
            region=sheet.region,
            sheet=sheet,
            enterprise=firm,
            results=results,
            advice=needed_text(body, "advice"),
            examined_at=now,
        )
        _enter(made, "examined", said={"version": sheet.version}, actor=actor, now=now, made=True)
        notices.send(made, title=sheet.title, now=now)
    return made


def comment(*, examination_id: uuid.UUID, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Examination:
    """Let the enterprise say something about its examination, once. Raises NotFound, Forbidden, Conflict, Invalid."""
    selectors.examination(examination_id=examination_id, actor=actor)
    with database.writing():
        rows = Examination.objects.select_for_update(of=("self",)).select_related("sheet", "enterprise")
        found = rows.get(pk=examination_id)
        if not permissions.examined(actor, found):
            raise errors.Forbidden(_("Only the enterprise itself comments."), action="comment")
        transition = EXAMINATIONS.named("comment")
        EXAMINATIONS.check_state(transition, ExaminationState(found.state), may=lambda _name: True)
        came_from, found.state, found.comment = found.state, ExaminationState.COMMENTED.value, needed_text(body)
        _enter(found, "comment", said={"text": found.comment}, actor=actor, now=now, came_from=came_from)
    return found


def _check_edits(actor: Actor, region: str) -> None:
    if not permissions.edits(actor, region):
        raise errors.Forbidden(_("Your role may not take this action here."), action="draft")


def _write(sheet: Sheet, body: Mapping[str, Any], now: dt.datetime) -> None:
    sheet.title = clean_line(needed_text(body, "title", most=120))
    sheet.basis = clean_line(str(body.get("basis") or ""))[:400]
    sheet.entries = rules.entries({side: clean_text(str(body.get(side) or "")) for side in SIDES})
    if not 0 < len(sheet.entries) <= MOST_ENTRIES or any(len(one["text"]) > LONGEST for one in sheet.entries):
        raise errors.Invalid(
            _("Write one entry a line: at least one, each of 400 characters at most."), field="positive"
        )
    try:
        sheet.effective_on = dt.date.fromisoformat(str(body.get("effective_on") or ""))
    except ValueError as problem:
        raise errors.Invalid(_("From which day is it in force?"), code="day_wrong", field="effective_on") from problem
    if sheet.effective_on < answers.local_date(now):
        raise errors.Invalid(_("A list is in force from today on, or later."), code="day_wrong", field="effective_on")


def _record(
    sheet: Sheet,
    name: str,
    *,
    said: dict[str, Any],
    actor: Actor,
    now: dt.datetime,
    came_from: str | None = None,
    made: bool = False,
) -> None:
    _enter(sheet, name, said=said, actor=actor, now=now, came_from=came_from, made=made)
    payload = {"id": str(sheet.id), "kind": sheet.kind, "version": sheet.version, "state": sheet.state}
    fact = f"conduct.{name}"
    notifications.publish(event_type=fact, payload=payload, region=sheet.region, now=now, enterprise_id=None)
    about: dict[str, Any] = {"sheet_id": sheet.id, "region": sheet.region, "kind": sheet.kind}
    events.publish(SheetChanged(**about, version=sheet.version, fact=fact, state=sheet.state, at=now))


def _enter(
    thing: Sheet | Examination,
    name: str,
    *,
    said: dict[str, Any],
    actor: Actor,
    now: dt.datetime,
    came_from: str | None = None,
    made: bool = False,
) -> None:
    """Record one fact and save the row."""
    ledger.record_and_save(
        thing,
        kind=f"conduct.{name}",
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said=said,
        came_from=came_from,
        made=made,
    )

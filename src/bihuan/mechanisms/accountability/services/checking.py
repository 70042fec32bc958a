"""自查自纠 (A2): the centre opens a round, boards and towns look at themselves along the problem list."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import DepartmentKind
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_text, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, permissions, selectors
from ..models import Check, Entry
from ..rulebook import Accountability
from ..states import CHECKS, CheckState
from . import recording
from .recording import chosen, line, record, rule


def open_round(*, region: str, title: str, actor: Actor, now: dt.datetime) -> Check:
    """Open a round for every board and town of the region that is there today.

    Raises Forbidden, Conflict `nobody_to_check` (no board and no town), Invalid. Leaves one fact.
    """
    with database.writing():
        permissions.check_keeps(actor, region)
        day = answers.local_date(now)
        bodies = [(one.lead_department_id, one.code, one.name) for one in directory.boards(region, on=day)]
        towns = (one for one in directory.departments(region, on=day) if one.kind == DepartmentKind.TOWN)
        bodies += [(one.pk, "", one.name) for one in towns]
        if not bodies:
            raise errors.Conflict(_("There is no board and no town that could check itself."), code="nobody_to_check")
        book = rulebooks.in_force(region, now)
        check = Check(
            region=region, title=line({"title": title}, "title", 200), opened_at=now, rulebook_version=book.id
        )
        deadlines.expect(check, "check_answer", book.section(Accountability).limits.check_within, now=now)
        said = {"title": check.title, "bodies": len(bodies)}
        record(check, "round_opened", now=now, said=said, actor=actor, made=True)
        Entry.objects.bulk_create(
            Entry(check_round=check, region=region, department_id=unit, board=board, name=name)
            for unit, board, name in bodies
        )
        units = tuple(dict.fromkeys(unit for unit, _board, _name in bodies))
        notices.send(
            "round_opened", thing=check, subject=check.title, inquiry="", units=units, now=now, but=actor.person_id
        )
    return check


def take_check(*, check_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Check:
    """`check_self`: {entry, found: [{kind, text, fix}], text}; finding nothing is an answer. `close_round` ends it.

    Raises NotFound, Forbidden, Conflict `state_forbids`, Invalid. Leaves one fact.
    """
    with database.writing():
        check = selectors.locked_check(check_id, actor)
        transition = recording.find_row(CHECKS, action)
        entry = _entry(check, body) if action == "check_self" else None
        allowed = permissions.can_answer(actor, entry) if entry else permissions.keeps(actor, check.region)
        recording.check(allowed, transition, check.state, [])
        if entry:
            _answer(check, entry, actor, now, body)
        else:
            came_from, check.state, check.ended_at = check.state, CheckState.CLOSED.value, now
            changed = ["state", "ended_at", *deadlines.expect(check, "", None, now=now)]
            record(check, action, now=now, said={}, actor=actor, came_from=came_from, changed=changed)
    return check


def _entry(check: Check, body: Mapping[str, Any]) -> Entry:
    entries = {str(one.id): one for one in Entry.objects.select_for_update(of=("self",)).filter(check_round=check)}
    return entries[chosen(body.get("entry"), entries, "entry")]


def _answer(check: Check, entry: Entry, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> None:
    known = [kind.id for group in rule(check.rulebook_version).problems for kind in group.kinds]
    found = body.get("found") or []
    if not isinstance(found, list) or len(found) > len(known) or not all(isinstance(one, Mapping) for one in found):
        raise errors.Invalid(_("found: a list of {kind, text, fix}"), code="invalid_body", field="found")
    entry.found = [
        {
            "kind": chosen(one.get("kind"), known, "kind"),
            "text": needed_text(one),
            "fix": clean_text(str(one.get("fix", "") or ""))[:4000],
        }
        for one in found
    ]
    entry.text = clean_text(str(body.get("text", "") or ""))[:4000] if entry.found else needed_text(body)
    entry.answered_at = now
    entry.save(update_fields=["found", "text", "answered_at"])
    said = {"body": entry.name, "found": entry.found, "text": entry.text}
    record(check, "check_self", now=now, said=said, actor=actor)

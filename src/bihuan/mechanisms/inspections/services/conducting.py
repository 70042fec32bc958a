"""From approval to the result: notice, arrival at the door, findings, review of what could not wait, and the rating."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.directory import doors
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, permissions, selectors
from ..models import SEVERITIES, Check, Finding, Item, Mark, Record
from ..rulebook import Inspections
from ..rules import gate
from ..selectors.checks import waiting
from ..states import CHECKS, FREE_KINDS, OPEN, SYSTEM, CheckState
from ..wording import MARKS, OUTCOMES
from .booking import Planned, judge, refused
from .rating import key_of
from .recording import commit, rule


@dataclass(frozen=True, kw_only=True)
class Move:
    """One action on a locked check: changes go into the row and into `said`; `changed` names the fields."""

    check: Check
    actor: Actor
    now: dt.datetime
    body: Mapping[str, Any]
    said: dict[str, Any]
    changed: list[str]

    def put(self, **values: Any) -> None:
        """Write fields of the row, to be saved with the fact."""
        for name, value in values.items():
            setattr(self.check, name, value)
            self.changed.append(name)


def take_check(*, check_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Check:
    """Take one action of a person on a check, and return it as it then is.

    `approve`; `arrive` {code | unscanned}; `report` {text, results: {item: {outcome, severity, text}}};
    `review` {verdict, text}; `call_off` {text}. `join` and `rate_check` have services of their own. Raises NotFound,
    Forbidden, Conflict `state_forbids`, `gate_refused` (approve), `wrong_day`, Invalid. Leaves one fact; publishes
    CheckChanged. Source: visit protocol of 国办发〔2024〕54号; 行政处罚法 §42, §55.
    """
    with database.writing():
        check = _locked(check_id, action, actor, now)
        move = Move(check=check, actor=actor, now=now, body=body, said={}, changed=["state"])
        came_from = check.state
        if action not in _STEPS:
            raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
        _STEPS[action](move)
        commit(
            check,
            f"check_{action}",
            now=now,
            said=move.said,
            actor=actor,
            came_from=came_from if came_from != check.state else None,
            changed=move.changed,
        )
        _tell(move, action)
    return check


def _locked(check_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime) -> Check:
    selectors.find_check(check_id, actor)
    chosen = Check.objects.select_for_update(of=("self",)).select_related("enterprise", "department")
    check = chosen.get(pk=check_id)
    transition = CHECKS.named(action, without=frozenset({SYSTEM}))
    permissions.check(actor, action, check)
    offered = selectors.check_actions(check, actor, now)
    CHECKS.check_state(
        transition, CheckState(check.state), may=lambda one: one in offered, fits=lambda one: one in offered
    )
    return check


def _approve(move: Move) -> None:
    """Approve the parts of the actor's body, if the gate still lets them through; a sheltered firm's by the leader."""
    check = move.check
    parts = [one for one in waiting(check, move.actor) if one.registered_by != move.actor.person_id]
    if not parts:
        raise errors.Forbidden(_("Whoever registered a check does not approve it."), code="own_check")
    for part in parts:
        planned = Planned(
            enterprise=check.enterprise.uscc,
            on=check.on,
            kind=check.kind,
            parts={part.department_id: (part.items, part.officers)},
            filed=check.filed,
        )
        judged = judge(
            check.enterprise,
            {part.department_id: part.department},
            planned,
            region=check.region,
            now=move.now,
            joins=check,
        )
        against = [one for one in judged.reasons if one.code in {*gate.LAW, "cap", "exempt"}]
        if against:
            raise refused([one.plain() for one in against], check=check.id)
        part.approved_by, part.approved_at = move.actor.person_id, move.now
        part.save(update_fields=["approved_by", "approved_at"])
    move.put(state=CheckState.APPROVED.value, told_at=check.told_at or move.now)
    move.said["name"] = "、".join(part.department.short_name for part in parts)


def _arrive(move: Move) -> None:
    check, now = move.check, move.now
    text, why = str(move.body.get("code") or "").strip(), clean_line(str(move.body.get("unscanned") or ""))[:400]
    if text:
        if doors.enterprise_at(text) != check.enterprise_id:
            raise errors.Invalid(
                _("code: this is not the code at this enterprise's door"), code="wrong_door", field="code"
            )
    elif not why:
        said = _("code: scan the code at the door, or say why it cannot be scanned")
        raise errors.Invalid(said, code="required", field="code")
    approved = [one for one in selectors.parts_of(check) if one.approved_at]
    items = list(Item.objects.filter(pk__in=[item for one in approved for item in one.items]))
    lead = check.department_id if any(one.department_id == check.department_id for one in approved) else None
    move.put(
        state=CheckState.ARRIVED.value,
        # A part that nobody approved does not come.
        bodies=[one.department_id for one in approved],
        department_id=lead or approved[0].department_id,
        items=[one.id for one in items],
        categories=sorted({one.category for one in items}),
        subjects=sorted({one.subject for one in items}),
        scanned=bool(text),
        unscanned=why,
        arrived_at=now,
        told_at=check.told_at or now,
    )
    move.changed[:] = [name.removesuffix("_id") if name == "department_id" else name for name in move.changed]
    within = rulebooks.version(check.rulebook_version).section(Inspections).gate.report_within
    move.changed.extend(deadlines.expect(check, "inspection_report", within, now=now))
    move.said.update({"scanned": bool(text), "text": why})


def _report(move: Move) -> None:
    """Keep what was found for each listed item; only those may be looked at. Problems go into the firm's record."""
    check, now = move.check, move.now
    text = needed_text(move.body)
    given = move.body.get("results")
    results: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    items = {str(one.id): one for one in Item.objects.filter(pk__in=check.items)}
    extra = next((key for key in results if key not in items), None)
    if extra is not None:
        said = _("results: an item that is not on the notice may not be looked at")
        raise errors.Invalid(said, code="item_not_listed", field="results", item=extra)
    missing = next((one for key, one in items.items() if key not in results), None)
    if missing is not None:
        said = _("results: “%(name)s” has no result") % {"name": missing.name}
        raise errors.Invalid(said, code="invalid_body", field="results", item=str(missing.id))
    findings = [_finding(check, items[key], one) for key, one in results.items()]
    Finding.objects.bulk_create(findings)
    problems = [one for one in findings if one.outcome not in {"fine", "advice"}]
    _records(check, problems, answers.local_date(now))
    free = check.kind in FREE_KINDS
    state = CheckState.TO_REVIEW if free else CheckState.DONE
    move.put(state=state.value, summary=text, reported_at=now, ended_at=None if free else now)
    within = rulebooks.version(check.rulebook_version).section(Inspections).gate.review_within
    move.changed.extend(deadlines.expect(check, "inspection_review", within if free else None, now=now))
    move.said.update({"text": text, "items": len(items), "problems": len(problems)})


def _finding(check: Check, item: Item, given: Any) -> Finding:
    values = given if isinstance(given, Mapping) else {"outcome": given}
    outcome, severity = str(values.get("outcome") or ""), str(values.get("severity") or "")
    if outcome not in OUTCOMES:
        said = _("results: say what was found for “%(name)s”") % {"name": item.name}
        raise errors.Invalid(said, code="invalid_body", field="results", item=str(item.id))
    if outcome in {"fine", "advice"}:
        severity = ""
    elif severity not in SEVERITIES:
        said = _("results: say how serious the problem with “%(name)s” is") % {"name": item.name}
        raise errors.Invalid(said, code="invalid_body", field="results", item=str(item.id))
    text = clean_line(str(values.get("text") or ""))[:400]
    return Finding(visit=check, region=check.region, item=item, outcome=outcome, severity=severity, text=text)


def _records(check: Check, problems: Sequence[Finding], today: dt.date) -> None:
    rows = []
    for one in problems:
        text = f"{one.item.name}：{one.text}"[:400] if one.text else one.item.name
        rows.append(
            Record(
                region=check.region,
                enterprise_id=check.enterprise_id,
                department_id=one.item.department_id,
                check_made=check,
                key=key_of(today, one.item.category, f"{check.number} {text}"),
                source="check",
                on=today,
                category=one.item.category,
                severity=one.severity,
                text=text,
            )
        )
    Record.objects.bulk_create(rows)


def _review(move: Move) -> None:
    verdict = str(move.body.get("verdict") or "")
    if verdict not in {"justified", "unjustified"}:
        said = _("verdict: whether it could really not wait")
        raise errors.Invalid(said, code="invalid_body", field="verdict")
    text = needed_text(move.body)
    move.put(state=CheckState.DONE.value, verdict=verdict, review=text, ended_at=move.now)
    move.changed.extend(deadlines.expect(move.check, "", None, now=move.now))
    move.said.update({"text": text, "verdict": verdict})


def _call_off(move: Move) -> None:
    text = needed_text(move.body, most=400)
    move.put(state=CheckState.CALLED_OFF.value, ended_at=move.now)
    move.said["text"] = text


_STEPS: dict[str, Callable[[Move], None]] = {
    "approve": _approve,
    "arrive": _arrive,
    "report": _report,
    "review": _review,
    "call_off": _call_off,
}


def _tell(move: Move, action: str) -> None:
    check, now = move.check, move.now
    if action == "call_off" and check.told_at is None:
        return
    if action in {"approve", "report", "call_off"}:
        notices.tell_firm(
            f"check_{action}", enterprise=check.enterprise_id, subject=check.department.short_name, thing=check, now=now
        )
    if check.state == CheckState.TO_REVIEW:
        notices.tell_justice("to_review", check=check, now=now, but=move.actor.person_id)


def rate_check(*, check_id: uuid.UUID, level: int, reasons: Sequence[str], actor: Actor, now: dt.datetime) -> None:
    """Rate a check, once, as the enterprise that was checked. What is kept says body and month, and nothing else.

    level: 1–5. Raises NotFound, Forbidden, Conflict `state_forbids`, `rated`, Invalid (level). Leaves one fact that
    does not say how, and which the bodies do not read.
    """
    if level not in range(1, 6):
        raise errors.Invalid(_("level: a number from 1 to 5"), code="invalid_body", field="level")
    with database.writing():
        seen = selectors.find_check(check_id, actor)
        if seen.rated:
            raise errors.Conflict(_("This check has been rated. Thank you."), code="rated")
        check = _locked(check_id, "rate_check", actor, now)
        kept = [one for one in dict.fromkeys(reasons) if one in MARKS]
        month = answers.local_date(now).replace(day=1)
        Mark.objects.bulk_create(
            Mark(id=uuid.uuid4(), region=check.region, department_id=body, month=month, level=level, reasons=kept)
            for body in check.bodies
        )
        check.rated = True
        commit(check, "check_rated", now=now, said={}, actor=THE_SYSTEM, changed=["rated"])


def lapse(*, now: dt.datetime, limit: int = 200) -> int:
    """End checks whose day is long past and to which nobody came, and return how many. Their place is free again."""
    today, done = answers.local_date(now), 0
    with database.writing():
        rows = Check.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            state__in=[one.value for one in OPEN], on__lt=today
        )
        for check in rows.order_by("on")[:limit]:
            if check.on + dt.timedelta(days=rule(check.region, now).gate.lapse_days) >= today:
                continue
            came_from, check.state, check.ended_at = check.state, CheckState.LAPSED.value, now
            commit(check, "check_lapse", now=now, said={}, came_from=came_from, changed=["state", "ended_at"])
            done += 1
    return done


def cross(event: ThresholdCrossed) -> None:
    """A step is late: on record; clocks of other subjects are not its business."""
    if event.kind not in {"inspection_report", "inspection_review"}:
        return
    check = Check.objects.select_for_update(of=("self",)).select_related("department").filter(pk=event.subject).first()
    if check is None or check.state not in {CheckState.ARRIVED.value, CheckState.TO_REVIEW.value}:
        return
    check.late_since = event.fire_at
    commit(check, "check_late", now=event.now, said={"clock": event.kind}, changed=["late_since"])
    notices.tell_justice("check_late", check=check, now=event.now, but=None)

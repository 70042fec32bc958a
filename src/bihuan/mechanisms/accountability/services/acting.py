"""An inquiry from the written application to its end: one action, one fact (A4, A5)."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.casework.cases.states import CaseState
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, selectors
from ..models import OPEN_STATES, Duty, Inquiry, Sign, Visit
from ..rulebook import Accountability
from ..rules import judging
from ..states import INQUIRIES, OPEN, Finding, InquiryState, SignState
from . import lettering, recording, relieving
from .recording import chosen, commit, line, record, rule, yes


@dataclass(kw_only=True)
class Move:
    """What a step works with: the locked inquiry, who acts, when, with which words."""

    inquiry: Inquiry
    actor: Actor
    now: dt.datetime
    body: Mapping[str, Any]

    @property
    def rule(self) -> Accountability:
        """What the rulebook says under which it was applied for."""
        return rule(self.inquiry.rulebook_version)

    def done(self, name: str, target: InquiryState | None, *, changed: list[str], said: Mapping[str, Any]) -> None:
        """Bring the inquiry into its new state (None: it stays) and record the fact."""
        came_from = self.inquiry.state
        if target is not None:
            self.inquiry.state = target.value
            if target not in OPEN:
                self.inquiry.ended_at = self.now
                changed = [*changed, "ended_at", *deadlines.expect(self.inquiry, "", None, now=self.now)]
        fields = ["state", *changed]
        commit(self.inquiry, name, now=self.now, said=said, actor=self.actor, came_from=came_from, changed=fields)


def apply(*, number: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Inquiry:
    """Apply in writing for a simulated accountability of a case (鹿城: 区企服中心提出书面申请).

    body: `text`; `unit`, the code of the department it concerns (else the lead department). Early signs of the case
    that are open become part of it. Raises NotFound, Forbidden (not the centre, or of the side that handles),
    Conflict `inquiry_open`, `case_merged`, Invalid `unit_missing`, `unit_unknown`, `unit_gone`.
    Leaves one fact, and a letter (`lettering`).
    """
    with database.writing():
        case = _case(number, actor)
        if not permissions.can_apply(actor, case):
            raise errors.Forbidden(_("Only the enterprise service centre may apply for this."), action="apply")
        if case.state == CaseState.MERGED:
            raise errors.Conflict(_("This matter was merged into another; apply for that one."), code="case_merged")
        earlier = Inquiry.objects.filter(case=case)
        if earlier.filter(state__in=OPEN_STATES).exists():
            raise errors.Conflict(_("A simulated accountability of this matter is running."), code="inquiry_open")
        unit = recording.bearer(_unit(case, str(body.get("unit", "") or "")), now)
        if permissions.recused(actor, [unit.pk]):
            raise errors.Forbidden(_("It concerns your own unit; somebody else has to apply."), action="apply")
        book = rulebooks.in_force(case.region, now)
        inquiry = Inquiry(
            case=case,
            region=case.region,
            number=f"{case.number}-M{earlier.count() + 1}",
            title=case.title,
            unit=unit,
            unit_ids=[unit.pk],
            application=needed_text(body),
            applied_at=now,
            rulebook_version=book.id,
        )
        within = book.section(Accountability).limits.accept_within
        deadlines.expect(inquiry, "inquiry_accept", within, now=now)
        taken = _take_signs(case, unit.pk, now)
        said = {"text": inquiry.application, "unit": unit.code, "signs": taken}
        commit(inquiry, "applied", now=now, said=said, actor=actor, made=True)
        lettering.ask(inquiry, actor=actor, now=now)
    return inquiry


def _case(number: str, actor: Actor) -> Case:
    found = Case.objects.filter(visible(actor), number=number).select_for_update(of=("self",)).defer("search").first()
    if found is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="case_not_found")
    return found


def _unit(case: Case, code: str) -> Any:
    if code:
        return recording.named_unit(case.region, code)
    if case.lead_department is None:
        message = _("Nobody leads this matter at present; name the unit that it concerns.")
        raise errors.Invalid(message, code="unit_missing", field="unit")
    return case.lead_department


def _take_signs(case: Case, unit_id: uuid.UUID, now: dt.datetime) -> list[str]:
    """Let the open early signs of the unit become part of an application; return their kinds."""
    signs = Sign.objects.select_for_update(of=("self",)).filter(
        case=case, department_id=unit_id, state=SignState.OPEN.value
    )
    kinds = []
    for sign in signs.order_by("id"):
        came_from, sign.state, sign.ended_at = sign.state, SignState.TAKEN_FURTHER.value, now
        record(sign, "take_further", now=now, said={}, came_from=came_from, changed=["state", "ended_at"])
        kinds.append(sign.kind)
    return kinds


def take(*, inquiry_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Inquiry:
    """Take one action of a person on an inquiry and return it as it then is.

    Raises NotFound (no such inquiry, or not for these eyes), Forbidden (not this office, or recused), Conflict
    `state_forbids`, `duty_missing`, `visit_missing`, `carried_out`, Invalid. Leaves one fact.
    """
    with database.writing():
        inquiry = selectors.locked(inquiry_id, actor)
        transition = recording.find_row(INQUIRIES, action)
        allowed = permissions.can(actor, action, inquiry)
        recording.check(allowed, transition, inquiry.state, selectors.available_actions(inquiry, actor))
        _STEPS[action](Move(inquiry=inquiry, actor=actor, now=now, body=body))
        lettering.follow(inquiry, action, actor=actor, now=now)
    return inquiry


def _take_on(move: Move) -> None:
    """受理: the investigation begins, and with it the five working days for its report."""
    inquiry = move.inquiry
    inquiry.answer, inquiry.taken_on_at = needed_text(move.body), move.now
    changed = deadlines.expect(inquiry, "inquiry_find", move.rule.limits.find_within, now=move.now)
    inquiry.found_due = inquiry.due_at
    changed += ["answer", "taken_on_at", "found_due"]
    move.done("take_on", InquiryState.INVESTIGATING, changed=changed, said={"text": inquiry.answer})


def _turn_away(move: Move) -> None:
    move.inquiry.answer = needed_text(move.body)
    move.done("turn_away", InquiryState.NOT_ACCEPTED, changed=["answer"], said={"text": move.inquiry.answer})


def _split(move: Move) -> None:
    """逐一分解到科（所、队）: one failing, whose, which treatment would apply, on which provision."""
    inquiry, book, body = move.inquiry, move.rule, move.body
    code = str(body.get("unit", "") or "")
    unit = recording.named_unit(inquiry.region, code) if code else inquiry.unit
    carrier = recording.bearer(unit, move.now)
    kind = chosen(body.get("kind"), (one.id for group in book.problems for one in group.kinds), "kind")
    treatment = chosen(body.get("treatment"), (one.id for one in book.treatments), "treatment")
    post = chosen(body.get("post"), (one.id for one in book.posts), "post")
    named, applied = book.kind(kind), book.treatment(treatment)
    assert named is not None
    assert applied is not None
    provision = str(body.get("provision", "") or "").strip()[:200]
    duty = Duty.objects.create(
        inquiry=inquiry,
        region=inquiry.region,
        department=unit,
        bearer=carrier,
        section=line(body, "section", 60),
        post=post,
        kind=kind,
        text=needed_text(body),
        treatment=treatment,
        provision=provision or "；".join(dict.fromkeys(filter(None, (named.basis, applied.basis))))[:200],
        at=move.now,
    )
    inquiry.unit_ids = list(dict.fromkeys([*inquiry.unit_ids, unit.pk, carrier.pk]))
    said = {
        "duty": str(duty.id),
        "unit": unit.code,
        "bearer": carrier.code,
        **{name: getattr(duty, name) for name in ("section", "post", "kind", "text", "treatment", "provision")},
    }
    move.done("split", None, changed=["unit_ids"], said=said)


def _strike(move: Move) -> None:
    standing = Duty.objects.select_for_update(of=("self",)).filter(inquiry=move.inquiry, struck_at=None)
    duties = {str(one.id): one for one in standing}
    duty = duties[chosen(move.body.get("duty"), duties, "duty")]
    text, duty.struck_at = needed_text(move.body), move.now
    duty.save(update_fields=["struck_at"])
    others = [one for key, one in duties.items() if key != str(duty.id)]
    concerned = [move.inquiry.unit_id, *(key for one in others for key in (one.department_id, one.bearer_id))]
    move.inquiry.unit_ids = list(dict.fromkeys(concerned))
    move.done("strike", None, changed=["unit_ids"], said={"text": text, "duty": str(duty.id)})


def _state_side(move: Move) -> None:
    move.inquiry.unit_says = needed_text(move.body)
    move.done("state_side", None, changed=["unit_says"], said={"text": move.inquiry.unit_says})


def _find(move: Move) -> None:
    """责任认定调查报告, once: what would apply if established; a warning to the unit, no finding on a person."""
    inquiry = move.inquiry
    outcome = Finding(chosen(move.body.get("outcome"), (one.value for one in Finding), "outcome"))
    standing = Duty.objects.filter(inquiry=inquiry, struck_at=None).exists()
    if outcome is not Finding.CLEARED and not standing:
        raise errors.Conflict(_("Put down first whose responsibility it is."), code="duty_missing")
    inquiry.finding, inquiry.outcome, inquiry.found_at = needed_text(move.body), outcome.value, move.now
    changed, target = ["finding", "outcome", "found_at"], InquiryState.CLEARED
    if outcome is not Finding.CLEARED:
        target = InquiryState.FOUND
        changed += _expect_report(move)
    move.done("find", target, changed=changed, said={"text": inquiry.finding, "outcome": outcome.value})


def _expect_report(move: Move) -> list[str]:
    changed = deadlines.expect(move.inquiry, "inquiry_rectify", move.rule.limits.rectify_within, now=move.now)
    move.inquiry.rectified_due, move.inquiry.rectified_at, move.inquiry.visits = move.inquiry.due_at, None, 0
    return [*changed, "rectified_due", "rectified_at", "visits"]


def _rectify(move: Move) -> None:
    """书面呈报整改情况: the unit says what it put right; whether that is so is seen on a visit."""
    inquiry = move.inquiry
    inquiry.rectification, inquiry.rectified_at = needed_text(move.body), move.now
    changed = deadlines.expect(inquiry, "inquiry_visit", move.rule.limits.visit_within, now=move.now)
    changed += ["rectification", "rectified_at"]
    move.done("rectify", InquiryState.RECTIFIED, changed=changed, said={"text": inquiry.rectification})


def _return_report(move: Move) -> None:
    text = needed_text(move.body)
    move.inquiry.returned += 1
    changed = ["returned", *_expect_report(move)]
    move.done("return_report", InquiryState.FOUND, changed=changed, said={"text": text})


def _visit(move: Move) -> None:
    """回访: really there, or the unit reports again."""
    inquiry, text, done = move.inquiry, needed_text(move.body), yes(move.body.get("done"))
    Visit.objects.create(inquiry=inquiry, region=inquiry.region, done=done, text=text, at=move.now)
    target, changed = InquiryState.RECTIFIED, ["visits", "failed"]
    if done:
        inquiry.visits += 1
        changed += deadlines.expect(inquiry, "inquiry_visit", move.rule.limits.visit_within, now=move.now)
    else:
        inquiry.failed += 1
        target = InquiryState.FOUND
        changed += _expect_report(move)
    move.done("visit", target, changed=changed, said={"text": text, "done": done})


def _write_off(move: Move) -> None:
    """销号: only what was seen on as many return visits as the rulebook asks for."""
    if judging.why_not_write_off(visits=move.inquiry.visits, needed=move.rule.visits):
        raise errors.Conflict(_("Go back and see first whether it was put right."), code="visit_missing")
    move.inquiry.result = needed_text(move.body)
    move.done("write_off", InquiryState.WRITTEN_OFF, changed=["result"], said={"text": move.inquiry.result})


def _refer(move: Move) -> None:
    """对落实不力的，严肃追究: what was not carried out leaves the product; what becomes of it is not kept here."""
    inquiry = move.inquiry
    late = inquiry.state == InquiryState.FOUND and inquiry.late_since is not None
    if judging.why_not_refer(late=late, returned=inquiry.returned, failed=inquiry.failed):
        message = _("Only what was not carried out is referred: late, sent back, or not found done on a visit.")
        raise errors.Conflict(message, code="carried_out")
    inquiry.result = needed_text(move.body)
    move.done("refer", InquiryState.REFERRED, changed=["result"], said={"text": inquiry.result})


def _relieve(move: Move) -> None:
    said = relieving.propose(move.inquiry, move.rule, actor=move.actor, now=move.now, body=move.body)
    move.done("relieve", None, changed=[], said=said)


_STEPS: dict[str, Callable[[Move], None]] = {
    "take_on": _take_on,
    "turn_away": _turn_away,
    "split": _split,
    "strike": _strike,
    "state_side": _state_side,
    "find": _find,
    "rectify": _rectify,
    "return_report": _return_report,
    "visit": _visit,
    "write_off": _write_off,
    "refer": _refer,
    "relieve": _relieve,
}

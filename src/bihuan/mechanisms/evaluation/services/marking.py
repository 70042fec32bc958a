"""差评: opened by the product, verified, contacted, corrected, answered, revisited, closed; or set aside on appeal."""

import datetime as dt
import functools
import uuid
from collections.abc import Mapping
from typing import Any

from bihuan.casework.cases import events as told
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.services import word
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import answers, database
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, permissions, selectors
from ..models import OPEN_MARK_STATES, Mark
from ..rules import marks
from ..states import MARKS, MarkState
from .recording import commit, flag, locked, rule, units_of

COULD_BE = dt.timedelta(days=30)
"""A unit that is told no matter could have been rated for any that it closed in this time."""


def hear(event: told.CaseRated) -> None:
    """A rating came or was changed: open a bad mark, keep the open one in line, or note that it is bad no more."""
    case = Case.objects.defer("search").get(pk=event.case_id)
    levels = {"plan": case.rating_plan, "process": case.rating_process, "result": case.rating_result}
    bad = marks.bad_parts(levels, bad=word.DISSATISFIED)
    running = Mark.objects.select_for_update(of=("self",)).filter(case=case, state__in=OPEN_MARK_STATES).first()
    if running is None and bad:
        _open(case, bad, event)
    elif running is not None and not bad:
        running.improved_at = event.at
        commit(running, "improved", now=event.at, said={}, changed=["improved_at"])
    elif running is not None:
        running.parts, running.reasons = bad, list(event.data.get("reasons", ()))
        commit(running, "changed", now=event.at, said={"parts": bad}, changed=["parts", "reasons"])


def _open(case: Case, bad: dict[str, int], event: told.CaseRated) -> None:
    now, ident = event.at, uuid7()
    mark = Mark(
        id=ident,
        case=case,
        region=case.region,
        # Neither the number of the case nor a running one: the unit must not be able to tell when it was given.
        number=f"CP-{answers.local_date(now):%y%m}-{ident.hex[-6:].upper()}",
        department_id=case.lead_department_id,
        unit_ids=units_of(case),
        parts=bad,
        reasons=list(event.data.get("reasons", ())),
        words=event.data.get("note", ""),
        opened_at=now,
        rulebook_version=rulebooks.in_force(case.region, now).id,
    )
    deadlines.expect(mark, "mark_contact", rule(mark).marks.contact_within, now=now)
    assert mark.due_at is not None
    said = {"mark": mark.number, "parts": bad, "due_at": mark.due_at.isoformat()}
    commit(mark, "opened", now=now, said=said, made=True)
    _tell("mark_opened", mark, said, now)


def unexplained(case_id: uuid.UUID) -> Mark | None:
    """Return the new bad mark of a case of which nobody said yet what was not good, locked."""
    chosen = Mark.objects.select_for_update(of=("self",)).filter(case_id=case_id, state=MarkState.OPENED)
    return chosen.filter(reasons=[], words="").first()


def explain(mark: Mark, *, reasons: list[str], words: str, now: dt.datetime) -> None:
    """The raiser said what was not good."""
    mark.reasons, mark.words = reasons, words
    commit(mark, "explained", now=now, said={"reasons": reasons, "text": words}, changed=["reasons", "words"])


def take_mark(*, mark_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Mark:
    """Take one action of a person on a bad mark and return it as it then is.

    body: {text}; `contact` also {named}: whether the enterprise agrees to be named to the unit; `revisit` {content};
    `decide_appeal` {upheld}. Raises NotFound (none for these eyes), Forbidden, Conflict `state_forbids`, Invalid.
    Leaves one fact and publishes MarkChanged.
    """
    with database.writing():
        mark: Mark
        mark, case = locked(Mark, mark_id)
        if not permissions.hears(actor, mark.region, mark.unit_ids) and not permissions.is_told(actor, mark):
            raise selectors.not_found()
        _check(mark, case, action, actor)
        came_from = mark.state
        said: dict[str, Any] = {"text": needed_text(body)}
        changed = _STEPS[action](mark, case, actor, now, body, said)
        if mark.due_at is not None:
            said["due_at"] = mark.due_at.isoformat()
        changed += ["state", "due_at", "late_since"]
        commit(mark, action, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
        _announce(mark, case, action, said, actor, now)
    return mark


def _check(mark: Mark, case: Case, action: str, actor: Actor) -> None:
    transition = MARKS.named(action)
    permissions.check(actor, action, mark, case)
    may = functools.partial(permissions.can, actor, thing=mark, case=case)
    MARKS.check_state(transition, MarkState(mark.state), may=may)


def _verify(mark: Mark, _case: Case, _actor: Actor, _now: dt.datetime, _body: Any, said: dict[str, Any]) -> list[str]:
    mark.state, mark.finding = MarkState.VERIFIED.value, said["text"]
    return ["finding"]


def _contact(mark: Mark, case: Case, _actor: Actor, now: dt.datetime, body: Any, said: dict[str, Any]) -> list[str]:
    """What the unit learns is decided here, by the enterprise's consent and by how many could have been it."""
    least = rule(mark).least
    could_be = _could_be(mark, now, most=least)
    mark.shared = marks.shared_with_unit(consents=flag(body, "named"), could_be=could_be, least=least)
    if mark.department_id is None:
        mark.shared = "nothing"
    said["shared"] = mark.shared
    mark.state, mark.demand, mark.contacted_at = MarkState.CONTACTED.value, said["text"], now
    deadlines.expect(mark, "mark_correct", rule(mark).marks.correct_within, now=now)
    return ["shared", "demand", "contacted_at"]


def _could_be(mark: Mark, now: dt.datetime, *, most: int) -> int:
    """Return how many enterprises the unit closed a matter for lately; whoever gave no name counts one by one."""
    rows = Case.objects.filter(lead_department_id=mark.department_id, closed_at__gt=now - COULD_BE)
    named = rows.exclude(enterprise=None).values("enterprise").distinct()[:most].count()
    return named + rows.filter(enterprise=None)[:most].count()


def _correct(mark: Mark, _case: Case, _actor: Actor, now: dt.datetime, _body: Any, said: dict[str, Any]) -> list[str]:
    mark.state, mark.correction, mark.corrected_at = MarkState.CORRECTED.value, said["text"], now
    mark.corrections += 1
    deadlines.expect(mark, "mark_revisit", rule(mark).marks.revisit_within, now=now)
    return ["correction", "corrected_at", "corrections"]


def _answer(mark: Mark, case: Case, _actor: Actor, now: dt.datetime, _body: Any, said: dict[str, Any]) -> list[str]:
    mark.state, mark.answer = MarkState.ANSWERED.value, said["text"]
    once = f"{mark.id}:answer:{mark.corrections}"
    notices.tell_raiser("mark_answer", case=case, data={"text": said["text"]}, now=now, once=once)
    return ["answer"]


def _revisit(mark: Mark, _case: Case, _actor: Actor, now: dt.datetime, body: Any, said: dict[str, Any]) -> list[str]:
    """复核: whoever is still not content is corrected for once more."""
    said["content"] = flag(body, "content")
    mark.revisit, mark.revisited_at = said["text"], now
    mark.state = (MarkState.REVISITED if said["content"] else MarkState.CONTACTED).value
    deadlines.expect(mark, "mark_correct", None if said["content"] else rule(mark).marks.correct_within, now=now)
    return ["revisit", "revisited_at"]


def _close(mark: Mark, _case: Case, _actor: Actor, now: dt.datetime, _body: Any, said: dict[str, Any]) -> list[str]:
    mark.state, mark.outcome, mark.ended_at = MarkState.CLOSED.value, said["text"], now
    deadlines.expect(mark, "", None, now=now)
    return ["outcome", "ended_at"]


def _appeal(mark: Mark, _case: Case, actor: Actor, _now: dt.datetime, _body: Any, said: dict[str, Any]) -> list[str]:
    mark.appeal, mark.appeal_text, mark.appealed_by = "pending", said["text"], actor.person_id
    return ["appeal", "appeal_text", "appealed_by"]


def _decide(mark: Mark, _case: Case, _actor: Actor, now: dt.datetime, body: Any, said: dict[str, Any]) -> list[str]:
    """申诉复核: somebody outside the rated unit decides. The mark is kept either way, and counted as what it is."""
    said["upheld"] = flag(body, "upheld")
    mark.appeal, mark.appeal_decision = "upheld" if said["upheld"] else "refused", said["text"]
    if said["upheld"]:
        mark.state, mark.ended_at = MarkState.SET_ASIDE.value, now
        deadlines.expect(mark, "", None, now=now)
    return ["appeal", "appeal_decision", "ended_at"]


_STEPS = {
    "verify": _verify,
    "contact": _contact,
    "correct": _correct,
    "answer": _answer,
    "revisit": _revisit,
    "close": _close,
    "appeal": _appeal,
    "decide_appeal": _decide,
}


def _announce(mark: Mark, case: Case, action: str, said: dict[str, Any], actor: Actor, now: dt.datetime) -> None:
    """Tell whoever has to do something next; the unit only what it may learn."""
    unit_knows = mark.shared in ("matter", "kind")
    again = action == "revisit" and not said["content"]
    if (action == "contact" or again) and unit_knows:
        _tell("mark_told", mark, said, now, but=actor.person_id)
    elif action in ("correct", "appeal"):
        _tell(f"mark_{action}", mark, said, now, but=actor.person_id)
    elif action == "decide_appeal":
        _tell("mark_decided", mark, said, now)


def _tell(name: str, mark: Mark, said: dict[str, Any], now: dt.datetime, but: uuid.UUID | None = None) -> None:
    data = {key: value for key, value in said.items() if key in ("text", "due_at")} | {"mark": mark.number}
    about: dict[str, Any] = {"region": mark.region, "department_id": mark.department_id}
    notices.tell_staff(name, thing=mark, data=data, now=now, but=but, **about)


def late(mark_id: uuid.UUID, *, clock: str, since: dt.datetime, now: dt.datetime) -> None:
    """A step of a bad mark is late: on record, and told."""
    mark = Mark.objects.select_for_update(of=("self",)).filter(pk=mark_id, state__in=OPEN_MARK_STATES).first()
    if mark is not None:
        mark.late_since = since
        commit(mark, "late", now=now, said={"clock": clock}, changed=["late_since"])
        _tell("mark_late", mark, {}, now)

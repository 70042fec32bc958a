"""苗头 (A3): early signs, from the facts of cases as they come, and from what does not come, when it is due.

What comes costs a statement or two. What does not come is found by rows that say when to look again, and answers are
compared with the unit's last twenty on the next round: a round costs as much as came or is due, not as is open.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from bihuan.casework.cases import events as told
from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.states import CaseState
from bihuan.foundation.kernel import database
from bihuan.foundation.kernel.workdays import Duration
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices
from ..models import Answered, Sign, Watch
from ..rulebook import Accountability, Signs
from ..rules import signs as rules
from ..states import SignState
from .recording import record

BATCH = 200
_WORKING = frozenset({CaseState.SIGNED.value, CaseState.HANDLING.value})
_OF_THE_UNIT = frozenset({"last_minute", "template"})
"""Signs about how a unit answers: one open one of a kind is enough for it."""
_BEGIN = (
    "insert into accountability_watch (case_id, region, department_id, since, look_at) values (%s, %s, %s, %s, %s)"
    " on conflict (case_id) do update set department_id = excluded.department_id, since = excluded.since,"
    " lit_at = null, look_at = excluded.look_at"
)
_REST = "update accountability_watch set lit_at = null, look_at = null where case_id = %s and look_at is not null"


def follow(*, event: told.CaseEvent) -> None:
    """Take in one fact of a case: work begins or goes on, rests, or shows a sign."""
    book = rulebooks.in_force(event.region, event.at).section(Accountability).signs
    if isinstance(event, told.LightChanged):
        _lit(event, book)
        return
    unit = event.parties.lead_department_id
    if event.to_state in _WORKING and unit is not None:
        look_at = _later(event.region, event.at, book.silence)
        database.fetch(_BEGIN, [event.case_id, event.region, unit, event.at, look_at])
    else:
        database.fetch(_REST, [event.case_id])
    if isinstance(event, told.CaseObjected):
        _counted(event, "returns", book, book.returns)
    elif isinstance(event, told.ExtensionDecided) and event.data.get("granted"):
        _counted(event, "extensions", book, book.extensions)
    elif isinstance(event, told.CaseReplied) and unit is not None:
        _answered(event, unit)


def _later(region: str, since: dt.datetime, duration: Duration) -> dt.datetime:
    return workcalendar.calendar_for(region).add(since, duration).at


def _counted(event: told.CaseEvent, kind: str, book: Signs, least: int) -> None:
    case = Case.objects.only("id", "number", "region", kind).get(pk=event.case_id)
    count = int(getattr(case, kind))
    if rules.often(count, least=least):
        evidence = [{"what": "count", "value": count}]
        _see(case, event.parties.lead_department_id, kind, f"{kind}:{count}", evidence, event.at, book)


def _lit(event: told.LightChanged, book: Signs) -> None:
    """A warning light came on: if no word of work follows within the limit, it was ignored."""
    if event.data.get("light") not in book.ignored:
        return
    watch = Watch.objects.filter(pk=event.case_id, lit_at=None, look_at__isnull=False).first()
    if watch is not None and watch.look_at is not None:
        watch.lit_at = event.at
        watch.look_at = min(watch.look_at, _later(event.region, event.at, book.ignored_after))
        watch.save(update_fields=["lit_at", "look_at"])


def _answered(event: told.CaseReplied, unit: uuid.UUID) -> None:
    """Keep how much of its time an answer used; it is compared with those before it on the next round."""
    case = Case.objects.only("id", "region", "counts_from", "due_at", "allotment", "held_at").get(pk=event.case_id)
    share = cases.elapsed_share(
        region=case.region,
        counts_from=case.counts_from,
        due_at=case.due_at,
        natural=case.allotment == "natural",
        moment=case.held_at or event.at,
    )
    Answered.objects.create(case=case, region=case.region, department_id=unit, share=share or 0.0, at=event.at)


def _compare(answer: Answered, book: Signs, now: dt.datetime) -> None:
    """Compare an answer with the unit's latest before it: at the last minute again, in the same words again?"""
    case, unit = answer.case, answer.department_id
    columns = ("case__number", "case__reply_text", "case__enterprise_id", "share")
    earlier = Answered.objects.filter(department_id=unit, looked=True).exclude(case=case)
    last = list(earlier.order_by("-at", "-case__number").values_list(*columns)[: rules.LOOKED_AT])
    shares = [answer.share, *(row[3] for row in last)]
    if rules.last_minute(shares, least=book.last_minute, times=book.last_minute_times):
        evidence: list[dict[str, Any]] = [{"what": "share", "value": round(100 * one)} for one in shares[:5]]
        _see(case, unit, "last_minute", case.number, evidence, now, book)
    others = [row for row in last if row[2] is None or row[2] != case.enterprise_id]
    same = rules.alike(case.reply_text, (row[1] for row in others), least=book.alike)
    if rules.template(len(same), times=book.alike_times):
        evidence = [{"what": "like", "value": others[place][0]} for place in same[:5]]
        _see(case, unit, "template", case.number, evidence, now, book)


def _see(
    case: Case,
    unit: uuid.UUID | None,
    kind: str,
    mark: str,
    evidence: Iterable[dict[str, Any]],
    at: dt.datetime,
    book: Signs,
) -> None:
    """Put an early sign down, unless the rulebook does not look for its kind or it is there already."""
    if unit is None or kind not in book.kinds:
        return
    open_now = Q(state=SignState.OPEN.value)
    same = Q(department_id=unit) & open_now if kind in _OF_THE_UNIT else Q(case=case) & (Q(mark=mark) | open_now)
    if Sign.objects.filter(same, kind=kind).exists() or Sign.objects.filter(case=case, kind=kind, mark=mark).exists():
        return
    sign = Sign(
        case=case,
        region=case.region,
        department_id=unit,
        kind=kind,
        mark=mark,
        evidence=list(evidence),
        found_at=at,
    )
    said = {"kind": kind, "case": case.number, "evidence": sign.evidence}
    record(sign, "sign_seen", now=at, said=said, made=True)
    notices.send("sign_seen", thing=sign, subject=case.number, inquiry="", units=(unit,), now=at, but=None)


def look(*, now: dt.datetime) -> int:
    """Look at new answers, and at matters in which something should have come by now; BATCH of each at most.

    Returns how many were looked at. What somebody works on at this instant is left for the next round.
    """
    with database.writing():
        answers = _free(Answered.objects.filter(looked=False, at__lte=now).order_by("at", "case__number"))
        matters = _free(Watch.objects.filter(look_at__lte=now).order_by("look_at", "case__number"))
        for answer in Answered.objects.filter(case__in=answers, looked=False).order_by("at", "case__number"):
            answer.case = answers[answer.case_id]
            _compare(answer, _book(answer.region, now), now)
            answer.looked = True
            answer.save(update_fields=["looked"])
        watches = Watch.objects.filter(pk__in=matters, look_at__lte=now).select_for_update(of=("self",))
        for watch in watches.order_by("look_at", "case__number"):
            _look_at(watch, matters[watch.pk], _book(watch.region, now), now)
    return len(answers) + len(matters)


def _free(rows: Any) -> dict[uuid.UUID, Case]:
    """Return the cases of the first BATCH of these rows that nobody else holds, locked."""
    chosen = Case.objects.filter(pk__in=list(rows.values_list("case_id", flat=True)[:BATCH])).order_by("pk")
    return {one.pk: one for one in chosen.select_for_update(of=("self",), skip_locked=True).defer("search")}


def _book(region: str, now: dt.datetime) -> Signs:
    return rulebooks.in_force(region, now).section(Accountability).signs


def _look_at(watch: Watch, case: Case, book: Signs, now: dt.datetime) -> None:
    dues = [("silence", watch.since, _later(watch.region, watch.since, book.silence))]
    if watch.lit_at is not None:
        dues.append(("ignored", watch.lit_at, _later(watch.region, watch.lit_at, book.ignored_after)))
    working = case.state in _WORKING and case.lead_department_id == watch.department_id
    for kind, since, due in dues:
        if working and due <= now:
            evidence = [{"what": "since", "value": watch.since.isoformat()}]
            if watch.lit_at is not None:
                evidence.append({"what": "lit", "value": watch.lit_at.isoformat()})
            _see(case, watch.department_id, kind, since.isoformat(), evidence, now, book)
    coming = [due for _kind, _since, due in dues if due > now] if working else []
    watch.look_at = min(coming, default=None)
    watch.save(update_fields=["look_at"])

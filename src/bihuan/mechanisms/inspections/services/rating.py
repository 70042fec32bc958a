"""Classes of enterprises (I1): computed from records by a rule the enterprise sees, with its objection."""

import datetime as dt
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory.models import Department, Enterprise
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices, permissions, selectors
from ..models import SEVERITIES, Batch, Record, Standing
from ..rulebook import Inspections
from ..rules import classes
from ..states import STANDINGS, SYSTEM, StandingState
from .recording import commit, firm_of, rule, version

STEP = 500
"""How many enterprises are rated in one unit of work."""


def enter_record(
    *, enterprise: str, department: Department, entry: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> Record:
    """Enter one record of an enterprise by hand, for a body. entry: {on, category, severity, text}.

    Raises Forbidden, Invalid (a field), Conflict `record_known`. Leaves one fact (of the batch it came in).
    """
    with database.writing():
        permissions.check_enters(actor, department.region, department.id)
        firm = firm_of(enterprise)
        record = Record(region=department.region[:6], enterprise=firm, department=department, source="typed")
        fill(record, entry, now)
        if Record.objects.filter(enterprise=firm, key=record.key).exists():
            raise errors.Conflict(_("This record is known already."), code="record_known")
        batch = Batch(region=record.region, name=firm.name, kept=1, entered_by=actor.person_id, entered_at=now)
        said = {"name": firm.name, "kept": 1, "known": 0, "wrong": 0}
        commit(batch, "records_entered", now=now, said=said, actor=actor, made=True)
        record.batch = batch
        record.save(force_insert=True)
    return record


def fill(record: Record, entry: Mapping[str, Any], now: dt.datetime) -> None:
    """Check what comes in for a record and write it into the row. Raises Invalid with the field."""
    given, category, severity = (str(entry.get(name) or "") for name in ("on", "category", "severity"))
    try:
        on = parse_date(given)
    except ValueError:
        on = None
    if on is None or on > answers.local_date(now):
        raise errors.Invalid(_("on: a date such as 2026-12-31, not ahead"), code="invalid_body", field="on")
    if category not in {one.id for one in rule(record.region, now).categories}:
        raise errors.Invalid(_("category: choose one of the rulebook's"), code="invalid_body", field="category")
    if severity not in SEVERITIES:
        raise errors.Invalid(_("severity: minor, ordinary or serious"), code="invalid_body", field="severity")
    text = clean_line(str(entry.get("text") or ""))
    if not 0 < len(text) <= 400:
        raise errors.Invalid(_("text: say what it was, at most 400 characters"), code="invalid_body", field="text")
    record.on, record.category, record.severity, record.text = on, category, severity, text
    record.key = key_of(on, category, text)


def key_of(on: dt.date, category: str, text: str) -> str:
    """Return what makes two records of an enterprise the same one: day, category and words."""
    return hashlib.sha256(f"{on}\n{category}\n{text}".encode()).hexdigest()


def rate_region(*, region: str, year: int, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Rate all enterprises of a region for a year from their records, and return class → how many.

    Those that were rated for the year already are left out, so that it can be done again after an interruption. It goes
    in steps of 500, each of which is committed. All enforcers of the region and the enterprises are told. Raises
    Forbidden, Invalid (year). Leaves one fact for each enterprise; publishes ClassChanged.
    Source: 胶州, 每年度更新后推送.
    """
    permissions.check_lists(actor, region)
    today = answers.local_date(now)
    if not today.year - 1 <= year <= today.year + 1:
        raise errors.Invalid(_("year: this year, the last or the next one"), code="invalid_body", field="year")
    counts: dict[str, int] = defaultdict(int)
    after: uuid.UUID | None = None
    while True:
        with database.writing():
            rows = Enterprise.objects.filter(region=region, closed_on=None)
            rows = rows.filter(id__gt=after) if after else rows
            firms = list(rows.order_by("id")[:STEP])
            for standing in _rate(firms, region=region, year=year, now=now, actor=actor):
                counts[standing.grade] += 1
        if len(firms) < STEP:
            break
        after = firms[-1].id
    if counts:
        notices.classes_renewed(region=region, year=year, count=sum(counts.values()), now=now)
    return dict(counts)


def rate_one(*, enterprise: str, region: str, reason: str, actor: Actor, now: dt.datetime) -> Standing:
    """Rate one enterprise anew within the year, with a reason. Raises Forbidden, Invalid. Leaves one fact."""
    with database.writing():
        permissions.check_lists(actor, region)
        firm = firm_of(enterprise)
        said = needed_text({"text": reason}, most=400)
        list(Enterprise.objects.select_for_update().filter(pk=firm.id).values_list("pk"))
        year = answers.local_date(now).year
        found = _rate([firm], region=region, year=year, now=now, actor=actor, reason=said)
    return found[0]


def _rate(
    firms: Iterable[Enterprise], *, region: str, year: int, now: dt.datetime, actor: Actor, reason: str = ""
) -> list[Standing]:
    """Rate enterprises; without a reason only those that have no class for the year yet."""
    known = {one.id: one for one in firms}
    book, today = rule(region, now), answers.local_date(now)
    scale, on = book.scale(), min(today, dt.date(year, 12, 31))
    before: dict[uuid.UUID, Standing] = {}
    rows = Standing.objects.filter(enterprise__in=list(known)).order_by("enterprise", "-rated_at", "-id")
    revisions: dict[uuid.UUID, int] = defaultdict(int)
    for one in rows:
        before.setdefault(one.enterprise_id, one)
        if (one.region, one.year) == (region, year):
            revisions[one.enterprise_id] = max(revisions[one.enterprise_id], one.revision)
    wanted = {key: firm for key, firm in known.items() if reason or not revisions[key]}
    entries: dict[uuid.UUID, list[Record]] = defaultdict(list)
    since = classes.years_before(on, scale.years)
    counting = Record.objects.filter(enterprise__in=list(wanted), on__gt=since, on__lte=on, repaired_on=None)
    for record in counting.order_by("on", "id"):
        entries[record.enterprise_id].append(record)
    until = workcalendar.calendar_for(region).add(now, book.classes.object_within).at
    made = []
    for key, firm in wanted.items():
        texts = {str(one.id): one.text for one in entries[key]}
        plain = [
            classes.Entry(id=str(one.id), on=one.on, category=one.category, severity=one.severity)
            for one in entries[key]
        ]
        found = classes.rate(plain, scale, on)
        standing = Standing(region=region, enterprise=firm, year=year, revision=revisions[key] + 1, grade=found.grade)
        standing.before = before[key].grade if key in before else ""
        standing.points, standing.since, standing.until = found.points, found.since, until
        standing.lines = [
            {"on": one.on.isoformat(), "category": one.category, "severity": one.severity, "points": points}
            | {"text": texts[one.id]}
            for one, points in found.lines
        ]
        standing.reason, standing.rated_at, standing.rulebook_version = reason, now, version(region, now)
        said = {"grade": found.grade, "year": year, "points": found.points, "text": reason}
        commit(standing, "class_rated", now=now, said=said, actor=actor, made=True)
        notices.tell_firm("class_rated", enterprise=firm.id, subject=found.grade, thing=standing, now=now)
        made.append(standing)
    return made


def take_standing(
    *, standing_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Standing:
    """`object_class` {text} by the enterprise; `uphold` {grade, text} and `reject` {text} by those who rate.

    While an objection waits the earlier class counts. Raises NotFound, Forbidden, Conflict `state_forbids`, `too_late`,
    Invalid. Leaves one fact; publishes ClassChanged.
    """
    with database.writing():
        selectors.find_standing(standing_id, actor)
        standing = Standing.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=standing_id)
        transition = STANDINGS.named(action, without=frozenset({SYSTEM}))
        permissions.check(actor, action, standing)
        STANDINGS.check_state(
            transition, StandingState(standing.state), may=lambda one: permissions.can(actor, one, standing)
        )
        text = needed_text(body)
        came_from, standing.state = standing.state, next(iter(transition.targets)).value
        said: dict[str, Any] = {"text": text}
        if action == "object_class":
            if now > standing.until:
                raise errors.Conflict(_("The time for an objection is over."), code="too_late", until=standing.until)
            standing.objection = text
        else:
            standing.answer, standing.settled_at = text, now
            if action == "uphold":
                known = {
                    one.id for one in rulebooks.version(standing.rulebook_version).section(Inspections).classes.grades
                }
                grade = str(body.get("grade", ""))
                if grade not in known or grade == standing.grade:
                    raise errors.Invalid(_("grade: choose another class"), code="invalid_body", field="grade")
                standing.grade = grade
            said["grade"] = standing.grade
        changed = ["state", "objection", "answer", "settled_at", "grade"]
        commit(standing, f"class_{action}", now=now, said=said, actor=actor, came_from=came_from, changed=changed)
        if action == "object_class":
            notices.tell_listers("class_objected", standing=standing, now=now, but=actor.person_id)
        else:
            notices.tell_firm(
                "class_decided", enterprise=standing.enterprise_id, subject=standing.grade, thing=standing, now=now
            )
    return standing


def let_stand(*, now: dt.datetime, limit: int = 200) -> int:
    """Make final the classes against which nobody objected in time, and return how many. One fact each."""
    with database.writing():
        rows = Standing.objects.select_for_update(skip_locked=True).filter(
            state=StandingState.RATED.value, until__lt=now
        )
        found = list(rows.order_by("until")[:limit])
        for standing in found:
            came_from, standing.state, standing.settled_at = standing.state, StandingState.SETTLED.value, now
            commit(
                standing,
                "class_let_stand",
                now=now,
                said={},
                actor=THE_SYSTEM,
                came_from=came_from,
                changed=["state", "settled_at"],
            )
    return len(found)

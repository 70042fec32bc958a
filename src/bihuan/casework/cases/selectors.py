"""Reads of the register: list, one case, its trace, counts, duplicates. Always with the eyes of an actor."""

import base64
import binascii
import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from . import guards, permissions
from .models import OPEN_STATES, Attachment, Case, CoDepartment, Contact, Plan
from .permissions import Actor
from .rulebook import Duplicates
from .rules import numbers
from .states import MACHINE, CaseState

PAGE = 50
LIGHT_SQL = (
    "cases_case.light_ids[greatest(1, width_bucket(least(coalesce(cases_case.held_at, %s), %s), cases_case.light_at))]"
)
"""The light at an instant (given twice): the last threshold passed before then, or before the clock was held."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to. Lists mean “any of”; instants are aware; `q` is what somebody typed.

    sort: `due` (what is open, most urgent first) or `-raised_at` (newest first).
    """

    state: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    board: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    enterprise: tuple[str, ...] = ()
    closed_kind: tuple[str, ...] = ()
    overdue: bool | None = None
    urgent: bool | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    q: str = ""
    sort: str = "-raised_at"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list: plain values, no model."""

    id: uuid.UUID
    number: str
    title: str
    state: str
    light: str
    tier: str
    board: str
    category: str
    channel: str
    region: str
    town: str
    urgent: bool
    enterprise_uscc: str | None
    enterprise_name: str | None
    lead_department_id: uuid.UUID | None
    co_department_ids: list[uuid.UUID]
    raised_at: dt.datetime
    due_at: dt.datetime
    original_due_at: dt.datetime
    counts_from: dt.datetime | None
    held_at: dt.datetime | None
    signed_at: dt.datetime | None
    closed_kind: str
    closed_at: dt.datetime | None
    achieved: bool | None
    word: str
    provisional: bool
    allotment: str
    elapsed_share: float | None = field(default=None, compare=False)
    overdue: bool = field(default=False, compare=False)


_ROW = (
    "cases_case.id, cases_case.number, cases_case.title, cases_case.state, {light}, cases_case.tier, cases_case.board,"
    " cases_case.category, cases_case.channel, cases_case.region, cases_case.town, cases_case.urgent, firm.uscc, firm.name,"
    " cases_case.lead_department_id, cases_case.co_department_ids, cases_case.raised_at, cases_case.due_at,"
    " cases_case.original_due_at, cases_case.counts_from, cases_case.held_at, cases_case.signed_at, cases_case.closed_kind,"
    " cases_case.closed_at, cases_case.achieved, cases_case.word, cases_case.provisional, cases_case.allotment"
).format(light=LIGHT_SQL)
_NAMES = [name for name in Row.__dataclass_fields__ if name not in ("elapsed_share", "overdue")]


def where(actor: Actor, filters: Filters, now: dt.datetime) -> tuple[str, list[Any]]:
    """Return the condition of a list: what the actor may see, narrowed by the filters."""
    sql, values = permissions.visible_sql(actor)
    parts, parameters = [sql], list(values)

    def add(condition: str, *given: Any) -> None:
        parts.append(condition)
        parameters.extend(given)

    states = list(filters.state) or (OPEN_STATES if filters.sort == "due" else [])
    for column, chosen in (
        ("state", states),
        ("tier", filters.tier),
        ("board", filters.board),
        ("channel", filters.channel),
        ("category", filters.category),
        ("closed_kind", filters.closed_kind),
    ):
        if chosen:
            add(f"cases_case.{column} = any(%s)", list(chosen))
    if filters.region:
        add("cases_case.region = any(%s)", [code for region in filters.region for code in directory.descendants(region)])
    if filters.light:
        add(f"{LIGHT_SQL} = any(%s)", now, now, list(filters.light))
    if filters.department:
        add("cases_case.lead_department_id in (select id from directory_department where code = any(%s))", list(filters.department))
    if filters.enterprise:
        add("cases_case.enterprise_id in (select id from directory_enterprise where uscc = any(%s))", list(filters.enterprise))
    if filters.overdue is not None:
        add(f"{'' if filters.overdue else 'not '}(cases_case.due_at < least(coalesce(cases_case.held_at, %s), %s))", now, now)
    if filters.urgent is not None:
        add("cases_case.urgent = %s", filters.urgent)
    if filters.since:
        add("cases_case.raised_at >= %s", filters.since)
    if filters.until:
        add("cases_case.raised_at < %s", filters.until)
    if filters.q:
        query = numbers.search_query(filters.q)
        add(
            "(cases_case.id in (select cases_search(%s)) or cases_case.number = %s)" if query else "cases_case.number = %s",
            *([query] if query else []),
            filters.q.strip().upper(),
        )
    return " and ".join(parts), parameters


def page(
    *, actor: Actor, filters: Filters, now: dt.datetime, cursor: str | None = None, limit: int = PAGE
) -> tuple[list[Row], str | None]:
    """Return one page of the list and the cursor of the next (None at the end). Raises Invalid for a broken cursor.

    Keyset paging: the cost of a page does not depend on how far down it lies.
    """
    condition, parameters = where(actor, filters, now)
    column, direction, order = ("due_at", ">", "asc") if filters.sort == "due" else ("raised_at", "<", "desc")
    if cursor:
        condition += f" and (cases_case.{column}, cases_case.id) {direction} (%s, %s)"
        parameters += read_cursor(cursor)
    sql = (
        f"select {_ROW} from cases_case left join directory_enterprise firm on firm.id = cases_case.enterprise_id"  # noqa: S608
        f" where {condition} order by cases_case.{column} {order}, cases_case.id {order} limit %s"
    )
    with database.reading(actor.scope()), connection.cursor() as db:
        db.execute(sql, [now, now, *parameters, limit + 1])
        found = db.fetchall()
    rows = [_row(values, now) for values in found[:limit]]
    following = make_cursor(getattr(rows[-1], column), rows[-1].id) if len(found) > limit else None
    return rows, following


def every(*, actor: Actor, filters: Filters, now: dt.datetime) -> Iterator[Row]:
    """Yield all rows of a list, page by page (exports)."""
    cursor = None
    while True:
        rows, cursor = page(actor=actor, filters=filters, now=now, cursor=cursor, limit=1_000)
        yield from rows
        if cursor is None:
            return


def _row(values: tuple[Any, ...], now: dt.datetime) -> Row:
    row = dict(zip(_NAMES, values, strict=True))
    moment = min(row["held_at"], now) if row["held_at"] else now
    share = elapsed_share(
        region=row["region"],
        counts_from=row["counts_from"],
        due_at=row["due_at"],
        natural=row["allotment"] == "natural",
        moment=moment,
    )
    return Row(**row, elapsed_share=share, overdue=row["due_at"] < moment)


def elapsed_share(
    *, region: str, counts_from: dt.datetime | None, due_at: dt.datetime, natural: bool, moment: dt.datetime
) -> float | None:
    """Return how much of the allotted time is used at `moment` (1 = due), in working time unless `natural`."""
    if counts_from is None:
        return None
    if natural:
        whole = due_at - counts_from
        return round(max((moment - counts_from) / whole, 0.0), 4) if whole else 1.0
    return round(workcalendar.calendar_for(region).share(counts_from, due_at, moment), 4)


def make_cursor(instant: dt.datetime, row_id: uuid.UUID) -> str:
    """Return an opaque cursor that stands after the row with this sort key."""
    return base64.urlsafe_b64encode(orjson.dumps([instant, row_id])).decode().rstrip("=")


def read_cursor(cursor: str) -> list[Any]:
    """Return [instant, id] of a cursor. Raises Invalid when it is not one of ours."""
    try:
        instant, row_id = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [dt.datetime.fromisoformat(instant), uuid.UUID(row_id)]
    except (ValueError, TypeError, binascii.Error) as error:
        raise errors.Invalid(_("This page address is broken; start again from the first page."), code="cursor_invalid", field="cursor") from error


def counts(*, actor: Actor, now: dt.datetime, filters: Filters | None = None) -> dict[str, Any]:
    """Return how many open cases the actor sees: `total`, by `light`, by `state`, `overdue`. One pass."""
    condition, parameters = where(actor, filters or Filters(sort="due"), now)
    sql = (
        f"select {LIGHT_SQL} as light, cases_case.state,"  # noqa: S608
        " cases_case.due_at < least(coalesce(cases_case.held_at, %s), %s), count(*)"
        f" from cases_case where {condition} group by 1, 2, 3"
    )
    result: dict[str, Any] = {"total": 0, "overdue": 0, "light": {}, "state": {}}
    with database.reading(actor.scope()), connection.cursor() as db:
        db.execute(sql, [now, now, now, now, *parameters])
        for light, state, overdue, number in db.fetchall():
            result["total"] += number
            result["overdue"] += number if overdue else 0
            result["light"][light] = result["light"].get(light, 0) + number
            result["state"][state] = result["state"].get(state, 0) + number
    return result


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """Everything one reader may see of one case."""

    case: Case
    light: str
    elapsed_share: float | None
    overdue: bool
    enterprise: Any
    contact: Contact | None
    plans: list[Plan]
    co_departments: list[CoDepartment]
    attachments: list[Attachment]
    merged_numbers: list[str]
    available_actions: list[str]
    sees_ratings: bool
    is_raiser: bool


def find(*, number: str, actor: Actor) -> Case:
    """Return the case. Raises NotFound `case_not_found` when there is none for these eyes. Call inside `reading`."""
    case = (
        Case.objects.filter(permissions.visible(actor), number=number)
        .defer("search")
        .select_related("enterprise", "lead_department", "merged_into")
        .first()
    )
    if case is None:
        raise errors.NotFound(_("There is no case with this number, or you may not see it."), code="case_not_found")
    return case


def light_of(case: Case, now: dt.datetime) -> str:
    """Return the light of a case at `now` (frozen while its clock is held): the last threshold passed."""
    moment = min(case.held_at, now) if case.held_at else now
    passed = sum(instant <= moment for instant in case.light_at)
    return case.light_ids[max(passed, 1) - 1] if case.light_ids else ""


def dossier(*, number: str, actor: Actor, now: dt.datetime) -> Dossier:
    """Return one case with all its parts. Raises NotFound. Reads with row-level security of the actor."""
    with database.reading(actor.scope()):
        case = find(number=number, actor=actor)
        raiser = permissions.is_raiser(actor, case)
        attachments = Attachment.objects.filter(case=case).order_by("uploaded_at", "id")
        if raiser:
            attachments = attachments.filter(visible_to_enterprise=True)
        sees_contact = permissions.may_see_contact(actor, case)
        moment = min(case.held_at, now) if case.held_at else now
        return Dossier(
            case=case,
            light=light_of(case, now),
            elapsed_share=elapsed_share(
                region=case.region,
                counts_from=case.counts_from,
                due_at=case.due_at,
                natural=case.allotment == "natural",
                moment=moment,
            ),
            overdue=case.due_at < moment,
            enterprise=case.enterprise,
            contact=Contact.objects.filter(case=case).first() if sees_contact else None,
            plans=list(Plan.objects.filter(case=case).order_by("version")),
            co_departments=list(
                CoDepartment.objects.filter(case=case).select_related("department").order_by("round", "id")
            ),
            attachments=list(attachments),
            merged_numbers=list(Case.objects.filter(merged_into=case).order_by("number").values_list("number", flat=True)),
            available_actions=available_actions(case=case, actor=actor, now=now),
            sees_ratings=permissions.may_see_ratings(actor, case),
            is_raiser=raiser,
        )


def available_actions(*, case: Case, actor: Actor, now: dt.datetime) -> list[str]:
    """Return the actions this actor could take on the case now, in table order: the one truth for page, API and tests."""
    return [
        row.action
        for row in MACHINE.allowed(CaseState(case.state))
        if permissions.can(actor, row.action, case)
        and _worth_offering(row.action, case, actor)
        and guards.why_not(action=row.action, case=case, body=None, now=now) is None
    ]


def _worth_offering(action: str, case: Case, actor: Actor) -> bool:
    """Leave out what the state allows but the case has no use for."""
    if action == "decide_extension":
        return case.extension is not None and case.extension["by"] != str(actor.person_id)
    if action == "request_extension":
        return case.extension is None
    if action == "decide_suspension":
        return bool(case.suspension) and case.suspension.get("granted") is None
    if action == "object":
        return not case.bound and case.lead_department_id not in case.objected_ids
    if action == "rate_plan":
        return case.rating_plan is None and Plan.objects.filter(case=case).exists()
    if action in ("confirm", "deny", "rate", "reopen") and case.closed_kind == "withdrawn":
        return False
    if action == "confirm":
        return case.word != "confirmed"
    if action == "deny":
        return case.word != "denied"
    if action == "rate":
        return bool(case.reply_kind) and case.rating_changes < 1
    if action == "archive":
        return not (case.state == CaseState.CLOSED and case.word == "pending")
    if action.startswith("verify_"):
        return actor.person_id not in case.verifier_ids
    return True


HIDDEN_FROM_RAISER = frozenset(
    "case.noted case.co_replied case.objected case.objection_ruled case.escalated case.light_changed case.deadline_missed case.verification_started".split()
)
"""Facts that are the administration's own work and say nothing to the raiser."""
HIDDEN_FROM_RATED = frozenset({"case.rated", "case.plan_rated"})


def trace(*, case: Case, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a case that the actor may see, oldest first: seq, kind, at, actor, from, to, data, hash.

    The enterprise does not see internal remarks; the rated side never sees ratings (DOMAIN §0.8).
    """
    raiser = permissions.is_raiser(actor, case)
    hidden = HIDDEN_FROM_RAISER if raiser else frozenset()
    sees_marks = permissions.may_see_ratings(actor, case)
    if not sees_marks:
        hidden |= HIDDEN_FROM_RATED
    shown = []
    for fact in ledger.history(case.id):
        content = orjson.loads(fact.canonical)
        data = {key: value for key, value in content["data"].items() if key != "set"}
        if content["kind"] in hidden or (raiser and data.get("visible_to_enterprise") is False):
            continue
        if raiser:
            data.pop("note", None)
        if not sees_marks and data.get("callback"):
            data["callback"] = {key: value for key, value in data["callback"].items() if key != "level"}
        shown.append({**content, "data": data, "hash": fact.hash})
    return shown


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Another case that may be the same matter, and how alike the texts are (0–1)."""

    number: str
    title: str
    state: str
    raised_at: dt.datetime
    likeness: float


def possible_duplicates(*, case: Case, actor: Actor) -> list[Likeness]:
    """Return cases of the same enterprise, raised within the rulebook's window, whose text is alike (L1).

    Proposed to a person; nothing is merged by itself. Anonymous cases have no enterprise and no proposals.
    """
    if case.enterprise_id is None:
        return []
    rule = rulebooks.version(case.rulebook_version).section(Duplicates)
    window = dt.timedelta(days=rule.window.amount)
    others = (
        Case.objects.filter(permissions.visible(actor), enterprise_id=case.enterprise_id)
        .filter(raised_at__range=(case.raised_at - window, case.raised_at + window))
        .exclude(id=case.id)
        .exclude(merged_into=case.id)
        .exclude(state="merged")
        .order_by("-raised_at")
        .only("number", "title", "description", "state", "raised_at")[:50]
    )
    mine = f"{case.title} {case.description[:1000]}"
    found = [
        Likeness(
            number=other.number,
            title=other.title,
            state=other.state,
            raised_at=other.raised_at,
            likeness=round(max(fuzz.ratio(case.title, other.title), fuzz.ratio(mine, f"{other.title} {other.description[:1000]}")) / 100, 2),
        )
        for other in others
    ]
    return sorted((one for one in found if one.likeness >= rule.similarity), key=lambda one: -one.likeness)[:5]


def stream_of(number: str) -> uuid.UUID:
    """Return the ledger stream of a case, for the operator of the machine. Raises NotFound."""
    with database.writing():
        found = Case.objects.filter(number=number).values_list("id", flat=True).first()
    if found is None:
        raise errors.NotFound(_("There is no case with this number."), code="case_not_found")
    return found

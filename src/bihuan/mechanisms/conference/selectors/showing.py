"""One meeting, item or decision with all that its page shows, and how long a case lay in each tier and with whom."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from bihuan.casework.cases import presenters
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible, visible_sql
from bihuan.casework.deadlines import selectors as clocks
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui.lights import Face
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import permissions, rules
from ..models import Attendee, Decision, Institution, Issue, Item, Meeting, Minute
from ..permissions import Thing
from ..rulebook import Conference

CLOCK = "decision"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An item or a meeting as a reader sees it; case: None where the reader does not see it (or there is none)."""

    thing: Any
    case: Case | None
    overdue: bool
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class Followed(Seen):
    """A decision with its light, how it looks, and who answers for it now; left: its person is there no more."""

    light: str
    face: Face | None
    people: list[str]
    left: bool


@dataclass(frozen=True, kw_only=True)
class Session(Seen):
    """A meeting with everything on it that the reader may see.

    names: person id → name. quorum: what is needed and, as far as known, there. minutes: empty before they are issued.
    """

    seats: list[Attendee]
    items: list[Seen]
    decisions: list[Followed]
    issues: list[Issue]
    institutions: list[Institution]
    minutes: str
    names: dict[uuid.UUID, str]
    quorum: rules.Quorum | None


@dataclass(frozen=True, kw_only=True)
class Course:
    """What of the conference concerns one case: its items, decisions and consultations, and where it lay how long."""

    items: list[Seen]
    decisions: list[Followed]
    tiers: dict[str, dt.timedelta] = field(default_factory=dict)
    holders: dict[str, dt.timedelta] = field(default_factory=dict)
    now_with: str = ""


def not_found() -> errors.NotFound:
    """Return (for raising) that there is nothing of this kind for these eyes."""
    return errors.NotFound(_("There is no such thing here, or you may not see it."), code="conference_not_found")


def of_meetings(actor: Actor) -> Any:
    """Return the meetings the actor may see: those of the region, and those the actor's department is invited to."""
    rows = Meeting.objects.all()
    if actor.system:
        return rows
    if not permissions.is_staff(actor):
        return rows.none()
    scope = actor.scope()
    return rows.filter(Q(region__in=scope.regions) | Q(department_ids__overlap=list(scope.departments)))


def of_items(actor: Actor) -> Any:
    """Return the items of cases the actor may see."""
    # The rule of visibility names the table of cases; the harmless second condition keeps it joined in counts too.
    rows = Item.objects.filter(visible(actor), case__number__gt="").select_related("case", "case__lead_department")
    return rows if permissions.is_staff(actor) else rows.none()


def of_decisions(actor: Actor) -> Any:
    """Return the decisions the actor may see: of cases the actor sees, and those the actor's department answers for."""
    rows = Decision.objects.select_related("owner_department", "meeting")
    if actor.system:
        return rows
    if not permissions.is_staff(actor):
        return rows.none()
    sql, given = visible_sql(actor)
    # The rule names the table of cases, which Django would call by another name in a subquery of its own.
    seen_case = f"conference_decision.case_id in (select cases_case.id from cases_case where {sql})"  # noqa: S608
    mine = Q(owner_department__in=list(actor.scope().departments))
    return rows.filter(mine | Q(RawSQL(seen_case, given, output_field=BooleanField())))  # noqa: S611


def people_of(region: str, department_id: uuid.UUID, now: dt.datetime) -> set[uuid.UUID]:
    """Return head and liaison of a department now."""
    where: dict[str, Any] = {"region": region, "now": now, "department_id": department_id}
    return {one for role in ("department_head", "liaison") for one in accounts.holders(role=role, **where)}


def responsible(decision: Decision, now: dt.datetime) -> set[uuid.UUID]:
    """Return who answers for a decision now: head and liaison of its department, the named person among them.

    A person who left drops out; where nobody is left, notices go to the fallback of the rulebook.
    """
    return people_of(decision.region, decision.owner_department_id, now)


def available(actor: Actor, thing: Thing) -> list[str]:
    """Return what the actor could do with the thing now, in table order: the one truth for page, API and tests."""
    machine = permissions.machine_of(thing)
    state = type(machine.initial)(thing.state)
    names = [row.action for row in machine.allowed(state) if permissions.can(actor, row.action, thing)]
    return [name for name in names if possible(thing, name)]


def possible(thing: Thing, action: str) -> bool:
    """Tell whether the action fits this thing beyond its state: reviews, consultations and dialogues differ."""
    if isinstance(thing, Meeting):
        dialogue = action in ("collect", "publish_answer")
        return not dialogue or thing.kind == "dialogue"
    if isinstance(thing, Item):
        held = thing.meeting is not None and thing.meeting.state == "held"
        if action in ("decide", "put_off", "review"):
            return held and (action != "review" or thing.follows_id is not None)
        return action != "take_off" or (not held and thing.forum == "conference")
    return True


def seen(thing: Any, case: Case | None, actor: Actor, now: dt.datetime) -> Seen:
    """Return a meeting or an item as the actor sees it."""
    return Seen(thing=thing, case=case, overdue=thing.late_since is not None, available_actions=available(actor, thing))


def followed(rows: Sequence[Decision], actor: Actor, now: dt.datetime) -> list[Followed]:
    """Return decisions with their lights and people; four queries for any number of them."""
    running = clocks.clocks_of_many(row.id for row in rows)
    known = {one.id: one for one in Case.objects.filter(visible(actor), pk__in=[row.case_id for row in rows])}
    people = {row.id: responsible(row, now) for row in rows if row.ended_at is None}
    named = {row.owner_person_id for row in rows if row.owner_person_id}
    names = accounts.names(named.union(*people.values()))
    found = []
    for row in rows:
        clock = next((one for one in running.get(row.id, []) if one.kind == CLOCK), None)
        moment = min(filter(None, (clock.stopped_at, now))) if clock else now
        light = (clocks.light_of(clock, moment) or "") if clock else ""
        faces = presenters.faces_under(row.rulebook_version)
        there = people.get(row.id, set())
        first = [row.owner_person_id] if row.owner_person_id in there else []
        found.append(
            Followed(
                thing=row,
                case=known.get(row.case_id),
                overdue=row.ended_at is None and row.due_at < now,
                available_actions=available(actor, row),
                light=light,
                face=faces.get(light),
                people=[names[one] for one in [*first, *sorted(there - set(first))] if one in names],
                left=row.ended_at is None and row.owner_person_id is not None and row.owner_person_id not in there,
            )
        )
    return found


def meeting(*, meeting_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Session:
    """Return one meeting with its seats, items, decisions and issues. Raises NotFound."""
    with database.reading(actor.scope()):
        found = of_meetings(actor).filter(pk=meeting_id).first()
        if found is None:
            raise not_found()
        seats = list(found.attendees.select_related("department", "enterprise").order_by("id"))
        rows = list(of_items(actor).filter(meeting=found).select_related("meeting").order_by("position", "id"))
        decided = followed(list(of_decisions(actor).filter(meeting=found).order_by("id")), actor, now)
        told = Issue.objects.filter(visible(actor), meeting=found, case__number__gt="").select_related("case")
        issues = list(told.order_by("id"))
        minutes = minutes_of(found, actor)
        rules_made = list(Institution.objects.filter(meeting=found).order_by("id"))
    people = {seat.person_id for seat in seats if seat.person_id} | ({found.host_id} if found.host_id else set())
    return Session(
        thing=found,
        case=None,
        overdue=found.late_since is not None,
        available_actions=available(actor, found),
        seats=seats,
        items=[seen(row, row.case, actor, now) for row in rows],
        decisions=decided,
        issues=issues,
        institutions=rules_made,
        minutes=minutes,
        names=accounts.names(people),
        quorum=quorum_of(found, seats),
    )


def minutes_of(found: Meeting, actor: Actor) -> str:
    """Return the issued minutes as the actor reads them: where a case is not for these eyes, a line says only that."""
    mine = Q(case=None) | Q(department_ids__overlap=list(actor.scope().departments))
    parts = Minute.objects.filter(mine | visible(actor), meeting=found).select_related("case").order_by("place")
    lines, awaited = [], 0
    for part in parts:
        lines += [_("(A matter that others see.)")] * (part.place - awaited) + [part.text]
        awaited = part.place + 1
    return "\n".join(lines)


def quorum_of(found: Meeting, seats: Iterable[Attendee]) -> rules.Quorum | None:
    """Return the quorum of a conference: as it was when it opened, or what is needed; None for other meetings."""
    if found.kind != "conference":
        return None
    asked = rulebooks.version(found.rulebook_version).section(Conference).quorum
    places = [rules.Seat(presides=one.presides, votes=one.votes, present=bool(one.present)) for one in seats]
    return rules.quorum(places, share=asked.share, presiding=asked.presiding)


def item(*, item_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return one item. Raises NotFound."""
    with database.reading(actor.scope()):
        found = of_items(actor).filter(pk=item_id).select_related("meeting").first()
    if found is None:
        raise not_found()
    return seen(found, found.case, actor, now)


def decision(*, decision_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Followed:
    """Return one decision. Raises NotFound."""
    with database.reading(actor.scope()):
        found = list(of_decisions(actor).filter(pk=decision_id))
        if not found:
            raise not_found()
        return followed(found, actor, now)[0]


def trace(*, thing_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the facts of a thing that the caller has read already, oldest first."""
    with database.writing():
        return [ledger.content(fact) for fact in ledger.history(thing_id)]


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> Course | None:
    """Return what concerns a case, or None for readers outside."""
    if not permissions.is_staff(actor):
        return None
    with database.reading(actor.scope()):
        rows = list(of_items(actor).filter(case=case).select_related("meeting").order_by("-id")[:8])
        decided = followed(list(of_decisions(actor).filter(case=case).order_by("-id")[:8]), actor, now)
    told = course(case=case, now=now)
    return Course(items=[seen(row, case, actor, now) for row in rows], decisions=decided, **told)


def course(*, case: Case, now: dt.datetime) -> dict[str, Any]:
    """Return working time in each tier and with each holder, and with whom the case is, for a case already read."""
    with database.writing():
        facts = [ledger.content(fact) for fact in ledger.history(case.id)]
    steps = [(dt.datetime.fromisoformat(fact["at"]), fact["data"].get("set", {})) for fact in facts]
    tiers, holders = rules.stays(steps)
    hours = workcalendar.calendar_for(case.region)
    last = holders[-1] if holders else None
    return {
        "tiers": rules.totals(tiers, now=now, between=hours.elapsed),
        "holders": rules.totals(holders, now=now, between=hours.elapsed),
        "now_with": last.where if last and last.until is None else "",
    }

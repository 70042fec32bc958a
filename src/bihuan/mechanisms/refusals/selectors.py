"""Reads of refusals, with the eyes of an actor. The raiser sees a review, never the pool; a panel its session."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor, visible_sql
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import permissions, rulebook
from .models import OPEN_STATES, Note, Panelist, Proposal, Refusal, Seat, Vote
from .states import IN_REVIEW, REFUSALS, SYSTEM, RefusalState

PAGE = 50
_REVIEWED = sorted(state.value for state in IN_REVIEW | {RefusalState.SOLVED_EARLY})


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A refusal as a reader sees it: whether its step is late, and what the reader may do.

    inside: whether the reader may see the pool's side of it (evidence, notes, scores). case: for names and places of
    the trace only; the reader may not see it as a whole.
    """

    refusal: Refusal
    case: Case
    overdue: bool
    inside: bool
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class Review:
    """Everything on one review page. votes: empty until opened, and for readers who may not see who voted how."""

    seen: Seen
    notes: list[Note]
    seats: list[Seat]
    names: dict[str, str]
    votes: list[Vote]
    count: dict[str, int]
    cast: int


def not_found() -> errors.NotFound:
    """Return (for raising) that there is no such refusal for these eyes."""
    return errors.NotFound(_("There is no such matter here, or you may not see it."), code="refusal_not_found")


def seen(actor: Actor) -> Any:
    """Return the refusals the actor may see by office: those of cases they see; a deputy all of the place."""
    rows = Refusal.objects.select_related("unit")
    if actor.system:
        return rows
    sql, parameters = visible_sql(actor)
    of_case = f"refusals_refusal.case_id in (select cases_case.id from cases_case where {sql})"  # noqa: S608
    by_case = Q(RawSQL(of_case, parameters, output_field=BooleanField()))  # noqa: S611
    if permissions.watches(actor):
        return rows.filter(by_case | Q(region__in=actor.scope().refusal_regions))
    return rows.filter(by_case, state__in=_REVIEWED)


def person_of(actor: Actor) -> uuid.UUID:
    """Return the id of the acting person; only persons sit on panels."""
    assert actor.person_id is not None, "a panel consists of persons"
    return actor.person_id


def judged_by(actor: Actor) -> Any:
    """Return the refusals in whose panel the actor sits; read with the product's eyes: members may be outside."""
    mine = Seat.objects.filter(person_id=person_of(actor), reserve=False, left_at=None)
    return Refusal.objects.select_related("unit").filter(pk__in=mine.values("refusal_id"))


def find(refusal_id: uuid.UUID, actor: Actor) -> Refusal:
    """Return one refusal that the actor sees by office or judges. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Refusal | None = seen(actor).filter(pk=refusal_id).first()
    if found is None and actor.person_id is not None:
        with database.reading(THE_SYSTEM.scope()):
            found = judged_by(actor).filter(pk=refusal_id).first()
    if found is None:
        raise not_found()
    return found


def seated(refusal: Refusal) -> Any:
    """Return the seats of those who vote: neither in reserve nor taken off."""
    return Seat.objects.filter(refusal=refusal, reserve=False, left_at=None).order_by("place")


def may_vote(refusal: Refusal, actor: Actor) -> bool:
    """Tell whether the actor holds a seat and has not voted in this round."""
    if actor.person_id is None:
        return False
    seats = seated(refusal).filter(person_id=actor.person_id)
    return bool(seats.exclude(votes__round=refusal.round, votes__void=False).exists())


def available_actions(refusal: Refusal, case: Case, actor: Actor) -> list[str]:
    """Return what this actor could do with the refusal now, in table order: one truth for page, API and tests."""
    rows = [row for row in REFUSALS.allowed(RefusalState(refusal.state)) if SYSTEM not in row.roles]
    member = refusal.state == RefusalState.VOTING and may_vote(refusal, actor)
    return [row.action for row in rows if permissions.can(actor, row.action, refusal, case, member=member)]


def page(
    *, actor: Actor, now: dt.datetime, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE, **only: str
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return refusals the actor may see, newest first, and the id to continue after.

    state: one state, `pool`, `review` (from selection to the end of what was ordered), `open`, or all.
    only: `outcome`, `cause`, `reason`, `category`, `unit` (code): what a figure opens.
    """
    with database.reading(actor.scope()):
        rows = _narrow(seen(actor), state, only)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
        shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return _with_actions(shown, actor, now), following


def _narrow(rows: Any, state: str, only: dict[str, str]) -> Any:
    groups = {
        "open": OPEN_STATES,
        "pool": ["pooled", "researched"],
        "review": ["selected", "drawn", "convened", "voting", "decided", "followed", "conceded"],
    }
    if state:
        rows = rows.filter(state__in=groups.get(state, [state]))
    for name, field in (("outcome", "outcome"), ("reason", "reason"), ("category", "category"), ("unit", "unit__code")):
        if only.get(name):
            rows = rows.filter(**{field: only[name]})
    return rows.filter(causes__contains=[only["cause"]]) if only.get("cause") else rows


def mine(*, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return the reviews in which the actor holds a seat, newest first."""
    with database.reading(THE_SYSTEM.scope()):
        found = list(judged_by(actor).order_by("-id")[:PAGE])
    return _with_actions(found, actor, now)


def _with_actions(found: Sequence[Refusal], actor: Actor, now: dt.datetime) -> list[Seen]:
    # What somebody may do is decided with the product's own eyes: a panel member may not see the case itself.
    with database.reading(THE_SYSTEM.scope()):
        cases = Case.objects.defer("search").in_bulk([one.case_id for one in found])
        return [
            Seen(
                refusal=one,
                case=cases[one.case_id],
                overdue=one.due_at is not None and one.due_at < now,
                inside=permissions.watches(actor) and (actor.system or one.region[:6] in _regions(actor)),
                available_actions=available_actions(one, cases[one.case_id], actor),
            )
            for one in found
        ]


def _regions(actor: Actor) -> set[str]:
    return set(actor.reader.regions_for(permissions.STAFF)) if actor.reader else set()


def counts(*, actor: Actor) -> dict[str, int]:
    """Return how many refusals the actor sees in the pool, in review, and late."""
    with database.reading(actor.scope()):
        rows = seen(actor)
        return {
            "pool": _narrow(rows, "pool", {}).count(),
            "review": _narrow(rows, "review", {}).count(),
            "late": rows.filter(late_since__isnull=False, state__in=OPEN_STATES).count(),
        }


def review(*, refusal_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Review:
    """Return one review with its sides, panel and votes. Raises NotFound."""
    found = find(refusal_id, actor)
    (one,) = _with_actions([found], actor, now)
    with database.reading(THE_SYSTEM.scope()):
        seats = list(Seat.objects.filter(refusal=found).order_by("place"))
        current = Vote.objects.filter(seat__refusal=found, round=found.round, void=False)
        votes = list(current.select_related("seat").order_by("seat__place")) if found.outcome else []
        cast = current.count()
        notes = list(Note.objects.filter(refusal=found).order_by("at")) if one.inside else []
        people = {seat.person_id for seat in seats} | {note.by_id for note in notes}
        people |= {uuid.UUID(row["person"]) for row in found.excluded}
        names = {str(key): name for key, name in accounts.names(people).items()}
    sits = any(seat.person_id == actor.person_id and not seat.reserve and not seat.left_at for seat in seats)
    told = permissions.sees_votes(actor, found, seated=sits)
    return Review(
        seen=one,
        notes=notes,
        seats=seats if told else [],
        names=names if told or one.inside else {},
        votes=votes if told else [],
        count=dict(Counter(vote.outcome for vote in votes)),
        cast=cast,
    )


def trace(*, refusal_id: uuid.UUID, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a refusal, oldest first; only for those who run the review (they name the panel)."""
    found = find(refusal_id, actor)
    with database.reading(actor.scope()):
        if not permissions.sees_votes(actor, found, seated=False):
            return []
        return [ledger.content(fact) for fact in ledger.history(found.id)]


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return the refusals of a case that the actor may see, newest first."""
    with database.reading(actor.scope()):
        found = list(seen(actor).filter(case=case).order_by("-id")[:5])
    return _with_actions(found, actor, now)


def pool_of_panels(*, actor: Actor) -> list[Panelist]:
    """Return everybody in the pools of panels of the actor's regions; empty for those who do not run reviews."""
    regions = actor.reader.regions_for(permissions.ORGANISING) if actor.reader else ()
    with database.reading(actor.scope()):
        chosen = Panelist.objects.filter(region__in=regions).select_related("person")
        return list(chosen.order_by("group", "person__pinyin", "id"))


def proposals(*, actor: Actor, before: uuid.UUID | None = None, limit: int = PAGE) -> list[Proposal]:
    """Return the policy proposals of the places whose refusals the actor sees as staff, newest first."""
    if not permissions.watches(actor):
        return []
    scope = actor.scope()
    with database.reading(scope):
        rows = Proposal.objects.filter(region__in={*scope.regions, *scope.refusal_regions})
        if before is not None:
            rows = rows.filter(id__lt=before)
        return list(rows.order_by("-id")[:limit])


def figures(*, actor: Actor) -> dict[str, Any]:
    """Return the figures of what the actor sees: by outcome, unit, reason, cause; solved before the review (N6).

    `early` of `ended`: those solved because the review was coming, among all that ended by being solved.
    `common`: categories with many refusals, which may show a common problem.
    """
    with database.reading(actor.scope()):
        rows = list(
            seen(actor).values_list(
                "state", "outcome", "unit__code", "unit__short_name", "reason", "category", "causes"
            )
        )
    early = sum(row[0] == RefusalState.SOLVED_EARLY for row in rows)
    solved = early + sum(row[0] == RefusalState.DONE and row[1] != "cannot" for row in rows)
    units: Counter[tuple[str, str]] = Counter((row[2], row[3]) for row in rows if row[2])
    return {
        "all": len(rows),
        "early": early,
        "solved": solved,
        "outcomes": Counter(row[1] for row in rows if row[1]),
        "units": units.most_common(20),
        "reasons": Counter(row[4] for row in rows if row[4]).most_common(),
        "causes": Counter(cause for row in rows for cause in row[6]),
        "categories": Counter(row[5] for row in rows if row[5]),
    }


def region_of(actor: Actor) -> str:
    """Return the first region in which the actor runs reviews, or an empty text."""
    regions = actor.reader.regions_for(permissions.ORGANISING) if actor.reader else ()
    return next((code for code in regions if directory.departments(code)), next(iter(regions), ""))


def rule_of(actor: Actor, now: dt.datetime) -> rulebook.Refusals:
    """Return what the rulebook in force in the actor's first region says of refusals."""
    regions = actor.reader.regions_for(permissions.STAFF) if actor.reader else ()
    return rulebooks.in_force(next(iter(regions), ""), now).section(rulebook.Refusals)


def waiting(*, region: str, most: int) -> list[Refusal]:
    """Return the refusals of a region that are under review, then the oldest of its pool, until they are `most`.

    Such as the demonstration works through. Call inside `database.writing()`.
    """
    rows = Refusal.objects.filter(region=region, ended_at=None).select_related("case__enterprise", "unit")
    rows = rows.defer("case__search").order_by("pooled_at", "number")
    begun = list(rows.exclude(state=RefusalState.POOLED.value))
    return begun + list(rows.filter(state=RefusalState.POOLED.value)[: max(most - len(begun), 0)])


def taken_up(*, region: str) -> list[tuple[uuid.UUID, str]]:
    """Return (id, category) of the refusals that left the pool, in the order in which they came in; as `waiting`."""
    rows = Refusal.objects.filter(region=region).exclude(state=RefusalState.POOLED.value)
    return list(rows.order_by("pooled_at", "number").values_list("id", "category"))


def worked_on_again(*, region: str) -> list[Case]:
    """Return the cases of a region that a verdict, or the unit's own word, opened again and that wait; as `waiting`."""
    bound = Refusal.objects.filter(region=region).filter(
        Q(outcome__in=("should", "can"), state__in=("decided", "followed")) | Q(state=RefusalState.CONCEDED.value)
    )
    rows = Case.objects.filter(id__in=bound.values("case")).exclude(state__in=("closed", "archived", "declined"))
    return list(rows.defer("search").select_related("lead_department").order_by("number"))


def proposals_of(*, region: str) -> list[Proposal]:
    """Return the policy proposals of a region, the oldest first; as `waiting`."""
    return list(Proposal.objects.filter(region=region).order_by("proposed_at", "title"))

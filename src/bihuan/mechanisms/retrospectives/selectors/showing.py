"""Lists of retrospectives, and one of them with all its parts."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor, of_handling_side
from bihuan.casework.cases.rulebook import Fallback
from bihuan.casework.cases.states import CaseState
from bihuan.casework.registers import selectors as registers
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import BLOCKING, OPEN_STATES, Cause, Guest, Link, Output, Retrospective, Version
from ..rulebook import Retrospectives
from ..rules import dissecting
from ..states import RETROSPECTIVES, WORKED_ON, RetrospectiveState

PAGE = 50
PUBLISHED = ("exemplar", "warning")
"""Kinds of outputs that others read: they name nobody."""
_CLOSED = frozenset({CaseState.MERGED, CaseState.ARCHIVED})


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A retrospective as a reader sees it: whether its step is late, and what the reader may do."""

    retrospective: Retrospective
    case: Case
    overdue: bool
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class Dissection:
    """Everything on one page. causes, outputs: without those struck out; names: of persons, by id as text.

    tells: output → by what it still tells who it is about, while somebody can mend it.
    """

    seen: Seen
    causes: list[Cause]
    links: list[Link]
    guests: list[Guest]
    outputs: list[Output]
    versions: list[Version]
    names: dict[str, str]
    tells: dict[uuid.UUID, list[str]]

    @property
    def newest(self) -> Version | None:
        """The version of the report that counts: the approved one, else the latest."""
        approved = self.seen.retrospective.approved_version
        chosen = [one for one in self.versions if approved is None or one.number == approved]
        return chosen[-1] if chosen else None


def not_found() -> errors.NotFound:
    """Return (for raising) that there is no such retrospective for these eyes."""
    return errors.NotFound(
        _("There is no such retrospective here, or you may not see it."), code="retrospective_not_found"
    )


def seen(actor: Actor) -> Any:
    """Return the retrospectives the actor sees by office."""
    rows = Retrospective.objects.select_related("unit")
    if actor.system:
        return rows
    sql, parameters = permissions.seen_sql(actor)
    of_case = f"retrospectives_retrospective.case_id in (select cases_case.id from cases_case where {sql})"  # noqa: S608
    return rows.filter(RawSQL(of_case, parameters, output_field=BooleanField()))  # noqa: S611


def guest_of(retrospective: Retrospective, actor: Actor) -> Guest | None:
    """Return the actor's own invitation, or None."""
    if actor.person_id is None:
        return None
    return Guest.objects.filter(retrospective=retrospective, person_id=actor.person_id).first()


def find(retrospective_id: uuid.UUID, actor: Actor) -> Retrospective:
    """Return one retrospective that the actor sees by office or was invited to. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Retrospective | None = seen(actor).filter(pk=retrospective_id).first()
    if found is None and actor.person_id is not None:
        with database.reading(THE_SYSTEM.scope()):
            invited = Retrospective.objects.select_related("unit").filter(guests__person_id=actor.person_id)
            found = invited.filter(pk=retrospective_id).first()
    if found is None:
        raise not_found()
    return found


@dataclass(frozen=True, kw_only=True)
class _Standing:
    """What decides, beside state and office, which actions go: the actor's own part, and what is there already."""

    guest: bool
    wrote: bool
    causes: int
    outputs: int
    newest: int


def available_actions(retrospective: Retrospective, case: Case, actor: Actor) -> list[str]:
    """Return what this actor could do with the retrospective now; see `with_actions`, which does it for many."""
    return _able(retrospective, case, actor, _standings([retrospective], actor)[retrospective.id])


def _able(one: Retrospective, case: Case, actor: Actor, standing: _Standing) -> list[str]:
    rows = RETROSPECTIVES.allowed(RetrospectiveState(one.state))
    strikable = standing.outputs or standing.causes > (one.state != RetrospectiveState.LED)
    refused = {
        "approve": standing.wrote,
        "dissect": bool(dissecting.missing(causes=standing.causes, answers=one.presumptions)),
        "strike": not strikable,
        "let_stand": not standing.outputs,
        "submit": standing.newest <= one.stale_version,
    }
    able = [row.action for row in rows if permissions.can(actor, row.action, case, guest=standing.guest)]
    return [name for name in able if not refused.get(name)]


def _standings(found: Sequence[Retrospective], actor: Actor) -> dict[uuid.UUID, _Standing]:
    ids, me = [one.id for one in found], [actor.person_id] if actor.person_id else []

    def of(model: Any, **only: Any) -> Counter[uuid.UUID]:
        rows = model.objects.filter(retrospective__in=ids, **only)
        return Counter(rows.values_list("retrospective_id", flat=True))

    guests, causes, outputs = of(Guest, person__in=me), of(Cause, struck_at=None), of(Output, struck_at=None)
    written = list(Version.objects.filter(retrospective__in=ids).values_list("retrospective_id", "number", "author_id"))
    wrote = {one for one, _number, author in written if author in me}
    return {
        one: _Standing(
            guest=guests[one] > 0,
            wrote=one in wrote,
            causes=causes[one],
            outputs=outputs[one],
            newest=max((number for of_one, number, _author in written if of_one == one), default=0),
        )
        for one in ids
    }


def page(
    *, actor: Actor, now: dt.datetime, before: uuid.UUID | None = None, limit: int = PAGE, **only: str
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return retrospectives the actor may see, newest first, and the id to continue after.

    only: `state` (one state, `open`, `late`, or all), and what a figure counts: `branch`, `cause`, `step`,
    `department` (code, those merged into it counted along), `presumption`, `ground`, `output`, `since`, `until` (dates
    of the approval, `until` included).
    """
    with database.reading(actor.scope()):
        rows = narrowed(seen(actor), only)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
        shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return with_actions(shown, actor, now), following


def narrowed(rows: Any, only: dict[str, str]) -> Any:
    """Return the rows that a figure counts (see `page`)."""
    given = {name: value for name, value in only.items() if value}
    state = given.get("state", "")
    if state == "late":
        rows = rows.filter(late_since__isnull=False).exclude(state__in=["checked", "lapsed"])
    elif state:
        rows = rows.filter(state__in=OPEN_STATES if state == "open" else [state])
    if {"branch", "cause"} & given.keys():
        of = {"branch": given["branch"]} if "branch" in given else {}
        of |= {"text": given["cause"]} if "cause" in given else {}
        hung = Cause.objects.filter(struck_at=None, **of)
        rows = rows.filter(pk__in=hung.values("retrospective_id"))
    if "step" in given:
        rows = rows.filter(pk__in=Link.objects.filter(step=given["step"]).values("retrospective_id"))
    if "department" in given:
        named = Department.objects.filter(code=given["department"]).values_list("id", flat=True)
        units = {one for first in named for one in directory.with_predecessors(first)}
        rows = rows.filter(pk__in=Link.objects.filter(department__in=units).values("retrospective_id"))
    if "presumption" in given:
        rows = rows.filter(presumptions__contains={given["presumption"]: {"kept": False}})
    if "ground" in given:
        rows = rows.filter(grounds__contains=[given["ground"]])
    if "output" in given:
        made = Output.objects.filter(kind=given["output"], struck_at=None)
        rows = rows.filter(pk__in=made.values("retrospective_id"))
    return in_period(rows, since=given.get("since", ""), until=given.get("until", ""))


def in_period(rows: Any, *, since: str, until: str) -> Any:
    """Return the rows approved from day to day, both included; an empty day sets no end. Raises Invalid."""
    for name, text, condition, days in (("since", since, "gte", 0), ("until", until, "lt", 1)):
        if text:
            try:
                day = dt.date.fromisoformat(text) + dt.timedelta(days=days)
            except (ValueError, OverflowError) as error:
                message = _("%(field)s: a date such as 2026-12-31") % {"field": name}
                raise errors.Invalid(message, code="invalid_date", field=name) from error
            at = dt.datetime.combine(day, dt.time(), timezone.get_current_timezone())
            rows = rows.filter(**{f"concluded_at__{condition}": at})
    return rows


def mine(*, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return the retrospectives to which the actor was invited, newest first."""
    if actor.person_id is None:
        return []
    with database.reading(THE_SYSTEM.scope()):
        invited = Retrospective.objects.select_related("unit").filter(guests__person_id=actor.person_id)
        found = list(invited.order_by("-id")[:PAGE])
    return with_actions(found, actor, now)


def with_actions(found: Sequence[Retrospective], actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return the rows with what the actor may do, one truth for page, API and tests; five queries for any number."""
    # With the product's own eyes: a guest may not see the case itself.
    with database.reading(THE_SYSTEM.scope()):
        cases = Case.objects.defer("search").in_bulk([one.case_id for one in found])
        standings = _standings(found, actor)
    return [
        Seen(
            retrospective=one,
            case=cases[one.case_id],
            overdue=one.due_at is not None and one.due_at < now,
            available_actions=_able(one, cases[one.case_id], actor, standings[one.id]),
        )
        for one in found
    ]


def counts(*, actor: Actor) -> dict[str, int]:
    """Return how many retrospectives the actor sees that are open, and late."""
    with database.reading(actor.scope()):
        rows = seen(actor)
        return {name: narrowed(rows, {"state": name}).count() for name in ("open", "late")}


def dissection(*, retrospective_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Dissection:
    """Return one retrospective with all its parts. Raises NotFound."""
    found = find(retrospective_id, actor)
    (one,) = with_actions([found], actor, now)
    with database.reading(THE_SYSTEM.scope()):
        guests = list(found.guests.order_by("invited_at"))
        versions = list(found.versions.order_by("number"))
        if found.approved_version is None and of_handling_side(actor, one.case):
            # A draft is no word to those it speaks of; they have their own statement.
            versions = []
        people = {version.author_id for version in versions} | ({found.leader_id} if found.leader_id else set())
        outputs = list(found.outputs.filter(struck_at=None).order_by("id"))
        return Dissection(
            seen=one,
            causes=list(found.causes.filter(struck_at=None).order_by("found_at", "id")),
            links=list(found.links.select_related("department").order_by("place")),
            guests=guests,
            outputs=outputs,
            versions=versions,
            names={str(key): name for key, name in accounts.names(people).items()},
            tells=_tells(found, one.case, outputs, now) if found.state in WORKED_ON else {},
        )


def published_texts(made: Output) -> tuple[str, ...]:
    """Return what others would read of an output: title, words, and of a warning what to learn (the causes)."""
    if made.kind != "warning":
        return made.title, made.text
    causes = Cause.objects.filter(retrospective=made.retrospective_id, struck_at=None).order_by("found_at", "id")
    named = _(", ").join(causes.values_list("text", flat=True))
    return made.title, made.text, _("It got stuck on: %(causes)s.") % {"causes": named}


def _tells(found: Retrospective, case: Case, outputs: Sequence[Output], now: dt.datetime) -> dict[uuid.UUID, list[str]]:
    kinds = {
        one.id: registers.tells(*published_texts(one), case=case, region=found.region, now=now, stays=one.stays)
        for one in outputs
        if one.kind in PUBLISHED
    }
    return {key: told for key, told in kinds.items() if told}


def waiting(*, region: str, now: dt.datetime) -> list[Retrospective]:
    """Return the retrospectives of a region in which somebody has to move, oldest first, with their cases.

    Those whose report is approved are among them once the day to look back has come. With the product's own eyes.
    """
    with database.reading(THE_SYSTEM.scope()):
        rows = Retrospective.objects.filter(region=region).select_related("case__lead_department")
        moving = Q(state__in=BLOCKING) | Q(state="concluded", due_at__lte=now)
        return list(rows.filter(moving).order_by("id"))


def leading_offices(*, retrospective: Retrospective, case: Case, now: dt.datetime) -> tuple[str, ...]:
    """Return the offices that may lead: those of the rulebook, or the first of its fallback that somebody can act for.

    A place where nobody holds an office that may lead (or only those who handled the case do) is not stuck.
    """
    book = rulebooks.version(retrospective.rulebook_version)
    choices = [tuple(book.section(Retrospectives).led_by), *((one,) for one in book.section(Fallback).receivers)]
    able = (offices for offices in choices if _able_to_lead(offices, case, now))
    return next(able, choices[0])


def _able_to_lead(offices: Sequence[str], case: Case, now: dt.datetime) -> set[uuid.UUID]:
    held = {one for office in offices for one in accounts.holders(role=office, region=case.region, now=now)}
    return {one for one in held if not of_handling_side(Actor(reader=accounts.reader_of(one)), case)}


def leaders(*, retrospective: Retrospective, case: Case, now: dt.datetime) -> list[tuple[str, str]]:
    """Return (id, name) of those who may lead the retrospective, for a choice."""
    offices = leading_offices(retrospective=retrospective, case=case, now=now)
    names = accounts.names(_able_to_lead(offices, case, now))
    return sorted(((str(key), name) for key, name in names.items()), key=lambda one: one[1])


def trace(*, retrospective_id: uuid.UUID, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a retrospective, oldest first; for those who see it by office, not for guests."""
    with database.reading(actor.scope()):
        found = seen(actor).filter(pk=retrospective_id).first()
        return [ledger.content(fact) for fact in ledger.history(found.id)] if found else []


def report(*, retrospective_id: uuid.UUID, actor: Actor, now: dt.datetime) -> tuple[Version, str]:
    """Return the report that counts, and the hash that the ledger holds of it. Raises NotFound where none is there."""
    found = dissection(retrospective_id=retrospective_id, actor=actor, now=now)
    version = found.newest
    if version is None:
        raise not_found()
    with database.reading(THE_SYSTEM.scope()):
        said = [ledger.content(fact)["data"] for fact in ledger.history(retrospective_id)]
    hashes = [data["sha256"] for data in said if "sha256" in data and data.get("version") == version.number]
    return version, hashes[-1] if hashes else ""


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> Seen | None:
    """Return the retrospective of a case if the actor may see it."""
    with database.reading(actor.scope()):
        found = seen(actor).filter(case=case).first()
    return with_actions([found], actor, now)[0] if found else None


def may_open(*, case: Case, actor: Actor) -> bool:
    """Tell whether the actor could ask for a retrospective of this case by hand."""
    if CaseState(case.state) in _CLOSED or not permissions.dissects(actor, case):
        return False
    with database.reading(THE_SYSTEM.scope()):
        return not Retrospective.objects.filter(case=case).exists()

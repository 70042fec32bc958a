"""Reads of mandates and windows, with the eyes of an actor, and what came of what holders did."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.cases.states import OPEN as OPEN_CASES
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import permissions, rules
from .models import Mandate, Stay, Task, Window
from .rulebook import MandateKind, Mandates
from .states import MANDATES, MandateState, TaskState, WindowState

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A mandate as a reader sees it.

    activity: `matters` `open` `declined` `achieved` `reports` `found` `visits` `asked`.
    """

    mandate: Mandate
    kind: MandateKind | None
    light: str
    activity: Counter[str]
    available_actions: list[str]
    tasks: list[Task] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Post:
    """A window as a reader sees it: who serves there, and what all who ever did found there."""

    window: Window
    serving: list[Mandate]
    found: Counter[str]
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Somebody who has stood at one window long enough, and the window to go to."""

    mandate: Mandate
    to: Window


def _own(actor: Actor) -> Q:
    firms = [one.enterprise_id for one in actor.reader.grants if one.enterprise_id] if actor.reader else []
    return Q(person_id=actor.person_id) & Q(person_id__isnull=False) | Q(enterprise_id__in=firms)


def seen(actor: Actor) -> Any:
    """Return the mandates the actor may see; the policy of migration 0002 says the same a second time."""
    rows = Mandate.objects.select_related("person", "enterprise", "window")
    if actor.system:
        return rows
    scope = actor.scope()
    mine = _own(actor)
    if not permissions.watches(actor):
        return rows.filter(mine)
    return rows.filter(mine | Q(region__in=list(scope.regions)) | Q(department_id__in=list(scope.departments)))


def page(
    *, actor: Actor, now: dt.datetime, before: uuid.UUID | None = None, limit: int = PAGE, **only: str
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return mandates the actor may see, newest first, and the id to continue after.

    only: `kind`, `window` (id), `state`: `serving`, `ended`, or `near` for those whose end comes soon.
    """
    with database.reading(actor.scope()):
        rows = _narrowed(seen(actor), only, actor, now)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    following = found[limit - 1].id if len(found) > limit else None
    return shown(found[:limit], actor=actor, now=now), following


def mine(*, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return the mandates that the actor holds, or an enterprise for which the actor speaks, with their tasks."""
    with database.reading(THE_SYSTEM.scope()):
        found = list(seen(THE_SYSTEM).filter(_own(actor)).order_by("state", "-id")[:PAGE])
        tasks = defaultdict(list)
        for task in Task.objects.filter(mandate__in=found).select_related("visited").order_by("-id"):
            tasks[task.mandate_id].append(task)
    return [_with(one, tasks[one.mandate.id]) for one in shown(found, actor=actor, now=now)]


def find(*, mandate_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return one mandate with its tasks. Raises NotFound when there is none for these eyes; a holder sees their own."""
    with database.reading(actor.scope()):
        found = seen(actor).filter(pk=mandate_id).first()
    with database.reading(THE_SYSTEM.scope()):
        found = found or seen(THE_SYSTEM).filter(_own(actor), pk=mandate_id).first()
        if found is None:
            raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="mandate_not_found")
        tasks = list(found.tasks.select_related("visited").order_by("-id"))
    (one,) = shown([found], actor=actor, now=now)
    return _with(one, tasks)


def task_seen(*, task_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return the mandate to which a task belongs. Raises as `find`."""
    with database.reading(THE_SYSTEM.scope()):
        held = Task.objects.filter(pk=task_id).values_list("mandate_id", flat=True).first()
    return find(mandate_id=held or task_id, actor=actor, now=now)


def _with(one: Seen, tasks: list[Task]) -> Seen:
    return Seen(
        mandate=one.mandate,
        kind=one.kind,
        light=one.light,
        activity=one.activity,
        available_actions=one.available_actions,
        tasks=tasks,
    )


def _narrowed(rows: Any, only: dict[str, str], actor: Actor, now: dt.datetime) -> Any:
    if only.get("kind"):
        rows = rows.filter(kind=only["kind"])
    if only.get("window"):
        rows = rows.filter(window_id=only["window"])
    state = only.get("state", "")
    if state == "near":
        return rows.filter(state=MandateState.SERVING.value, until__lte=_edge(actor, now))
    return rows.filter(state=state) if state in {one.value for one in MandateState} else rows


def _edge(actor: Actor, now: dt.datetime) -> dt.date:
    """Return the day up to which a term that ends, ends soon: as the actor's region has it."""
    region = region_of(actor) or next(iter(actor.scope().regions), "")
    days = rulebooks.in_force(region, now).section(Mandates).remind_days if region else Mandates().remind_days
    return answers.local_date(now) + dt.timedelta(days=days)


def shown(found: Sequence[Mandate], *, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return mandates that the actor may see with their light, activity and actions, without their tasks."""
    counted, today = activity([one.id for one in found]), answers.local_date(now)
    seen_ones = []
    for one in found:
        section = rulebooks.version(one.rulebook_version).section(Mandates)
        rows = MANDATES.allowed(MandateState(one.state))
        seen_ones.append(
            Seen(
                mandate=one,
                kind=section.kind(one.kind),
                light=rules.light(state=one.state, until=one.until, today=today, remind_days=section.remind_days),
                activity=counted[one.id],
                available_actions=[row.action for row in rows if permissions.can(actor, row.action, one)],
            )
        )
    return seen_ones


_COUNTED = (
    "count(c.id), count(c.id) filter (where c.state = any(%s)), count(c.id) filter (where c.state = 'declined'),"
    " count(c.id) filter (where c.achieved)"
)
_MATTERS = f"""
select m.id, {_COUNTED} from mandates_mandate m join lateral (
    select id, state, achieved, raised_at, channel from cases_case
    where raised_by = m.person_id and region = m.region
    union all
    select id, state, achieved, raised_at, channel from cases_case
    where enterprise_id = m.enterprise_id and region = m.region
) c on c.raised_at >= m.begins_at and (m.ended_at is null or c.raised_at < m.ended_at)
    and (cardinality(m.channels) = 0 or c.channel = any(m.channels))
where m.id = any(%s) group by m.id
"""  # noqa: S608
_FOUND_AT = f"""
select s.window_id, {_COUNTED} from mandates_stay s join mandates_mandate m on m.id = s.mandate_id
join cases_case c on c.raised_by = m.person_id and c.region = m.region
    and c.raised_at >= s.begins_at and (s.ended_at is null or c.raised_at < s.ended_at)
    and (cardinality(m.channels) = 0 or c.channel = any(m.channels))
where s.window_id = any(%s) group by s.window_id
"""  # noqa: S608
_COUNTS = ("matters", "open", "declined", "achieved")


def activity(mandates: Sequence[uuid.UUID]) -> defaultdict[uuid.UUID, Counter[str]]:
    """Return mandate → what its holder did within the term, and what came of it. Two statements, counts only.

    Matters: those the person raised, or that the enterprise has, in the channels of the post.
    """
    found: defaultdict[uuid.UUID, Counter[str]] = defaultdict(Counter)
    if not mandates:
        return found
    reported = Q(state=TaskState.REPORTED.value)
    with database.reading(THE_SYSTEM.scope()):
        for one, *counts in database.fetch(_MATTERS, [_open(), list(mandates)]):
            found[one].update(dict(zip(_COUNTS, counts, strict=True)))
        rows = Task.objects.filter(mandate__in=list(mandates)).values("mandate_id").order_by()
        for row in rows.annotate(
            reports=Count("id", filter=reported),
            found=Count("id", filter=reported & Q(outcome="matter")),
            visits=Count("id", filter=reported & Q(visited__isnull=False)),
            asked=Count("id", filter=Q(state=TaskState.ASKED.value)),
        ):
            found[row["mandate_id"]].update({name: row[name] for name in ("reports", "found", "visits", "asked")})
    return found


def _open() -> list[str]:
    return sorted(state.value for state in OPEN_CASES)


def totals(*, actor: Actor, now: dt.datetime) -> tuple[dict[str, int], Counter[str]]:
    """Return the figures of all mandates that the actor may see, and how many serve in each post.

    Figures: who serves, whose term ends soon, what is asked, and what came of it. One statement for the mandates.
    """
    with database.reading(actor.scope()):
        every = list(seen(actor).values_list("id", "kind", "state", "until"))
    serving = [(kind, until) for _id, kind, state, until in every if state == MandateState.SERVING]
    edge = _edge(actor, now)
    total = sum(activity([one[0] for one in every]).values(), Counter[str]())
    summed = {name: total[name] for name in ("asked", "reports", "matters", "achieved")}
    near = sum(until is not None and until <= edge for _kind, until in serving)
    return {"serving": len(serving), "near": near, **summed}, Counter(kind for kind, _until in serving)


def windows(*, actor: Actor) -> list[Post]:
    """Return the windows the actor may see, open ones first, by name: who serves, and what was found there."""
    scope = actor.scope()
    with database.reading(scope):
        rows = Window.objects.select_related("department").order_by(F("state").desc(), "name")
        if not permissions.watches(actor):
            return []
        if not actor.system:
            rows = rows.filter(Q(region__in=list(scope.regions)) | Q(department_id__in=list(scope.departments)))
        found = list(rows)
        there = defaultdict(list)
        serving = Mandate.objects.filter(window__in=found, state=MandateState.SERVING.value)
        for one in serving.select_related("person").order_by("here_since", "id"):
            there[one.window_id].append(one)
    counted = found_at([one.id for one in found])
    return [
        Post(
            window=one,
            serving=there[one.id],
            found=counted[one.id],
            available_actions=["close"]
            if one.state == WindowState.OPEN and not there[one.id] and permissions.can(actor, "close", one)
            else [],
        )
        for one in found
    ]


def found_at(ids: Sequence[uuid.UUID]) -> defaultdict[uuid.UUID, Counter[str]]:
    """Return window → matters that whoever stood there raised while there. One statement, counts only."""
    found: defaultdict[uuid.UUID, Counter[str]] = defaultdict(Counter)
    with database.reading(THE_SYSTEM.scope()):
        for one, *counts in database.fetch(_FOUND_AT, [_open(), list(ids)]) if ids else ():
            found[one].update(dict(zip(_COUNTS, counts, strict=True)))
    return found


def proposals(*, actor: Actor, now: dt.datetime) -> list[Proposal]:
    """Return who is due to change windows, and where to (轮岗), for those who keep the register of a region."""
    region = region_of(actor)
    if not region:
        return []
    today, section = answers.local_date(now), rulebooks.in_force(region, now).section(Mandates)
    with database.reading(THE_SYSTEM.scope()):
        serving = Mandate.objects.filter(region=region, state=MandateState.SERVING.value, window__isnull=False)
        rows = list(serving.select_related("person", "window"))
        open_ = {str(one.id): one for one in Window.objects.filter(region=region, state=WindowState.OPEN.value)}
        been: dict[str, Counter[str]] = defaultdict(Counter)
        stays = Stay.objects.filter(mandate__in=rows).values_list("mandate_id", "window_id")
        for mandate, window in stays:
            been[str(mandate)][str(window)] += 1
    by_id = {str(one.id): one for one in rows}
    free = set(open_) - {str(one.window_id) for one in rows}
    found: list[Proposal] = []
    for kind in section.kinds:
        seats = [
            rules.Seat(str(one.id), str(one.window_id), one.here_since or one.since)
            for one in rows
            if one.kind == kind.id
        ]
        waiting = rules.due(seats, today=today, rotate_days=kind.rotate_days)
        for seat, target in rules.propose(waiting, free=free, been=been):
            found.append(Proposal(mandate=by_id[seat.mandate], to=open_[target]))
            free.discard(target)
    return found


def trace(*, found: Seen, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a mandate that the actor was shown, in order."""
    own = permissions.holds(actor, found.mandate)
    with database.reading(THE_SYSTEM.scope() if own else actor.scope()):
        return [ledger.content(fact) for fact in ledger.history(found.mandate.id)]


def region_of(actor: Actor) -> str:
    """Return the first region in which the actor keeps the register, or an empty text."""
    return next(iter(actor.reader.regions_for(permissions.KEEPING)), "") if actor.reader else ""


def kinds_of(region: str, now: dt.datetime) -> tuple[MandateKind, ...]:
    """Return the posts that the rulebook of a region states."""
    return rulebooks.in_force(region, now).section(Mandates).kinds


def kind_of(mandate: Mandate) -> MandateKind | None:
    """Return the post of a mandate as its own version of the rulebook states it, or None."""
    return rulebooks.version(mandate.rulebook_version).section(Mandates).kind(mandate.kind)


def kinds_seen(*, actor: Actor, now: dt.datetime) -> tuple[MandateKind, ...]:
    """Return the posts of the first region in which the actor has an office."""
    grants = actor.reader.grants if actor.reader else ()
    region = region_of(actor) or next((one.region for one in grants), "")
    return kinds_of(region, now) if region else ()


def open_windows(region: str) -> list[Window]:
    """Return the open windows of a region, by name."""
    with database.reading(THE_SYSTEM.scope()):
        return list(Window.objects.filter(region=region, state=WindowState.OPEN.value).order_by("name"))


def holder(mandate: Mandate) -> str:
    """Return the name of whoever holds a mandate."""
    if mandate.person is not None:
        return str(mandate.person.display_name)
    return str(mandate.enterprise.name) if mandate.enterprise else ""

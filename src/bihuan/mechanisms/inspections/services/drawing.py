"""双随机一公开 (I3): the seed is committed to, the pool is fixed, the seed is revealed; the rest follows by itself."""

import datetime as dt
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department, Enterprise
from bihuan.foundation.kernel import answers, database, errors, sealing
from bihuan.foundation.kernel.text import clean_line, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, selectors
from ..models import Check, Draw, DrawTarget, Item, Officer
from ..rulebook import Inspections
from ..rules import drawing
from ..states import DRAWS, CheckState, DrawState, ListedState
from .booking import Planned, book, limits
from .recording import commit, rule, version

MOST = 500
"""How many enterprises one draw checks at most."""


@dataclass(frozen=True, kw_only=True)
class Lots:
    """A draw as it is asked for. items: ids, of one or several bodies; grades: classes in the pool, none: all.

    on, per_day: from which day on the checks are, and how many a day. draw_at: when the seed is revealed.
    """

    title: str
    items: Sequence[uuid.UUID]
    count: int
    on: dt.date
    draw_at: dt.datetime
    per_day: int = 1
    grades: Sequence[str] = ()
    industry: str = ""


def commit_draw(*, department: Department, lots: Lots, actor: Actor, now: dt.datetime) -> Draw:
    """Commit to a seed that nobody knows: it is made here, kept encrypted, and only its hash is told.

    Raises Forbidden, Invalid (title, items, count, on, draw_at, grades), Unavailable without a key to encrypt with.
    Leaves one fact with the hash; publishes DrawChanged. Source: 优化营商环境条例 §54.
    """
    with database.writing():
        permissions.check_books(actor, department.id)
        region, book_ = department.region[:6], rule(department.region[:6], now)
        title = clean_line(lots.title)
        items = list(Item.objects.filter(pk__in=list(lots.items), state=ListedState.PUBLISHED.value, region=region))
        known = {one.id for one in book_.classes.grades}
        for field, right in {
            "title": 0 < len(title) <= 120,
            "items": bool(items) and len(items) == len(set(lots.items)),
            "count": 1 <= lots.count <= MOST,
            "per_day": 1 <= lots.per_day <= 50,
            "on": lots.on >= answers.local_date(lots.draw_at),
            "draw_at": lots.draw_at > now,
            "grades": set(lots.grades) <= known,
            "industry": len(lots.industry) <= 5,
        }.items():
            if not right:
                raise errors.Invalid(_SAYS[field](), code="invalid_body", field=field)
        seed = secrets.token_hex(32)
        draw = Draw(region=region, title=title, department=department, count=lots.count, need=book_.gate.officers)
        draw.items = [one.id for one in items]
        others = sorted({one.department_id for one in items} - {department.id})
        draw.bodies = [department.id, *others] if any(one.department_id == department.id for one in items) else others
        draw.grades, draw.industry = sorted(set(lots.grades)), lots.industry.strip().upper()
        draw.on, draw.per_day, draw.draw_at = lots.on, lots.per_day, lots.draw_at
        draw.seed_hash = drawing.hashed(seed)
        draw.seed_sealed = sealing.seal(seed, place=_place(draw))
        draw.committed_by, draw.committed_at, draw.rulebook_version = actor.person_id, now, version(region, now)
        said = {"count": draw.count, "seed_hash": draw.seed_hash, "at": draw.draw_at.isoformat()}
        commit(draw, "draw_committed", now=now, said=said, actor=actor, made=True)
    return draw


_SAYS: dict[str, Callable[[], str]] = {
    "title": lambda: _("title: say what the draw is for, at most 120 characters"),
    "items": lambda: _("items: published items of this region"),
    "count": lambda: _("count: a number from 1 to %(most)d") % {"most": MOST},
    "per_day": lambda: _("per_day: a number from 1 to 50"),
    "on": lambda: _("on: the first day of the checks, not before the draw"),
    "draw_at": lambda: _("draw_at: an instant to come, announced to everybody"),
    "grades": lambda: _("grades: classes of the rulebook"),
    "industry": lambda: _("industry: the beginning of a code of trades"),
}


def _place(draw: Draw) -> str:
    return f"inspections_draw:{draw.id}:seed"


def take_draw(*, draw_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Draw:
    """`fix_pool`; `draw`, from the announced instant on and after the pool was fixed; `void` {text}.

    Raises NotFound, Forbidden, Conflict `state_forbids`, `seed_early` (before the pool is fixed or the instant comes),
    `pool_late` (after the instant), `pool_small`, `officers_few`, Invalid. A voided draw tells its seed too, so that
    nobody draws again in silence until it pleases. Leaves one fact; publishes DrawChanged, and CheckChanged for
    each check that comes of it.
    """
    with database.writing():
        draw = Draw.objects.select_for_update(of=("self",)).select_related("department").filter(pk=draw_id).first()
        if draw is None:
            raise errors.NotFound(_("There is no such draw."), code="draw_not_found")
        transition = DRAWS.named(action)
        if not permissions.draws(actor, draw):
            raise errors.Forbidden(_("Your role may not take this action here."), action=action)
        if action == "draw" and draw.state == DrawState.COMMITTED:
            raise _early(draw)
        DRAWS.check_state(transition, DrawState(draw.state), may=lambda _one: permissions.draws(actor, draw))
        came_from = draw.state
        said, changed = _STEPS[action](draw, actor, now, body)
        draw.state = next(iter(transition.targets)).value
        changed = ["state", *changed]
        commit(draw, f"draw_{action}", now=now, said=said, actor=actor, came_from=came_from, changed=changed)
    return draw


Step = tuple[dict[str, Any], list[str]]


def _early(draw: Draw) -> errors.Conflict:
    said = _("The seed is revealed after the pool was fixed, and not before the announced instant.")
    return errors.Conflict(said, code="seed_early", draw_at=draw.draw_at)


def _fix_pool(draw: Draw, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Step:
    """Write down who may be drawn, each with as many lots as the class has, before anybody can know the seed."""
    if now >= draw.draw_at:
        # The seed could be asked for at once: no pool may be fitted to it.
        raise errors.Conflict(_("The announced instant has passed; commit to another draw."), code="pool_late")
    book_ = rule(draw.region, now)
    firms = Enterprise.objects.filter(region=draw.region, closed_on=None, industry__startswith=draw.industry)
    ids = list(firms.order_by("id").values_list("id", "uscc"))
    grades = selectors.grades_of(enterprises=[key for key, _uscc in ids], book=book_)
    weights = {one.id: one.weight for one in book_.classes.grades}
    wanted = set(draw.grades) or set(weights)
    rows = []
    for key, uscc in ids:
        grade = grades[key]
        if grade in wanted and weights[grade] > 0:
            salt = secrets.token_hex(16)
            rows.append(
                DrawTarget(
                    draw=draw,
                    region=draw.region,
                    enterprise_id=key,
                    salt=salt,
                    name=drawing.name_of(salt, uscc),
                    weight=weights[grade],
                )
            )
    if len(rows) < draw.count:
        said = _("The pool holds %(have)d enterprises; %(need)d are to be drawn.") % {
            "have": len(rows),
            "need": draw.count,
        }
        raise errors.Conflict(said, code="pool_small", have=len(rows))
    officers = list(
        Officer.objects.filter(
            department__in=draw.bodies, state=ListedState.PUBLISHED.value, until__gte=draw.on
        ).order_by("id")
    )
    for one in draw.bodies:
        if sum(officer.department_id == one for officer in officers) < draw.need:
            raise errors.Conflict(_("A body has too few certified officers for the draw."), code="officers_few")
    names = {row.enterprise_id: row.name for row in rows}
    draw.hands = [{"id": str(one.id), "body": str(one.department_id)} for one in officers]
    draw.recused = sorted([str(one.id), names[firm]] for one in officers for firm in one.recused if firm in names)
    DrawTarget.objects.bulk_create(rows, batch_size=1000)
    draw.pool_hash = drawing.pool_hash(selectors.draws.pool_of(draw, rows))
    draw.pool_size, draw.pooled_at = len(rows), now
    said_ = {"targets": len(rows), "officers": len(officers), "pool_hash": draw.pool_hash}
    return said_, ["hands", "recused", "pool_hash", "pool_size", "pooled_at"]


def _draw(draw: Draw, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Step:
    """Reveal the seed and let each, in its order, go through the gate until there are enough checks."""
    if now < draw.draw_at:
        raise _early(draw)
    draw.seed = sealing.unseal(draw.seed_sealed, place=_place(draw))
    rows = list(DrawTarget.objects.filter(draw=draw).select_related("enterprise"))
    pool = selectors.draws.pool_of(draw, rows)
    by_name = {row.name: row for row in rows}
    bodies = {one: found for one in draw.bodies if (found := directory.department_by_id(one)) is not None}
    items: dict[uuid.UUID, list[uuid.UUID]] = {one: [] for one in bodies}
    for item in Item.objects.filter(pk__in=draw.items).order_by("code"):
        items[item.department_id].append(item.id)
    days, registered, spared = _days(draw, now), 0, 0
    day = next(days)
    turns = []
    for rank, name in enumerate(drawing.order(draw.seed, pool.targets), 1):
        row = by_name[name]
        row.rank = rank
        turns.append(row)
        if registered == draw.count:
            continue
        crew = drawing.crew(
            draw.seed, name, pool.hands, bodies=[str(one) for one in bodies], recused=pool.recused, need=draw.need
        )
        row.crew = crew
        check = _check(draw, row, bodies, items, day, actor, now)
        row.check_made = check
        row.outcome = "spared" if check.state == CheckState.REFUSED else "registered"
        if row.outcome == "registered":
            registered += 1
            day = next(days) if registered % draw.per_day == 0 else day
        else:
            spared += 1
    DrawTarget.objects.bulk_update(turns, ["rank", "outcome", "crew", "check_made"], batch_size=1000)
    draw.drawn_at = draw.ended_at = now
    said = {"seed": draw.seed, "registered": registered, "spared": spared}
    return said, ["seed", "drawn_at", "ended_at"]


def _check(
    draw: Draw,
    row: DrawTarget,
    bodies: Mapping[uuid.UUID, Department],
    items: Mapping[uuid.UUID, Sequence[uuid.UUID]],
    day: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> Check:
    parts = {one: (items[one], [uuid.UUID(officer) for officer in row.crew[str(one)]]) for one in bodies}
    planned = Planned(enterprise=row.enterprise.uscc, on=day, kind="random", parts=parts)
    return book(bodies=bodies, planned=planned, actor=actor, now=now)


def _days(draw: Draw, now: dt.datetime) -> Iterator[dt.date]:
    """Yield the days on which checks may be, from the first one on."""
    book_ = limits(rulebooks.in_force(draw.region, now).section(Inspections), draw.region)
    day = max(draw.on, answers.local_date(now))
    while True:
        if book_.open_day(day) and not book_.quiet.holds(day):
            yield day
        day += dt.timedelta(days=1)


def _void(draw: Draw, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Step:
    text = needed_text(body, most=400)
    draw.seed, draw.reason, draw.ended_at = sealing.unseal(draw.seed_sealed, place=_place(draw)), text, now
    return {"text": text, "seed": draw.seed}, ["seed", "reason", "ended_at"]


_STEPS: dict[str, Callable[[Draw, Actor, dt.datetime, Mapping[str, Any]], Step]] = {
    "fix_pool": _fix_pool,
    "draw": _draw,
    "void": _void,
}

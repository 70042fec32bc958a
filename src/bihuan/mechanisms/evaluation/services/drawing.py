"""抽样: which closings are called is drawn so that a stranger can draw again.

The hash of the seed is on record before the period begins from whose closings it draws; nobody knows then what it will
be drawn from, and nobody can exchange it afterwards.
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case, Numbering
from bihuan.casework.cases.states import ClosedKind
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.notifications import sealing
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from ..models import Draw
from ..rulebook import Evaluation
from ..rules import draws
from ..states import DrawState
from . import calling
from .recording import commit, rule

MOST_AT_ONCE = 60
"""Periods that one run catches up, so that it ends."""
WHOLE = "all"
"""The stratum of which everything is drawn."""


def keep_drawing(*, now: dt.datetime, seeds: Callable[[str], str] | None = None) -> int:
    """Fix the seeds of the next draws, and draw and reveal those whose period is over; return how many were drawn.

    Safe with any number of workers: each draw is locked, and a period can be committed once only. seeds: draw → seed,
    for demonstrations, which have to come out alike; otherwise the machine's own source of chance.
    """
    with database.writing():
        regions = list(Numbering.objects.order_by("region").values_list("region", flat=True).distinct())
    drawn = 0
    for region in regions:
        with database.writing():
            _look_ahead(region, now, seeds)
            due = Draw.objects.filter(region=region, state=DrawState.COMMITTED, until__lte=now).order_by("since")
            waiting = list(due.values_list("id", flat=True)[:MOST_AT_ONCE])
        for draw_id in waiting:
            with database.writing():
                if Draw.objects.filter(pk=draw_id, state=DrawState.COMMITTED).exists():
                    draw(draw_id=draw_id, now=now)
                    reveal(draw_id=draw_id, now=now)
                    drawn += 1
    return drawn


def _look_ahead(region: str, now: dt.datetime, seeds: Callable[[str], str] | None) -> None:
    """Commit seeds until one period lies wholly in the future, so that no seed is fixed after its period began."""
    list(Numbering.objects.select_for_update().filter(region=region))
    last = Draw.objects.filter(region=region).order_by("-since").first()
    for _period in range(MOST_AT_ONCE):
        if last is not None and last.since > now:
            return
        since = last.until if last else now
        seed = seeds(f"{region}:{since.isoformat()}") if seeds else secrets.token_hex(32)
        last = commit_draw(region=region, since=since, seed=seed, now=now)


def commit_draw(*, region: str, since: dt.datetime, seed: str, now: dt.datetime) -> Draw:
    """Fix the seed of the draw for the period that begins at `since`: only its hash is told, as a fact."""
    with database.writing():
        book = rulebooks.in_force(region, now)
        calls = book.section(Evaluation).callbacks
        made = Draw(
            # Named by what it is for, so that its tickets are fixed together with its seed.
            id=uuid.uuid5(uuid.NAMESPACE_URL, f"bihuan:draw:{region}:{since.isoformat()}"),
            region=region,
            since=since,
            until=workcalendar.calendar_for(region).add(since, calls.every).at,
            committed_at=now,
            commitment=draws.commitment(seed),
            sealed=sealing.seal(seed),
            share=calls.share,
            rulebook_version=book.id,
        )
        said = {"commitment": made.commitment, "since": made.since.isoformat(), "until": made.until.isoformat()}
        commit(made, "committed", now=now, said=said, made=True)
    return made


def draw(*, draw_id: uuid.UUID, now: dt.datetime) -> Draw:
    """Draw the sample of a period that is over, and put it on the desk of callbacks.

    Raises NotFound, Conflict `state_forbids` (drawn already), `too_early` (the period is not over).
    """
    with database.writing():
        found = _locked(draw_id, DrawState.COMMITTED)
        if now < found.until:
            raise errors.Conflict(_("The period of this draw is not over."), code="too_early")
        cases = {draws.ticket(draw=str(found.id), number=case.number): case for case in _population(found)}
        found.strata, found.whole = _strata(found, cases)
        found.sample = draws.sample(
            seed=sealing.unseal(found.sealed), strata=found.strata, whole=found.whole, share=found.share
        )
        found.state, found.drawn_at = DrawState.DRAWN.value, now
        said: dict[str, object] = {"population": len(cases), "drawn": len(found.sample)}
        said |= {"tickets": draws.digest(cases), "sample": draws.digest(found.sample)}
        changed = ["strata", "whole", "sample", "state", "drawn_at"]
        commit(found, "draw", now=now, said=said, came_from=DrawState.COMMITTED, changed=changed)
        for ticket in found.sample:
            calling.open_call(cases[ticket], found, now)
    return found


def reveal(*, draw_id: uuid.UUID, now: dt.datetime) -> Draw:
    """Tell the seed of a draw. Raises NotFound, Conflict `state_forbids` (not drawn yet, or told already)."""
    with database.writing():
        found = _locked(draw_id, DrawState.DRAWN)
        found.seed, found.state, found.revealed_at = sealing.unseal(found.sealed), DrawState.REVEALED.value, now
        changed = ["seed", "state", "revealed_at"]
        commit(found, "reveal", now=now, said={"seed": found.seed}, came_from=DrawState.DRAWN, changed=changed)
    return found


def _locked(draw_id: uuid.UUID, expected: DrawState) -> Draw:
    found = Draw.objects.select_for_update(of=("self",)).filter(pk=draw_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such draw."), code="draw_not_found")
    if found.state != expected:
        message = _("This is not possible in the present state.")
        raise errors.Conflict(message, code="state_forbids", state=found.state, allowed_actions=[])
    return found


def _population(found: Draw) -> QuerySet[Case]:
    """Return the closings of the period that were not called back before they were closed, in order of number."""
    called = Q(callback__reached=True)
    rows = Case.objects.filter(region=found.region, closed_at__gte=found.since, closed_at__lt=found.until)
    return rows.exclude(closed_kind=ClosedKind.WITHDRAWN).exclude(called).defer("search").order_by("number")


def _strata(found: Draw, cases: dict[str, Case]) -> tuple[dict[str, list[str]], list[str]]:
    """Return stratum → tickets, and which strata are drawn whole. Strata are numbered: their names tell too much."""
    rules = rule(found).callbacks
    groups: dict[str, list[str]] = {}
    for ticket, case in cases.items():
        whole = case.closed_kind in rules.all_of
        name = {"department": str(case.lead_department_id), "board": case.board, "tier": case.tier}[rules.strata]
        groups.setdefault(WHOLE if whole else f"s{name}", []).append(ticket)
    ordinary = sorted(name for name in groups if name != WHOLE)
    strata = {str(place): sorted(groups[name]) for place, name in enumerate(ordinary, start=1)}
    if WHOLE in groups:
        strata[WHOLE] = sorted(groups[WHOLE])
    return strata, [WHOLE] if WHOLE in groups else []

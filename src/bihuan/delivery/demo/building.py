"""Builds the demonstration in an empty installation, once: the district, then six months of its cases."""

import bisect
import contextlib
import datetime as dt
import gc
import hashlib
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Reopen, Rework, Silence, Tiers
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import recent
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar
from bihuan.mechanisms.dispatch import services as triage
from bihuan.mechanisms.tracking import services as tracking

from . import (
    above,
    appointing,
    asking,
    clues,
    doubling,
    firms,
    gathering,
    hearing,
    inquiring,
    inspecting,
    investing,
    lanes,
    learning,
    listing,
    looking_back,
    meetings,
    monthly,
    overseeing,
    patrolling,
    people,
    place,
    planning,
    playing,
    refusing,
    rhythm,
    settling,
    supporting,
    visiting,
    writing,
)
from .playing import Player
from .world import Limits, Step, World

SEED = 1187
PERIOD = dt.timedelta(days=183)
RULES_CHANGE = dt.timedelta(days=70)
"""So long before the end the district changes a rule, and its open matters go along."""
READ_AFTER = dt.timedelta(days=2)
"""Messages older than this have been read."""
MARKER = "demo.json"
CATALOGUE = "catalogue.csv"

_OTHERS = (
    writing.Writer, visiting.Walker, asking.Asker, patrolling.Patroller, doubling.Doubler, gathering.Gatherer,
    listing.Lister, investing.Investor, appointing.Appointer, inspecting.Inspector, supporting.Supporter,
)  # fmt: skip
"""Who acts at the end of a window after those that hear, oversee, inquire and review, in this order."""

Progress = Callable[[int, int, dt.datetime], None]
"""Told (steps taken, steps in all, simulated instant)."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be built: the same order gives the same demonstration."""

    cases: int
    now: dt.datetime
    seed: int = SEED

    @property
    def first(self) -> dt.date:
        """The day on which the first matter may be raised."""
        return (self.now - PERIOD).astimezone(rhythm.ZONE).date()


def build(
    *, folder: Path, cases: int, now: dt.datetime, progress: Progress | None = None, processes: int = 1
) -> list[dict[str, str]]:
    """Make the demonstration in the data folder and its database, or finish one that was interrupted.

    Returns the accounts (see INTERFACES), which then also stand in `demo-accounts.json`. A finished one is left as it
    is, whatever `cases` says. What comes out does not depend on the number of `processes`. Raises errors.Conflict:
    `demo_not_empty` where the database holds something else, `demo_differs` where another version of Bihuan began it.
    """
    marker = folder / MARKER
    inhabited = settling.is_inhabited()
    kept = _kept(marker)
    if inhabited and kept is None:
        raise errors.Conflict(
            _("This installation is in use; choose an empty folder for the demonstration with --data."),
            code="demo_not_empty",
        )
    if kept is None or not inhabited:
        kept = {"cases": cases, "now": now.isoformat(), "seed": SEED, "plan": "", "finished": False}
        (folder / settling.ACCOUNTS_FILE).unlink(missing_ok=True)
        settling.write(marker, kept)
    order = _order(kept)
    invented, staff = _inhabitants(order)
    everybody = people.together(staff, people.above(order.seed))
    if not inhabited:
        before = dt.datetime.combine(order.first, dt.time(), rhythm.ZONE) - dt.timedelta(days=1)
        settling.settle(invented=invented, staff=everybody, now=before)
    handed_out = settling.hand_out(folder=folder, staff=everybody, now=order.now)
    if not kept["finished"]:
        steps = planning.plan(world=_world(order), cases=order.cases)
        kept["plan"] = _same_plan(kept["plan"], steps)
        settling.write(marker, kept)
        with lanes.helpers(lanes=processes, folder=folder) as helpers:
            play(
                order=order,
                world=_world(order),
                steps=steps,
                helpers=helpers,
                progress=progress or (lambda *_told: None),
            )
        clues.fill(now=order.now)
        _know_matters(order)
        _learn(order)
        settling.write(marker, kept | {"finished": True})
    return handed_out


def _know_matters(order: Order) -> None:
    """Put the district's catalogue of matters into force, as its coordinator, and seal that too."""
    with database.writing():
        keeper = Actor(reader=accounts.reader_of(Person.objects.get(username="coordinator1").pk))
    file = io.BytesIO((resources.files(__package__) / CATALOGUE).read_bytes())
    found = triage.read_catalogue(region=place.DISTRICT, file=file, filename=CATALOGUE, actor=keeper, now=order.now)
    if found.edition is None:
        raise ValueError(f"{CATALOGUE}: {found.errors}")
    triage.put_in_force(region=place.DISTRICT, number=found.edition.number, actor=keeper, now=order.now)
    with clock.at(order.now):
        ledger.checkpoint(now=order.now)


def _learn(order: Order) -> None:
    """Let the product learn from what was decided, and propose what to do with what is new; a handful is too little."""
    with contextlib.suppress(errors.Invalid):
        triage.train(region=place.DISTRICT, now=order.now)
        triage.propose_new(now=order.now)


def _kept(marker: Path) -> dict[str, Any] | None:
    """Return what the data folder remembers of a demonstration."""
    try:
        found: dict[str, Any] = json.loads(marker.read_text())
    except FileNotFoundError:
        return None
    return found


def _order(kept: dict[str, Any]) -> Order:
    return Order(cases=kept["cases"], now=dt.datetime.fromisoformat(kept["now"]), seed=kept["seed"])


def _inhabitants(order: Order) -> tuple[tuple[firms.Firm, ...], tuple[people.Account, ...]]:
    invented = firms.invent(order.seed)
    return invented, people.appointed(invented, order.seed)


def _same_plan(before: str, steps: Sequence[Step]) -> str:
    """Return the fingerprint of a plan. Raises Conflict if it is not the one that was begun (`before`, if any)."""
    told = hashlib.sha256()
    for step in steps:
        told.update(f"{step.at.timestamp()} {step.case} {step.action} {step.who}\n".encode())
    if before not in ("", told.hexdigest()):
        sentence = _(
            "Another version of Bihuan began this demonstration; delete the folder, or choose another: --data."
        )
        raise errors.Conflict(sentence, code="demo_differs")
    return told.hexdigest()


def _world(order: Order) -> World:
    """Return what stories may look at, with the calendar and the limits that are in force in the district."""
    book = rulebooks.in_force(place.DISTRICT, order.now)
    tiers = book.section(Tiers)
    invented, staff = _inhabitants(order)
    return World(
        seed=order.seed,
        first=order.first,
        now=order.now,
        calendar=workcalendar.calendar_for(place.DISTRICT),
        limits=Limits(
            due={name: tiers.named(name).due for name in ("ordinary", "complex", "hard")},
            rework=book.section(Rework).due,
            reopened=book.section(Reopen).due,
            silence=book.section(Silence).after,
        ),
        firms=invented,
        accounts=staff,
    )


def play(
    *, order: Order, world: World, steps: Sequence[Step], helpers: Sequence[lanes.Helper], progress: Progress
) -> None:
    """Take all steps in order of time; after each window time has its consequences, and each month is sealed.

    One transaction a window and lane: whatever interrupts it, whole steps are there, and the next run goes on after
    them. What it finds done already it leaves out.
    """
    player = Player()
    diary = meetings.Diary(now=order.now, calendar=workcalendar.calendar_for(place.DISTRICT))
    shelf = learning.Shelf(now=order.now, calendar=workcalendar.calendar_for(place.DISTRICT))
    last = player.catch_up(steps)
    city = above.City(calendar=workcalendar.calendar_for(place.DISTRICT))
    reviewer = looking_back.Reviewer(world=world, player=player)
    ear = hearing.Ear(world=world, player=player, steps=steps)
    overseer = overseeing.Overseer(world=world, player=player)
    inquirer = inquiring.Inquirer(world=world, player=player)
    organiser = refusing.Organiser(world=world, player=player, to_come=ear.still_to_come)
    hands = [made(world=world, player=player) for made in _OTHERS]
    done, before = 0, order.now - PERIOD
    with _undisturbed():
        for number, (end, window) in enumerate(_windows(order, steps)):
            if last is None or end >= last:
                mine, *others = lanes.shares(window, len(helpers) + 1)
                busy = [helper for helper, share in zip(helpers, others, strict=True) if share]
                for helper in busy:
                    helper.tell(number)
                player.take_all(mine)
                for helper in busy:
                    helper.wait()
                for helper in helpers:
                    helper.news += [player.introduce(step.case) for step in window if step.action == "raise"]
                with clock.at(end):
                    cases.sweep(now=end)
                    tracking.publish_bulletins(now=end)
                    city.work(now=end)
                    monthly.go_on(first=order.first, now=end)
                # Before others enter drafts at this instant: by its facts an interrupted run knows what is done.
                shelf.keep(end)
                ear.hear(end)
                overseer.act(end)
                inquirer.act(end)
                organiser.act(end)
                for hand in hands:
                    hand.act(end)
                diary.keep(end)
                reviewer.act(end)
                _at_turns(order, before, end)
            done, before = done + len(window), end
            progress(done, len(steps), end)


def help_out() -> None:
    """What a helper does (`python -c … lane lanes`): its lane's share of each window it is told."""
    lane, count = int(sys.argv[1]), int(sys.argv[2])
    kept = _kept(Path(settings.DATA_DIR) / MARKER)
    assert kept is not None
    order = _order(kept)
    steps = planning.plan(world=_world(order), cases=order.cases)
    _same_plan(kept["plan"], steps)
    player = Player()
    player.catch_up(steps)
    windows = [window for _end, window in _windows(order, steps)]
    with _undisturbed():
        for number, fresh in lanes.told():
            player.know(fresh)
            player.take_all(lanes.shares(windows[number], count)[lane])


def _windows(order: Order, steps: Sequence[Step]) -> Iterator[tuple[dt.datetime, Sequence[Step]]]:
    """Yield the end of each window and the steps in it."""
    done = 0
    calendar = workcalendar.calendar_for(place.DISTRICT)
    for end in playing.windows(first=order.first, now=order.now, calendar=calendar):
        beyond = bisect.bisect_right(steps, end, lo=done, key=lambda step: step.at)
        yield end, steps[done:beyond]
        done = beyond


def _at_turns(order: Order, before: dt.datetime, end: dt.datetime) -> None:
    """Seal the ledger at the ends of months and of all; change a rule once; let old messages be read at last."""
    if before.astimezone(rhythm.ZONE).month != end.astimezone(rhythm.ZONE).month or end == order.now:
        with clock.at(end):
            ledger.checkpoint(now=end)
    if before < order.now - RULES_CHANGE <= end:
        settling.change_rules(now=end)
    if before < order.now - READ_AFTER <= end:
        with database.writing():
            for person_id in list(Person.objects.values_list("id", flat=True)):
                notifications.mark_all_read(person_id=person_id, now=end)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Nobody else is here: what is remembered stays true, and what is loaded needs no search for garbage."""
    before, recent.LIFETIME = recent.LIFETIME, 3600.0
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        recent.LIFETIME = before
        recent.forget_all()

"""Builds the demonstration in an empty installation, once: the district, its people, then six months of their work."""

import bisect
import contextlib
import datetime as dt
import gc
import hashlib
import io
import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.rulebook import Reopen, Rework, Silence, Tiers
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import selectors as places
from bihuan.foundation.directory import services as directory
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.rulebooks import services as rulebook_services
from bihuan.foundation.workcalendar import selectors as workcalendar

from . import firms, people, place, planning, playing, rhythm
from .people import Account
from .world import Limits, Step, World

SEED = 1187
PERIOD = dt.timedelta(days=183)
READ_AFTER = dt.timedelta(days=2)
"""Messages older than this have been read."""

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


def build(*, folder: Path, cases: int, now: dt.datetime, progress: Progress | None = None) -> list[dict[str, str]]:
    """Make the demonstration in the data folder and its database, or finish one that was interrupted.

    Returns the accounts (see INTERFACES), which then also stand in `demo-accounts.json`. A finished one is left as it
    is, whatever `cases` says. Raises errors.Conflict: `demo_not_empty` where the database holds something else,
    `demo_differs` where another version of Bihuan began it.
    """
    marker = folder / "demo.json"
    kept = _kept(marker)
    if kept is None or not _has_people():
        if _has_people():
            raise errors.Conflict(
                _("This installation is in use; choose an empty folder for the demonstration with --data."),
                code="demo_not_empty",
            )
        kept = {"cases": cases, "now": now.isoformat(), "seed": SEED, "plan": "", "finished": False}
        (folder / "demo-accounts.json").unlink(missing_ok=True)
        _write(marker, kept)
    order = Order(cases=kept["cases"], now=dt.datetime.fromisoformat(kept["now"]), seed=kept["seed"])
    invented = firms.invent(order.seed)
    staff = people.appointed(invented, order.seed)
    if not _has_people():
        settle(order=order, invented=invented, staff=staff)
    handed_out = hand_out(folder=folder, staff=staff, now=order.now)
    if not kept["finished"]:
        steps = planning.plan(world=world_of(order, invented, staff), cases=order.cases)
        _check_same(marker, kept, steps)
        play(order=order, steps=steps, progress=progress or (lambda *_told: None))
        _write(marker, kept | {"finished": True})
    return handed_out


def _kept(marker: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(marker.read_text())
    except FileNotFoundError:
        return None
    return found


def _write(path: Path, document: object) -> None:
    """Write JSON so that it is there wholly or not at all, for this user only."""
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
    draft.replace(path)


def _has_people() -> bool:
    with database.writing():
        return Person.objects.exists()


def _check_same(marker: Path, kept: dict[str, Any], steps: list[Step]) -> None:
    """Note which plan is carried out, so that an interrupted one is only finished by the same."""
    told = hashlib.sha256()
    for step in steps:
        told.update(f"{step.at.timestamp()} {step.case} {step.action} {step.who}\n".encode())
    if kept["plan"] not in ("", told.hexdigest()):
        raise errors.Conflict(
            _("Another version of Bihuan began this demonstration; delete the folder, or choose another one with --data."),
            code="demo_differs",
        )
    kept["plan"] = told.hexdigest()
    _write(marker, kept)


def settle(*, order: Order, invented: tuple[firms.Firm, ...], staff: tuple[Account, ...]) -> None:
    """Set up the district before anything happens: regions, rulebook, departments, boards, enterprises, people."""
    now = dt.datetime.combine(order.first, dt.time(), rhythm.ZONE) - dt.timedelta(days=1)
    by = {"actor_id": OPERATOR, "now": now}
    with clock.at(now), database.writing():
        directory.load_packaged_regions(now=now, demonstration=True)
        for one in place.DEPARTMENTS.values():
            directory.create_department(
                region=place.DISTRICT, code=one.code, name=one.name, short_name=one.short, kind=one.kind, **by
            )
        for position, board in enumerate(place.BOARDS.values()):
            directory.create_board(
                region=place.DISTRICT,
                code=board.code,
                name=board.name,
                lead=board.lead,
                kind=board.kind,
                position=position,
                **by,
            )
        rulebook_services.apply(name="lanchuan", text=place.RULEBOOK, region=place.DISTRICT, **by)
        directory.import_enterprises(file=io.BytesIO(firms.as_csv(invented)), filename="enterprises.csv", **by)
        departments = {one.code: one.id for one in places.departments(place.DISTRICT)}
        for account in staff:
            person = accounts.create_person(username=account.username, display_name=account.name, **by)
            firm = places.enterprise(account.enterprise) if account.enterprise else None
            accounts.appoint(
                person_id=person.pk,
                role=account.role,
                region=place.DISTRICT,
                department_id=departments.get(account.department),
                board=account.board or None,
                enterprise_id=firm.id if firm else None,
                **by,
            )


def hand_out(*, folder: Path, staff: tuple[Account, ...], now: dt.datetime) -> list[dict[str, str]]:
    """Give everybody the one password of this installation and a token of their own, once, and write them down.

    The password is hashed once for all: 120 times would take as long as the cases.
    """
    path = folder / "demo-accounts.json"
    if path.exists():
        kept: list[dict[str, str]] = json.loads(path.read_text())
        return kept
    password = f"Lanchuan-{secrets.token_hex(4)}"
    handed_out = []
    with clock.at(now), database.writing():
        ids = dict(Person.objects.values_list("username", "id"))
        Person.objects.filter(username__in=[one.username for one in staff]).update(password=make_password(password))
        for one in staff:
            token = accounts.issue_token(
                person_id=ids[one.username], name="demonstration", now=now, actor_id=OPERATOR
            )
            office = {"department": one.department, "board": one.board, "enterprise": one.enterprise}
            handed_out.append(
                {"role": str(one.role), "username": one.username, "password": password, "token": token}
                | {"region": place.DISTRICT}
                | {name: value for name, value in office.items() if value}
            )
    _write(path, handed_out)
    return handed_out


def world_of(order: Order, invented: tuple[firms.Firm, ...], staff: tuple[Account, ...]) -> World:
    """Return what stories may look at, with the calendar and the limits that are in force in the district."""
    book = rulebooks.in_force(place.DISTRICT, order.now)
    tiers = book.section(Tiers)
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


def play(*, order: Order, steps: list[Step], progress: Progress) -> None:
    """Take all steps in order of time; after each window time has its consequences, and each month is sealed.

    One transaction a window: whatever interrupts it, whole steps are there, and the next run goes on after them.
    """
    player = playing.Player()
    matters, taken, last = playing.done_so_far(steps)
    player.know(matters)
    calendar = workcalendar.calendar_for(place.DISTRICT)
    done, before = 0, order.now - PERIOD
    with _undisturbed():
        for end in playing.windows(first=order.first, now=order.now, calendar=calendar):
            beyond = bisect.bisect_right(steps, end, lo=done, key=lambda step: step.at)
            if last is None or end >= last:
                with database.writing():
                    for step in steps[done:beyond]:
                        if step.seq >= taken[step.case]:
                            player.take(step)
                    with clock.at(end):
                        cases.sweep(now=end)
                _at_turns(order, before, end)
            done, before = beyond, end
            progress(done, len(steps), end)


def _at_turns(order: Order, before: dt.datetime, end: dt.datetime) -> None:
    """Seal the ledger where a month ends and at the end; let old messages be read two days before it."""
    if before.astimezone(rhythm.ZONE).month != end.astimezone(rhythm.ZONE).month or end == order.now:
        with clock.at(end):
            ledger.checkpoint(now=end)
    if before < order.now - READ_AFTER <= end:
        with database.writing():
            for person_id in list(Person.objects.values_list("id", flat=True)):
                notifications.mark_all_read(person_id=person_id, now=end)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """What is loaded stays loaded: no need to look for garbage in it tens of thousands of times."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()

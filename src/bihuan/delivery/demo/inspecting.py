"""涉企检查 in the demonstration: who may check what, classes of enterprises, and visits that go through the gate.

Begun two months before the end; each turn finds what is done and takes the next step of every check, so that a window
that is played twice changes nothing.
"""

import datetime as dt
from typing import Any

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.inspections import selectors, services
from bihuan.mechanisms.inspections.services import Entered, Planned

from . import rhythm
from .place import DISTRICT
from .playing import Player
from .words import phrases
from .world import World

BEFORE = dt.timedelta(days=60)
TURN = rhythm.NOON
JUSTICE, CENTRE = "justice", "coordinator1"
BODIES = {"fire": "fire", "market": "market", "environment": "environment", "emergency": "safety"}
"""Body that checks → category of what it looks at."""
RECORDED = 48
"""So many enterprises have a record, which their class comes from."""
AHEAD = 2
"""A check is registered so many working days before the visit."""


class Inspector:
    """Acts for the bodies, their heads, the supervisor of law enforcement and the enterprises, in one place."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player, self._said = world, player, phrases()["inspecting"]

    def act(self, end: dt.datetime) -> None:
        """Enter the lists and the classes first, then register a check now and then and go on with those there are."""
        if end < self._world.now - BEFORE or not self._world.is_turn(end, TURN):
            return
        today = end.astimezone(rhythm.ZONE).date()
        with clock.at(end), database.writing():
            if not selectors.published_items(region=DISTRICT):
                self._equip(today, end)
                return
            open_ones, _more = selectors.checks_page(actor=self._player.actor(JUSTICE), limit=500)
            if any(one.registered_at == end for one in open_ones):
                return
            for check in sorted(open_ones, key=lambda one: one.number):
                self._go_on(check, today, end)
            if today.weekday() in (0, 2):
                self._register(today, end)

    def _equip(self, today: dt.date, now: dt.datetime) -> None:
        justice, centre = self._player.actor(JUSTICE), self._player.actor(CENTRE)

        def enter(listing: str, code: str, /, **fields: str) -> None:
            given = {"basis": self._said["basis"], **fields}
            entered = Entered(name=listing, region=DISTRICT, department=code, fields=given)
            made = services.enter(entered=entered, actor=centre, now=now)
            services.take_listed(name=listing, listed_id=made.id, action="publish", actor=justice, now=now, body={})

        for code, category in BODIES.items():
            enter("power", code, subject="statutory")
            for number, name in enumerate(self._said["items"][code], 1):
                enter("item", code, code=f"{code}-{number}", name=name, category=category)
            for number in (1, 2, 3):
                name = self._world.dice(f"officer:{code}:{number}").choice(self._said["officers"])
                until = today.replace(year=today.year + 4, day=1).isoformat()
                enter("officer", code, name=name, certificate=f"{code}-{number:03}", until=until)
        for said in self._said["leniency"]:
            enter("leniency", said["body"], **said)
        for place, firm in enumerate(self._world.firms[:RECORDED]):
            dice, code = self._world.dice(f"record:{firm.uscc}"), list(BODIES)[place % len(BODIES)]
            entry = {
                "on": (today - dt.timedelta(days=dice.randrange(20, 600))).isoformat(),
                "category": BODIES[code],
                "severity": dice.choices(("minor", "ordinary", "serious"), weights=(5, 4, 1))[0],
                "text": dice.choice(self._said["records"]),
            }
            body = directory.department_in_force(DISTRICT, code, today)
            services.enter_record(enterprise=firm.uscc, department=body, entry=entry, actor=centre, now=now)
        services.rate_region(region=DISTRICT, year=today.year, actor=justice, now=now)

    def _register(self, today: dt.date, now: dt.datetime) -> None:
        """A body asks for a check; what the gate refuses is counted, and that is that."""
        dice = self._world.dice(f"inspecting:{today}")
        code, firm = dice.choice(list(BODIES)), dice.choice([one for one in self._world.firms if one.login])
        body = directory.department_in_force(DISTRICT, code, today)
        items = [one.id for one in selectors.published_items(region=DISTRICT, department=code)]
        officers = [one.id for one in selectors.published_officers(department=body.id, on=today)]
        on = rhythm.office(self._world.calendar, now, 8 * AHEAD).astimezone(rhythm.ZONE).date()
        planned = Planned(enterprise=firm.uscc, on=on, kind="planned", parts={body.id: (items, officers[:2])})
        try:
            services.register(department=body, planned=planned, actor=self._player.actor(f"liaison-{code}"), now=now)
        except errors.Conflict as refused:
            if refused.code != "gate_refused":
                raise

    def _go_on(self, check: Any, today: dt.date, now: dt.datetime) -> None:
        code = check.department.code
        if check.state == "registered":
            self._take(check, "approve", f"head-{code}", now)
        elif check.state == "approved" and check.on == today:
            liaison, dice = f"liaison-{code}", self._world.dice(f"check:{check.number}")
            self._take(check, "arrive", liaison, now, unscanned=self._said["unscanned"])
            results = {
                str(item): {"outcome": "fine", "severity": "", "text": ""}
                if dice.random() < 0.8
                else {"outcome": "corrected", "severity": "minor", "text": dice.choice(self._said["records"])}
                for item in check.items
            }
            self._take(check, "report", liaison, now, text=self._said["done"], results=results)
            login = next((one.login for one in self._world.firms if one.uscc == check.enterprise.uscc), "")
            if login:
                level = dice.choice((5, 5, 4, 3))
                services.rate_check(
                    check_id=check.id, level=level, reasons=[], actor=self._player.actor(login), now=now
                )

    def _take(self, check: Any, action: str, who: str, now: dt.datetime, **body: Any) -> None:
        services.take_check(check_id=check.id, action=action, actor=self._player.actor(who), now=now, body=body)

"""Supervision plans, finds, sorts, verifies and looks again: one new thing a day, and a step with each that waits.

Nobody plans this: it goes by the calendar and by dice of each finding's own. Unclear duties are not played, since each
would bring a matter that the plan of matters does not count. What visitors find comes from `visiting`.
"""

import datetime as dt
import random
from typing import Any

from django.db.models import Max

from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.findings import selectors, services

from . import rhythm
from .place import DEPARTMENTS, DISTRICT
from .playing import Player
from .words import phrases
from .world import World

WEEKS = 12
TURN = rhythm.NOON
OFFICE = "discipline1"
RESTS = {"planned": 40.0, "found": 20.0, "asked": 60.0, "answered": 20.0, "written_off": 24.0 * 20}
"""State of a finding → for how many natural hours it stays there at least."""


class Patroller:
    """Acts in one place, at the end of windows."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player
        self._said = phrases()["patrolling"]

    def act(self, end: dt.datetime) -> None:
        """Put one thing on the lists, and take one step with each whose time has come."""
        local = end.astimezone(rhythm.ZONE)
        begins = self._world.now - dt.timedelta(weeks=WEEKS)
        if end < begins or not self._world.is_turn(end, TURN):
            return
        with clock.at(end), database.writing():
            if selectors.made_at(region=DISTRICT, at=end):
                return
            waiting = selectors.waiting(region=DISTRICT)
            self._make(local.date(), end)
            facts = Fact.objects.filter(stream__in=[one.id for one in waiting]).exclude(kind="findings.late")
            last = dict(facts.values_list("stream").annotate(last=Max("at")).order_by())
            for thing in waiting:
                dice = self._world.dice(f"finding:{thing.made_at:%Y%m%d%H}:{thing.state}:{thing.sent_back}")
                if thing.state in RESTS and end - last[thing.id] >= dt.timedelta(hours=RESTS[thing.state]):
                    self._step(thing, dice, end)

    def _make(self, day: dt.date, now: dt.datetime) -> None:
        dice = self._world.dice(f"patrol:{day}")
        body: dict[str, Any] = {"department": dice.choice(list(DEPARTMENTS))}
        office = self._player.actor(OFFICE)
        if day.weekday() % 2:
            body |= {"title": dice.choice(self._said["items"]), "on": (day + dt.timedelta(days=4)).isoformat()}
            services.plan(region=DISTRICT, body=body, actor=office, now=now)
        else:
            body |= {"title": dice.choice(self._said["titles"]), "text": dice.choice(self._said["texts"])}
            services.enter(region=DISTRICT, body=body, actor=office, now=now)

    def _step(self, thing: Any, dice: random.Random, now: dt.datetime) -> None:
        action, chance = "", dice.random()
        if thing.state == "planned":
            action = "find" if chance < 0.6 else "find_nothing"
        elif thing.state == "found":
            sorts = ("ask",) if thing.department is None else ("ask", "ask", "ask", "suggest", "hand_over")
            action = "dismiss" if chance < 0.15 else dice.choice(sorts)
        elif thing.state == "asked":
            action = "answer"
        elif thing.state == "answered":
            action = "send_back" if thing.sent_back == 0 and chance < 0.25 else "write_off"
        elif thing.state == "written_off":
            action = "relapse" if thing.relapses == 0 and chance < 0.3 else "look_back"
        department = thing.department.code if thing.department else dice.choice(list(DEPARTMENTS))
        who = f"liaison-{department}" if action == "answer" else OFFICE
        body = {"text": dice.choice(self._said[action]), "department": department}
        actor = self._player.actor(who)
        services.take(finding_id=thing.id, action=action, actor=actor, now=now, body=body)

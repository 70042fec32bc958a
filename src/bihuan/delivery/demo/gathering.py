"""The list of frequent matters: what is found each week, taken by leaders, answered on the spot.

Nobody plans this: it follows the matters. Some are left without an answer, so that supervision orders are set going.
"""

import datetime as dt
from typing import Any

from django.db.models import Max

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.frequent import selectors, services

from . import rhythm
from .place import DISTRICT
from .playing import Player
from .words import phrases
from .world import World

TURN = rhythm.NOON
MONDAY = 0
RESTS = {"listed": 15.0, "taken": 40.0, "ordered": 40.0, "answered": 15.0}
"""State of a frequent matter → for how many natural hours it stays there at least."""


class Gatherer:
    """Acts in one place, at the end of windows."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player
        self._said = phrases()["frequent"]

    def act(self, end: dt.datetime) -> None:
        """Look for what is frequent each Monday, and take one step with each whose time has come."""
        local = end.astimezone(rhythm.ZONE)
        if end > self._world.now or not self._world.is_turn(end, TURN):
            return
        with clock.at(end), database.writing():
            waiting = selectors.waiting(region=DISTRICT)
            if local.weekday() == MONDAY:
                services.find(region=DISTRICT, now=end)
            facts = Fact.objects.filter(stream__in=[one.id for one in waiting]).exclude(kind="frequent.late")
            last = dict(facts.values_list("stream").annotate(last=Max("at")).order_by())
            for thing in waiting:
                if end - last[thing.id] >= dt.timedelta(hours=RESTS[thing.state]):
                    self._step(thing, end)

    def _step(self, thing: Any, now: dt.datetime) -> None:
        dice = self._world.dice(f"frequent:{thing.listed_at:%Y%m%d}:{thing.category}:{thing.department.code}")
        chance, back = dice.random(), thing.answered_at is not None
        if thing.state == "listed":
            action = "set_aside" if chance > 0.9 else "take_on"
        elif thing.state == "answered":
            action = "send_back" if chance < 0.2 and "统一" not in thing.outcome and not thing.late_since else "settle"
        elif thing.state == "taken" and chance < 0.4 and not back:
            return
        else:
            action = "answer"
        unit = f"head-{thing.department.code}"
        leader = dice.choice(self._world.staff(Role.LEADER))
        body = {"text": dice.choice(self._said[action])}
        actor = self._player.actor(unit if action == "answer" else leader)
        services.take(frequent_id=thing.id, action=action, actor=actor, now=now, body=body)

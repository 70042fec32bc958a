"""The people of supervision: they act on the orders that red lights drafted, and note what is on the warning list.

Nobody plans this: it follows what lights bring, at office hours, from dice of each order's own. A step comes only some
hours after the last fact of its order, so that a window that is played twice after an interruption changes nothing.
"""

import datetime as dt
import random
from typing import Any

from django.db.models import Max

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.oversight import selectors, services

from .place import DISTRICT
from .playing import Player
from .words import phrases
from .world import World

_RESTS = {
    "drafted": 2.0, "approved": 1.0, "issued": 2.0, "signed": 22.0, "reported": 3.0, "verified": 2.0, "escalated": 20.0,
}  # fmt: skip
"""State of an order → for how many natural hours it stays there at least."""
_ANSWERED = frozenset({"replied", "verifying", "closed", "archived"})


class Overseer:
    """Acts in one place, at the end of windows."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player

    def act(self, end: dt.datetime) -> None:
        """Take one step with each order and entry whose time has come."""
        if not self._world.at_work(end):
            return
        with clock.at(end), database.writing():
            orders, entries = selectors.waiting(region=DISTRICT)
            self._orders(orders, end)
            self._entries(entries, end)

    def _orders(self, orders: list[Any], now: dt.datetime) -> None:
        last = dict(
            Fact.objects.filter(stream__in=[order.id for order in orders])
            .values_list("stream")
            .annotate(last=Max("at"))
            .order_by()
        )
        for order in orders:
            dice = self._world.dice(f"order:{order.number}:{order.state}:{order.sent_back}")
            if now - last[order.id] < dt.timedelta(hours=_RESTS[order.state] * dice.uniform(1, 2)):
                continue
            step = self._next(order, dice)
            if step is not None:
                action, who = step
                text = dice.choice(phrases()["overseeing"][action])
                actor = self._player.actor(who)
                services.take(order_id=order.id, action=action, actor=actor, now=now, body={"text": text})

    def _next(self, order: Any, dice: random.Random) -> tuple[str, str] | None:
        """Return the next action and who takes it; None: the order waits."""
        owner, lead = dice.choice(self._world.staff(Role.SUPERVISION_OFFICE)), order.case.lead_department
        if lead is None:
            return None
        chance = dice.random()
        if order.state == "drafted":
            return ("take_back", owner) if chance < 0.05 else ("approve", owner)
        if order.state == "approved":
            return "issue", owner
        if order.state == "issued":
            return ("escalate", owner) if chance < 0.06 else ("sign", f"liaison-{lead.code}")
        if order.state == "signed":
            waits = order.case.state not in _ANSWERED and chance < 0.5
            return None if waits else ("report", f"{dice.choice(('liaison', 'head'))}-{lead.code}")
        if order.state == "reported":
            back = order.sent_back == 0 and (chance < 0.15 or order.case.state not in _ANSWERED)
            return ("send_back" if back else "verify", owner)
        if order.state == "escalated":
            return "settle", dice.choice(self._world.staff(Role.LEADER))
        return "close", owner

    def _entries(self, entries: list[Any], now: dt.datetime) -> None:
        for entry in entries:
            if entry.listed_at >= now - dt.timedelta(hours=2):
                continue
            dice = self._world.dice(f"entry:{entry.case.number}:{entry.kind}:{entry.listed_at:%Y%m%d}")
            if dice.random() < 0.3:
                continue
            action = "clear" if dice.random() < 0.04 else "acknowledge"
            text = dice.choice(phrases()["overseeing"][action])
            actor = self._player.actor(dice.choice(self._world.staff(Role.COORDINATOR)))
            services.take_entry(entry_id=entry.id, action=action, actor=actor, now=now, body={"text": text})

"""Matters are handed to both sides: one a week, and a step with each account whose time has come.

Nobody plans this: it goes by the calendar and by dice of each account's own.
"""

import datetime as dt
from typing import Any

from django.db.models import Max

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.states import OPEN
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.handovers import selectors, services

from . import rhythm
from .place import DEPARTMENTS, DISTRICT
from .playing import Player
from .words import phrases
from .world import World

TURN = rhythm.CLOSE
MONDAY = 0
REST = dt.timedelta(hours=15)


class Doubler:
    """Acts in one place, at the end of windows."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player
        self._said = phrases()["doubling"]

    def act(self, end: dt.datetime) -> None:
        """Hand one matter to both sides each Monday, and take one step with each account whose time has come."""
        local = end.astimezone(rhythm.ZONE)
        if end > self._world.now or not self._world.is_turn(end, TURN):
            return
        with clock.at(end), database.writing():
            if Fact.objects.filter(kind="handovers.given", at=end).exists():
                return
            waiting = selectors.waiting(region=DISTRICT)
            if local.weekday() == MONDAY:
                self._give(end)
            facts = Fact.objects.filter(stream__in=[one.id for one in waiting]).exclude(kind="handovers.late")
            last = dict(facts.values_list("stream").annotate(last=Max("at")).order_by())
            gone: set[Any] = set()
            for account in waiting:
                if account.handover_id not in gone and end - last[account.id] >= REST:
                    gone |= {account.handover_id} if self._step(account, end) == "take_back" else set()

    def _give(self, now: dt.datetime) -> None:
        busy = {one.handover.case_id for one in selectors.waiting(region=DISTRICT)}
        rows = Case.objects.filter(region=DISTRICT, state__in=OPEN, lead_department__isnull=False)
        case = rows.exclude(pk__in=busy).order_by("number").defer("search").first()
        if case is None or case.lead_department is None:
            return
        others = [code for code in DEPARTMENTS if code != case.lead_department.code]
        dice = self._world.dice(f"double:{case.number}")
        supervisor = dice.choice(others) if dice.random() < 0.5 else "discipline"
        body = {"text": dice.choice(self._said["give"]), "supervisor": supervisor}
        actor = self._player.actor(self._world.staff(Role.COORDINATOR)[0])
        services.give(number=case.number, body=body, actor=actor, now=now)

    def _is_second(self, account: Any) -> bool:
        """The second hand-over is taken back whatever the dice say, so that every action is shown."""
        earlier = Fact.objects.filter(kind="handovers.given", at__lt=account.handover.given_at)
        return earlier.values("at").distinct().count() == 1

    def _step(self, account: Any, now: dt.datetime) -> str:
        """Take the next step with an account, and return which."""
        dice = self._world.dice(f"account:{account.handover.number}:{account.side}:{account.state}")
        chance = dice.random()
        if account.state == "reported":
            action = "send_back" if account.sent_back == 0 and chance < 0.2 else "settle"
        elif account.state == "handed" and (chance < 0.08 or self._is_second(account)):
            action = "take_back"
        else:
            action = "sign" if account.state == "handed" else "report"
        holder = f"liaison-{account.department.code}" if account.department else "discipline1"
        who = holder if action in ("sign", "report") else self._world.staff(Role.SUPERVISION_OFFICE)[0]
        body = {"text": dice.choice(self._said[action])} if action != "sign" else {}
        services.take(account_id=account.id, action=action, actor=self._player.actor(who), now=now, body=body)
        return action

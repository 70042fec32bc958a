"""Offices of oversight write letters: one kind a week, and each is followed, step by step, until it is looked at again.

Nobody plans this: it goes by the calendar and by dice of each letter's own. A step comes only some hours after the last
fact of its letter, so that a window that is played twice after an interruption changes nothing.
"""

import datetime as dt
import random
from typing import Any

from django.db.models import Max

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.instruments import selectors, services
from bihuan.mechanisms.instruments.states import ADDRESSEE, KINDS, STEPS, next_step

from . import rhythm
from .place import DISTRICT
from .playing import Player
from .words import phrases
from .world import World

_RESTS = {"received": 40.0, "held": 20.0, "closed": 24.0 * 20}
"""State of a letter → for how many natural hours it stays there at least; elsewhere some hours."""
TURN = rhythm.NOON


class Writer:
    """Acts in one place, at the end of windows."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player

    def act(self, end: dt.datetime) -> None:
        """Write the letter of the week on its first working day, and take one step with each whose time has come."""
        local = end.astimezone(rhythm.ZONE)
        if end > self._world.now or not self._world.is_turn(end, TURN):
            return
        with clock.at(end), database.writing():
            waiting = selectors.waiting(region=DISTRICT)
            if local.weekday() == 1:
                self._draft(local.date(), end)
            self._go_on(waiting, end)

    def _draft(self, day: dt.date, now: dt.datetime) -> None:
        weeks = (day - self._world.first).days // 7
        kind = KINDS[list(KINDS)[weeks % len(KINDS)]]
        dice = self._world.dice(f"letter:{day}")
        said = phrases()["writing"]
        liaisons = sorted(self._world.staff(Role.LIAISON))
        code = dice.choice(liaisons).removeprefix("liaison-")
        actor = self._player.actor(self._world.staff(Role(kind.issuers[0]))[0])
        if selectors.written_at(region=DISTRICT, at=now):
            return
        body = {name: dice.choice(said[name]) for name in kind.parts}
        body |= {"department": code, "title": dice.choice(said["titles"])}
        services.draft(kind=kind.name, region=DISTRICT, body=body, actor=actor, now=now)

    def _go_on(self, waiting: list[Any], now: dt.datetime) -> None:
        streams = [one.id for one in waiting]
        facts = Fact.objects.filter(stream__in=streams).exclude(kind="instruments.late")
        last = dict(facts.values_list("stream").annotate(last=Max("at")).order_by())
        for thing in waiting:
            dice = self._world.dice(f"letter:{thing.drafted_at:%Y%m%d}:{thing.state}:{thing.returned}:{thing.relapses}")
            rest = dt.timedelta(hours=_RESTS.get(thing.state, 3.0) * dice.uniform(1, 2))
            if now - last[thing.id] >= rest:
                self._step(thing, dice, now)

    def _step(self, thing: Any, dice: random.Random, now: dt.datetime) -> None:
        action, who = self._next(thing, dice)
        text = dice.choice(phrases()["writing"][action])
        upheld = {"upheld": "yes" if dice.random() < 0.3 else "no"} if action == "decide_objection" else {}
        body = {"text": text} | upheld
        services.take(instrument_id=thing.id, action=action, actor=who, now=now, body=body)

    def _next(self, thing: Any, dice: random.Random) -> tuple[str, Actor]:
        """Return the next action and who takes it."""
        kind, chance = KINDS[thing.kind], dice.random()
        unit = self._player.actor(f"{dice.choice(('liaison', 'head'))}-{thing.addressee.code}")
        issuer = self._player.actor(self._world.staff(Role(thing.issuer))[0])
        if thing.objection == "raised":
            return "decide_objection", self._player.actor(self._world.staff(Role.SUPERVISION_OFFICE)[-1])
        if thing.state == "closed":
            return ("relapse" if chance < 0.15 and not thing.relapses else "look_back"), issuer
        if thing.state == "received" and kind.objection and not thing.objection and chance < 0.3:
            return "object", unit
        if thing.state == "received" and kind.answered and thing.late_since is not None and chance < 0.3:
            return "remind", issuer
        if thing.state == "replied" and thing.returned == 0 and chance < 0.25:
            return "return_reply", issuer
        if thing.state == "issued" and chance < 0.04:
            return "take_back", issuer
        step = next_step(kind, thing.state)
        assert step is not None
        if STEPS[step][1] == ADDRESSEE:
            return step, unit
        if STEPS[step][1] == "approver":
            return step, self._player.actor(self._world.staff(Role(kind.approvers[0]))[-1])
        return step, issuer

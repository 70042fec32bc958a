"""惠企政策 in the demonstration: one policy with a benefit that nobody has to apply for, on its way to the money.

Begun some weeks before the end; each turn finds what is done and takes the next step, so that a window that is played
twice changes nothing. What is still unpaid on its last day becomes a matter by itself, after the demonstration.
"""

import datetime as dt
from typing import Any

from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.policies import selectors, services

from . import rhythm
from .place import DISTRICT
from .playing import Player
from .words import phrases
from .world import World

BEFORE = dt.timedelta(days=26)
TURN = rhythm.NOON
CENTRE, UNIT, REFUSES = "coordinator1", "industry", 7
KNOWN = 60
"""Of so many enterprises the profile is filled in."""
UNPAID = 2


class Supporter:
    """Acts for the centre, the department and the enterprises, in one place, at the end of windows."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player, self._said = world, player, phrases()["supporting"]

    def act(self, end: dt.datetime) -> None:
        """Take the next step of the delivery."""
        if end < self._world.now - BEFORE or not self._world.is_turn(end, TURN):
            return
        centre, unit = self._player.actor(CENTRE), self._player.actor(f"liaison-{UNIT}")
        with clock.at(end), database.writing():
            found, _more = selectors.library.page(actor=centre)
            if not found:
                self._publish(centre, end)
                return
            services.match_waiting(now=end)
            services.advance_due(now=end)
            rounds, _more = selectors.delivery.page(actor=centre)
            if not rounds:
                (clause,) = selectors.library.find(policy_id=found[0].id, actor=centre, now=end).clauses
                body = {"budget": {"county": "20000000"}}
                services.draw(clause_id=clause.clause.id, body=body, actor=unit, now=end)
                services.tell_waiting(now=end)
                return
            made = rounds[0]
            if made.state == "offered":
                self._answer(made, end)
            elif made.state == "review":
                services.take_round(round_id=made.id, action="approve", actor=unit, now=end, body={})
            elif made.state == "paying" and not selectors.delivery.batches(made=made, actor=centre):
                self._pay(made, centre, end)

    def _publish(self, centre: Any, now: dt.datetime) -> None:
        for place, firm in enumerate(self._world.firms[:KNOWN]):
            facts = {"above_scale": "yes" if place % 3 else "no", "staff": str(20 + 7 * place)}
            if place % 5 < 4:
                facts["above_scale_since"] = f"202{3 + place % 2}-{1 + place % 9:02}-15"
            services.fill(uscc=firm.uscc, values=facts, actor=centre, now=now)
        body = {**self._said["policy"], "department": UNIT, "valid_from": now.date().isoformat()}
        policy = services.draft(region=DISTRICT, body=body, actor=centre, now=now)
        services.write_clause(policy_id=policy.id, body=self._said["clause"], actor=centre, now=now)
        body = {"text": self._said["published"]}
        services.take(policy_id=policy.id, action="publish", actor=centre, now=now, body=body)

    def _answer(self, made: Any, now: dt.datetime) -> None:
        """Those who log in look at it; one of them does not want it."""
        logins = {firm.uscc: firm.login for firm in self._world.firms if firm.login}
        grants, _more = selectors.delivery.grants(made=made, actor=self._player.actor(CENTRE), limit=200)
        for place, grant in enumerate(sorted(grants, key=lambda one: one.enterprise.uscc)):
            login = logins.get(grant.enterprise.uscc, "")
            if not login or grant.state != "offered":
                continue
            owner = self._player.actor(login)
            services.know(enterprise_id=grant.enterprise_id, actor=owner, now=now)
            action, text = ("refuse", self._said["refused"]) if place % REFUSES == 3 else ("accept", "")
            services.take_grant(grant_id=grant.id, action=action, actor=owner, now=now, body={"text": text})

    def _pay(self, made: Any, centre: Any, now: dt.datetime) -> None:
        """The district's treasury pays its part to all but two."""
        grants, _more = selectors.delivery.grants(made=made, actor=centre, limit=200)
        due = sorted((one for one in grants if one.state == "due"), key=lambda one: one.enterprise.uscc)
        rows = [
            {
                "uscc": one.enterprise.uscc,
                "amount": str(one.amount / 2),
                "receipt": f"KJ-{place:04}",
                "paid_on": now.astimezone(rhythm.ZONE).date().isoformat(),
            }
            for place, one in enumerate(due[:-UNPAID])
        ]
        services.take_payments(
            round_id=made.id, level="county", reference=self._said["batch"], rows=rows, actor=centre, now=now
        )

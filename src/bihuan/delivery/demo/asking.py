"""One questionnaire to many: sent early, answered day by day by those who like to, sorted by persons.

Nobody plans this: it goes by the calendar and by dice of each enterprise's own. A window that is played twice after an
interruption changes nothing: what happened at its end is there already. No problem is given to a task force here, since
the plan counts the matters.
"""

import datetime as dt
import random
from typing import Any

from django.conf import settings

from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.questionnaires import selectors, services
from bihuan.mechanisms.questionnaires.rules import humans
from bihuan.mechanisms.questionnaires.services import Decision
from bihuan.mechanisms.questionnaires.services.answering import Sent

from . import rhythm
from .place import DISTRICT
from .playing import Player
from .words import phrases
from .world import World

WEEKS = 6
TURN = rhythm.NOON
OFFICE = "coordinator1"
ANSWERS = 12
"""How many enterprises answer on one day at most."""


class Asker:
    """Acts in one place, at the end of windows."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player
        self._said = phrases()["asking"]

    def act(self, end: dt.datetime) -> None:
        """Let happen what happens with questionnaires until the end of a window."""
        local = end.astimezone(rhythm.ZONE)
        begins = self._world.now - dt.timedelta(weeks=WEEKS)
        if end < begins or not self._world.is_turn(end, TURN):
            return
        with clock.at(end):
            office = self._player.actor(OFFICE)
            with database.writing():
                if Fact.objects.filter(kind__startswith="questionnaires.", at=end).exists():
                    return
            found, _more = selectors.register_page(actor=office)
            dice = self._world.dice(f"asking:{local.date()}")
            if not found:
                self._send(end)
            elif found[0].state == "open":
                self._answer(found[0], dice, end)
                self._sort(found[0], dice, end)

    def _send(self, now: dt.datetime) -> None:
        given: dict[str, Any] = {"actor": self._player.actor(OFFICE), "now": now}
        title, purpose = self._said["title"], self._said["purpose"]
        made = services.draft(region=DISTRICT, title=title, purpose=purpose, about=[], **given)
        services.put_questions(questionnaire_id=made.id, questions=self._said["questions"], **given)
        until = (self._world.now + dt.timedelta(days=20)).date().isoformat()
        services.take(questionnaire_id=made.id, action="send", body={"until": until}, **given)
        while services.invite_waiting(now=now):
            pass

    def _answer(self, found: Any, dice: random.Random, now: dt.datetime) -> None:
        office = self._player.actor(OFFICE)
        tokens = [token for _uscc, _name, token, _told in selectors.links(questionnaire=found, actor=office)]
        for token in dice.sample(tokens, min(ANSWERS, len(tokens))):
            to = selectors.opened(token)
            if to is None or to.version:
                continue
            level = str(dice.choice((5, 5, 4, 4, 3, 2, 1)))
            raw = {"happy": [level], "staff": [str(dice.randint(8, 400))], "wish": [dice.choice(("money", "people"))]}
            raw |= {"why": [dice.choice(("slow", "papers"))]} if level in "12" else {}
            raw |= {"trouble": [dice.choice(self._said["troubles"])]} if dice.random() < 0.4 else {}
            raw |= {"trouble-name": ["on"]} if dice.random() < 0.5 else {}
            stamp = humans.stamp(key=settings.SECRET_KEY, ident=to.ident, now=now - dt.timedelta(minutes=3))
            services.answer(token=token, sent=Sent(raw=raw, stamp=stamp), address=f"demonstration {token}", now=now)

    def _sort(self, found: Any, dice: random.Random, now: dt.datetime) -> None:
        """One group of statements becomes a problem; now and then one is settled on the spot."""
        given: dict[str, Any] = {"actor": self._player.actor(OFFICE), "now": now}
        services.take(questionnaire_id=found.id, action="sort", body={}, **given)
        groups, _waiting = selectors.groups_to_sort(questionnaire=found, actor=given["actor"])
        if groups and len(groups[0]) > 1:
            stated = [one.statement for one in groups[0]]
            decision = Decision(
                statements=[one.id for one in stated], title=stated[0].text[:40], urgent=dice.random() < 0.4
            )
            problem = services.decide(questionnaire_id=found.id, decision=decision, **given)
            if dice.random() < 0.3:
                body = {"text": self._said["settled"]}
                services.take_problem(problem_id=problem.id, action="settle", body=body, **given)

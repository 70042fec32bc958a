"""Key projects: put up once, some weeks before the end, started, paid for, blocked by a matter that is there.

Nobody plans this. A blocking point names a matter of the plan, since the plan counts the matters.
"""

import datetime as dt
from typing import Any

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.states import OPEN
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.projects import selectors, services

from .place import DEPARTMENTS, DISTRICT
from .playing import Player
from .words import phrases
from .world import World

BEFORE = dt.timedelta(weeks=6)
CENTRE = "coordinator1"


class Investor:
    """Acts in one place, once."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player
        self._said = phrases()["investing"]

    def act(self, end: dt.datetime) -> None:
        """Put up all projects, and let each go as far as it goes."""
        if end < self._world.now - BEFORE:
            return
        self._centre: dict[str, Any] = {"actor": self._player.actor(CENTRE), "now": end}
        with clock.at(end), database.writing():
            if selectors.page(actor=self._centre["actor"], now=end):
                return
            for number, name in enumerate(self._said["names"]):
                self._put_up(number, name, end)

    def _put_up(self, number: int, name: str, end: dt.datetime) -> None:
        body = {"name": name, "department": list(DEPARTMENTS)[number], "planned": str(3000 + 1700 * number)}
        body["signed_on"] = (end - dt.timedelta(days=120)).date().isoformat()
        made = services.sign(region=DISTRICT, body=body, **self._centre)
        days = (20, 38, 90)
        for place, milestone in enumerate(self._said["milestones"]):
            day = (end + dt.timedelta(days=days[place])).date().isoformat()
            self._take(made, "add_milestone", name=milestone, day=day)
        found = selectors.find(project_id=made.id, **self._centre)
        steps = [step.milestone for step in found.steps]
        if number == 0:
            self._take(made, "stop")
            return
        if number < len(self._said["names"]) - 1:
            self._take(made, "start")
            self._take(made, "pay", paid=str(900 * number))
            self._step(steps[0], "reach")
        if number == 1:
            self._take(made, "finish")
        elif number == 2:
            self._step(steps[1], "move", day=(end + dt.timedelta(days=52)).date().isoformat())
        elif number == 3:
            self._step(steps[1], "drop")
        elif number == 4:
            rows = Case.objects.filter(region=DISTRICT, state__in=OPEN).order_by("-number").defer("search")
            case = rows.first()
            if case is not None:
                self._take(made, "block", case=case.number)

    def _take(self, project: Any, action: str, **body: str) -> None:
        words = {"text": self._said[action]} if action in self._said else {}
        services.take(project_id=project.id, action=action, body=words | body, **self._centre)

    def _step(self, milestone: Any, action: str, **body: str) -> None:
        words = {"text": self._said[action]}
        services.take_milestone(milestone_id=milestone.id, action=action, body=words | body, **self._centre)

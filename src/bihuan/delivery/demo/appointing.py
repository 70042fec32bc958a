"""Mandates: windows, special supervisors, monitoring points and staff of windows, once, some weeks before the end.

Nobody plans this. No report brings a matter, since the plan counts the matters.
"""

import datetime as dt
from typing import Any

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.mandates import selectors, services

from .place import DEPARTMENTS, DISTRICT
from .playing import Player
from .words import phrases
from .world import World

BEFORE = dt.timedelta(weeks=7)
OFFICE = "discipline1"
POINTS = 6


class Appointer:
    """Acts in one place, once."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player
        self._said = phrases()["appointing"]

    def act(self, end: dt.datetime) -> None:
        """Appoint everybody, and let each mandate go as far as it goes."""
        if end < self._world.now - BEFORE:
            return
        self._office: dict[str, Any] = {"actor": self._player.actor(OFFICE), "now": end}
        with clock.at(end), database.writing():
            if selectors.windows(actor=self._office["actor"]):
                return
            self._watch(end)
            self._serve(end)

    def _appoint(self, kind: str, *holders: str, **body: str) -> list[Any]:
        given = {"kind": kind, "holders": "\n".join(holders)} | body
        return services.appoint(region=DISTRICT, body=given, **self._office)

    def _take(self, mandate: Any, action: str, **body: str) -> Any:
        words = {"text": self._said[action]} | body
        return services.take(mandate_id=mandate.id, action=action, body=words, **self._office)

    def _watch(self, end: dt.datetime) -> None:
        """Special supervisors, one of whom serves for six weeks only, and enterprises as monitoring points."""
        names = self._world.staff(Role.SPECIAL_SUPERVISOR)
        (first,) = self._appoint("special_supervisor", names[0])
        self._appoint("special_supervisor", *names[1:], until=(end + dt.timedelta(days=40)).date().isoformat())
        self._take(first, "renew")
        for days in (10, 20):
            self._take(first, "ask", day=(end + dt.timedelta(days=days)).date().isoformat())
        found = selectors.find(mandate_id=first.id, **self._office)
        holder: dict[str, Any] = {"actor": self._player.actor(names[0]), "now": end}
        answer = {"text": self._said["answer"], "outcome": "advice"}
        services.take_task(task_id=found.tasks[0].id, action="answer", body=answer, **holder)
        dropped = {"text": self._said["drop"]}
        services.take_task(task_id=found.tasks[1].id, action="drop", body=dropped, **self._office)
        points = self._appoint("monitoring_point", *(one.uscc for one in self._world.firms[:POINTS]))
        self._take(points[-1], "release")
        report = {"text": self._said["report"], "outcome": "nothing"}
        services.take(mandate_id=first.id, action="report", body=report, **holder)

    def _serve(self, end: dt.datetime) -> None:
        """Windows, and who serves there: moved, handed over, resigned; the last window closes."""
        entered = {"department": next(iter(DEPARTMENTS)), "names": "\n".join(self._said["windows"])}
        windows = services.open_windows(region=DISTRICT, body=entered, **self._office)
        seats = self._world.staff(Role.SEAT)
        since = (end - dt.timedelta(days=60)).date().isoformat()
        first, second, third = (
            self._appoint("window_staff", name, window=str(window.id), since=since)[0]
            for name, window in zip(seats[:3], windows[:3], strict=True)
        )
        self._take(first, "move", window=str(windows[1].id))
        self._take(second, "hand_over", holder=seats[3])
        resigning = {"text": self._said["resign"]}
        holder: dict[str, Any] = {"actor": self._player.actor(seats[2]), "now": end}
        services.take(mandate_id=third.id, action="resign", body=resigning, **holder)
        closing = {"text": self._said["close"]}
        services.take_window(window_id=windows[-1].id, action="close", body=closing, **self._office)

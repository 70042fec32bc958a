"""三个一复盘 in the demonstration: what closed and has to be looked back at is led, dissected, rehearsed, reported.

Nobody plans this: it follows what closes, at office hours; what each retrospective gets comes from its case's number. A
step comes only some hours after the last fact, so that a window that is played twice changes nothing.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import override

from bihuan.casework.cases.models import Case
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.retrospectives import selectors, services

from .place import DEPARTMENTS, DISTRICT
from .playing import Player
from .words import phrases
from .world import World

_RESTS = {"opened": 5, "led": 26, "dissected": 20, "rehearsed": 16, "drafted": 4, "submitted": 18, "concluded": 26}
"""State → for how many natural hours it stays there at least."""


class Reviewer:
    """Looks back in one place, at the end of windows."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player, self._said = world, player, phrases()["looking_back"]

    def act(self, end: dt.datetime) -> None:
        """Take the next step with each retrospective whose time has come; ask for one by hand now and then."""
        if not self._world.at_work(end):
            return
        with clock.at(end), database.writing(), override("zh-hans"):
            self._ask(end)
            waiting = selectors.waiting(region=DISTRICT, now=end)
            rows = Fact.objects.filter(stream__in=[one.id for one in waiting]).values_list("stream")
            last = dict(rows.annotate(last=Max("at")).order_by())
            for one in waiting:
                if end - last[one.id] >= dt.timedelta(hours=_RESTS[one.state]):
                    self._go_on(one, end)

    def _ask(self, now: dt.datetime) -> None:
        """A leader asks for the retrospective of an ordinary matter that no condition names."""
        fresh = Case.objects.filter(region=DISTRICT, state="closed", closed_at__gt=now - dt.timedelta(hours=20))
        for case in fresh.filter(tier="ordinary").defer("search").order_by("number"):
            actor = self._player.actor(self._one_of(Role.LEADER, case.number))
            if _place(case.number) % 9 == 4 and selectors.may_open(case=case, actor=actor):
                services.open_by_hand(number=case.number, text=self._say("why", case.number), actor=actor, now=now)

    def _one_of(self, role: Role, number: str) -> str:
        staff = self._world.staff(role)
        return staff[_place(number) % len(staff)]

    def _say(self, kind: str, number: str, more: int = 0) -> str:
        said: Sequence[str] = self._said[kind]
        return said[(_place(number) + more) % len(said)]

    def _go_on(self, one: Any, now: dt.datetime) -> None:
        getattr(self, f"_{one.state}")(one, _place(one.number), now)

    def _take(self, one: Any, action: str, now: dt.datetime, who: str = "", **body: Any) -> None:
        actor = self._player.actor(who or self._one_of(Role.COORDINATOR, one.number))
        services.take(retrospective_id=one.id, action=action, actor=actor, now=now, body=body)

    def _opened(self, one: Any, place: int, now: dt.datetime) -> None:
        who = self._one_of(Role.SUPERVISION_OFFICE, one.number)
        self._take(one, "assign", now, who, leader=self._one_of(Role.LEADER, one.number))

    def _led(self, one: Any, place: int, now: dt.datetime) -> None:
        """剖析: a third party in two of three cases, the department's word in every second, up to three causes."""
        guest = self._one_of(Role.SPECIAL_SUPERVISOR, one.number)
        if place % 3 == 0 and one.case.raised_by != self._player.actor(guest).person_id:
            self._take(one, "invite", now, username=guest)
            self._take(one, "advise", now, guest, text=self._say("advice", one.number))
        elif place % 3 == 1:
            self._take(one, "invite", now, name=self._say("outsiders", one.number))
        unit = one.case.lead_department
        if place % 2 == 0 and unit is not None and unit.code in DEPARTMENTS:
            self._take(one, "state_unit", now, f"head-{unit.code}", text=self._say("unit", one.number))
        leader = self._one_of(Role.LEADER, one.number)
        for branch, cause in self._causes(one.number)[: 3 - place % 3]:
            self._take(one, "find_cause", now, leader, branch=branch, cause=cause)
        answers = {"reasonable": "kept", "solvable": "kept", "at_fault": "kept"}
        if place % 4 == 0:
            name = ("at_fault", "solvable", "reasonable")[place // 4 % 3]
            answers |= {name: "departed", f"{name}_why": self._said["exceptions"][name]}
        self._take(one, "presume", now, leader, **answers)
        self._take(one, "dissect", now, leader, text=self._say("finding", one.number))

    def _causes(self, number: str) -> list[tuple[str, str]]:
        branches = list(self._said["causes"])
        chosen = {(_place(number) * step + shift) % len(branches) for step, shift in ((1, 0), (3, 1), (7, 2))}
        return [
            (branch, self._said["causes"][branch][_place(number) % len(self._said["causes"][branch])])
            for branch in (branches[index] for index in sorted(chosen))
        ]

    def _dissected(self, one: Any, place: int, now: dt.datetime) -> None:
        effects = [self._say("side_effects", one.number, more) for more in range(2)]
        text, touched = self._say("solution", one.number), self._say("touched", one.number)
        self._take(one, "rehearse", now, text=text, side_effects=effects, touched=[touched])
        kind = {0: "institution", 2: "exemplar", 4: "warning"}.get(place % 6)
        if kind:
            made = self._said["outputs"][kind]
            title, text = made[place % len(made)]
            self._take(one, "propose_output", now, kind=kind, title=title, text=text)
            if kind == "exemplar":
                made = one.outputs.get(title=title, struck_at=None)
                self._take(one, "let_stand", now, what=str(made.id), text=self._said["stays"])
        if place % 5 == 0:
            self._take(one, "find_cause", now, branch="other", cause=self._said["mistaken"])
            key = next(row.id for row in one.causes.filter(text=self._said["mistaken"], struck_at=None))
            self._take(one, "strike", now, what=str(key), text="与本案无关，记错了。")

    def _rehearsed(self, one: Any, place: int, now: dt.datetime) -> None:
        self._take(one, "draft", now)

    def _drafted(self, one: Any, place: int, now: dt.datetime) -> None:
        newest = one.versions.order_by("-number").first()
        if place % 4 == 1 or _came_back(one):
            text = f"{newest.text}\n{self._say('added', one.number, newest.number)}"
            self._take(one, "edit", now, text=text)
        self._take(one, "submit", now)

    def _submitted(self, one: Any, place: int, now: dt.datetime) -> None:
        leader = self._one_of(Role.LEADER, one.number)
        if place % 6 == 3 and not _came_back(one):
            self._take(one, "send_back", now, leader, text=self._say("send_back", one.number))
        else:
            self._take(one, "approve", now, leader)

    def _concluded(self, one: Any, place: int, now: dt.datetime) -> None:
        occurred = ["1"] if place % 3 == 0 else []
        who = self._one_of(Role.SUPERVISION_OFFICE, one.number)
        self._take(one, "check", now, who, text=self._say("check", one.number), occurred=occurred)


def _came_back(one: Any) -> bool:
    return ledger.last_of(one.id, kind="retrospectives.send_back") is not None


def _place(number: str) -> int:
    """Return the running number of a case, from which what happens to it follows."""
    return int(number.rpartition("-")[2])

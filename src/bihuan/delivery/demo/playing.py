"""Takes the steps of a plan through the product's own services, on a simulated clock."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Max, Q

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.services import Contact, Matter
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.kernel.workdays import WorkCalendar
from bihuan.foundation.ledger.models import Fact

from . import files, rhythm
from .place import DISTRICT
from .world import Step

_BY_ITSELF = Q(kind__in=["case.light_changed", "case.no_response"]) | Q(kind="case.resumed", actor_id=None)
"""Facts that the product adds when time passes; all others are steps."""
_SWEEPS = (0, 9, 10, 11, 12, 14, 15, 16, 17, 18)
_SWEEPS_ON_REST_DAYS = (0, 12)
"""Hours of the day at which time has its consequences."""


class Player:
    """Knows who is who and which number each matter of the plan got. One matter's steps must come in order."""

    def __init__(self) -> None:
        with database.writing():
            self._people = dict(Person.objects.values_list("username", "id"))
        self._actors: dict[str, Actor] = {}
        self._matters: dict[int, tuple[str, uuid.UUID]] = {}

    def know(self, matters: Mapping[int, tuple[str, uuid.UUID]]) -> None:
        """Learn number and id of matters that were raised before."""
        self._matters |= matters

    def take(self, step: Step) -> None:
        """Take one step. Raises what the services raise: a plan that asks for the impossible is a mistake in the plan."""
        with clock.at(step.at):
            if step.action == "raise":
                self._raise(step)
            elif step.action == "attach":
                self._attach(step)
            else:
                self._act(step)

    def _raise(self, step: Step) -> None:
        words = {**step.body, "contact": Contact(**step.body["contact"])}
        receipt = cases.raise_case(matter=Matter(**words), actor=self._actor(step), now=step.at)
        self._matters[step.case] = receipt.number, receipt.case_id

    def _attach(self, step: Step) -> None:
        name, content = files.make(step.body["kind"], step.case)
        number = self._matters[step.case][0]
        cases.attach(number=number, actor=self._actor(step), now=step.at, name=name, content=content)

    def _act(self, step: Step) -> None:
        body = step.body
        if step.action == "merge":
            body = {"into": self._matters[body["into"]][0]}
        number = self._matters[step.case][0]
        cases.take(number=number, action=step.action, actor=self._actor(step), now=step.at, body=body)

    def _actor(self, step: Step) -> Actor:
        if not step.who:
            matter = self._matters.get(step.case)
            return Actor(holds=matter[1]) if matter else Actor()
        actor = self._actors.get(step.who)
        if actor is None:
            actor = self._actors[step.who] = Actor(reader=accounts.reader_of(self._people[step.who]))
        return Actor(reader=actor.reader, on_behalf_of=step.said_by) if step.said_by else actor


def done_so_far(steps: Sequence[Step]) -> tuple[dict[int, tuple[str, uuid.UUID]], Counter[int], dt.datetime | None]:
    """Return what an interrupted run of this plan has left: number and id of matters, steps taken of each, last instant.

    Numbers are given in the order of raising, so the n-th number belongs to the n-th matter that the plan raises.
    """
    with database.writing():
        rows = Case.objects.filter(region=DISTRICT).order_by("number").values_list("number", "id")
        raised = (step.case for step in steps if step.action == "raise")
        matters = dict(zip(raised, rows, strict=False))
        counted = Fact.objects.exclude(_BY_ITSELF).values_list("stream").annotate(taken=Count("position"))
        taken: dict[Any, int] = dict(counted)
        last = Fact.objects.aggregate(last=Max("at"))["last"]
    return matters, Counter({key: taken.get(case_id, 0) for key, (_number, case_id) in matters.items()}), last


def windows(*, first: dt.date, now: dt.datetime, calendar: WorkCalendar) -> Iterator[dt.datetime]:
    """Yield the instants until which the clock is moved, one after the other; the last is `now`.

    About every hour of a working day and twice on others: often enough for lights to change in their time.
    """
    date = first
    while True:
        for hour in _SWEEPS if calendar.is_workday(date) else _SWEEPS_ON_REST_DAYS:
            end = dt.datetime.combine(date, dt.time(hour), rhythm.ZONE)
            if end >= now:
                yield now
                return
            yield end
        date += dt.timedelta(days=1)

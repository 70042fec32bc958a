"""Takes the steps of a plan through the product's own services, on a simulated clock."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.events import FACT_OF_ACTION
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.services import Contact, Matter
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.kernel.workdays import WorkCalendar
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.evaluation import selectors as desks
from bihuan.mechanisms.evaluation import services as evaluation
from bihuan.mechanisms.evaluation.services import Visit
from bihuan.mechanisms.tracking import selectors as tracks
from bihuan.mechanisms.tracking import services as tracking

from . import files, rhythm
from .place import DISTRICT
from .world import Step

_FACTS = FACT_OF_ACTION | {"raise": "case.raised", "attach": "case.attached", "report": "tracking.progress_reported"}
_MAY_FAIL = {
    "archive": {"vetoed", "state_forbids", "word_pending"},
    "escalate": {"vetoed"},
    "move_tier": {"tier_same"},
    "come_down": {"not_above"},
}
"""Steps that need not go, and why: a mechanism still needs the matter, or a meeting did already what is planned."""
_STOPS = rhythm.NOON, rhythm.CLOSE
_STOPS_ON_REST_DAYS = (rhythm.CLOSE,)
"""When time has its consequences: most lights change at the close of business."""


class Player:
    """Knows who is who and which number each matter of the plan got. One matter's steps must come in order."""

    def __init__(self) -> None:
        with database.writing():
            self._people = dict(Person.objects.values_list("username", "id"))
        self._actors: dict[str, Actor] = {}
        self._matters: dict[int, tuple[str, uuid.UUID]] = {}
        self._keys: dict[str, int] = {}
        self._facts: set[tuple[uuid.UUID, str, dt.datetime]] = set()

    def catch_up(self, steps: Sequence[Step]) -> dt.datetime | None:
        """Find out what an interrupted run of this plan has left, and return the last instant of it (None: nothing).

        Numbers are given in the order of raising, so the n-th number belongs to the n-th matter that the plan raises.
        """
        raised = (step.case for step in steps if step.action == "raise")
        with database.writing():
            # What is raised at talks is no matter of the plan.
            planned = Case.objects.filter(region=DISTRICT).exclude(source="dialogue")
            rows = planned.order_by("number").values_list("number", "id")
            self._matters = dict(zip(raised, rows, strict=False))
            self._facts = set(Fact.objects.values_list("stream", "kind", "at"))
        return max((at for _stream, _kind, at in self._facts), default=None)

    def know(self, matters: Mapping[int, tuple[str, uuid.UUID]]) -> None:
        """Learn number and id of matters that another lane has raised."""
        self._matters |= matters

    def introduce(self, key: int) -> tuple[int, str, str]:
        """Return (key, number, id) of a matter, for other lanes."""
        number, case_id = self._matters[key]
        return key, number, str(case_id)

    def key_of(self, number: str) -> int | None:
        """Return which matter of the plan got this number, if it was one of them."""
        if len(self._keys) != len(self._matters):
            self._keys = {matter[0]: key for key, matter in self._matters.items()}
        return self._keys.get(number)

    def actor(self, who: str) -> Actor:
        """Return the actor of a user name."""
        if who not in self._actors:
            self._actors[who] = Actor(reader=accounts.reader_of(self._people[who]))
        return self._actors[who]

    def take_all(self, steps: Sequence[Step]) -> None:
        """Take those of the steps that have not been taken yet, in one transaction."""
        if not steps:
            return
        with database.writing():
            for step in steps:
                if not self._is_taken(step):
                    self.take(step)

    def _is_taken(self, step: Step) -> bool:
        """Tell whether an interrupted run has taken the step: then its fact is there."""
        matter = self._matters.get(step.case)
        if matter is None or not self._facts:
            return False
        stream = self._track(step) if step.action == "report" else matter[1]
        return (stream, _FACTS[step.action], step.at) in self._facts

    def take(self, step: Step) -> None:
        """Take one step. Raises what the services raise: a plan that asks for the impossible is wrong."""
        with clock.at(step.at):
            if step.action == "raise":
                self._raise(step)
            elif step.action == "attach":
                self._attach(step)
            elif step.action == "report":
                self._report(step)
            elif step.action == "rate":
                self._rate(step)
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

    def _report(self, step: Step) -> None:
        track_id, actor = self._track(step), self._actor(step)
        assert track_id is not None, "only a matter that is tracked is reported on"
        tracking.take(track_id=track_id, action="report", actor=actor, now=step.at, body=step.body)

    def _rate(self, step: Step) -> None:
        """Half of the raisers rate by the link in the message, the others with code or login."""
        dice = random.Random(f"rate:{step.case}")  # noqa: S311
        with database.writing():
            token = desks.link_of(case_id=self._matters[step.case][1], now=step.at)
        if token is None or dice.random() < 0.5:
            self._act(step)
            return
        visit = Visit(address="demo", looks=f"class {dice.randrange(40)}", beside_staff=dice.random() < 0.02)
        evaluation.rate_by_link(token=token, body=step.body, visit=visit, now=step.at)

    def _track(self, step: Step) -> uuid.UUID | None:
        with database.writing():
            case = Case.objects.get(pk=self._matters[step.case][1])
        found = tracks.of_case(case=case, actor=self._actor(step), now=step.at)
        return found.track.id if found else None

    def _act(self, step: Step) -> None:
        body = step.body
        if step.action == "merge":
            body = {"into": self._matters[body["into"]][0]}
        number, actor = self._matters[step.case][0], self._actor(step)
        if step.action not in _MAY_FAIL:
            cases.take(number=number, action=step.action, actor=actor, now=step.at, body=body)
            return
        try:
            with transaction.atomic():
                cases.take(number=number, action=step.action, actor=actor, now=step.at, body=body)
        except errors.Conflict as conflict:
            if conflict.code not in _MAY_FAIL[step.action]:
                raise

    def _actor(self, step: Step) -> Actor:
        if not step.who:
            matter = self._matters.get(step.case)
            return Actor(holds=matter[1]) if matter else Actor()
        actor = self.actor(step.who)
        return Actor(reader=actor.reader, on_behalf_of=step.said_by) if step.said_by else actor


def windows(*, first: dt.date, now: dt.datetime, calendar: WorkCalendar) -> Iterator[dt.datetime]:
    """Yield the instants until which the clock is moved, one after the other; the last is `now`."""
    date = first
    while True:
        for time in _STOPS if calendar.is_workday(date) else _STOPS_ON_REST_DAYS:
            end = dt.datetime.combine(date, time, rhythm.ZONE)
            if end >= now:
                yield now
                return
            yield end
        date += dt.timedelta(days=1)

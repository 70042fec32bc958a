"""The city above: it takes up what the district sends, asks, answers, and now and then says that it is not its matter.

Who goes next and when is decided by the number of a matter alone, so the same plan gives the same demonstration.
"""

import datetime as dt
import uuid

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import database
from bihuan.foundation.kernel.workdays import WorkCalendar
from bihuan.mechanisms.escalation import selectors, services
from bihuan.mechanisms.evaluation import selectors as desks
from bihuan.mechanisms.evaluation import services as evaluation

from . import rhythm
from .place import CITY, CITY_DEPARTMENTS
from .words import phrases

_REST = {"submitted": 2.0, "accepted": 1.5, "dispatched": 3.0, "signed": 8.0, "handling": 22.0, "replied": 4.0}
"""State of a matter at the city → for how many office hours it stays there at least."""


class City:
    """Works between the windows of the plan, in office hours only."""

    def __init__(self, *, calendar: WorkCalendar) -> None:
        self._calendar = calendar
        self._actors: dict[str, Actor] = {}

    def work(self, *, now: dt.datetime) -> None:
        """Let words arrive, take one step with each matter whose time has come, and let the answers go down."""
        services.deliver_due(now=now)
        if rhythm.office(self._calendar, now, 0.0) - now > dt.timedelta(hours=1):
            return
        with database.writing():
            open_ones = list(
                Case.objects.filter(region=CITY, state__in=sorted(_REST)).order_by("number").defer("search")
            )
            for case in open_ones:
                if self._rested(case) < now:
                    self._step(case, now)
        services.deliver_due(now=now)
        self._answer_below(now)
        self._call_back(now)

    def _rested(self, case: Case) -> dt.datetime:
        last = case.replied_at or case.first_contact_at or case.signed_at or case.dispatched_at or case.accepted_at
        hours = _REST[case.state] * (1 + int(case.number[-2:]) % 3 / 2)
        return rhythm.office(self._calendar, last or case.raised_at, hours)

    def _step(self, case: Case, now: dt.datetime) -> None:
        turn, said = int(case.number[-5:]), phrases()
        lead = list(CITY_DEPARTMENTS)[turn % len(CITY_DEPARTMENTS)]
        office, desk = "city-coordinator", f"city-{lead}"
        if case.state == "submitted" and turn % 6 == 4:
            basis = said["city_declines"][turn % len(said["city_declines"])]
            self._take(case, "decline", office, now, reason="not_in_scope", basis=basis)
        elif case.state == "submitted" and turn % 5 == 2 and case.last_seq == 1:
            question = said["city_questions"][turn % len(said["city_questions"])]
            self._take(case, "request_supplement", office, now, what=question)
        elif case.state == "submitted":
            self._take(case, "accept", office, now, tier="complex", board="general")
        elif case.state == "accepted":
            self._take(case, "dispatch", office, now, lead=lead)
        elif case.state == "dispatched":
            self._take(case, "sign", self._liaison(case), now)
        elif case.state == "signed":
            text = said["city_progress"][turn % len(said["city_progress"])]
            self._take(case, "report_progress", self._liaison(case, desk), now, text=text)
        elif case.state == "handling":
            text = said["city_answers"][turn % len(said["city_answers"])]
            self._take(case, "reply", self._liaison(case, desk), now, text=text, kind="resolved")
        else:
            self._take(case, "verify_close", office, now)

    def _liaison(self, case: Case, usual: str = "") -> str:
        found = Case.objects.select_related("lead_department").only("lead_department__code").get(pk=case.pk)
        return f"city-{found.lead_department.code}" if found.lead_department else usual

    def _answer_below(self, now: dt.datetime) -> None:
        """The district answers what the city asks, and takes back what it could settle itself."""
        centre, said = self._actor("coordinator1"), phrases()
        rows, _more = selectors.page(actor=centre, now=now, up=True, limit=200)
        for row in rows:
            thing, turn = row.thing, int(row.case.number[-5:])
            if thing.state == "asked":
                self._between(thing.id, "answer_above", centre, now, said["city_questions_answered"][turn % 2])
            elif turn % 13 == 6 and thing.sent_at + dt.timedelta(days=3) < now:
                self._between(thing.id, "take_back", centre, now, said["taken_back"][turn % 2])
        services.deliver_due(now=now)

    def _call_back(self, now: dt.datetime) -> None:
        """The city's supervisors, who handled and closed nothing, ask below whether what was drawn is really done."""
        with database.writing():
            waiting = desks.waiting_calls(region=CITY)
        caller, said = self._actor("city-supervision"), phrases()["hearing"]
        for call in waiting:
            turn = int(call.case.number[-5:]) + call.attempts
            if now < rhythm.office(self._calendar, call.opened_at, 4.0 + 9.0 * call.attempts):
                continue
            body = {"text": said["solved"][turn % len(said["solved"])], "solved": "yes"}
            action = "finish"
            if turn % 4 == 3:
                action, body = "miss", {"text": said["missed"][turn % len(said["missed"])]}
            for step, words in (("take", {}), (action, body)):
                evaluation.take_call(call_id=call.id, action=step, actor=caller, now=now, body=words)

    def _between(self, thing_id: uuid.UUID, action: str, who: Actor, now: dt.datetime, text: str) -> None:
        services.take(thing_id=thing_id, action=action, actor=who, now=now, body={"text": text})

    def _take(self, case: Case, action: str, who: str, now: dt.datetime, **body: object) -> None:
        cases.take(number=case.number, action=action, actor=self._actor(who), now=now, body=body)

    def _actor(self, username: str) -> Actor:
        if username not in self._actors:
            with database.writing():
                person = Person.objects.get(username=username)
            self._actors[username] = Actor(reader=accounts.reader_of(person.pk))
        return self._actors[username]

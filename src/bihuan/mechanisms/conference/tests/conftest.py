"""A district with a leading group, and a matter on its way up to the conference."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from bihuan.casework.cases import factories
from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts import services as account_services
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.conference import selectors, services
from bihuan.mechanisms.conference.models import Attendee, Decision, Item, Meeting

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")
DECISION = {
    "what": "三部门联合到场，一次告知",
    "owner": "housing",
    "within": "5wd",
    "measures": ["出清单", "先在石渚镇试"],
}


class House(factories.District):
    """The district, with what tests of the conference ask again and again."""

    def rule(self, text: str) -> None:
        """Put sections of a rulebook in force."""
        body = f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{text}\n'
        rulebooks.apply(region=DISTRICT, name="trial", text=body, actor_id=OPERATOR, now=NOW - HOUR)

    def username(self, actor) -> str:
        """Return the user name of an actor."""
        return Person.objects.get(pk=actor.person_id).username

    def lead(self) -> list:
        """Appoint a leading group of four: chair, deputy, two members."""
        seats = [
            ("leader", "chair", "chair1"),
            ("leader", "deputy", "deputy1"),
            ("supervision_office", "member", "member1"),
            ("discipline", "member", "member2"),
        ]
        people = [self.person(name, role) for role, _seat, name in seats]
        for actor, (_role, seat, _name) in zip(people, seats, strict=True):
            body = {"person": self.username(actor), "role": seat}
            services.appoint(actor=self.staff("coordinator"), now=NOW, body=body)
        return people

    def candidate(self, *, now=NOW + HOUR):
        """Return a matter that was taken up to the conference, and its item."""
        case = self.case("accept", "dispatch", "sign")
        self.act(case.number, "escalate", now=now)
        return case, self.item(case)

    def session(self, at=NOW + 2 * DAY, now=NOW + 2 * HOUR) -> Meeting:
        """Call a conference."""
        body = {"starts_at": at.isoformat(), "place": "区政府 302"}
        return services.call(actor=self.staff("coordinator"), now=now, body=body)

    def on_agenda(self, item, meeting, now=NOW + 3 * HOUR) -> None:
        """Screen an item and put it on an agenda."""
        self.take(item, "screen", now=now, text="跨部门，上会")
        self.take(item, "put_on", now=now + HOUR / 60, meeting=str(meeting.id))

    def open(self, meeting, here=2, now=NOW + 2 * DAY) -> Meeting:
        """Open a meeting with the first `here` of its seats."""
        seats = [str(one.id) for one in self.rows(Attendee, meeting=meeting)][:here]
        return self.take(meeting, "hold", now=now, present=seats)

    def decided(self, **given):
        """Return a matter, and a decision that a conference made on it."""
        self.lead()
        case, item = self.candidate()
        meeting = self.session()
        self.on_agenda(item, meeting)
        self.open(meeting)
        self.take(item, "decide", now=NOW + 2 * DAY + HOUR, **DECISION | given)
        return case, self.rows(Decision, case=case)[-1]

    def take(self, thing, action, *, actor=None, now=NOW + 3 * HOUR, **body):
        """Take an action on a meeting, an item or a decision."""
        kind = {Meeting: "meeting", Item: "item", Decision: "decision"}[type(thing)]
        who = actor or self.staff("coordinator")
        return services.take(kind=kind, thing_id=thing.id, action=action, actor=who, now=now, body=body)

    def minutes(self, meeting, reader) -> str:
        """Return the minutes of a meeting as somebody reads them, in Chinese."""
        with translation.override("zh-hans"):
            return selectors.meeting(meeting_id=meeting.id, actor=reader, now=NOW + 9 * DAY).minutes

    def leave(self, actor) -> None:
        """End all offices of somebody."""
        for office in accounts.appointments_of(actor.person_id):
            account_services.end_appointment(appointment_id=office.id, actor_id=OPERATOR, now=NOW + DAY)

    def end_department(self, code: str) -> None:
        """Close a department that boards still name as their lead, as only an old register can have it."""
        with database.writing():
            Department.objects.filter(region=DISTRICT, code=code).update(valid_to=NOW.date())
        directory.forget()

    def rows(self, model, **which):
        """Return rows as stored, oldest first."""
        with database.writing():
            return list(model.objects.filter(**which).order_by("id"))

    def item(self, case) -> Item | None:
        """Return the newest item of a case."""
        return (self.rows(Item, case=case) or [None])[-1]

    def fresh_one(self, thing):
        """Return a thing as stored."""
        return self.rows(type(thing), pk=thing.pk)[0]

    def pass_time(self, until, since=NOW) -> None:
        """Sweep each day up to an instant, and once more at the end."""
        at = since
        while at < until:
            at = min(at + DAY, until)
            cases.sweep(now=at)

    def facts(self, thing) -> list[str]:
        """Return the kinds of facts of a thing, in order, without their prefix."""
        with database.writing():
            return [fact.kind.partition("_")[2] for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            shown = Notice.objects.filter(person_id=actor.person_id, key=f"conference.{key}", digest=None)
            return sum(shown.values_list("count", flat=True))


@pytest.fixture
def house(db):
    with clock.at(NOW):
        made = House()
        made.staff("coordinator")
        made.liaison()
        made.liaison(role="department_head")
        yield made

"""A district whose registers are kept."""

import datetime as dt

import pytest
from django.test import Client

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case, Contact
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.registers import services
from bihuan.foundation.accounts import selectors as people
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import services as directory
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class House(factories.District):
    """The district, with what tests of the registers ask again and again."""

    @property
    def keeper(self):
        """Who keeps the registers."""
        return self.staff("supervision_office")

    def draft(self, *cases, now=NOW, **given):
        """Enter a draft that came from these cases."""
        body = {"title": "联合验收一次告知办法", "text": "三部门共用一张清单", "cases": [one.number for one in cases]}
        return services.draft(actor=self.keeper, now=now, body=body | given)

    def take(self, thing, action, *, actor=None, now=NOW + HOUR, **body):
        """Take an action on an entry."""
        who = actor or self.keeper
        subject = {"Caution": "warning"}.get(type(thing).__name__, type(thing).__name__.lower())
        return services.take(kind=subject, thing_id=thing.id, action=action, actor=who, now=now, body=body)

    def kept(self, *cases, now=NOW + HOUR, **given):
        """Return an institution in force."""
        words = {"kind": "improved", "owner": "housing", "category": "approval", "text": "区政府办印发"}
        return self.take(self.draft(*cases), "put_in_force", now=now, **words | given)

    def also_liaison(self, actor, code):
        """Give somebody the office of a liaison of a department as well."""
        accounts.appoint(
            person_id=actor.person_id,
            role="liaison",
            region=DISTRICT,
            department_id=self.department(code).id,
            actor_id=OPERATOR,
            now=NOW,
            since=NOW - DAY,
        )
        return Actor(reader=people.reader_of(actor.person_id))

    def called(self, now=NOW, **given):
        """Return a competition that was called."""
        body = {"title": "一次告知好做法", "text": "把一次告知做实的做法"}
        return services.call_competition(actor=self.keeper, now=now, body=body | given)

    def nominated(self, title="一张清单到底", *, actor=None, now=NOW + HOUR, **given):
        """Return a nominated model case."""
        body = {"title": title, "text": "三个部门共用一张清单，企业只跑一次"}
        return services.propose_exemplar(actor=actor or self.keeper, now=now, body=body | given)

    def warned(self, case=None, *, now=NOW, circulated=True, **given):
        """Return a warning, circulated."""
        body = {"title": "三次退件的教训", "text": "同一材料退了三次，每次理由不同", "lesson": "一次讲清缺什么"}
        body |= {"case": case.number} if case else {}
        made = services.draft_warning(actor=self.keeper, now=now, body=body | given)
        return self.take(made, "circulate", now=now) if circulated else made

    def over(self, **given):
        """Return a closed case whose raiser left a name and a telephone."""
        steps = ("accept", "dispatch", "sign", "submit_plan", "reply", "verify_start", "verify_close")
        case = self.case(*steps, **given)
        with database.writing():
            known = {"region": DISTRICT, "name": "王小明", "phone": "13800138000"}
            Contact.objects.update_or_create(case_id=case.id, defaults=known)
        return case

    def written(self, case, *, actor=None, now=NOW + DAY, **given):
        """Return what the library holds of a closed case."""
        body = {"case": case.number, "title": "仓库扩建一次验收", "problem": "验收退了三次", "worked": "三部门同时到场"}
        return services.write_lesson(actor=actor or self.keeper, now=now, body=body | given)

    def merge(self, code, into):
        """Merge a department into another one."""
        one, other = self.department(code), self.department(into)
        directory.merge_department(department_id=one.id, into_id=other.id, actor_id=OPERATOR, now=NOW)

    def history(self, count, *, since, every, answered_after):
        """Put `count` answered cases into the register, from an instant on, one every so often."""
        with database.writing():
            for number in range(count):
                receipt = self.raised(now=NOW, title=f"第{number}件")
                at = since + number * every
                told = Case.objects.filter(number=receipt.number)
                told.update(category="approval", raised_at=at, state="replied", replied_at=at + answered_after)

    def rows(self, model, **which):
        """Return rows as stored, oldest first."""
        with database.writing():
            return list(model.objects.filter(**which).order_by("id"))

    def facts(self, thing) -> list[str]:
        """Return the kinds of facts of an entry, in order, without their prefix."""
        with database.writing():
            return [fact.kind.partition("_")[2] for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            shown = Notice.objects.filter(person_id=actor.person_id, key=f"registers.{key}", digest=None)
            return sum(shown.values_list("count", flat=True))


def browser(actor) -> Client:
    """Return a logged-in browser."""
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def caller(actor) -> Client:
    """Return a program with the actor's token."""
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=NOW)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})


ROLES = {
    "keeper": lambda house: house.keeper,
    "leader": lambda house: house.staff("leader"),
    "coordinator": lambda house: house.staff("coordinator"),
    "owner unit": lambda house: house.liaison("tax", "department_head"),
    "other unit": lambda house: house.liaison("water"),
    "board head": lambda house: house.person("board", "board_head", board="projects"),
    "deputy": lambda house: house.staff("deputy"),
    "discipline": lambda house: house.staff("discipline"),
    "raiser": lambda house: house.owner,
    "other firm": lambda house: house.stranger,
    "observer": lambda house: house.staff("observer"),
    "special supervisor": lambda house: house.staff("special_supervisor"),
    "system admin": lambda house: house.staff("system_admin"),
    "security admin": lambda house: house.staff("security_admin"),
    "audit admin": lambda house: house.staff("audit_admin"),
}
"""One of each kind of reader."""
KEEPERS = {"keeper", "leader", "coordinator"}
OVERSEERS = KEEPERS | {"discipline"}
PLACE = OVERSEERS | {"owner unit", "other unit", "board head", "deputy"}
"""Who reads the registers of the place."""
ADMINS = {"system admin", "security admin", "audit admin"}
REGION = DISTRICT


@pytest.fixture
def house(db):
    with clock.at(NOW):
        made = House()
        made.staff("supervision_office")
        yield made

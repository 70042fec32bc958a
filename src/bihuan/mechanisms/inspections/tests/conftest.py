"""A district whose bodies check enterprises."""

import datetime as dt
import uuid

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.inspections import services
from bihuan.mechanisms.inspections.models import Check, Item, Mark, Officer, Record, Standing
from bihuan.mechanisms.inspections.services import Entered, Planned

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TODAY = NOW.date()
SOON = TODAY + 3 * DAY
"""A Thursday."""


class Bureau(factories.District):
    """The district, with what tests of inspections ask again and again."""

    def __init__(self, rule: str = "") -> None:
        super().__init__()
        self.justice = self.staff("justice_supervisor")
        self.centre = self.staff("coordinator")
        self.items: dict[str, Item] = {}
        self.officers: dict[str, list[Officer]] = {}
        if rule:
            self.rule(rule)

    def rule(self, text: str) -> None:
        """Put a packaged rulebook in force, or the section that is given."""
        name, body = text, None
        if ":" in text:
            name, body = "trial", f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{text}\n'
        rulebooks.apply(region=DISTRICT, name=name, text=body, actor_id=OPERATOR, now=NOW - HOUR)

    def enter(self, listing: str, *, publish: bool = True, department: str = "housing", now=NOW, **fields):
        """Enter something on a list, and publish it."""
        fields = {"basis": "安全生产法第六十五条"} | fields
        entered = Entered(name=listing, region=DISTRICT, department=department, fields=fields)
        made = services.enter(entered=entered, actor=self.centre, now=now)
        if publish:
            made = self.list_action(listing, made, "publish", now=now)
        return made

    def list_action(self, name: str, listed, action: str, *, actor=None, now=NOW, **body):
        """Take an action on an entry of a list."""
        return services.take_listed(
            name=name, listed_id=listed.id, action=action, actor=actor or self.justice, now=now, body=body
        )

    def equip(self, *departments: str, category: str = "fire") -> None:
        """Give bodies power, one published item each, and two officers."""
        for department in departments:
            self.enter("power", department=department, subject="statutory")
            self.item(f"{department}", department=department, category=category)
            self.officers[department] = [
                self.enter(
                    "officer", department=department, name=f"{department}{n}", certificate=f"{department}-{n}",
                    until="2030-12-31",
                )
                for n in (1, 2)
            ]  # fmt: skip

    def item(self, key: str, *, department: str = "housing", category: str = "fire", publish=True, **fields) -> Item:
        """Publish an item."""
        given = {"code": f"{key}-1", "name": f"{key} 的检查事项", "category": category} | fields
        self.items[key] = self.enter("item", department=department, publish=publish, **given)
        return self.items[key]

    def planned(self, department: str = "housing", *, firm=None, on=SOON, kind="planned", items=None, officers=None,
                reason="", filed="") -> Planned:  # fmt: skip
        """Return a check as it is asked for."""
        body = self.department(department)
        people = self.officers.get(department, ()) if officers is None else officers
        wanted = [self.items[department]] if items is None else items
        parts = {body.id: ([one.id for one in wanted], [one.id for one in people])}
        given = {"enterprise": (firm or self.firm).uscc, "on": on, "kind": kind, "reason": reason, "filed": filed}
        return Planned(parts=parts, **given)

    def book(self, department: str = "housing", *, now=NOW, actor=None, **given) -> Check:
        """Register a check of a body."""
        return services.register(
            department=self.department(department),
            planned=self.planned(department, **given),
            actor=actor or self.liaison(department),
            now=now,
        )

    def ask(self, department: str = "housing", *, now=NOW, **given):
        """Return the codes of what the gate would say."""
        found = services.ask(
            department=self.department(department),
            planned=self.planned(department, **given),
            actor=self.liaison(department),
            now=now,
        )
        return [one.code for one in found.reasons]

    def approve(self, check: Check, department: str = "housing", *, now=NOW) -> Check:
        """Approve a check as the head of a body."""
        return self.take(check, "approve", actor=self.liaison(department, role="department_head"), now=now)

    def join(self, check: Check, *, officers=None) -> Check:
        """Let the water bureau go along."""
        people = self.officers["water"] if officers is None else officers
        return services.join(
            check_id=check.id,
            department=self.department("water"),
            items=[self.items["water"].id],
            officers=[one.id for one in people],
            actor=self.liaison("water"),
            now=NOW,
        )

    def take(self, check: Check, action: str, *, actor=None, now=NOW, **body) -> Check:
        """Take an action on a check."""
        who = actor or self.liaison()
        return services.take_check(check_id=check.id, action=action, actor=who, now=now, body=body)

    def made(self, department: str = "housing", *, outcome="fine", severity="", **given) -> Check:
        """Take a check all the way to its result."""
        check = self.book(department, **given)
        if check.state == "registered":
            check = self.approve(check, department)
        then = NOW + (check.on - TODAY)
        who = self.liaison(department)
        check = self.take(check, "arrive", actor=who, now=then, unscanned="门口没有码")
        results = {str(one): {"outcome": outcome, "severity": severity, "text": ""} for one in check.items}
        return self.take(check, "report", actor=who, now=then + HOUR, text="检查完毕", results=results)

    def fresh(self, thing):
        """Return a row as stored."""
        with database.writing():
            return type(thing).objects.get(pk=thing.pk)

    def record(self, *, firm=None, on=TODAY - 30 * DAY, category="fire", severity="ordinary", text="灭火器过期",
               department="housing", now=NOW) -> Record:  # fmt: skip
        """Enter a record of an enterprise."""
        return services.enter_record(
            enterprise=(firm or self.firm).uscc,
            department=self.department(department),
            entry={"on": on.isoformat(), "category": category, "severity": severity, "text": text},
            actor=self.liaison(department),
            now=now,
        )

    def rate(self, firm=None, *, now=NOW, reason="核对") -> Standing:
        """Rate one enterprise."""
        return services.rate_one(
            enterprise=(firm or self.firm).uscc, region=DISTRICT, reason=reason, actor=self.justice, now=now
        )

    def marks(self) -> list[Mark]:
        """Return all ratings."""
        with database.writing():
            return list(Mark.objects.all())

    def facts(self, thing) -> list[str]:
        """Return the kinds of facts of a thing."""
        with database.writing():
            return [fact.kind.removeprefix("inspections.") for fact in ledger.history(thing.id)]

    def told(self, actor, name: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            rows = Notice.objects.filter(person_id=actor.person_id, key=f"inspections.{name}")
            return sum(rows.values_list("count", flat=True))


def refusal(caught) -> list[str]:
    """Return the codes of the reasons in a refusal of the gate."""
    assert caught.value.code == "gate_refused"
    return [one["code"] for one in caught.value.extra["reasons"]]


@pytest.fixture
def bureau(db):
    with clock.at(NOW):
        made = Bureau()
        made.equip("housing", "water")
        for department in ("housing", "water"):
            made.liaison(department)
            made.liaison(department, role="department_head")
        assert made.owner
        assert made.stranger
        yield made


@pytest.fixture
def firm_of(bureau):
    """Make more enterprises."""

    def make(serial: int = 0, **details):
        return directory.make_enterprise(serial or uuid.uuid4().int % 10**6 + 100, **details)

    return make

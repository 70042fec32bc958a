import datetime as dt
import uuid

import pytest

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Appointment, Person
from bihuan.foundation.directory import recent
from bihuan.foundation.directory.models import Enterprise, Region
from bihuan.foundation.kernel import database
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.notifications.tests.receiver import Receiver

NOW = dt.datetime(2026, 11, 20, 1, 15, tzinfo=dt.UTC)
USCC = "91330100799655058B"

REACHED = registry.Recipient(phone="13912345678", email="")
KINDS = (
    Kind(
        key="sample.dispatched",
        audience=frozenset({Audience.STAFF}),
        title="%(subject)s was sent to you",
        body="Sign for it before %(due_at)s. Contact: %(contact)s, %(phone)s",
        many="%(count)d cases were sent to you",
        path="/cases/%(subject)s",
        channels=registry.URGENT,
        names=frozenset({"contact"}),
    ),
    Kind(
        key="sample.answered", audience=frozenset({Audience.ENTERPRISE}), title="Your matter %(subject)s has an answer"
    ),
    Kind(
        key="sample.outside",
        audience=frozenset({Audience.ENTERPRISE}),
        title="Answered: %(subject)s",
        channels=registry.URGENT,
        reach=lambda subject, now: REACHED,
    ),
    Kind(key="sample.clue", audience=frozenset({Audience.DISCIPLINE}), title="A clue was handed over"),
)


@pytest.fixture(autouse=True)
def forgetful():
    registry.register(*KINDS)
    registry.register_event_types("case.accepted", "case.closed")
    recent.forget_all()
    yield
    recent.forget_all()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


def make_region():
    for code, level, parent in (
        ("330000", "province", None),
        ("330100", "city", "330000"),
        ("330114", "county", "330100"),
    ):
        Region.objects.get_or_create(
            code=code, defaults={"name": code, "level": level, "parent_id": parent, "pinyin": code}
        )


def make_person(username, role="coordinator", *, region="330114", **fields):
    make_region()
    person = Person.objects.create(
        username=username, display_name=username, pinyin=username, created_at=NOW, **({"language": "en"} | fields)
    )
    if role:
        enterprise = None
        if role == "enterprise":
            enterprise, _ = Enterprise.objects.get_or_create(
                uscc=USCC,
                defaults={"name": "E", "pinyin": "e", "region": "330114", "created_at": NOW, "updated_at": NOW},
            )
        Appointment.objects.create(
            person=person,
            role=role,
            region=region,
            enterprise=enterprise,
            since=NOW - dt.timedelta(days=400),
            appointed_by=uuid.UUID(int=0),
        )
    return person


def reader(person):
    accounts.forget()
    return accounts.reader_of(person.id)


def everything():
    """See all rows, for looking at what happened."""
    return database.reading(database.SERVICE)


def eyes(person):
    """See the rows of this person only."""
    return database.reading(database.Scope(kind="reader", person=str(person.id)))

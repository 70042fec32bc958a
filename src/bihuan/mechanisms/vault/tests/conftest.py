"""A district with two officers, the city above it, and clues."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.vault import services
from bihuan.mechanisms.vault.models import Clue, Entry, IdentityRequest, Informant, Message
from bihuan.mechanisms.vault.services import Identity, Report, recording

HOUR = dt.timedelta(hours=1)
SECRET = "窗口张某收了两条烟才肯受理"
NAME, PHONE = "线人李小红", "".join(["139", "0000", "0421"])
SENDER = "nobody"


class House(factories.District):
    """The district, with what tests of the vault ask again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.officer = self.staff("discipline", "officer-one")
        self.second = self.staff("discipline", "officer-two")

    def report(self, *, now: dt.datetime = NOW, named: bool = True, **given):
        """Report something, and return what the informant gets."""
        values = {"region": DISTRICT, "kind": "favours", "text": SECRET, "unit": "housing", "person": "张某"}
        if named:
            values["identity"] = Identity(name=NAME, phone=PHONE)
        return services.report(matter=Report(**values | given), now=now)

    def clue(self, received=None):
        """Return a clue as stored: of a receipt, or the newest."""
        with recording.inside():
            rows = Clue.objects.filter(number=received.number) if received else Clue.objects.order_by("-received_at")
            return rows.get() if received else rows.first()

    def take(self, clue, action, *, actor=None, now=NOW + HOUR, **body):
        """Take an action on a clue."""
        body = {"text": "按程序办"} | body
        services.take(clue_id=clue.id, action=action, actor=actor or self.officer, now=now, body=body)
        with recording.inside():
            return Clue.objects.get(pk=clue.id)

    def request(self, clue):
        """Return the newest request to see who gave a clue."""
        with recording.inside():
            return IdentityRequest.objects.filter(clue_id=clue.id).order_by("-asked_at").first()

    def decide(self, clue, action, *, actor=None, now=NOW + 2 * HOUR):
        """Take a step of the newest request."""
        request = self.request(clue)
        return services.take_request(request_id=request.id, action=action, actor=actor or self.second, now=now)

    def entries(self) -> list[str]:
        """Return the kinds of all entries of the ledger of views, in order."""
        with recording.inside():
            return list(Entry.objects.order_by("region", "seq").values_list("kind", flat=True))

    def counts(self) -> dict[str, int]:
        """Return how many rows each table has."""
        with recording.inside():
            return {table.__name__: table.objects.count() for table in (Clue, Informant, Message, IdentityRequest)}


@pytest.fixture
def house(db):
    with clock.at(NOW):
        yield House()

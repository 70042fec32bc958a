"""A district with codes on its walls."""

import datetime as dt

import pytest
from django.conf import settings

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.outreach import exports, services
from bihuan.mechanisms.outreach.models import Code, FollowUp, Prompt, Rating, Scan
from bihuan.mechanisms.outreach.rules import codes
from bihuan.mechanisms.outreach.services import Said, Wanted

HOUR = dt.timedelta(hours=1)
LATER = NOW + 2 * HOUR


class Hall(factories.District):
    """The district, with what tests of outreach ask again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.office = self.staff("discipline")
        self.centre = self.staff("coordinator")

    def rule(self, name: str) -> None:
        """Put a packaged rulebook in force."""
        rulebooks.apply(region=DISTRICT, name=name, text=None, actor_id=OPERATOR, now=NOW - HOUR)

    def window(self, place: str = "不动产 3 号窗口", department: str = "housing") -> Code:
        """Put up the code of one window."""
        return self.issue("window", Wanted(place=place, department=department))[0]

    def issue(self, kind: str, *wanted: Wanted, actor=None) -> list[Code]:
        """Put up codes."""
        return services.issue(kind=kind, region=DISTRICT, wanted=wanted, actor=actor or self.centre, now=NOW)

    def token(self, code: Code) -> str:
        """Return what the printed code carries."""
        return exports.token_of(code)

    def ask(self, code: Code, *, actor=None, now=NOW, service="不动产登记", firm=None) -> Prompt:
        """Ask the firm how a service was."""
        enterprise = (firm or self.firm).uscc
        given = {"enterprise": enterprise, "service": service}
        return services.prompt(code_id=code.id, **given, actor=actor or self.liaison(), now=now)

    def link(self, prompt: Prompt) -> str:
        """Return the link that the firm gets."""
        return codes.sign(key=settings.SECRET_KEY, what=codes.PROMPT, ident=prompt.ident)

    def rate(self, token: str, level: int = 5, *, now=LATER, words: str = "", reasons=()) -> Rating:
        """Rate by a code or a link."""
        said = Said(level=level, words=words, reasons=reasons)
        return services.rate(token=token, said=said, address="192.0.2.1", now=now)

    def bad(self, code: Code | None = None, words: str = "让我跑了三趟", asked: bool = False) -> FollowUp:
        """Rate badly, and return what follows."""
        code = code or self.window()
        token = self.link(self.ask(code)) if asked else self.token(code)
        rating = self.rate(token, 1, words=words, reasons=["sent_around"])
        with database.writing():
            return FollowUp.objects.get(rating=rating)

    def take(self, thing, action: str, *, actor=None, now=LATER, **body):
        """Take an action on a code or on what follows a bad rating."""
        body = {"text": "请核实并改进"} | body
        given = {"action": action, "actor": actor or self.office, "now": now, "body": body}
        if isinstance(thing, Code):
            return services.take_code(code_id=thing.id, **given)
        return services.take_follow_up(follow_up_id=thing.id, **given)

    def facts(self, thing) -> list[str]:
        """Return the kinds of facts of a thing."""
        with database.writing():
            return [fact.kind.removeprefix("outreach.") for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            return sum(Notice.objects.filter(person_id=actor.person_id, key=key).values_list("count", flat=True))

    def scans(self) -> int:
        """Return how many scans were counted."""
        with database.writing():
            return sum(Scan.objects.values_list("times", flat=True))


@pytest.fixture
def hall(db):
    with clock.at(NOW):
        made = Hall()
        for role in ("supervision_office", "seat", "leader"):
            made.staff(role)
        made.liaison()
        made.liaison("water")
        assert made.owner
        yield made

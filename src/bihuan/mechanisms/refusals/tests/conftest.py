"""A district with a pool for panels, and the way of a “no” through its review."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.refusals import services
from bihuan.mechanisms.refusals.models import Panelist, Refusal, Seat

HOUR = dt.timedelta(hours=1)


class Court(factories.District):
    """The district, with what tests of the review ask again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.organiser = self.staff("supervision_office")
        self.members = [
            ("leader", self.staff("leader")),
            ("deputy", self.staff("deputy", "deputy1")),
            ("deputy", self.staff("deputy", "deputy2")),
            ("deputy", self.staff("deputy", "deputy3")),
            ("enterprise", self.stranger),
            ("enterprise", self.owner),
            ("expert", self.staff("special_supervisor")),
        ]

    def rule(self, name: str) -> None:
        """Put a packaged rulebook in force."""
        rulebooks.apply(region=DISTRICT, name=name, text=None, actor_id=OPERATOR, now=NOW - HOUR)

    def fill_pool(self) -> None:
        """Everybody of `members` is in the pool of panels."""
        for group, actor in self.members:
            name = actor.reader.display_name
            services.enrol(region=DISTRICT, username=name, group=group, actor=self.organiser, now=NOW)

    def refused(self, kind: str = "explained", text: str = "没有政策依据，暂时无法办理。", **given) -> Refusal | None:
        """Return the refusal of a matter: `declined`, or answered with a kind."""
        if kind == "declined":
            case = self.case("decline", **given)
        else:
            case = self.case("accept", "dispatch", "sign", **given)
            self.act(case.number, "reply", now=NOW + HOUR, text=text, kind=kind)
        return self.of(case)

    def of(self, case) -> Refusal | None:
        """Return the newest refusal of a case as stored."""
        with database.writing():
            return Refusal.objects.filter(case_id=case.id).order_by("-id").first()

    def again(self, refusal) -> Refusal:
        """Return a refusal as it now is stored."""
        with database.writing():
            return Refusal.objects.get(pk=refusal.id)

    def take(self, refusal, action: str, *, actor=None, now=NOW + 2 * HOUR, **body) -> Refusal:
        """Take an action on a refusal."""
        body = {"text": "现场看过，企业手续齐全"} | body
        return services.take(refusal_id=refusal.id, action=action, actor=actor or self.organiser, now=now, body=body)

    def until(self, refusal, state: str) -> Refusal:
        """Bring a refusal from the pool to `selected`, `drawn`, `convened` or `voting`."""
        steps = [
            ("selected", "research", {"actor": self.members[1][1], "visit": True}),
            ("selected", "select", {"importance": 4, "soundness": 4, "typicality": 3}),
            ("drawn", "draw", {}),
            ("convened", "convene", {}),
            ("voting", "open_vote", {}),
        ]
        for reached, action, body in steps:
            refusal = self.take(refusal, action, **body)
            if refusal.state == state == reached:
                break
        return refusal

    def panel(self, refusal) -> list:
        """Return the actors who sit on a panel, in the order of the draw."""
        by_id = {actor.person_id: actor for _group, actor in self.members}
        with database.writing():
            seats = Seat.objects.filter(refusal=refusal, reserve=False, left_at=None).order_by("place")
            return [by_id[seat.person_id] for seat in seats]

    def vote(self, refusal, *outcomes: str) -> Refusal:
        """Let the panel vote, one after the other."""
        for member, outcome in zip(self.panel(refusal), outcomes, strict=False):
            refusal = self.take(refusal, "vote", actor=member, outcome=outcome)
        return refusal

    def facts(self, thing) -> list[str]:
        """Return the kinds of facts of a refusal, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("refusals.") for fact in ledger.history(thing.id)]

    def contents(self, thing, kind: str) -> list[dict]:
        """Return the data of all facts of one kind."""
        with database.writing():
            return [ledger.content(f)["data"] for f in ledger.history(thing.id) if f.kind == f"refusals.{kind}"]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            return sum(Notice.objects.filter(person_id=actor.person_id, key=key).values_list("count", flat=True))

    def panelists(self) -> int:
        with database.writing():
            return Panelist.objects.count()


@pytest.fixture
def court(db):
    with clock.at(NOW):
        district = Court()
        for role in ("coordinator", "catch_all", "discipline", "seat"):
            district.staff(role)
        district.liaison()
        district.fill_pool()
        yield district

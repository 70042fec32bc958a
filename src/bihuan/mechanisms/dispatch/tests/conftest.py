"""A district in which matters are returned."""

import datetime as dt
import itertools

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.services import take
from bihuan.foundation.kernel import clock

WORDS = {"reason": "该事项不属于本单位职责", "basis": "三定方案第四条"}


class Returning(factories.District):
    """The district, with objections and rulings."""

    def returned(self, *path: str, upheld: bool = True, minute: int = 0) -> str:
        """Return the number of a case that went from `path[0]` to `path[1]` … by objections, and the last one's ruling.

        The last department of the path got it by the last ruling; with upheld False the last objection was refused.
        """
        number = self.case("accept", now=NOW + dt.timedelta(minutes=minute)).number
        now = NOW + dt.timedelta(minutes=minute + 2)
        self.act(number, "dispatch", now=now, lead=path[0], co=[])
        for came_from, went_to in itertools.pairwise(path):
            now += dt.timedelta(minutes=1)
            self.object(number, came_from, now)
            ruling = {"upheld": upheld, "lead": went_to if upheld else None}
            self.act(number, "rule_objection", now=now + dt.timedelta(seconds=30), **ruling)
        return number

    def object(self, number: str, department: str, now: dt.datetime = NOW + dt.timedelta(hours=1)) -> None:
        """Let a department say that a matter is not its own."""
        take(number=number, action="object", actor=self.liaison(department), now=now, body=WORDS)


@pytest.fixture
def district(db):
    with clock.at(NOW):
        yield Returning()

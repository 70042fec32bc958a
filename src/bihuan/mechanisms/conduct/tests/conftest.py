"""A district that writes lists of conduct."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.mechanisms.conduct import services
from bihuan.mechanisms.conduct.models import Sheet

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Scribe(factories.District):
    """The district, with what tests of conduct lists ask again and again."""

    def draft(self, *, actor=None, now=NOW, **given) -> Sheet:
        """Draft a list."""
        body = {
            "kind": "contact", "audience": "党政机关干部", "title": "政商交往正面清单和负面清单", "basis": "试行",
            "effective_on": "2026-11-20", "positive": "依规走访企业\n公开答复诉求",
            "negative": "收受礼金\n\n  借用车辆  ",
        }  # fmt: skip
        return services.draft(region=DISTRICT, body=body | given, actor=actor or self.staff("discipline"), now=now)

    def take(self, sheet, action, *, actor=None, now=NOW + HOUR, **body) -> Sheet:
        """Take an action by whoever usually does it."""
        usual = self.staff("leader") if action in ("publish", "withdraw") else self.staff("discipline")
        given = {"actor": actor or usual, "now": now, "body": {"text": "同意"} | body}
        return services.take(sheet_id=sheet.id, action=action, **given)

    def published(self, **given) -> Sheet:
        """Return a list that was published."""
        return self.take(self.draft(**given), "publish")

    def integrity(self) -> Sheet:
        """Return an integrity list in force."""
        return self.published(kind="integrity", audience="民营企业", title="清廉民企清单", effective_on="2026-11-16")

    def examine(self, sheet, *, actor=None, now=NOW + HOUR, **given):
        """Examine the district's firm."""
        body = {"enterprise": self.firm.uscc, "advice": "建议建立礼品登记", "N1": "broken", "P1": "kept"} | given
        return services.examine(sheet_id=sheet.id, body=body, actor=actor or self.staff("discipline"), now=now)

    def facts(self, thing) -> list[str]:
        """Return the kinds of its facts, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("conduct.") for fact in ledger.history(thing.id)]


@pytest.fixture
def scribe(db):
    with clock.at(NOW):
        made = Scribe()
        for role in ("discipline", "supervision_office", "leader", "coordinator"):
            made.staff(role)
        assert made.owner
        yield made

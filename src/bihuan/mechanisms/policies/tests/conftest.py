"""A district with policies, and enterprises of which some is known."""

import datetime as dt
import uuid

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.mechanisms.policies import selectors, services
from bihuan.mechanisms.policies.models import Clause, Policy, Profile

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LATER = NOW + 2 * HOUR
REWARD = {
    "code": "1",
    "name": "首次纳统并在库两年的规上服务业企业奖励",
    "track": "free",
    "conditions": [
        {"text": "规模以上", "cel": "above_scale"},
        {"text": "服务业", "cel": "industry.startsWith('F') || industry.startsWith('L')"},
        {"text": "首次纳统满两年", "cel": "above_scale_since <= '2024-11-16'"},
    ],
    "formula": "200000",
    "shares": [{"level": "city", "percent": "50"}, {"level": "county", "percent": "50"}],
}
FITS = {"above_scale": True, "above_scale_since": "2024-01-31"}


class Office(factories.District):
    """The district, with what tests of policies ask again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.centre = self.staff("coordinator")
        self.more = False

    def draft(self, *, actor=None, now=NOW, **given) -> Policy:
        """Begin a policy."""
        body = {
            "code": "澜政〔2026〕20号",
            "title": "促进“双招双引”和高质量发展政策20条",
            "level": "county",
            "department": "housing",
            "valid_from": "2026-01-01",
        }
        return services.draft(region=DISTRICT, body=body | given, actor=actor or self.centre, now=now)

    def take(self, policy, action, *, actor=None, now=NOW, **body) -> Policy:
        """Take an action on a policy."""
        given = {"actor": actor or self.centre, "now": now, "body": {"text": "属实"} | body}
        return services.take(policy_id=policy.id, action=action, **given)

    def clause(self, policy, *, actor=None, now=NOW, **given) -> Clause:
        """Add a clause."""
        who = actor or self.centre
        return services.write_clause(policy_id=policy.id, body=REWARD | given, actor=who, now=now)

    def published(self, *clauses, now=NOW, **given) -> list[Clause]:
        """Publish a policy with these clauses, one like the article's if none is given, and match them."""
        policy = self.draft(now=now, **given)
        made = [self.clause(policy, now=now, **one) for one in clauses or ({},)]
        self.take(policy, "publish", now=now)
        services.match_waiting(now=now)
        return [self.fresh_clause(one.id) for one in made]

    def fresh_clause(self, clause_id: uuid.UUID) -> Clause:
        """Return a clause as stored."""
        with database.writing():
            return Clause.objects.select_related("policy").get(pk=clause_id)

    def firms(self, count: int, first: int = 100, **details) -> list:
        """Make enterprises of one trade."""
        given = {"industry": "L72", "size": "small"} | details
        self.more = True
        return [directory.make_enterprise(first + n, **given) for n in range(count)]

    def fill(self, firm, *, actor=None, now=NOW, **values) -> Profile:
        """Fill in a profile."""
        return services.fill(uscc=firm.uscc, values=values, actor=actor or self.centre, now=now)

    def fill_all(self, firms, **facts) -> None:
        """Let the same be known of many at once, as after a file was taken in."""
        services.sync(now=NOW)
        with database.writing():
            Profile.objects.filter(enterprise__in=firms).update(facts=facts)

    def entitled(self, firm, *, actor=None, now=NOW) -> dict[str, selectors.judged.Entitled]:
        """Return what came of each clause for an enterprise, by the clause's number."""
        found = selectors.judged.entitlements(uscc=firm.uscc, actor=actor or self.centre, now=now)
        return {one.clause.code: one for one in found}

    def fits(self, clause, result="yes", *, actor=None) -> list[str]:
        """Return the credit codes of those who fit."""
        who = actor or self.centre
        _clause, found, _more = selectors.matched.page(clause_id=clause.id, actor=who, result=result, limit=500)
        return [one.uscc for one in found if one.uscc not in self.quiet]

    @property
    def quiet(self) -> set[str]:
        """The district's own two firms, of which nothing is known, where a test has others."""
        return {self.firm.uscc, self.other_firm.uscc} if self.more else set()

    def facts(self, thing) -> list[str]:
        """Return the kinds of its facts, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("policies.") for fact in ledger.history(thing.id)]


@pytest.fixture
def office(db):
    with clock.at(NOW):
        made = Office()
        made.liaison()
        assert made.owner
        yield made

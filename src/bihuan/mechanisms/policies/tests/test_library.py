"""Policies and clauses: written, published, amended; who fits, why, how much; matches that follow what changes."""

import datetime as dt
from decimal import Decimal

import pytest

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.directory import services as directory_services
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import database, errors
from bihuan.mechanisms.policies import selectors, services, wording
from bihuan.mechanisms.policies.models import Match, Profile, Terms
from bihuan.mechanisms.policies.states import CLAUSES, POLICIES, ClauseState, PolicyState
from bihuan.mechanisms.policies.tests.conftest import DAY, FITS, LATER


def refused(wanted: str, act, /, *args, **given) -> errors.Problem:
    with pytest.raises(errors.Problem) as problem:
        act(*args, **given)
    assert problem.value.code == wanted
    return problem.value


def amend(office, clause, *, now=LATER, actor=None, **given):
    with database.writing():
        terms = Terms.objects.get(clause=clause, until=None)
    names = ("conditions", "formula", "shares")
    body = {name: getattr(terms, name) for name in names} | given
    return services.amend(clause_id=clause.id, body=body, actor=actor or office.centre, now=now)


def move(firm, *, now, **changes):
    details = {"name": firm.name, "region": firm.region, "industry": firm.industry, "size": firm.size} | changes
    return directory_services.update_enterprise(
        enterprise_id=firm.id, details=directory_services.Details(**details), actor_id=OPERATOR, now=now
    )


def test_words_are_complete():
    assert set(wording.STATES) == {one.value for one in PolicyState}
    assert set(wording.CLAUSES) == {one.value for one in ClauseState}
    assert {row.action for row in POLICIES.transitions} == set(wording.ACTIONS)
    assert {row.action for row in CLAUSES.transitions} == {"open_clause", "amend", "close_clause"}


class TestWriting:
    def test_a_policy_is_written_by_its_department_and_published_by_the_centre(self, office):
        unit = office.liaison()
        policy = office.draft(actor=unit)
        refused("no_clause", office.take, policy, "publish")
        clause = office.clause(policy, actor=unit)
        refused("forbidden", office.take, policy, "publish", actor=unit)
        refused("code_taken", office.clause, policy)
        policy = office.take(policy, "publish")
        assert (policy.state, policy.guide_due_at.date()) == ("in_force", dt.date(2026, 11, 25))
        office.take(policy, "write_guide", actor=unit, text="谁能享、怎么享、找谁问。")
        assert office.facts(policy) == ["drafted", "write_clause", "publish", "write_guide"]
        assert office.facts(clause) == ["clause_written", "open_clause"]
        policy = office.take(policy, "end", now=LATER)
        assert office.fresh_clause(clause.id).state == "closed"
        refused("state_forbids", office.take, policy, "end", now=LATER)

    def test_others_write_nothing_and_read_no_draft(self, office):
        policy = office.draft()
        for who in (office.owner, office.liaison("water"), office.staff("leader"), office.staff("seat")):
            refused("forbidden", office.draft, actor=who, code="x")
        for who in (office.owner, office.liaison("water")):
            refused("policy_not_found", office.clause, policy, actor=who)
        office.clause(policy)
        office.take(policy, "publish")
        seen = selectors.library.find(policy_id=policy.id, actor=office.owner, now=NOW)
        assert (seen.policy.id, seen.available_actions, len(seen.clauses)) == (policy.id, [], 1)
        assert selectors.library.trace(found=seen, actor=office.owner) == []
        refused("forbidden", office.take, policy, "end", actor=office.staff("leader"))

    @pytest.mark.parametrize(
        ("given", "code", "field"),
        [
            ({"conditions": [{"text": "", "cel": "profit > 3"}]}, "clause_flawed", "conditions"),
            ({"conditions": [{"cel": "revenue > 3"}, {"cel": "revenue < 2"}]}, "clause_flawed", "conditions"),
            ({"conditions": "revenue > 3"}, "invalid_body", "conditions"),
            ({"formula": "revenue / 0"}, "clause_flawed", "formula"),
            ({"formula": "above_scale"}, "clause_flawed", "formula"),
            ({"formula": ""}, "clause_flawed", "formula"),
            ({"cap": "-1"}, "amount_wrong", "cap"),
            ({"year_cap": "much"}, "amount_wrong", "year_cap"),
            ({"shares": [{"level": "city", "percent": "50"}]}, "clause_flawed", "shares"),
            ({"shares": [{"level": "moon", "percent": "100"}]}, "clause_flawed", "shares"),
            ({"shares": [{"level": "city", "percent": "NaN"}]}, "clause_flawed", "shares"),
            ({"shares": "all"}, "invalid_body", "shares"),
            ({"proofs": [{"name": "纳税证明", "source": "税务局"}]}, "papers_flawed", "proofs"),
            ({"track": "slow"}, "invalid_body", "track"),
            ({"as_of": "2026-02-30"}, "day_wrong", "as_of"),
            ({"window_from": "2026-03-01", "window_to": "2026-02-01"}, "day_wrong", "window_to"),
        ],
    )
    def test_what_is_wrong_is_refused_with_its_name(self, office, given, code, field):
        policy = office.draft()
        problem = refused(code, office.clause, policy, **given)
        assert problem.field == field
        assert office.facts(policy) == ["drafted"]

    def test_a_proof_may_be_given_in_several_ways(self, office):
        """九组: 由行业协会开具一种, 调整为企业自证、第三方佐证、行业协会证明三种."""
        clause = office.clause(office.draft(), proofs=[{"name": "行业证明", "ways": ["self", "third", "association"]}])
        with database.writing():
            kept = clause.terms.get().proofs
        assert [one["ways"] for one in kept] == [["self", "third", "association"]]

    def test_all_flaws_are_said_at_once(self, office):
        conditions = [{"cel": "a"}, {"cel": "staff > 1"}, {"cel": "staff >"}]
        problem = refused("clause_flawed", office.clause, office.draft(), conditions=conditions)
        assert [(one["condition"], one["code"]) for one in problem.extra["flaws"]] == [(1, "field"), (3, "end")]

    def test_numbers_are_taken_once_and_days_have_an_order(self, office):
        office.draft()
        refused("code_taken", office.draft)
        refused("day_wrong", office.draft, code="x", valid_to="2025-01-01")
        refused("day_wrong", office.draft, code="x", valid_from="")
        refused("department_unknown", office.draft, code="x", department="none")

    def test_what_is_over_ends_by_itself(self, office):
        (clause,) = office.published(valid_to="2026-11-20")
        assert services.end_due(now=NOW + 3 * DAY) == 0
        assert services.end_due(now=NOW + 4 * DAY) == 1
        assert office.fresh_clause(clause.id).state == "closed"
        services.match_waiting(now=NOW + 4 * DAY)
        with database.writing():
            assert not Match.objects.exists()


class TestWhoFits:
    def test_yes_no_and_what_is_missing(self, office):
        (clause,) = office.published()
        service, other = office.firms(2)
        (works,) = office.firms(1, first=300, industry="C26")
        office.fill(service, **FITS)
        office.fill(other, above_scale="是")
        found = office.entitled(service)["1"]
        assert (found.outcome, found.amount) == ("yes", Decimal(200000))
        found = office.entitled(other)["1"]
        assert (found.outcome, found.needs, found.amount) == ("unknown", ("above_scale_since",), None)
        assert [one.outcome for one in found.verdicts] == ["yes", "yes", "unknown"]
        found = office.entitled(works)["1"]
        assert (found.outcome, [one.outcome for one in found.verdicts]) == ("no", ["unknown", "no", "unknown"])
        services.sync(now=NOW)
        services.match_all(now=NOW)
        assert office.fits(clause) == [service.uscc]
        assert office.fits(clause, "unknown") == [other.uscc]

    def test_a_change_of_one_is_matched_at_once_and_all_agree(self, office):
        (clause,) = office.published()
        one = office.firms(1)[0]
        services.sync(now=NOW)
        assert office.fits(clause, "unknown") == [one.uscc]
        office.fill(one, **FITS)
        assert (office.fits(clause), office.fits(clause, "unknown")) == ([one.uscc], [])
        office.fill(one, above_scale="")
        assert (office.fits(clause), office.fits(clause, "unknown")) == ([], [one.uscc])
        office.fill(one, above_scale=False)
        assert (office.fits(clause), office.fits(clause, "unknown")) == ([], [])
        with database.writing():
            before = list(Match.objects.values_list("yes_count", "unknown_count"))
        services.match_all(now=NOW)
        assert before == [(0, 2)]
        assert office.fits(clause) == []

    def test_a_benefit_is_for_enterprises_of_its_place_only(self, office):
        directory.make_region("999902", "外区")
        away = directory.make_enterprise(900, region="999902", industry="L72")
        (clause,) = office.published({"conditions": []})
        services.sync(now=NOW)
        assert away.uscc not in office.fits(clause)
        assert len(office.fits(clause)) == 2
        with database.writing():
            assert [one.clause.code for one in selectors.judged.judged(away, NOW)] == []

    def test_a_firm_that_moves_or_grows_is_judged_as_of_the_day(self, office):
        directory.make_region("999902", "外区")
        small = {"conditions": [{"text": "小型", "cel": "size == 'small'"}]}
        now_, then = office.published({"code": "now", **small}, {"code": "then", "as_of": "2026-11-01", **small})
        one = office.firms(1)[0]
        services.sync(now=NOW)
        assert one.uscc in office.fits(now_)
        move(one, now=NOW + DAY, size="medium")
        assert (one.uscc in office.fits(now_), one.uscc in office.fits(then)) == (False, True)
        services.match_all(now=NOW + DAY)
        assert (one.uscc in office.fits(now_), one.uscc in office.fits(then)) == (False, True)
        found = office.entitled(one, now=NOW + DAY)
        assert (found["now"].outcome, found["then"].outcome) == ("no", "yes")
        move(one, now=NOW + 2 * DAY, region="999902")
        assert (one.uscc in office.fits(now_), one.uscc in office.fits(then)) == (False, True)
        services.match_all(now=NOW + 2 * DAY)
        assert (one.uscc in office.fits(now_), one.uscc in office.fits(then)) == (False, True)
        with database.writing():
            assert [each.clause.code for each in selectors.judged.judged(one, NOW + 2 * DAY)] == ["then"]
        with database.writing():
            assert Profile.objects.get(enterprise=one).region == DISTRICT

    def test_a_cap_that_changes_in_mid_year_holds_from_its_day(self, office):
        (clause,) = office.published({"conditions": [], "cap": "150000"})
        amend(office, clause, cap="120000", since="2026-11-20")
        firm = office.firm
        assert office.entitled(firm, now=NOW + DAY)["1"].amount == 150000
        found = office.entitled(firm, now=NOW + 4 * DAY)["1"]
        assert (found.amount, [step.code for step in found.steps]) == (120000, ["formula", "cap"])
        refused("since_past", amend, office, clause, since="2026-11-01")
        refused("since_past", amend, office, clause, since="2026-11-18", now=NOW + 2 * DAY)
        assert office.fresh_clause(clause.id).version == 2

    def test_a_formula_that_divides_by_zero_is_unknown_not_a_fault(self, office):
        office.published({"conditions": [], "formula": "tax_paid / staff"})
        office.fill(office.firm, staff=0, tax_paid=100)
        found = office.entitled(office.firm)["1"]
        assert (found.outcome, found.needs, found.amount) == ("unknown", (), None)
        office.fill(office.firm, staff=8)
        assert office.entitled(office.firm)["1"].amount == Decimal("12.50")

    def test_what_changes_while_all_are_matched_waits_for_its_turn(self, office):
        (clause,) = office.published({"conditions": []})
        amend(office, clause, cap="5")
        assert office.fresh_clause(clause.id).stale
        assert services.match_waiting(now=LATER) == 1
        assert not office.fresh_clause(clause.id).stale
        assert services.match_waiting(now=LATER) == 0


class TestProfiles:
    def test_who_fills_in_what(self, office):
        profile = office.fill(office.firm, actor=office.owner, staff="1,200", high_tech="是")
        assert (profile.facts, profile.sources["staff"]["source"]) == ({"staff": 1200, "high_tech": True}, "self")
        refused("enterprise_not_found", office.fill, office.firm, actor=office.stranger, staff=1)
        refused("forbidden", office.fill, office.firm, actor=office.staff("leader"), staff=1)
        refused("field_unknown", office.fill, office.firm, region="999901")
        refused("value_wrong", office.fill, office.firm, staff="many")
        office.fill(office.firm, staff=1200)
        office.fill(office.firm, staff="")
        assert office.facts(profile) == ["profile_changed", "profile_changed"]

    def test_names_of_fields_are_on_record_and_values_are_not(self, office):
        from bihuan.foundation.ledger import selectors as ledger

        profile = office.fill(office.firm, tax_paid=123456789)
        with database.writing():
            text = ledger.history(profile.id)[0].canonical
        assert "tax_paid" in text
        assert "123456789" not in text

    def test_each_enterprise_reads_its_own_entitlements_only(self, office):
        office.published()
        assert list(office.entitled(office.firm, actor=office.owner)) == ["1"]
        refused("enterprise_not_found", office.entitled, office.firm, actor=office.stranger)
        refused("enterprise_not_found", office.entitled, office.firm, actor=office.liaison())

    def test_who_fits_is_for_offices_and_the_department(self, office):
        (clause,) = office.published({"conditions": []})
        services.sync(now=NOW)
        for who in (office.liaison(), office.staff("discipline"), office.staff("leader")):
            assert len(office.fits(clause, actor=who)) == 2
        for who in (office.owner, office.liaison("water"), office.staff("seat")):
            refused("forbidden", office.fits, clause, actor=who)
        refused("invalid_query", office.fits, clause, "no")

    def test_bulk_costs_the_same_for_many(self, office, django_assert_max_num_queries):
        office.published({"conditions": []}, {"code": "2"}, {"code": "3", "conditions": [{"cel": "staff > 3"}]})
        office.firms(30)
        services.sync(now=NOW)
        office.more = False
        with django_assert_max_num_queries(40):
            services.match_all(now=NOW)
        with django_assert_max_num_queries(20):
            office.entitled(office.firm)

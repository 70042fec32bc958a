"""Money that comes without an application: offered, refused, decided, announced, paid once, and what is not paid."""

import io
from decimal import Decimal

import openpyxl
import pytest

from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.policies import selectors, services, wording
from bihuan.mechanisms.policies.models import Grant, Round, Share
from bihuan.mechanisms.policies.states import GRANTS, ROUNDS, GrantState, RoundState
from bihuan.mechanisms.policies.tests.conftest import DAY, FITS, LATER
from bihuan.mechanisms.policies.tests.test_library import refused

REVIEW, NOTICE, PAYING, OVER = (NOW + n * DAY for n in (8, 9, 17, 40))


def draw(office, clause, *, now=NOW, actor=None, **body) -> Round:
    return services.draw(clause_id=clause.id, body=body, actor=actor or office.liaison(), now=now)


def grants(made) -> list[Grant]:
    with database.writing():
        rows = Grant.objects.filter(round=made).select_related("enterprise")
        return list(rows.order_by("enterprise__uscc"))


def fresh(made) -> Round:
    with database.writing():
        return Round.objects.get(pk=made.pk)


def act(office, made, action, *, actor=None, now=REVIEW, **body) -> Round:
    given = {"actor": actor or office.liaison(), "now": now, "body": body}
    return services.take_round(round_id=made.id, action=action, **given)


def say(grant, action, *, actor, now=LATER, **body) -> Grant:
    return services.take_grant(grant_id=grant.id, action=action, actor=actor, now=now, body=body)


def pay(office, made, rows, *, level="county", reference="B-1", now=PAYING, actor=None):
    given = {"rows": rows, "actor": actor or office.centre, "now": now}
    return services.take_payments(round_id=made.id, level=level, reference=reference, **given)


def lines(made, amount="100000", day="2026-12-03", prefix="R") -> list[dict]:
    found = [one for one in grants(made) if one.state in ("due", "paid")]
    return [
        {"uscc": one.enterprise.uscc, "amount": amount, "receipt": f"{prefix}-{at}", "paid_on": day}
        for at, one in enumerate(found)
    ]


def paying(office, count=3, **clause):
    """Return a delivery that is being paid, after everybody kept silent and the department approved."""
    firms = office.firms(count)
    office.fill_all(firms, **FITS)
    (made_clause,) = office.published(clause)
    made = draw(office, made_clause)
    services.advance_due(now=REVIEW)
    act(office, made, "approve")
    services.advance_due(now=PAYING)
    return fresh(made), firms


def test_words_are_complete():
    assert set(wording.ROUNDS) == {one.value for one in RoundState}
    assert set(wording.GRANTS) == {one.value for one in GrantState}
    persons = {row.action for row in GRANTS.transitions if row.roles - {"system"}}
    assert persons == set(wording.GRANT_ACTIONS)
    persons = {row.action for row in ROUNDS.transitions if row.roles - {"system"}}
    assert persons - {"take_payments"} == set(wording.ROUND_ACTIONS)


def test_217_enterprises_get_21_7_million_without_one_application(office):
    """市南: 首次纳统并在库两年, 20 万元, city and district; two levels pay, one enterprise waits in vain."""
    made, _firms = paying(
        office, 217, shares=[{"level": "city", "percent": "50"}, {"level": "county", "percent": "50"}]
    )
    found = selectors.delivery.counts(made=made, actor=office.centre, now=PAYING)
    assert (made.state, found.states, found.amount) == ("paying", {"due": 217}, Decimal(43_400_000))
    assert [(one.level, one.owed) for one in found.levels] == [("city", 21_700_000), ("county", 21_700_000)]
    taken = pay(office, made, lines(made))
    assert (taken.batch.rows, taken.batch.total, taken.batch.refused) == (217, Decimal(21_700_000), [])
    pay(office, made, lines(made, prefix="S")[1:], level="city", reference="B-2")
    assert services.raise_unpaid(now=PAYING) == 0
    assert services.raise_unpaid(now=OVER) == 1
    assert services.raise_unpaid(now=OVER) == 0
    with database.writing():
        case = Case.objects.get()
        share = Share.objects.get(paid_at=None)
        assert (case.enterprise_id, share.case_id) == (grants(made)[0].enterprise_id, case.id)
        assert "20" in case.title
    assert fresh(made).state == "paying"
    late = selectors.delivery.gaps(actor=office.centre, now=OVER)[0]
    assert (late.offered, late.told, late.due, late.in_time, late.late) == (217, 0, 434, 433, 1)
    assert late.late_amount == Decimal(100_000)
    pay(office, made, lines(made, prefix="S")[:1], level="city", reference="B-3", now=OVER)
    assert fresh(made).state == "done"


def test_who_is_told_and_who_knows(office):
    made_clause = office.published({"conditions": []})[0]
    services.sync(now=NOW)
    made = draw(office, made_clause)
    assert services.tell_waiting(now=LATER) == 2
    assert services.tell_waiting(now=LATER) == 0
    found = selectors.delivery.counts(made=made, actor=office.centre, now=LATER)
    assert (found.told, found.known) == (1, 0)
    assert services.know(enterprise_id=office.firm.id, actor=office.owner, now=LATER) == 1
    assert services.know(enterprise_id=office.firm.id, actor=office.owner, now=LATER) == 0
    assert services.know(enterprise_id=office.other_firm.id, actor=office.owner, now=LATER) == 0
    assert selectors.delivery.counts(made=made, actor=office.centre, now=LATER).known == 1


class TestAnswers:
    @pytest.fixture
    def made(self, office):
        clause = office.published({"conditions": []})[0]
        services.sync(now=NOW)
        return draw(office, clause)

    def mine(self, office, made):
        return next(one for one in grants(made) if one.enterprise_id == office.firm.id)

    def test_an_enterprise_may_refuse_and_nobody_does_it_for_another(self, office, made):
        mine = self.mine(office, made)
        refused("grant_not_found", say, mine, "refuse", actor=office.stranger, text="x")
        refused("forbidden", say, mine, "refuse", actor=office.liaison(), text="x")
        refused("invalid_body", say, mine, "refuse", actor=office.owner)
        assert say(mine, "refuse", actor=office.owner, text="不需要").state == "refused"
        refused("state_forbids", say, mine, "accept", actor=office.owner)
        services.advance_due(now=REVIEW)
        assert [one.state for one in grants(made)].count("willing") == 1
        act(office, made, "approve")
        assert sorted(one.state for one in grants(made)) == ["approved", "refused"]

    def test_silence_is_refusal_where_the_place_says_so(self, office):
        from bihuan.foundation.directory.permissions import OPERATOR
        from bihuan.foundation.rulebooks import services as rulebooks

        text = 'name: {zh: 试验区, en: Trial}\nregion: "999901"\npolicies: {silence_is_consent: false}\n'
        with clock.at(NOW):
            rulebooks.apply(region="999901", name="trial", text=text, actor_id=OPERATOR, now=NOW)
        clause = office.published({"conditions": []})[0]
        services.sync(now=NOW)
        made = draw(office, clause)
        say(self.mine(office, made), "accept", actor=office.owner)
        services.advance_due(now=REVIEW)
        assert sorted(one.state for one in grants(made)) == ["refused", "willing"]

    def test_the_department_decides_not_the_centre_and_not_another(self, office, made):
        refused("state_forbids", act, office, made, "approve", now=LATER)
        services.advance_due(now=REVIEW)
        refused("forbidden", act, office, made, "approve", actor=office.centre)
        refused("round_not_found", act, office, made, "approve", actor=office.liaison("water"))
        refused("unknown_action", act, office, made, "start_paying")
        mine = self.mine(office, made)
        say(mine, "reject", actor=office.liaison(), now=REVIEW, text="已停业")
        act(office, made, "approve")
        assert fresh(made).notice_until > REVIEW
        assert services.advance_due(now=PAYING) == 1
        refused("state_forbids", act, office, made, "stop", actor=office.centre, now=PAYING, text="x")
        assert fresh(made).state == "paying"

    def test_an_objection_in_the_notice_takes_one_off(self, office, made):
        services.advance_due(now=REVIEW)
        act(office, made, "approve")
        say(self.mine(office, made), "reject", actor=office.liaison(), now=NOTICE, text="异议成立")
        services.advance_due(now=PAYING)
        assert sorted(one.state for one in grants(made)) == ["due", "rejected"]

    def test_stopping_ends_all(self, office, made):
        act(office, made, "stop", actor=office.centre, now=LATER, text="政策调整")
        assert {one.state for one in grants(made)} == {"rejected"}
        assert services.advance_due(now=OVER) == 0

    def test_a_budget_that_does_not_reach_is_said_before_anybody_is_promised(self, office, made):
        with database.writing():
            Round.objects.filter(pk=made.id).update(budget={"county": "150000"})
        services.advance_due(now=REVIEW)
        problem = refused("budget_short", act, office, made, "approve")
        assert problem.extra["short"] == {"county": "50000.00"}
        say(self.mine(office, made), "reject", actor=office.liaison(), now=REVIEW, text="预算不足")
        assert act(office, made, "approve").state == "notice"


class TestDrawing:
    def test_once_for_a_period_and_only_who_fits(self, office):
        firms = office.firms(2)
        (clause,) = office.published()
        refused("nobody_fits", draw, office, clause)
        office.fill(firms[0], **FITS)
        made = draw(office, clause)
        assert [one.enterprise_id for one in grants(made)] == [firms[0].id]
        assert made.offered == 1
        refused("round_open", draw, office, clause)
        refused("forbidden", draw, office, clause, actor=office.staff("leader"), period="x")
        refused("forbidden", draw, office, clause, actor=office.owner, period="x")
        refused("amount_wrong", draw, office, clause, period="x", budget={"city": "much"})
        refused("invalid_body", draw, office, clause, period="x", budget={"moon": "1"})
        services.advance_due(now=REVIEW)
        act(office, made, "approve")
        office.fill(firms[1], **FITS, now=NOTICE)
        again = draw(office, clause, now=NOTICE)
        assert ([one.enterprise_id for one in grants(again)], again.left_out) == ([firms[1].id], 1)

    def test_benefits_that_do_not_add_up_give_the_higher(self, office):
        firms = office.firms(1)
        low = {"code": "1", "formula": "100000", "stack": "规上"}
        high = {"code": "2", "formula": "300000", "stack": "规上"}
        first, second = office.published(low, high)
        office.fill(firms[0], **FITS)
        one, two = draw(office, first), draw(office, second)
        assert [grants(made)[0].amount for made in (one, two)] == [100_000, 300_000]
        services.advance_due(now=REVIEW)
        act(office, one, "approve")
        act(office, two, "approve")
        assert [grants(made)[0].amount for made in (one, two)] == [100_000, 200_000]
        found = office.entitled(firms[0], now=NOTICE)
        assert (found["2"].amount, found["2"].steps[-1].code) == (200_000, "stack")

    def test_applying_for_what_is_not_free(self, office):
        (clause,) = office.published({"track": "quick", "conditions": [{"cel": "staff > 3"}]})
        apply = services.apply
        given = {"clause_id": clause.id, "uscc": office.firm.uscc, "now": LATER}
        refused("round_closed", apply, **given, actor=office.owner)
        made = draw(office, clause)
        assert made.offered == 0
        problem = refused("not_entitled", apply, **given, actor=office.owner)
        assert problem.extra["needs"] == ["staff"]
        office.fill(office.firm, staff=5)
        refused("forbidden", apply, **given, actor=office.centre)
        assert apply(**given, actor=office.owner).state == "willing"
        refused("applied_already", apply, **given, actor=office.owner)
        services.advance_due(now=REVIEW)
        refused("round_closed", apply, **given | {"now": REVIEW}, actor=office.owner)
        assert fresh(made).offered == 1


class TestPayments:
    def test_the_same_batch_twice_pays_once(self, office):
        made, _firms = paying(office)
        rows = lines(made)
        first = pay(office, made, rows)
        again = pay(office, made, list(reversed(rows)))
        assert (first.again, again.again, again.batch.id) == (False, True, first.batch.id)
        refused("batch_differs", pay, office, made, rows[:1])
        other = pay(office, made, rows, reference="B-2")
        assert (other.batch.rows, [one["code"] for one in other.batch.refused]) == (0, ["paid"] * 3)
        with database.writing():
            assert Share.objects.filter(paid_at__isnull=False).count() == 3

    def test_each_bad_row_is_refused_with_its_line_and_why(self, office):
        made, _firms = paying(office, 4)
        good = lines(made)
        rows = [
            good[0],
            good[0] | {"receipt": "R-x"},
            good[1] | {"amount": "1"},
            good[1] | {"receipt": good[0]["receipt"]},
            good[2] | {"paid_on": "2027-01-01"},
            good[2] | {"paid_on": "soon"},
            good[3] | {"uscc": "nonsense"},
            good[3] | {"uscc": office.firm.uscc},
            good[3] | {"receipt": ""},
        ]
        taken = pay(office, made, rows)
        assert taken.batch.rows == 1
        assert [(one["line"], one["code"]) for one in taken.batch.refused] == [
            (2, "twice"), (3, "amount"), (4, "receipt"), (5, "day"), (6, "day"), (7, "uscc"), (8, "unknown"),
            (9, "receipt"),
        ]  # fmt: skip
        refused("invalid_body", pay, office, made, [], reference="B-2")
        refused("invalid_body", pay, office, made, good, reference="")
        refused("invalid_body", pay, office, made, good, reference="B-2", level="moon")
        refused("forbidden", pay, office, made, good, reference="B-2", actor=office.staff("leader"))

    def test_a_file_of_the_treasury(self, office):
        made, _firms = paying(office)
        book, out = openpyxl.Workbook(), io.BytesIO()
        book.active.append(["统一社会信用代码", "企业名称", "拨付金额", "流水号", "到账日期"])
        for row in lines(made):
            book.active.append([row["uscc"], "x", float(row["amount"]), row["receipt"], "2026/12/3"])
        book.save(out)
        out.seek(0)
        taken = pay(office, made, services.rows_of(out, filename="拨付.xlsx"))
        assert (taken.batch.rows, taken.batch.refused) == (3, [])

    def test_the_enterprise_says_whether_it_arrived(self, office):
        clause = office.published({"conditions": [], "shares": [{"level": "county", "percent": "100"}]})[0]
        services.sync(now=NOW)
        made = draw(office, clause)
        services.advance_due(now=REVIEW)
        act(office, made, "approve")
        services.advance_due(now=PAYING)
        pay(office, made, lines(made, amount="200000"))
        assert fresh(made).state == "done"
        mine = next(one for one in grants(made) if one.enterprise_id == office.firm.id)
        refused("forbidden", say, mine, "confirm", actor=office.liaison(), now=PAYING)
        found = say(mine, "dispute", actor=office.owner, now=PAYING, text="账上没有")
        with database.writing():
            assert (found.state, Case.objects.get(pk=found.case_id).enterprise_id) == ("disputed", office.firm.id)
        say(mine, "settle", actor=office.liaison(), now=PAYING, text="户名已更正，重新拨付")
        assert say(mine, "confirm", actor=office.owner, now=PAYING).state == "confirmed"

    def test_many_unpaid_are_one_matter_that_names_nobody(self, office):
        made, _firms = paying(office, 12, shares=[{"level": "county", "percent": "100"}])
        assert services.raise_unpaid(now=OVER) == 1
        with database.writing():
            case = Case.objects.get()
            assert (case.enterprise_id, Share.objects.filter(case=case).count()) == (None, 12)
        rows, _more = selectors.delivery.grants(made=made, actor=office.centre, state="late", limit=50)
        assert len(rows) == 12

    def test_each_enterprise_sees_its_own_money_only(self, office):
        made, firms = paying(office, 2)
        owner = office.person("boss", "enterprise", enterprise_id=firms[0].id)
        mine = selectors.delivery.of_firm(enterprise_id=firms[0].id, actor=owner)
        assert [(one.amount, len(one.shares.all()), one.round.state) for one in mine] == [(200_000, 2, "paying")]
        assert selectors.delivery.of_firm(enterprise_id=firms[1].id, actor=owner) == []
        refused("round_not_found", selectors.delivery.find, round_id=made.id, actor=owner)
        with database.reading(owner.scope()):
            assert (Grant.objects.count(), Share.objects.count(), Round.objects.count()) == (1, 2, 1)

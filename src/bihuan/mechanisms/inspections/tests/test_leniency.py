"""Lenient lists by violation and history; repairs of credit with their clocks."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.inspections import selectors, services
from bihuan.mechanisms.inspections.models import Leniency, Repair
from bihuan.mechanisms.inspections.rules import leniency as rules
from bihuan.mechanisms.inspections.rules.leniency import Needs, Violation
from bihuan.mechanisms.inspections.tests.conftest import DAY, HOUR, TODAY
from bihuan.mechanisms.inspections.tests.test_web import JSON, browser, caller

ALL = Needs(first=True, minor=True, corrected=True)


def happened(*, minor=True, corrected=True, earlier=()) -> Violation:
    return Violation(on=TODAY, minor=minor, corrected=corrected, earlier=tuple(earlier))


@pytest.mark.parametrize(
    ("needs", "violation", "lacks"),
    [
        (ALL, happened(), ()),
        (ALL, happened(minor=False, corrected=False), ("minor", "corrected")),
        (ALL, happened(earlier=[TODAY - DAY]), ("first",)),
        (ALL, happened(earlier=[dt.date(2024, 11, 16)]), ()),
        (ALL, happened(earlier=[dt.date(2024, 11, 17)]), ("first",)),
        (ALL, happened(earlier=[TODAY]), ()),
        (Needs(first=False, minor=True, corrected=False), happened(corrected=False, earlier=[TODAY - DAY]), ()),
    ],
)
def test_what_a_violation_lacks(needs, violation, lacks):
    assert rules.missing(needs, violation, first_years=2) == lacks


@given(
    first=st.booleans(), minor=st.booleans(), corrected=st.booleans(), days=st.lists(st.integers(0, 2000), max_size=5)
)
def test_a_worse_history_never_helps(first, minor, corrected, days):
    needs = Needs(first=first, minor=True, corrected=True)
    earlier = [TODAY - day * DAY for day in days]
    few = rules.missing(needs, happened(minor=minor, corrected=corrected), first_years=2)
    many = rules.missing(needs, happened(minor=minor, corrected=corrected, earlier=earlier), first_years=2)
    assert set(few) <= set(many)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [("2026-01-31", 1, "2026-02-28"), ("2028-02-29", -24, "2026-02-28"), ("2026-12-05", 12, "2027-12-05")],
)
def test_months_end_where_a_month_ends(day, months, later):
    assert rules.months_after(dt.date.fromisoformat(day), months).isoformat() == later


def entry(bureau, kind="first", *, violation="灭火器过期未更换", publish=True, **fields) -> Leniency:
    given = {"kind": kind, "violation": violation, "category": "fire", "minor": "yes", "corrected": "yes"}
    return bureau.enter("leniency", publish=publish, **given | {"first": "yes"} | fields)


class TestLists:
    def test_the_history_of_the_enterprise_decides(self, bureau):
        first = entry(bureau)
        entry(bureau, "lighter", first="no")
        entry(bureau, "exempt", violation="别的事", publish=False)

        def look(**given):
            found = selectors.lenient(violation="灭火器", actor=bureau.liaison(), now=NOW, **given)
            return [(one.entry.kind, one.applies, one.missing) for one in found]

        assert look() == [("first", False, ()), ("lighter", True, ())]
        assert look(enterprise=bureau.firm) == [("first", True, ()), ("lighter", True, ())]
        bureau.record()
        assert look(enterprise=bureau.firm) == [("lighter", True, ()), ("first", False, ("first",))]
        assert look(enterprise=bureau.firm, minor=False)[0][2] == ("first", "minor")
        with pytest.raises(errors.Forbidden):
            selectors.lenient(enterprise=bureau.firm, actor=bureau.stranger, now=NOW)
        bureau.list_action("leniency", first, "withdraw", text="清单更新")
        assert [kind for kind, _applies, _missing in look()] == ["lighter"]

    def test_it_is_looked_up_without_login_and_costs_two_questions(self, bureau, django_assert_max_num_queries):
        for number in range(12):
            entry(bureau, violation=f"灭火器问题 {number}")
        page = browser().get("/inspections/lenient/?violation=灭火器")
        assert (page.status_code, page.content.decode().count("if it is the first time")) == (200, 12)
        with django_assert_max_num_queries(8):
            selectors.lenient(violation="灭火器", enterprise=bureau.firm, actor=bureau.owner, now=NOW)
        answer = browser().get("/api/v1/inspections/lenient?violation=问题 3").json()["items"]
        assert [(one["applies"], one["needs"]) for one in answer] == [(None, ["first", "minor", "corrected"])]
        path = f"/inspections/lenient/?enterprise={bureau.firm.uscc}"
        assert [browser(one).get(path).status_code for one in (bureau.owner, bureau.stranger)] == [200, 403]
        assert browser().get(path).status_code in {302, 401, 403}
        assert browser(bureau.owner).get("/inspections/lenient/?enterprise=x").status_code == 422

    @pytest.mark.parametrize(("field", "wrong"), [("kind", "x"), ("category", "x"), ("violation", "")])
    def test_what_is_wrong_is_named(self, bureau, field, wrong):
        with pytest.raises(errors.Invalid) as caught:
            entry(bureau, **{field: wrong})
        assert caught.value.field == field


def asked(bureau, *, severity="minor", on=TODAY - 30 * DAY) -> Repair:
    record = bureau.record(severity=severity, on=on)
    return services.ask_repair(record_id=record.id, actor=bureau.owner, now=NOW)


def act(bureau, repair, action, *, actor=None, now=NOW, text="已整改并公示") -> Repair:
    who = actor or (bureau.owner if action in {"apply", "withdraw_repair"} else bureau.liaison())
    return services.take_repair(repair_id=repair.id, action=action, actor=who, now=now, body={"text": text})


class TestRepairs:
    def test_it_goes_its_way_and_the_record_counts_no_more(self, bureau):
        bureau.rule("jiaozhou")
        repair = asked(bureau)
        assert bureau.rate().grade == "B"
        assert bureau.told(bureau.liaison(), "repair_asked") == 1
        for action in ("guide", "apply", "return_application", "apply", "repair", "sync"):
            repair = act(bureau, repair, action)
        assert (repair.state, repair.due_at) == ("synced", None)
        steps = ["asked", "guide", "apply", "return_application", "apply", "repair", "sync"]
        assert bureau.facts(repair) == [f"repair_{one}" for one in steps]
        assert bureau.told(bureau.owner, "repair_told") == 4
        assert bureau.rate(now=NOW + HOUR).grade == "A"

    @pytest.mark.parametrize(
        ("severity", "first"), [("minor", TODAY - 30 * DAY), ("ordinary", None), ("serious", None)]
    )
    def test_not_before_its_time(self, bureau, severity, first):
        repair = act(bureau, asked(bureau, severity=severity), "guide")
        months = {"minor": 0, "ordinary": 3, "serious": 12}[severity]
        assert repair.earliest == (first or rules.months_after(TODAY - 30 * DAY, months))
        if first is None:
            with pytest.raises(errors.Conflict) as early:
                act(bureau, repair, "apply")
            assert early.value.code == "too_early"
            assert "apply" not in selectors.repair_actions(repair, bureau.owner, NOW)
        later = dt.datetime.combine(repair.earliest, dt.time(9), tzinfo=NOW.tzinfo)
        assert act(bureau, repair, "apply", now=max(NOW, later)).state == "applied"

    def test_each_side_takes_its_own_steps_once(self, bureau):
        repair = asked(bureau)
        for actor, action in (
            (bureau.owner, "guide"),
            (bureau.justice, "guide"),
        ):
            with pytest.raises(errors.Forbidden):
                act(bureau, repair, action, actor=actor)
        for actor in (bureau.stranger, bureau.liaison("water")):
            with pytest.raises(errors.NotFound):
                act(bureau, repair, "guide", actor=actor)
        with pytest.raises(errors.Conflict) as state:
            act(bureau, repair, "apply")
        assert state.value.code == "state_forbids"
        with pytest.raises(errors.Conflict) as twice:
            services.ask_repair(record_id=repair.record_id, actor=bureau.owner, now=NOW)
        assert twice.value.code == "repair_known"
        with pytest.raises(errors.NotFound):
            services.ask_repair(record_id=repair.record_id, actor=bureau.stranger, now=NOW)
        assert act(bureau, repair, "withdraw_repair").state == "withdrawn"
        assert services.ask_repair(record_id=repair.record_id, actor=bureau.owner, now=NOW).state == "asked"

    def test_what_is_late_is_noted(self, bureau):
        repair = asked(bureau)
        late = NOW + 15 * DAY
        with clock.at(late):
            cases.sweep(now=late)
        assert bureau.fresh(repair).late_since is not None
        assert bureau.facts(repair)[-1] == "repair_late"
        assert bureau.told(bureau.liaison(), "repair_late") == 1

    def test_pages_and_rest(self, bureau):
        record = bureau.record(severity="minor")
        firm, office = browser(bureau.owner), browser(bureau.liaison())
        assert "灭火器过期" in firm.get("/inspections/repairs/").content.decode()
        made = firm.post("/inspections/repairs/ask/", {"record": str(record.id)})
        path = made["Location"]
        assert office.post(f"{path}do/guide/", {"text": "交整改照片"}).status_code == 302
        assert "交整改照片" in firm.get(path).content.decode()
        assert browser(bureau.stranger).get(path).status_code == 404
        assert browser(bureau.justice).get("/inspections/repairs/").status_code == 200
        api = caller(bureau.owner)
        (row,) = api.get("/api/v1/inspections/repairs").json()["items"]
        assert row["available_actions"] == ["apply", "withdraw_repair"]
        took = api.post(
            f"/api/v1/inspections/repairs/{row['id']}/actions/apply", {"text": "照片三张"}, content_type=JSON
        )
        assert took.json()["state"] == "applied"
        assert api.post("/api/v1/inspections/repairs", {"record": "x"}, content_type=JSON).status_code == 422
        second = bureau.record(severity="minor", text="台账缺页")
        again = api.post("/api/v1/inspections/repairs", {"record": str(second.id)}, content_type=JSON)
        assert again.status_code == 201

    @pytest.mark.parametrize(
        ("who", "count"), [("justice", 1), ("body", 1), ("other", 0), ("owner", 1), ("stranger", 0)]
    )
    def test_the_second_wall_says_the_same(self, bureau, who, count):
        asked(bureau)
        actor = {
            "justice": bureau.justice,
            "body": bureau.liaison(),
            "other": bureau.liaison("water"),
            "owner": bureau.owner,
            "stranger": bureau.stranger,
        }[who]
        with database.reading(actor.scope()):
            assert Repair.objects.count() == count
        assert len(selectors.repairs_page(actor=actor)[0]) == count

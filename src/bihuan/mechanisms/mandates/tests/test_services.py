"""What becomes of mandates: terms, tasks and reports, windows and rotation, hand-overs, and what is counted."""

import datetime as dt

import pytest

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import database, errors
from bihuan.mechanisms.mandates import selectors, services
from bihuan.mechanisms.mandates.models import Mandate, Stay
from bihuan.mechanisms.mandates.tests.conftest import DAY, HOUR

ROTATING = """
name: {zh: 轮岗, en: Rotating}
mandates:
  kinds:
    - {id: window_staff, name: {zh: 窗口值守, en: Window staff}, window: true, rotate_days: 30, channels: [window]}
"""


class TestTerms:
    def test_a_term_is_announced_once_and_ends_by_itself(self, bureau):
        mandate = bureau.supervisor(until="2027-01-15")
        holder, keeper = bureau.staff("special_supervisor", "special"), bureau.staff("discipline")
        assert bureau.seen(mandate).light == "calm"
        bureau.sweep(NOW, NOW + 35 * DAY, 5 * DAY)
        assert (bureau.told(holder, "near"), bureau.told(keeper, "near")) == (1, 1)
        assert bureau.seen(mandate, now=NOW + 35 * DAY).light == "amber"
        bureau.sweep(NOW + 35 * DAY, NOW + 65 * DAY, 5 * DAY)
        assert bureau.facts(mandate) == ["appointed", "near", "expire"]
        found = bureau.seen(mandate, now=NOW + 65 * DAY)
        assert (found.light, found.mandate.ended_by, found.available_actions) == ("ended", "expire", [])
        assert bureau.told(holder, "expire") == 1

    def test_renewed_before_the_end_it_is_announced_again(self, bureau):
        mandate = bureau.supervisor(until="2026-12-20")
        renewed = bureau.take(mandate, "renew")
        # Another term of the kind: two years after the last day of this one.
        assert (renewed.until, renewed.renewals) == (dt.date(2028, 12, 20), 1)
        with pytest.raises(errors.Invalid) as refusal:
            bureau.take(mandate, "renew", until="2028-12-20")
        assert refusal.value.field == "until"
        bureau.sweep(NOW, NOW + 60 * DAY, 5 * DAY)
        assert bureau.facts(mandate) == ["appointed", "renew"]

    def test_the_term_comes_from_the_rulebook(self, bureau):
        assert bureau.supervisor(since="2026-10-01").until == dt.date(2028, 9, 30)
        (point,) = bureau.appoint(bureau.firm.uscc, kind="monitoring_point")
        assert (point.until, point.enterprise) == (None, bureau.firm)

    def test_who_left_may_come_again_but_nobody_holds_a_post_twice(self, bureau):
        mandate = bureau.supervisor()
        with pytest.raises(errors.Conflict) as refusal:
            bureau.appoint("special")
        assert refusal.value.code == "holds_already"
        assert bureau.take(mandate, "resign", actor=bureau.staff("special_supervisor", "special")).ended_by == "resign"
        assert bureau.told(bureau.staff("coordinator"), "resign") == 1
        again = bureau.appoint("special")[0]
        assert bureau.take(again, "release").state == "ended"
        with pytest.raises(errors.Conflict):
            bureau.take(again, "renew")

    def test_many_are_appointed_together_or_not_at_all(self, bureau):
        names = [f"s{number}" for number in range(20)]
        for name in names:
            bureau.person(name, "special_supervisor")
        with pytest.raises(errors.Invalid):
            bureau.appoint(*names, "nobody-here")
        with database.writing():
            assert Mandate.objects.count() == 0
        assert len(bureau.appoint(*names)) == 20
        assert selectors.totals(actor=bureau.staff("leader"), now=NOW)[0]["serving"] == 20


@pytest.mark.parametrize(
    ("given", "field"),
    [({"kind": "king"}, "kind"), ({"holders": ""}, "holders"), ({"holders": "x\n" * 3 + "nobody"}, "holders"),
     ({"since": "2026-12-01"}, "since"), ({"since": "soon"}, "since"), ({"until": "2026-01-01"}, "until"),
     ({"until": "0001-01-01"}, "until"), ({"kind": "window_staff"}, "window"),
     ({"kind": "window_staff", "window": "x"}, "window"), ({"kind": "monitoring_point"}, "holders")],
)  # fmt: skip
def test_what_is_wrong_is_named(bureau, given, field):
    bureau.person("special", "special_supervisor")
    with pytest.raises(errors.Invalid) as refusal:
        services.appoint(
            region=DISTRICT,
            body={"kind": "special_supervisor", "holders": "special"} | given,
            actor=bureau.staff("coordinator"),
            now=NOW,
        )
    assert refusal.value.field == field


class TestReports:
    def test_what_is_asked_is_reported_and_becomes_a_matter_of_the_holder(self, bureau):
        mandate, holder = bureau.supervisor(), bureau.staff("special_supervisor", "special")
        bureau.take(mandate, "ask", text="看看大厅叫号", day="2026-11-20")
        assert bureau.told(holder, "ask") == 1
        (task,) = bureau.seen(mandate, holder).tasks
        given = {"task_id": task.id, "now": NOW + 2 * HOUR}
        body = {"text": "叫号机停了三天\n群众排队", "outcome": "matter", "enterprise": bureau.firm.uscc}
        with pytest.raises(errors.Forbidden):
            services.take_task(action="answer", actor=bureau.staff("coordinator"), body=body, **given)
        services.take_task(action="answer", actor=holder, body=body, **given)
        found = bureau.seen(mandate, now=NOW + 2 * HOUR)
        (task,) = found.tasks
        case = bureau.fresh(task.case)
        assert (case.title, case.raised_by, case.enterprise_id) == ("叫号机停了三天", holder.person_id, bureau.firm.id)
        counted = {
            "matters": 1,
            "open": 1,
            "declined": 0,
            "achieved": 0,
            "reports": 1,
            "found": 1,
            "visits": 1,
            "asked": 0,
        }
        assert dict(found.activity) == counted
        with pytest.raises(errors.Conflict):
            services.take_task(action="answer", actor=holder, body=body, **given)
        assert bureau.facts(mandate) == ["appointed", "ask", "answer"]
        assert bureau.told(bureau.staff("coordinator"), "answer") == 1

    def test_a_report_nobody_asked_for_names_a_matter_the_holder_sees(self, bureau):
        mandate, holder = bureau.supervisor(), bureau.staff("special_supervisor", "special")
        foreign = bureau.case()
        own = bureau.raised(actor=holder, channel="observation_point")
        with pytest.raises(errors.Invalid) as refusal:
            bureau.take(mandate, "report", actor=holder, outcome="matter", case=foreign.number)
        assert refusal.value.field == "case"
        bureau.take(mandate, "report", actor=holder, outcome="matter", case=own.number)
        bureau.take(mandate, "report", actor=holder, outcome="nothing")
        assert [one.outcome for one in bureau.seen(mandate).tasks] == ["nothing", "matter"]

    @pytest.mark.parametrize(
        ("given", "field"),
        [({"outcome": "gossip"}, "outcome"), ({"outcome": "nothing", "text": ""}, "text"),
         ({"outcome": "nothing", "enterprise": "91330000000000000X"}, "uscc"),
         ({"outcome": "matter", "case": "x"}, "case")],
    )  # fmt: skip
    def test_a_report_says_what_it_came_to(self, bureau, given, field):
        mandate = bureau.supervisor()
        with pytest.raises(errors.Invalid) as refusal:
            bureau.take(mandate, "report", actor=bureau.staff("special_supervisor", "special"), **given)
        assert refusal.value.field == field

    def test_what_is_asked_can_be_dropped_and_goes_with_the_mandate(self, bureau):
        mandate = bureau.supervisor()
        for day in ("2026-11-20", "2026-11-21"):
            bureau.take(mandate, "ask", day=day)
        with pytest.raises(errors.Invalid):
            bureau.take(mandate, "ask", day="2026-11-01")
        task = bureau.seen(mandate).tasks[0]
        given = {"actor": bureau.staff("discipline"), "now": NOW + HOUR, "body": {"text": "不需要了"}}
        services.take_task(task_id=task.id, action="drop", **given)
        bureau.take(mandate, "release")
        assert [one.state for one in bureau.seen(mandate).tasks] == ["dropped", "dropped"]

    def test_only_what_came_in_within_the_term_and_the_channels_counts(self, bureau):
        holder = bureau.person("special", "special_supervisor")
        bureau.raised(actor=holder, channel="observation_point", now=NOW - 3 * DAY)
        bureau.raised(actor=holder, channel="visit")
        mandate = bureau.supervisor()
        bureau.raised(actor=holder, channel="observation_point")
        bureau.take(mandate, "release", now=NOW + HOUR)
        bureau.raised(actor=holder, channel="observation_point", now=NOW + 2 * HOUR)
        assert bureau.seen(mandate).activity["matters"] == 1

    def test_a_monitoring_point_counts_the_matters_of_the_enterprise(self, bureau):
        (point,) = bureau.appoint(bureau.firm.uscc, kind="monitoring_point")
        bureau.case()
        bureau.take(point, "report", actor=bureau.owner, outcome="matter", text="缺一个停车位")
        found = bureau.seen(point, bureau.owner)
        assert (found.activity["matters"], found.activity["reports"]) == (2, 1)
        assert [one.mandate for one in selectors.mine(actor=bureau.owner, now=NOW + HOUR)] == [point]


class TestWindows:
    def test_who_is_long_at_one_window_is_proposed_for_another(self, bureau):
        bureau.rules("rotating", ROTATING)
        one, two, three = bureau.windows("1 号窗口", "2 号窗口", "3 号窗口")
        for name, window in (("a1", one), ("b1", two)):
            bureau.person(name, "seat")
            bureau.appoint(name, kind="window_staff", window=str(window.id))
        keeper = bureau.staff("coordinator")
        assert selectors.proposals(actor=keeper, now=NOW + 29 * DAY) == []
        later = NOW + 30 * DAY
        found = selectors.proposals(actor=keeper, now=later)
        assert [(p.mandate.person.username, p.to.name) for p in found] == [("a1", "2 号窗口"), ("b1", "1 号窗口")]
        assert selectors.proposals(actor=bureau.staff("leader"), now=later) == []
        moved = bureau.take(found[0].mandate, "move", window=str(three.id), now=later)
        assert (moved.window, moved.here_since) == (three, dt.date(2026, 12, 16))
        with pytest.raises(errors.Conflict):
            bureau.take(moved, "move", window=str(three.id), now=later)
        assert [(p.mandate.person.username, p.to.name) for p in selectors.proposals(actor=keeper, now=later)] == [
            ("b1", "1 号窗口")
        ]

    def test_what_was_found_counts_for_the_window_where_the_holder_then_stood(self, bureau):
        one, two = bureau.windows("1 号窗口", "2 号窗口")
        clerk = bureau.person("a1", "seat")
        (mandate,) = bureau.appoint("a1", kind="window_staff", window=str(one.id))
        bureau.raised(actor=clerk, channel="window", now=NOW + HOUR)
        bureau.take(mandate, "move", window=str(two.id), now=NOW + 2 * HOUR)
        bureau.raised(actor=clerk, channel="window", now=NOW + 3 * HOUR)
        bureau.raised(actor=clerk, channel="window", now=NOW + 3 * HOUR)
        found = {row.window.name: row.found["matters"] for row in selectors.windows(actor=bureau.staff("leader"))}
        assert found == {"1 号窗口": 1, "2 号窗口": 2}
        with database.writing():
            assert Stay.objects.filter(mandate=mandate).count() == 2

    def test_a_window_closes_once_nobody_serves_there(self, bureau):
        (window,) = bureau.windows("1 号窗口")
        bureau.person("a1", "seat")
        (mandate,) = bureau.appoint("a1", kind="window_staff", window=str(window.id))
        given = {"window_id": window.id, "action": "close", "now": NOW + HOUR, "body": {"text": "并入大厅"}}
        with pytest.raises(errors.Conflict) as refusal:
            services.take_window(actor=bureau.staff("coordinator"), **given)
        assert refusal.value.code == "window_staffed"
        bureau.take(mandate, "release")
        with pytest.raises(errors.Forbidden):
            services.take_window(actor=bureau.staff("leader"), **given)
        services.take_window(actor=bureau.staff("coordinator"), **given)
        assert bureau.facts(window) == ["window_opened", "window_close"]
        with pytest.raises(errors.Conflict):
            services.take_window(actor=bureau.staff("coordinator"), **given)
        assert bureau.windows("1 号窗口")[0].id != window.id

    @pytest.mark.parametrize("names", ["", "长" * 61, "\n".join(str(number) for number in range(201))])
    def test_windows_have_short_names(self, bureau, names):
        with pytest.raises(errors.Invalid) as refusal:
            bureau.windows(names)
        assert refusal.value.field == "names"
        bureau.windows("1 号窗口")
        with pytest.raises(errors.Conflict):
            bureau.windows("2 号窗口", "1 号窗口")


class TestHandOver:
    def test_the_successor_stands_at_the_same_window_and_gets_what_was_asked(self, bureau):
        (window,) = bureau.windows("1 号窗口")
        bureau.person("a1", "seat")
        successor = bureau.person("b1", "seat")
        (mandate,) = bureau.appoint("a1", kind="window_staff", window=str(window.id), until="2026-12-31")
        bureau.take(mandate, "ask", day="2026-11-20")
        after = bureau.take(mandate, "hand_over", holder="b1", text="有两件还没答复")
        assert (after.window, after.until, after.follows_id) == (window, dt.date(2026, 12, 31), mandate.id)
        before = bureau.seen(mandate)
        assert (before.mandate.ended_by, before.tasks, len(bureau.seen(after).tasks)) == ("hand_over", [], 1)
        assert bureau.told(successor, "appointed") == 1
        assert (bureau.facts(mandate)[-1], bureau.facts(after)) == ("hand_over", ["appointed"])
        with pytest.raises(errors.Invalid):
            bureau.take(after, "hand_over", holder="nobody")
        with pytest.raises(errors.Conflict):
            bureau.take(after, "hand_over", holder="b1")

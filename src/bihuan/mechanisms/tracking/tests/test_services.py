"""Entry, rhythm, plan and leaving: each by whom it belongs to, each on record once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import NOW
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.directory.factories import make_department
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.ledger import verification
from bihuan.mechanisms.tracking import selectors, services
from bihuan.mechanisms.tracking.models import Bulletin

DAY = dt.timedelta(days=1)


def hour(number):
    return NOW + dt.timedelta(hours=number)


def proposed(store):
    """A matter that went round three times and has used its time."""
    make_department("fire")
    case = store.case("accept", "dispatch")
    for round_, lead in enumerate(("water", "fire", "tax")):
        now = NOW + dt.timedelta(minutes=30 + 5 * round_)
        department = store.fresh(case.number).lead_department
        store.act(case.number, "object", now=now, actor=store.liaison(department.code))
        ruler = store.staff("catch_all" if round_ == 2 else "coordinator")
        store.act(case.number, "rule_objection", now=now + dt.timedelta(minutes=1), actor=ruler, lead=lead)
    store.act(case.number, "sign", now=hour(1), actor=store.liaison("tax"))
    return case


class TestEntry:
    def test_a_matter_handed_on_again_and_again_is_proposed(self, store):
        case = proposed(store)
        assert store.of(case) is None
        store.act(case.number, "request_extension", now=NOW + 4 * DAY, actor=store.liaison("tax"))
        store.act(case.number, "decide_extension", now=NOW + 4 * DAY + dt.timedelta(hours=1))
        track = store.of(case)
        assert (track.state, track.points["hand_offs"]) == ("candidate", 40)
        assert track.score >= 60
        assert store.told(store.staff("coordinator"), "tracking.proposed") == 1

    def test_the_department_does_not_decide_and_a_reason_is_needed(self, store):
        track = self.candidate(store)
        with pytest.raises(errors.Forbidden):
            store.take(track, "enter", actor=store.liaison("tax"), reason="x")
        with pytest.raises(errors.Invalid):
            store.take(track, "enter", reason="  ")
        assert store.take(track, "enter", reason="涉及三个部门").state == "tracked"
        with pytest.raises(errors.Conflict, match="not possible"):
            store.take(track, "enter", reason="again")

    def test_refused_is_refused(self, store):
        track = self.candidate(store)
        assert store.take(track, "refuse", reason="下周就能办完").state == "not_tracked"
        assert store.facts(track) == ["proposed", "refused"]

    def candidate(self, store):
        case = proposed(store)
        with database.writing():
            locked = type(case).objects.select_for_update().get(pk=case.pk)
            return services.consider(case=locked, now=NOW + 6 * DAY)

    def test_similar_matters_of_others_count(self, store):
        other = store.raised(actor=store.stranger, enterprise=store.other_firm.uscc)
        store.act(other.number, "accept", now=NOW)
        assert self.candidate(store).points["breadth"] == 6

    def test_a_matter_that_nothing_calls_to_track_costs_one_question(self, store):
        case = store.case("accept")
        with CaptureQueriesContext(connection) as caught:
            store.act(case.number, "dispatch", now=hour(1))
        said = [query["sql"] for query in caught]
        asked = [sql for sql in said if "tracking_" in sql or 'DISTINCT "cases_case"' in sql]
        assert len(asked) == 1, asked
        assert "for update" not in asked[0].lower()

    def test_closing_as_tracked_always_enters(self, store):
        case = store.case("accept", "dispatch", "sign", "submit_plan")
        store.act(case.number, "reply", now=hour(1), kind="tracked", text="需要半年")
        store.act(case.number, "verify_close", now=hour(2))
        track = store.of(case)
        assert (track.state, track.plan_version, store.facts(track)) == ("tracked", 1, ["entered", "planned"])

    def test_a_candidate_whose_matter_ends_is_dropped(self, store):
        track = self.candidate(store)
        store.act(track.case.number, "withdraw", now=NOW + 7 * DAY)
        assert store.facts(store.track(track.id)) == ["proposed", "dropped"]

    def test_nobody_tracks_twice_and_strangers_see_nothing(self, store):
        case, track = store.tracked()
        with pytest.raises(errors.Conflict):
            services.open_track(number=case.number, actor=store.staff("coordinator"), now=hour(4), reason="x")
        with pytest.raises(errors.NotFound):
            store.take(track, "leave", actor=store.stranger, reason="x")
        with pytest.raises(errors.NotFound):
            selectors.detail(track_id=track.id, actor=store.stranger, now=hour(4))
        with database.reading(store.stranger.scope()):
            assert not type(track).objects.exists()


class TestRhythm:
    def test_a_missed_update_alarms_once_each_half_month(self, store):
        _case, track = store.tracked()
        for day in range(1, 40):
            cases.sweep(now=NOW + day * DAY)
        track = store.track(track.id)
        assert (track.missed, store.facts(track).count("update_missed")) == (2, 2)
        for who in (store.staff("coordinator"), store.liaison(role="department_head")):
            assert store.told(who, "tracking.update_missed") == 2

    def test_an_update_begins_the_clock_anew(self, store):
        case, track = store.tracked()
        for day in (13, 26, 39):
            store.act(case.number, "report_progress", now=NOW + day * DAY)
            cases.sweep(now=NOW + day * DAY)
        track = store.track(track.id)
        assert (track.missed, track.late_since, track.progress_at) == (0, None, NOW + 39 * DAY)

    def test_words_the_enterprise_may_not_read_are_no_update(self, store):
        case, track = store.tracked()
        store.act(case.number, "report_progress", now=NOW + DAY, visible_to_enterprise=False)
        assert store.track(track.id).progress_at is None

    def test_suspended_matters_stand_still(self, store):
        case, track = store.tracked()
        until = (NOW + 60 * DAY).isoformat()
        store.act(case.number, "suspend", now=NOW + DAY, until=until)
        cases.sweep(now=NOW + 50 * DAY)
        assert store.track(track.id).missed == 0
        cases.sweep(now=NOW + 90 * DAY)
        assert store.fresh(case.number).state == "handling"
        cases.sweep(now=NOW + 120 * DAY)
        assert store.track(track.id).missed == 1

    def test_bulletins_come_once_a_month_with_what_was_told(self, store):
        case, track = store.tracked()
        store.act(case.number, "report_progress", now=NOW + DAY, text="已开现场会")
        store.act(case.number, "report_progress", now=NOW + 2 * DAY, text="内部意见", visible_to_enterprise=False)
        assert services.publish_bulletins(now=NOW + 10 * DAY) == 0
        assert services.publish_bulletins(now=NOW + 31 * DAY) == 1
        assert services.publish_bulletins(now=NOW + 31 * DAY) == 0
        with database.writing():
            text = Bulletin.objects.get(track=track).text
        assert "已开现场会" in text
        assert "内部意见" not in text
        assert store.told(store.owner, "tracking.bulletin_published.raiser") == 1


class TestPlan:
    def test_steps_have_clocks_and_lights_of_their_own(self, store):
        _case, track = store.tracked()
        cases.sweep(now=NOW + 5 * DAY)
        assert store.facts(track).count("node_light") == 3
        assert store.told(store.staff("catch_all"), "tracking.node_overdue") == 1
        with clock.at(NOW + 5 * DAY):
            seen = selectors.detail(track_id=track.id, actor=store.liaison(), now=NOW + 5 * DAY)
        assert (seen.light, seen.nodes[0].light) == ("red", "red")
        assert seen.available_actions == ["report", "meet_node"]

    def test_a_step_reached_alarms_no_more(self, store):
        _case, track = store.tracked()
        store.take(track, "meet_node", actor=store.liaison(), node=1, text="已到场")
        cases.sweep(now=NOW + 5 * DAY)
        assert "node_light" not in store.facts(track)
        with pytest.raises(errors.Conflict):
            store.take(track, "meet_node", actor=store.liaison(), node=1, text="又到场")

    def test_a_bad_plan_is_revised_without_telling_the_mark(self, store):
        case, track = store.tracked()
        store.act(case.number, "rate_plan", now=hour(4), level=2)
        assert store.track(track.id).revising
        assert store.told(store.liaison(role="department_head"), "tracking.revision_asked") == 1
        measures = [
            {"what": "一", "unit": "住建局", "due": "2026-12-01"},
            {"what": "二", "unit": "水务局", "due": "2026-11-10"},
        ]
        store.act(case.number, "submit_plan", now=hour(5), measures=measures)
        track = store.track(track.id)
        assert (track.revising, track.plan_version) == (False, 2)
        with database.writing():
            old = Clock.objects.filter(subject=track.id, kind="plan_node", cycle=1)
            assert [row.void for row in old] == [True]


class TestLeaving:
    def test_only_the_leader_lets_a_matter_go(self, store):
        _case, track = store.tracked()
        for who in (store.staff("coordinator"), store.liaison(role="department_head")):
            with pytest.raises(errors.Forbidden):
                store.take(track, "leave", actor=who, reason="太久了")
        left = store.take(track, "leave", actor=store.staff("leader"), reason="并入城市更新")
        assert left.state == "left"
        cases.sweep(now=NOW + 60 * DAY)
        assert services.publish_bulletins(now=NOW + 60 * DAY) == 0
        assert store.facts(track)[-1] == "left"
        assert store.told(store.owner, "tracking.left.raiser") == 1

    def test_withdrawn_matters_rest_until_the_leader_decides(self, store):
        case, track = store.tracked()
        store.act(case.number, "withdraw", now=hour(5))
        assert store.told(store.staff("leader"), "tracking.rested") == 1
        cases.sweep(now=NOW + 60 * DAY)
        assert store.track(track.id).missed == 0
        with pytest.raises(errors.Conflict):
            store.take(track, "report", actor=store.liaison(), text="x")

    def test_what_is_tracked_is_not_archived(self, store):
        case = store.case("accept", "dispatch", "sign")
        store.act(case.number, "reply", now=hour(1), kind="tracked")
        store.act(case.number, "verify_close", now=hour(2))
        cases.sweep(now=NOW + 20 * DAY)
        with pytest.raises(errors.Conflict) as refused:
            store.act(case.number, "archive", now=NOW + 20 * DAY)
        assert refused.value.code == "vetoed"


def test_the_chain_of_a_track_can_be_verified(store):
    _case, track = store.tracked()
    store.take(track, "report", actor=store.liaison(), text="已开会")
    assert verification.verify(stream=track.id).ok

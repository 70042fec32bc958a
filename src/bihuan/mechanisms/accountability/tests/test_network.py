"""双百一中心 and 自查自纠: points, observers and what became of their hints; boards and towns look at themselves."""

import pytest

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.kernel import errors
from bihuan.mechanisms.accountability import selectors, services
from bihuan.mechanisms.accountability.tests.conftest import DAY, HOUR


def opened(bench, **body):
    body = {"name": "电气行业协会", "kind": "association", "advice": "on"} | body
    return services.open_point(region=DISTRICT, actor=bench.centre, now=NOW, body=body)


def act(bench, point, action, **body):
    return services.take_point(point_id=point.id, action=action, actor=bench.centre, now=NOW + HOUR, body=body)


class TestNetwork:
    def test_what_observers_notice_is_counted_with_what_became_of_it(self, bench):
        observer = bench.staff("observer")
        point = opened(bench)
        act(bench, point, "appoint", username="observer")
        case = bench.case("accept", channel="visit", actor=observer)
        bench.case("decline", channel="visit", actor=observer, title="第二件")
        ((shown, seats, hints),) = selectors.points(actor=bench.centre, now=NOW + DAY)
        assert (shown.id, len(seats), hints["hints"], hints["declined"]) == (point.id, 1, 2, 1)
        assert {one.number for one in selectors.hints(actor=observer)} >= {case.number}
        assert bench.facts(point) == ["point_opened", "appoint"]

    def test_nobody_is_appointed_twice_and_a_closed_point_releases_all(self, bench):
        bench.staff("observer")
        point = opened(bench)
        act(bench, point, "appoint", username="observer")
        with pytest.raises(errors.Conflict, match=r"already|已"):
            act(bench, point, "appoint", username="observer")
        with pytest.raises(errors.Invalid):
            act(bench, point, "appoint", username="nobody-of-this-name")
        ((_point, (seat,), _hints),) = selectors.points(actor=bench.centre, now=NOW)
        act(bench, point, "release", observer=str(seat.id))
        act(bench, point, "appoint", username="observer")
        assert act(bench, point, "close_point", text="协会注销").state == "closed"
        ((_point, seats, _hints),) = selectors.points(actor=bench.centre, now=NOW)
        assert seats == []
        with pytest.raises(errors.Conflict):
            act(bench, point, "appoint", username="observer")

    @pytest.mark.parametrize("body", [{"kind": "spy"}, {"name": ""}, {"town": "999"}])
    def test_a_point_has_a_name_a_kind_and_a_town_that_exist(self, bench, body):
        with pytest.raises(errors.Invalid):
            opened(bench, **body)

    def test_only_the_centre_keeps_it(self, bench):
        opened(bench)
        with pytest.raises(errors.Conflict):
            opened(bench)
        with pytest.raises(errors.Forbidden):
            services.open_point(region=DISTRICT, actor=bench.office, now=NOW, body={"name": "x", "kind": "other"})


class TestSelfChecks:
    def opened(self, bench):
        directory.make_department("street", kind="town")
        return services.open_round(region=DISTRICT, title="三季度自查", actor=bench.centre, now=NOW)

    def answer(self, bench, check, entry, actor, **body):
        body = {"entry": str(entry.id)} | body
        return services.take_check(check_id=check.id, action="check_self", actor=actor, now=NOW + HOUR, body=body)

    def test_boards_and_towns_answer_and_nothing_is_an_answer(self, bench):
        check = self.opened(bench)
        ((_check, entries),) = selectors.checks(actor=bench.centre)
        assert [one.board for one in entries] == ["", "catch", "projects"]
        assert bench.told(bench.liaison(), "round_opened") == 1
        board = bench.person("board", "board_head", board="projects")
        ((_check, (own,)),) = selectors.checks(actor=board)
        found = [{"kind": "slow", "text": "两件超期", "fix": "已补办"}]
        self.answer(bench, check, own, board, found=found)
        street = bench.liaison("street")
        ((_check, (town,)),) = selectors.checks(actor=street)
        with pytest.raises(errors.Invalid):
            self.answer(bench, check, town, street)
        self.answer(bench, check, town, street, text="逐项对照，没有发现")
        with pytest.raises(errors.Forbidden):
            self.answer(bench, check, town, board, text="代答")
        with pytest.raises(errors.Invalid):
            self.answer(bench, check, own, board, found=[{"kind": "other", "text": "x"}])
        answered = {one.name: one.found for one in selectors.checks(actor=bench.centre)[0][1] if one.answered_at}
        assert answered[own.name] == found
        with pytest.raises(errors.NotFound):
            self.answer(bench, check, own, bench.liaison("tax"), text="不相干")

    def test_late_once_and_closed_for_good(self, bench):
        check = self.opened(bench)
        cases.sweep(now=NOW + 20 * DAY)
        cases.sweep(now=NOW + 21 * DAY)
        assert bench.facts(check) == ["round_opened", "late"]
        assert bench.told(bench.centre, "check_late") == 1
        close = {"check_id": check.id, "action": "close_round", "now": NOW + 22 * DAY, "body": {}}
        with pytest.raises(errors.NotFound):
            services.take_check(actor=bench.liaison("tax"), **close)
        assert services.take_check(actor=bench.centre, **close).state == "closed"
        with pytest.raises(errors.Conflict):
            services.take_check(actor=bench.centre, **close)

    def test_only_the_centre_opens_a_round(self, bench):
        with pytest.raises(errors.Forbidden):
            services.open_round(region=DISTRICT, title="x", actor=bench.liaison(), now=NOW)

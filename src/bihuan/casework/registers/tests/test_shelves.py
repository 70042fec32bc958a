"""揭榜挂帅、警示、案例库: the course of each, and what is refused."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.registers import selectors, services
from bihuan.casework.registers.models import Ballot, Competition, Exemplar, Reading
from bihuan.casework.registers.presenters import library
from bihuan.casework.registers.tests.conftest import DAY, HOUR
from bihuan.foundation.directory.factories import make_enterprise
from bihuan.foundation.kernel import database, errors

END = NOW + 40 * DAY
EVASIONS = (
    "澜川第1有限公司",
    "澜 川 第 1",
    "澜川第１",
    "１３８００１３８０００",
    "138 0013 8000",
    "王 小 明",
    "BH-999901-2611-00001",
)


def refused(error, what, *args, **given):
    """Say with which code something is refused."""
    with pytest.raises(error) as found:
        what(*args, **given)
    return found.value.code


class TestCompetition:
    def test_from_the_call_to_adoption(self, house):
        unit, deputies = house.liaison("water"), [house.staff("deputy", f"d{n}") for n in range(3)]
        early = house.nominated("早有的做法", department="tax", now=NOW - DAY)
        contest = house.called()
        assert house.told(unit, "competition_called") == 1
        assert house.rows(Exemplar)[0].competition_id == contest.id
        best = house.nominated(actor=unit)
        assert (best.competition_id, best.department.code) == (contest.id, "water")
        cases.sweep(now=NOW + 30 * DAY)
        (contest,) = house.rows(Competition)
        assert contest.state == "voting"
        assert house.told(deputies[0], "competition_open_vote") == 1
        for deputy, chosen in zip(deputies, (best, best, early), strict=True):
            house.take(contest, "vote", actor=deputy, now=contest.due_at - HOUR, exemplar=str(chosen.id))
        shown = selectors.competition(competition_id=contest.id, actor=house.keeper)
        assert (shown.cast, {one.votes for one in shown.exemplars}) == (3, {None})
        cases.sweep(now=END)
        assert [(one.votes, one.state) for one in house.rows(Exemplar)] == [(1, "promoted"), (2, "promoted")]
        assert house.facts(contest) == ["called", "open_vote", "vote", "vote", "vote", "close_vote"]
        house.take(early, "adopt", actor=unit, now=END, text="下月起照办")
        again = {"actor": unit, "now": END, "text": "再来"}
        assert refused(errors.Conflict, house.take, early, "adopt", **again) == "adopted_already"

    def test_a_vote_is_one_secret_never_the_own_never_changed_and_in_time(self, house):
        unit = house.liaison("water")
        head = house.staff("leader")
        contest = house.called()
        mine, other = house.nominated("主任的做法", actor=head), house.nominated("水务的做法", actor=unit)
        house.take(contest, "open_vote", now=NOW + DAY)
        vote = {"now": NOW + DAY}
        assert refused(errors.Conflict, house.take, contest, "vote", actor=head, exemplar=str(mine.id), **vote) == (
            "own_nominee"
        )
        assert refused(errors.Forbidden, house.take, contest, "vote", actor=unit, exemplar=str(mine.id), **vote)
        unknown = {"actor": head, "exemplar": str(uuid.UUID(int=1)), **vote}
        assert refused(errors.Invalid, house.take, contest, "vote", **unknown) == "exemplar_unknown"
        house.take(contest, "vote", actor=head, exemplar=str(other.id), **vote)
        assert refused(errors.Conflict, house.take, contest, "vote", actor=head, exemplar=str(other.id), **vote) == (
            "voted_already"
        )
        deputy = house.staff("deputy")
        late = {"actor": deputy, "exemplar": str(other.id), "now": END}
        assert refused(errors.Conflict, house.take, contest, "vote", **late) == "vote_closed"
        cases.sweep(now=END)
        assert refused(errors.Conflict, house.take, contest, "vote", **late) == "state_forbids"
        told = selectors.trace(thing_id=contest.id, actor=house.keeper)
        (voted,) = [fact for fact in told if fact["kind"].endswith("_vote") and "competition_vote" in fact["kind"]]
        assert (voted["actor"], voted["data"]) == (None, {})

    def test_the_database_changes_and_shows_no_ballot(self, house):
        head, contest = house.staff("leader"), house.called()
        house.nominated("水务的做法", actor=house.liaison("water"))
        one = house.nominated("税务的做法", actor=house.liaison("tax"))
        house.take(contest, "open_vote")
        house.take(contest, "vote", actor=head, exemplar=str(one.id))
        for change in (lambda rows: rows.update(exemplar=one), lambda rows: rows.delete()):
            with database.writing(), pytest.raises(IntegrityError), transaction.atomic():
                change(Ballot.objects.all())
        with database.reading(house.keeper.scope()):
            assert not Ballot.objects.exists()

    def test_nothing_is_nominated_twice(self, house):
        case, unit = house.case(), house.liaison("water")
        house.called()
        house.nominated(case=case.number)
        assert refused(errors.Conflict, house.nominated, "换个名字", case=case.number) == "nominated_already"
        house.nominated("水务的做法", actor=unit)
        assert refused(errors.Conflict, house.nominated, "水务的做法", actor=unit) == "nominated_already"
        given = {
            "region": DISTRICT,
            "title": "复盘出的做法",
            "text": "一企一策",
            "source": "retrospective",
            "source_id": uuid.UUID(int=5),
            "now": NOW,
        }
        services.nominate(**given)
        assert refused(errors.Conflict, services.nominate, **given | {"title": "又一次"}) == "nominated_already"

    def test_without_nominations_it_lapses_and_a_cancelled_one_leaves_its_cases_for_the_next(self, house):
        contest = house.called()
        assert refused(errors.Conflict, house.take, contest, "open_vote") == "nobody_nominated"
        cases.sweep(now=END)
        assert house.facts(contest)[-1] == "lapse"
        second = house.called(now=END)
        case = house.nominated(now=END + HOUR)
        house.take(second, "cancel", now=END + DAY, reason="改期")
        third = house.called(now=END + 2 * DAY)
        assert house.rows(Exemplar, pk=case.pk)[0].competition_id == third.id

    def test_what_runs_is_not_withdrawn(self, house):
        unit = house.liaison("water")
        contest, one = house.called(), house.nominated(actor=unit)
        house.take(contest, "open_vote")
        assert refused(errors.Conflict, house.take, one, "withdraw", actor=unit) == "vote_runs"


class TestNames:
    """What is published for others to learn from names nobody."""

    @pytest.mark.parametrize("words", EVASIONS)
    def test_every_door_refuses_them(self, house, words):
        case = house.over()
        told = f"反映人{words}的事"
        for door in (
            lambda: house.warned(case, text=told),
            lambda: house.warned(case, lesson=told),
            lambda: house.nominated(case=case.number, text=told),
            lambda: house.written(case, problem=told),
            lambda: house.written(case, worked=told),
        ):
            assert refused(errors.Invalid, door) == "names_somebody"

    def test_a_firm_that_came_later_stops_the_circulation(self, house):
        made = house.warned(text="澜川第9有限公司式的拖延", circulated=False)
        make_enterprise(9)
        assert refused(errors.Invalid, house.take, made, "circulate") == "names_somebody"
        words = {"title": made.title, "text": "某公司式的拖延", "lesson": made.lesson}
        house.take(made, "amend", **words)
        assert house.take(made, "circulate").state == "circulated"

    def test_a_common_word_stays_for_a_reason_and_a_telephone_never(self, house):
        make_enterprise(9)
        made = house.warned(text="拖延", circulated=False)
        words = {"title": made.title, "text": "澜川第9有限公司式的拖延", "lesson": made.lesson}
        assert refused(errors.Invalid, house.take, made, "amend", **words) == "names_somebody"
        kept = house.take(made, "amend", **words, stays="行业惯用语，不指这一家")
        assert kept.stays == "行业惯用语，不指这一家"
        words["text"] += "，请打13800138000"
        assert refused(errors.Invalid, house.take, made, "amend", **words, stays="不指谁") == "names_somebody"
        assert house.take(made, "circulate").state == "circulated"
        assert house.facts(made) == ["drafted", "amend", "circulate"]

    def test_the_form_proposes_words_without_names(self, house):
        case = house.over(description="我公司澜川第1有限公司，联系13800138000")
        values = {
            one.name: one.value
            for one in library(house.keeper, NOW + DAY, None, q="", category="", case=case.number)["inputs"]
        }
        assert "澜川第1" not in values["problem"]
        assert "13800138000" not in values["problem"]
        values.pop("case")
        house.written(case, **values)


class TestWarnings:
    def test_who_opened_it_first_is_noted_once_for_each_department(self, house):
        water, other = house.liaison("water"), house.liaison("water", "department_head")
        thing = house.warned(house.over())
        assert house.told(water, "warning_circulate") == 1
        for actor, first in ((water, True), (other, False), (house.keeper, False), (house.liaison("tax"), True)):
            assert services.note_reading(warning_id=thing.id, actor=actor, now=NOW + HOUR) is first
        assert [one.department.code for one in house.rows(Reading)] == ["water", "tax"]
        house.take(thing, "read", actor=house.liaison("housing"))
        assert len(house.rows(Reading)) == 3

    def test_a_draft_is_for_those_who_circulate_and_what_is_taken_back_is_gone(self, house):
        draft, water = house.warned(circulated=False), house.liaison("water")
        with pytest.raises(errors.NotFound):
            services.note_reading(warning_id=draft.id, actor=water, now=NOW)
        thing = house.take(draft, "circulate")
        house.take(thing, "take_back", reason="有误")
        assert selectors.warnings(actor=water)[0] == []
        source = {"source": "retrospective", "source_id": uuid.UUID(int=5), "region": DISTRICT, "now": NOW}
        words = {"title": "退件", "text": "退了三次", "lesson": "一次讲清"}
        services.warn(**source, **words)
        assert refused(errors.Conflict, services.warn, **source, **words) == "warned_already"


class TestLibrary:
    def test_found_by_chinese_words_and_shown_beside_new_cases_of_its_kind(self, house):
        made = house.written(house.over())
        house.written(house.over(title="另一件"), title="电力增容", problem="等了两月", worked="容缺受理")

        def found(q):
            return [one.title for one in selectors.lessons(actor=house.liaison("water"), q=q)[0]]

        assert found("验收") == ["仓库扩建一次验收"]
        assert found("三部门同时到场") == ["仓库扩建一次验收"]
        assert found("验收 电力") == []
        assert found("、") == []
        assert len(found("")) == 2
        fresh = house.case("accept")
        with database.reading(house.keeper.scope()):
            beside = selectors.lessons_beside(case=fresh, actor=house.keeper)
        assert beside[0].id == made.id
        house.take(made, "take_back", reason="有误")
        assert found("验收") == []

    def test_only_what_is_over_by_those_who_may_and_once(self, house):
        going, case = house.case("accept", "dispatch"), house.over()
        assert refused(errors.Conflict, house.written, going) == "case_open"
        with pytest.raises(errors.NotFound):
            house.written(case, actor=house.liaison("water"))
        assert refused(errors.Forbidden, house.written, case, actor=house.staff("discipline"))
        house.written(case, actor=house.liaison("housing"))
        assert refused(errors.Conflict, house.written, case) == "written_already"

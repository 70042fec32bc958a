"""制度: from a draft to its review, what comes from meetings and proposals, and what is refused."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import ProtectedError

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.events import InstitutionProposed
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.registers import selectors, services
from bihuan.casework.registers.events import InstitutionChanged
from bihuan.casework.registers.models import Institution, Link, Proposal
from bihuan.casework.registers.tests.conftest import DAY, HOUR
from bihuan.foundation.kernel import database, errors, events


def delete_raw(case):
    """Delete a case past everything that Python says."""
    with database.writing(), transaction.atomic():
        database.fetch("set constraints all immediate")
        Case.objects.filter(pk=case.pk)._raw_delete("default")


class TestCourse:
    def test_from_a_draft_to_its_end(self, house):
        case = house.case("accept")
        thing = house.draft(case)
        assert (thing.state, thing.case_count, thing.source) == ("drafted", 1, "hand")
        thing = house.take(thing, "put_in_force", **PUT)
        assert (thing.state, thing.kind, thing.owner.code, thing.in_force_on) == (
            "in_force",
            "loophole",
            "housing",
            NOW.date(),
        )
        thing = house.take(thing, "review", now=NOW + 30 * DAY, text="同类来件少了")
        assert (thing.state, thing.review) == ("reviewed", "同类来件少了")
        assert thing.due_at > NOW + 200 * DAY
        thing = house.take(thing, "withdraw", now=NOW + 31 * DAY, reason="上级已立法")
        assert (thing.state, thing.due_at) == ("withdrawn", None)
        assert house.facts(thing) == ["drafted", "put_in_force", "review", "withdraw"]

    def test_its_cases_are_linked_before_it_is_told(self, house):
        case, heard = house.case("accept"), []

        def listen(event):
            linked = Link.objects.filter(institution=event.institution_id).values_list("case", flat=True)
            heard.append((event.fact, event.case_ids, tuple(linked)))

        events.subscribe(InstitutionChanged, listen)
        try:
            house.draft(case)
        finally:
            events._handlers[InstitutionChanged].remove(listen)
        assert heard == [("registers.institution_drafted", (case.id,), (case.id,))]

    def test_owner_and_keeper_are_told_when_the_day_of_the_review_passed(self, house):
        head = house.liaison("housing", "department_head")
        thing = house.kept(review_on="2026-12-01")
        assert house.told(head, "institution_put_in_force") == 1
        cases.sweep(now=NOW + 20 * DAY)
        (late,) = house.rows(Institution, pk=thing.pk)
        assert late.late_since == thing.due_at
        assert (house.told(head, "institution_late"), house.told(house.keeper, "institution_late")) == (1, 1)
        house.take(late, "review", now=NOW + 20 * DAY, text="看过了")
        assert house.rows(Institution, pk=thing.pk)[0].late_since is None

    def test_words_change_and_stay_in_the_trace(self, house):
        thing = house.kept()
        house.take(thing, "amend", text="两部门共用一张清单", reason="少了一个部门")
        with pytest.raises(errors.Invalid) as refused:
            house.take(thing, "amend", text="两部门共用一张清单", reason="没变")
        assert refused.value.code == "nothing_changes"
        trace = selectors.trace(thing_id=thing.id, actor=house.keeper)
        assert trace[-1]["data"]["before"] == {"text": "三部门共用一张清单"}

    def test_more_cases_are_linked_once(self, house):
        first, second = house.case(), house.case()
        thing = house.draft(first)
        house.take(thing, "link", cases=[first.number, second.number])
        assert house.rows(Institution)[0].case_count == 2
        with pytest.raises(errors.Conflict) as refused:
            house.take(thing, "link", cases=[second.number])
        assert refused.value.code == "linked_already"

    def test_what_was_linked_by_mistake_is_unlinked_with_a_reason_that_stays(self, house):
        first, second = house.case(), house.case()
        thing = house.kept(first, second)
        assert {one.case_id for one in house.rows(Link)} == {first.id, second.id}
        house.take(thing, "unlink", cases=[second.number], reason="记错了编号")
        assert house.rows(Institution)[0].case_count == 1
        assert {one.case_id for one in house.rows(Link)} == {first.id}
        said = selectors.trace(thing_id=thing.id, actor=house.keeper)[-1]
        assert (said["kind"], said["data"]["reason"]) == ("registers.institution_unlink", "记错了编号")
        assert said["data"]["cases"] == [str(second.id)]
        for number in (second.number, "BH-999901-2611-99999"):
            with pytest.raises(errors.Invalid) as refused:
                house.take(thing, "unlink", cases=[number], reason="再来一次")
            assert refused.value.code == "not_linked"
        with pytest.raises(errors.Forbidden):
            house.take(thing, "unlink", cases=[first.number], reason="不归他管", actor=house.staff("seat"))


PUT = {"kind": "loophole", "owner": "housing", "category": "approval", "text": "区政府办印发"}


class TestRefused:
    def test_a_department_that_was_merged_cannot_answer_for_it(self, house):
        house.merge("water", "housing")
        thing = house.draft()
        with pytest.raises(errors.Invalid) as refused:
            house.take(thing, "put_in_force", now=NOW + DAY, **PUT | {"owner": "water"})
        assert refused.value.code == "department_not_in_force"

    def test_when_its_department_is_merged_another_takes_it_before_it_is_reviewed(self, house):
        thing = house.kept(owner="water")
        house.merge("water", "tax")
        with pytest.raises(errors.Conflict) as refused:
            house.take(thing, "review", now=NOW + DAY, text="看过了")
        assert refused.value.code == "owner_gone"
        house.take(thing, "change_owner", now=NOW + DAY, owner="tax", reason="机构改革")
        assert house.take(thing, "review", now=NOW + DAY, text="看过了").state == "reviewed"

    @pytest.mark.parametrize(
        ("given", "code", "field"),
        [
            ({"owner": "nobody"}, "department_unknown", "owner"),
            ({"kind": "fine"}, "invalid_body", "kind"),
            ({"on": "2026-11-17"}, "day_out_of_range", "on"),
            ({"on": "2020-01-01"}, "day_out_of_range", "on"),
            ({"review_on": "2026-11-16"}, "day_out_of_range", "review_on"),
            ({"category": "moon"}, "category_unknown", "category"),
            ({"text": " "}, "invalid_body", "text"),
            ({"points": 3}, "invalid_body", "points"),
        ],
    )
    def test_wrong_words(self, house, given, code, field):
        with pytest.raises(errors.Invalid) as refused:
            house.take(house.draft(), "put_in_force", **PUT | given)
        assert (refused.value.code, refused.value.field) == (code, field)

    def test_a_case_that_is_not_there_or_not_for_these_eyes(self, house):
        with pytest.raises(errors.Invalid) as refused:
            house.draft(cases=["BH-999901-2611-99999"])
        assert refused.value.code == "case_unknown"

    def test_a_linked_case_is_not_deleted(self, house):
        case = house.case()
        house.draft(case)
        with database.writing(), pytest.raises(ProtectedError):
            Case.objects.filter(pk=case.pk).delete()
        with pytest.raises(IntegrityError):
            delete_raw(case)

    def test_nobody_keeps_what_their_own_department_answers_for(self, house):
        both = house.also_liaison(house.staff("supervision_office", "both"), "housing")
        thing = house.draft()
        with pytest.raises(errors.Forbidden):
            house.take(thing, "put_in_force", actor=both, **PUT)
        house.take(thing, "put_in_force", **PUT)
        with pytest.raises(errors.Forbidden):
            house.take(thing, "review", actor=both, text="很好")

    def test_what_the_state_does_not_allow_says_what_would_go(self, house):
        with pytest.raises(errors.Conflict) as refused:
            house.take(house.draft(), "review", text="早了")
        assert refused.value.code == "state_forbids"
        assert refused.value.extra["allowed_actions"] == ["put_in_force", "amend", "link", "unlink", "withdraw"]


class TestSources:
    def proposed(self, case, **given):
        values = {
            "proposal_id": uuid.UUID(int=7),
            "region": DISTRICT,
            "title": "联合验收一次告知办法",
            "text": "三部门共用一张清单",
            "case_ids": (case.id,),
            "proposed_at_meeting": "LH-2611-01",
            "actor_id": None,
            "at": NOW,
        }
        return InstitutionProposed(**values | given)

    def test_what_a_meeting_proposed_is_a_draft_once(self, house):
        case = house.case()
        for _time in range(2):
            with database.writing():
                events.publish(self.proposed(case))
        (thing,) = house.rows(Institution)
        assert (thing.state, thing.source, thing.origin, thing.case_count) == ("drafted", "conference", "LH-2611-01", 1)
        assert house.told(house.keeper, "institution_drafted") == 1

    def test_a_policy_proposal_is_followed_and_its_change_becomes_a_draft(self, house):
        case = house.case()

        def follow(state, answer=""):
            return services.follow_proposal(
                source="refusals",
                source_id=uuid.UUID(int=9),
                region=DISTRICT,
                title="电费返还政策",
                text="无差别加收",
                state=state,
                answer=answer,
                case_ids=[case.id],
                actor_id=None,
                now=NOW + HOUR,
            )

        follow("proposed")
        follow("proposed")
        follow("taken_up", "列入议程")
        assert house.rows(Institution) == []
        proposal = follow("changed", "新办法已印发")
        follow("changed", "新办法已印发")
        (thing,) = house.rows(Institution)
        assert (thing.source, thing.kind, thing.text, thing.case_count) == ("proposal", "improved", "新办法已印发", 1)
        assert house.rows(Proposal)[0].institution_id == thing.id
        assert house.facts(proposal) == ["entered", "moved", "moved"]


class TestEffect:
    def test_fewer_and_quicker_after_it(self, house):
        began = NOW - 100 * DAY
        house.history(30, since=began - 90 * DAY, every=3 * DAY, answered_after=dt.timedelta(days=14))
        house.history(9, since=began + DAY, every=10 * DAY, answered_after=dt.timedelta(days=3))
        thing = house.kept(on=began.date().isoformat())
        found = selectors.effect_of(thing=thing, now=NOW)
        assert (found.before.count, found.after.count) == (30, 9)
        assert found.rate.verdict == "less"
        assert found.duration.compared_with(0) == "less"
        assert found.before.median > found.after.median > 0

    def test_only_cases_with_the_words_count_and_none_that_was_withdrawn(self, house):
        began = NOW - 60 * DAY
        house.history(6, since=began - 50 * DAY, every=DAY, answered_after=DAY)
        thing = house.kept(on=began.date().isoformat(), words="第3件")
        assert selectors.effect_of(thing=thing, now=NOW).before.count == 1
        with database.writing():
            Case.objects.filter(title="第3件").update(closed_kind="withdrawn")
        assert selectors.effect_of(thing=thing, now=NOW).before.count == 0

    def test_without_a_kind_of_cases_or_before_it_is_in_force_nothing_is_said(self, house):
        assert selectors.effect_of(thing=house.draft(), now=NOW).why == "not_in_force"
        thing = house.take(house.draft(), "put_in_force", **PUT | {"category": None})
        assert selectors.effect_of(thing=thing, now=NOW + 90 * DAY).why == "no_theme"


def test_the_database_itself_shows_nobody_more(house):
    """Row-level security alone, asked without any filter of ours."""
    case = house.case("accept", "dispatch")
    kept, draft = house.kept(case), house.draft()
    for actor, expected in (
        (house.keeper, {kept.id, draft.id}),
        (house.liaison("water"), {kept.id}),
        (house.owner, {kept.id}),
        (house.stranger, set()),
        (house.staff("observer"), set()),
        (house.staff("system_admin"), set()),
    ):
        with database.reading(actor.scope()):
            assert set(Institution.objects.values_list("id", flat=True)) == expected
            with pytest.raises(ProgrammingError), transaction.atomic():
                Link.objects.create(institution=kept, case=case, region=DISTRICT, at=NOW)

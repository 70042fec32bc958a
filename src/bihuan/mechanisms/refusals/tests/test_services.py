"""说“不”评议: from the pool to what the verdict came to, and what goes wrong on the way."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.registers import selectors as registers
from bihuan.foundation.kernel import database, errors
from bihuan.mechanisms.refusals import selectors, services
from bihuan.mechanisms.refusals.models import Proposal, Vote
from bihuan.mechanisms.refusals.rules import judging
from bihuan.mechanisms.refusals.tests.conftest import HOUR

LATER = NOW + 3 * HOUR


class TestPool:
    def test_every_kind_of_no_becomes_a_candidate(self, court):
        declined = court.refused("declined")
        assert (declined.causes, declined.reason, declined.unit_id) == (["declined"], "not_in_scope", None)
        explained = court.refused()
        assert (explained.causes, explained.unit.code) == (["explained"], "housing")
        hidden = court.refused("resolved", text="您好，该问题不属于我局职权范围，建议您向区水务局咨询。")
        assert hidden.causes == ["hidden"]
        assert {one["kind"] for one in hidden.evidence} == {"push"}
        assert court.facts(hidden) == ["pooled"]

    def test_a_real_answer_is_no_candidate(self, court):
        text = "经现场核查，已于11月16日上午完成复验并通过，证书已发放给贵公司，下一步我们加大巡查力度。"
        assert court.refused("resolved", text=text) is None

    def test_what_is_passed_around_comes_in_once_with_each_cause(self, court):
        case = court.case("accept", "dispatch", "object", "rule_objection")
        assert court.of(case) is None
        court.act(case.number, "object", actor=court.liaison("water"), now=NOW + HOUR)
        refusal = court.of(case)
        assert refusal.causes == ["passed_around"]
        court.act(case.number, "rule_objection", now=LATER, upheld=True, lead="tax")
        tax = court.liaison("tax")
        court.act(case.number, "sign", actor=tax, now=LATER)
        court.act(case.number, "reply", actor=tax, now=LATER, kind="explained", text="不能办理")
        assert court.of(case).causes == ["passed_around", "explained"]

    def test_solved_because_the_review_was_coming(self, court):
        refusal = court.refused()
        for action, more in (("verify_return", {}), ("reply", {}), ("verify_close", {})):
            court.act(refusal.number, action, now=LATER, **more)
        assert court.again(refusal).state == "solved_early"
        found = selectors.figures(actor=court.organiser)
        assert (found["early"], found["solved"]) == (1, 1)

    def test_a_no_between_the_lines_is_not_solved_by_closing_it_as_solved(self, court):
        refusal = court.refused("resolved", text="您好，该问题不属于我局职权范围，建议您向区水务局咨询。")
        court.act(refusal.number, "verify_close", now=LATER)
        assert court.again(refusal).state == "pooled"
        assert selectors.figures(actor=court.organiser)["early"] == 0

    def test_the_unit_may_do_it_after_all_and_is_held_to_that(self, court):
        refusal = court.refused("declined")
        court.take(refusal, "concede", actor=court.staff("seat", "seat2"), text="重新受理，三天内办")
        assert court.fresh(refusal.number).state == "submitted"
        with pytest.raises(errors.Conflict, match=r"declined again|不能再"):
            court.act(refusal.number, "decline", now=LATER)
        for action in ("accept", "dispatch", "sign", "reply", "verify_close"):
            court.act(refusal.number, action, now=LATER)
        assert court.again(refusal).state == "solved_early"

    @pytest.mark.parametrize("action", ["withdraw", "merge"])
    def test_without_its_matter_a_review_lapses(self, court, action):
        case = court.case("accept", "dispatch", "object", "rule_objection")
        court.act(case.number, "object", actor=court.liaison("water"), now=NOW + HOUR)
        if action == "merge":
            court.act(case.number, "rule_objection", now=LATER, upheld=True, lead="tax")
        refusal = court.until(court.of(case), "voting")
        court.act(case.number, action, now=LATER, **({"into": court.raised().number} if action == "merge" else {}))
        assert court.of(case).state == "lapsed"
        with pytest.raises(errors.Conflict):
            court.take(refusal, "close_vote", now=LATER)


class TestSelectionAndDraw:
    def test_only_after_field_research_with_reasons_and_scores(self, court):
        refusal = court.refused()
        court.take(refusal, "research", actor=court.organiser)
        with pytest.raises(errors.Conflict) as refused:
            court.take(refusal, "select", importance=4, soundness=4, typicality=4)
        assert refused.value.code == "research_missing"
        court.take(refusal, "research", actor=court.members[1][1], visit=True)
        with pytest.raises(errors.Invalid):
            court.take(refusal, "select", importance=9, soundness=4, typicality=4)
        selected = court.take(refusal, "select", importance=4, soundness=3, typicality=2)
        assert selected.scores == {"importance": 4, "soundness": 3, "typicality": 2}
        assert selected.proposed.keys() == selected.scores.keys()

    def test_the_second_of_two_selections_is_told_so(self, court):
        refusal = court.until(court.refused(), "selected")
        with pytest.raises(errors.Conflict) as refused:
            court.take(refusal, "select", importance=1, soundness=1, typicality=1)
        assert refused.value.code == "state_forbids"
        assert refused.value.extra["allowed_actions"] == ["draw"]

    def test_the_draw_can_be_repeated_from_what_is_on_record(self, court):
        refusal = court.until(court.refused(), "drawn")
        (said,), (selected,) = court.contents(refusal, "draw"), court.contents(refusal, "select")
        assert judging.commitment(said["seed"]) == selected["seed_hash"]
        out = {row["person"] for row in said["excluded"]}
        for group, count in {"leader": 1, "deputy": 2, "enterprise": 1, "expert": 1}.items():
            eligible = [person for one, person in said["pool"] if one == group and person not in out]
            assert [p for p, g in said["seats"] if g == group] == judging.order(eligible, said["seed"])[:count]
        assert {row["why"] for row in said["excluded"]} == {"of_the_enterprise"}
        assert str(court.owner.person_id) in out

    def test_too_small_a_pool_draws_nothing(self, court):
        refusal = court.until(court.refused(), "selected")
        for one in selectors.pool_of_panels(actor=court.organiser):
            if one.group == "expert":
                services.retire(panelist_id=one.id, actor=court.organiser, now=NOW)
        with pytest.raises(errors.Conflict) as refused:
            court.take(refusal, "draw")
        assert refused.value.extra["missing"] == {"expert": 1}

    def test_the_side_that_said_no_runs_nothing(self, court):
        both = court.person("two-hats", "supervision_office")
        other = court.person("two-hats-2", "liaison", department_id=court.department("housing").id)
        refusal = court.refused()
        with pytest.raises(errors.Forbidden):
            court.take(refusal, "research", actor=other)
        assert court.take(refusal, "research", actor=both).state == "researched"


class TestVotes:
    def test_sealed_until_all_are_in_then_open_and_provable(self, court):
        refusal = court.until(court.refused(), "voting")
        court.vote(refusal, "can", "can", "should", "can")
        early = selectors.review(refusal_id=refusal.id, actor=court.organiser, now=LATER)
        assert (early.votes, early.cast, court.again(refusal).outcome) == ([], 4, "")
        assert all(row.keys() == {"seal", "round", "case"} for row in court.contents(refusal, "vote"))
        court.take(refusal, "vote", actor=court.panel(refusal)[4], outcome="cannot")
        (opened,) = court.contents(refusal, "tally")
        assert opened["outcome"] == "can"
        for vote in opened["votes"]:
            told = {name: vote[name] for name in ("salt", "person", "outcome", "reason")}
            assert judging.sealed(**told) == vote["seal"]
        assert {vote["seal"] for vote in opened["votes"]} == {row["seal"] for row in court.contents(refusal, "vote")}

    def test_a_sealed_vote_is_never_changed(self, court):
        refusal = court.until(court.refused(), "voting")
        court.vote(refusal, "can")
        with pytest.raises(errors.Conflict) as refused:
            court.take(refusal, "vote", actor=court.panel(refusal)[0], outcome="cannot")
        assert refused.value.code == "vote_sealed"
        with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
            Vote.objects.update(outcome="cannot")

    def test_nobody_else_votes(self, court):
        refusal = court.until(court.refused(), "voting")
        for who in (court.organiser, court.staff("coordinator")):
            with pytest.raises(errors.Forbidden):
                court.take(refusal, "vote", actor=who, outcome="can")

    def test_a_member_involved_after_voting_is_replaced_and_the_vote_void(self, court):
        refusal = court.until(court.refused(), "voting")
        panel = court.panel(refusal)
        deputy = next(one for one in panel if one.reader.display_name.startswith("deputy"))
        court.take(refusal, "vote", actor=deputy, outcome="cannot")
        court.take(refusal, "recuse", member=str(deputy.person_id), text="其配偶为该企业股东")
        (said,) = court.contents(refusal, "recuse")
        assert (said["vote_void"], bool(said["replaced_by"])) == (True, True)
        assert deputy not in court.panel(refusal)
        assert len(court.panel(refusal)) == len(panel)
        assert court.vote(refusal, "can", "can", "can", "can", "can").outcome == "can"
        assert str(deputy.person_id) not in {vote["person"] for vote in court.contents(refusal, "tally")[0]["votes"]}

    def test_involved_after_the_verdict_nothing_binds_until_they_voted_again(self, court):
        refusal = court.vote(court.until(court.refused(), "voting"), *["can"] * 5)
        member = str(court.panel(refusal)[0].person_id)
        annulled = court.take(refusal, "annul", member=member, text="隐瞒了与企业的借款关系", now=LATER)
        assert (annulled.state, annulled.outcome, annulled.round) == ("convened", "", 2)
        court.act(refusal.number, "reply", now=LATER, kind="explained", text="不能办理")

    def test_without_quorum_there_is_no_result_without_majority_another_vote(self, court):
        refusal = court.until(court.refused(), "voting")
        court.vote(refusal, "can", "cannot")
        with pytest.raises(errors.Conflict) as refused:
            court.take(refusal, "close_vote")
        assert refused.value.code == "quorum_missing"
        for member, outcome in zip(court.panel(refusal)[2:], ("should", "can", "cannot"), strict=True):
            refusal = court.take(refusal, "vote", actor=member, outcome=outcome)
        assert (refusal.state, refusal.round) == ("convened", 2)
        court.take(refusal, "open_vote")
        court.vote(refusal, "should", "should", "should")
        assert court.take(refusal, "close_vote").outcome == "should"


class TestVerdict:
    def test_can_reopens_binds_and_is_copied_to_discipline(self, court):
        refusal = court.refused()
        court.act(refusal.number, "verify_close", now=NOW + 2 * HOUR)
        refusal = court.vote(court.until(refusal, "voting"), *["can"] * 5)
        assert court.fresh(refusal.number).state == "reopened"
        assert court.told(court.staff("discipline"), "refusals.tally") == 1
        for action in ("dispatch", "sign", "submit_plan"):
            court.act(refusal.number, action, now=LATER)
        with pytest.raises(errors.Conflict) as refused:
            court.act(refusal.number, "reply", now=LATER, kind="explained", text="还是不行")
        assert refused.value.code == "vetoed"
        court.take(refusal, "order", text="三部门一次到场", now=LATER)
        with pytest.raises(errors.Conflict):
            court.take(refusal, "complete", now=LATER)
        court.act(refusal.number, "reply", now=LATER)
        court.act(refusal.number, "verify_close", actor=court.staff("catch_all"), now=LATER)
        assert court.again(refusal).state == "done"

    def test_cannot_supports_the_unit_and_gives_a_service_instead(self, court):
        refusal = court.vote(court.until(court.refused(), "voting"), *["cannot"] * 5)
        assert court.fresh(refusal.number).state == "replied"
        with pytest.raises(errors.Invalid):
            court.take(refusal, "order", now=LATER)
        followed = court.take(refusal, "order", service="substitute", text="能耗指标倾斜", due="2026-12-20", now=LATER)
        assert (followed.state, followed.measure_due.date()) == ("followed", dt.date(2026, 12, 20))
        with pytest.raises(errors.Forbidden):
            court.take(refusal, "report", text="已谈", now=LATER)
        told = court.take(refusal, "report", actor=court.liaison(), text="已报区里，下周下文", now=LATER)
        assert (told.state, told.progress) == ("followed", "已报区里，下周下文")
        assert court.told(court.owner, "refusals.report") == 1
        with pytest.raises(errors.Forbidden):
            court.take(refusal, "complete", actor=court.liaison(), text="自己销号", now=LATER)
        cases.sweep(now=NOW + dt.timedelta(days=40))
        assert court.facts(refusal)[-1] == "late"
        assert court.take(refusal, "complete", text="指标已到账", now=NOW + dt.timedelta(days=41)).state == "done"
        assert court.told(court.staff("discipline"), "refusals.tally") == 0

    def test_a_declined_matter_that_should_be_done_comes_in_again(self, court):
        refusal = court.vote(court.until(court.refused("declined"), "voting"), *["should"] * 5)
        case = court.fresh(refusal.number)
        assert (case.state, case.decline_reason) == ("submitted", "")
        with pytest.raises(errors.Conflict):
            court.act(refusal.number, "decline", now=LATER)


class TestProposals:
    def test_a_common_problem_becomes_a_change(self, court):
        refusal = court.refused()
        given = {"region": DISTRICT, "title": "电费返还", "text": "无差别加收", "actor": court.organiser, "now": LATER}
        with pytest.raises(errors.Invalid):
            services.propose(refusal_ids=[], **given)
        made = services.propose(refusal_ids=[refusal.id], **given)
        act = {"proposal_id": made.id, "text": "区政府印发返还办法", "actor": court.staff("leader"), "now": LATER}
        services.take_proposal(action="take_up", **act)
        assert services.take_proposal(action="register_change", **act).state == "changed"
        with pytest.raises(errors.Conflict):
            services.take_proposal(action="turn_down", **act)
        with pytest.raises(errors.NotFound):
            services.take_proposal(action="turn_down", **act | {"actor": court.liaison()})

    def test_the_register_follows_it_and_learns_of_earlier_ones(self, court):
        refusal = court.refused()
        made = services.propose(
            region=DISTRICT,
            title="电费返还",
            text="无差别加收",
            refusal_ids=[refusal.id],
            actor=court.organiser,
            now=LATER,
        )

        def known():
            with database.writing():
                return registers.entered(source="refusals", source_ids=[made.id])

        assert known() == {made.id: "proposed"}
        assert services.enter_earlier(now=LATER) == 0
        with database.writing():
            Proposal.objects.filter(pk=made.id).update(state="taken_up", answer="列入议程")
        assert services.enter_earlier(now=LATER) == 1
        assert known() == {made.id: "taken_up"}

"""延期与挂账 (L7): reason, evidence, the level above, once and in time, seen by the enterprise, reviewed on a cycle."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories, selectors, services
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.rules import approval
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications import selectors as inbox
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SIGNED = ("accept", "dispatch", "sign")


@pytest.fixture
def district():
    made = factories.District()
    made.staff("leader")
    return made


def apply(text: str) -> None:
    """Put a rulebook with these sections in force in the district."""
    body = f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{text}\n'
    rulebooks.apply(region=DISTRICT, text=body, name="trial", actor_id=OPERATOR, now=NOW - HOUR)


def told(actor, key):
    with database.writing():
        shown = Notice.objects.filter(person_id=actor.person_id, key=key, digest=None)
        return sum(shown.values_list("count", flat=True))


def facts(case, kind):
    with database.writing():
        return [ledger.content(fact)["data"] for fact in ledger.history(case.id) if fact.kind == kind]


class TestWhoDecides:
    @pytest.mark.parametrize(
        ("approver", "may"),
        [
            ("coordinator", {"coordinator", "catch_all", "board_head", "leader"}),
            ("board_head", {"board_head", "leader"}),
            ("leader", {"leader"}),
            ("supervision_office", {"supervision_office", "leader"}),
        ],
    )
    def test_whoever_is_named_and_those_as_high(self, approver, may):
        assert approval.deciders(approver) == may

    @pytest.mark.parametrize(("approver", "other"), [("leader", "coordinator"), ("supervision_office", "catch_all")])
    def test_the_rulebook_says_who(self, district, approver, other):
        apply(f"extension: {{approver: {approver}}}")
        case = district.case(*SIGNED, "request_extension")
        with pytest.raises(errors.Forbidden):
            district.act(case.number, "decide_extension", now=NOW + HOUR, actor=district.staff(other))
        decided = district.act(case.number, "decide_extension", now=NOW + HOUR, actor=district.staff(approver))
        assert decided.extensions == 1

    def test_never_somebody_of_the_department_that_handles(self, district):
        both = district.liaison(role="department_head")
        case = district.case(*SIGNED, "request_extension")
        assert "decide_extension" not in selectors.available_actions(case=case, actor=both, now=NOW + HOUR)

    def test_who_suspended_does_not_decide_on_it(self, district):
        apply("suspension: {approver: supervision_office}")
        case = district.case(*SIGNED)
        case = district.act(case.number, "suspend", now=NOW + HOUR, actor=district.staff("coordinator"))
        assert case.suspension["granted"] is None
        with pytest.raises(errors.Forbidden):
            district.act(case.number, "decide_suspension", now=NOW + HOUR, actor=district.staff("coordinator"))
        leader = district.staff("leader")
        assert "decide_suspension" in selectors.available_actions(case=case, actor=leader, now=NOW + HOUR)

    def test_a_department_is_no_approver(self):
        flaws = rulebooks.check(text='name: {zh: 甲, en: A}\nregion: "330114"\nsuspension: {approver: liaison}\n')
        assert [flaw.field for flaw in flaws] == ["suspension.approver"]
        assert "leader" in flaws[0].message


class TestGrounds:
    def test_a_strict_place_takes_reasons_of_its_list_only(self, district):
        apply("extension: {own_words: false}\nsuspension: {own_words: false, evidence_required: true}")
        case = district.case(*SIGNED)
        with pytest.raises(errors.Invalid) as refused:
            district.act(case.number, "request_extension", now=NOW + HOUR, reason="我们很忙")
        assert refused.value.code == "reason_not_listed"
        assert len(refused.value.extra["allowed"]) == 4
        district.act(case.number, "request_extension", now=NOW + HOUR, reason="案情特别复杂")
        with pytest.raises(errors.Invalid) as refused:
            district.act(case.number, "suspend", now=NOW + HOUR, reason="不可抗力")
        assert refused.value.code == "evidence_missing"
        case = district.act(case.number, "suspend", now=NOW + HOUR, reason="不可抗力", evidence="气象局 11 号公告")
        assert case.suspension["evidence"] == "气象局 11 号公告"

    @pytest.mark.parametrize(("most", "days", "fits"), [("10wd", 10, True), ("10wd", 11, False), ("14d", 11, False)])
    def test_it_is_capped_in_whatever_unit_the_place_counts(self, district, most, days, fits):
        apply(f"extension: {{max: {most}}}")
        number = district.case(*SIGNED).number
        if fits:
            assert district.act(number, "request_extension", now=NOW + HOUR, days=days).extension["days"] == days
            return
        with pytest.raises(errors.Invalid) as refused:
            district.act(number, "request_extension", now=NOW + HOUR, days=days)
        assert refused.value.code == "extension_too_long"


class TestTheLastSecond:
    def test_asked_in_time_and_decided_after_the_limit_counts(self, district):
        case = district.case(*SIGNED)
        district.act(case.number, "request_extension", now=case.due_at - dt.timedelta(seconds=1))
        services.sweep(now=case.due_at + HOUR)
        later = case.due_at + 14 * HOUR
        extended = district.act(case.number, "decide_extension", now=later)
        assert extended.due_at > case.due_at
        assert extended.original_due_at == case.due_at
        assert selectors.light_of(extended, later) == "green"

    def test_asked_on_the_last_second_is_too_late(self, district):
        case = district.case(*SIGNED)
        with pytest.raises(errors.Conflict) as refused:
            district.act(case.number, "request_extension", now=case.due_at)
        assert refused.value.code == "extension_late"


class TestWhatIsTold:
    def test_the_enterprise_reads_what_was_asked_and_both_dates(self, district):
        case = district.case(*SIGNED, "request_extension")
        assert told(district.owner, "case.extension_requested.raiser") == 1
        assert told(district.staff("coordinator"), "case.extension_requested.approver") == 1
        district.act(case.number, "decide_extension", now=NOW + HOUR)
        assert told(district.owner, "case.extension_decided.granted.raiser") == 1
        titles = [entry.title for entry in inbox.inbox(reader=district.owner.reader).entries]
        assert any("2026" in title and "11月30日" in title and "11月23日" in title for title in titles), titles

    def test_the_leader_is_asked_where_the_leader_decides(self, district):
        case = district.case(*SIGNED)
        district.act(case.number, "suspend", now=NOW + HOUR, actor=district.liaison())
        assert told(district.staff("leader"), "case.suspended.approver") == 1
        assert told(district.owner, "case.suspended.raiser") == 1


class TestReview:
    def test_a_suspended_matter_comes_up_again_and_again(self, district):
        case = district.case(*SIGNED)
        until = (NOW + 80 * DAY).isoformat()
        district.act(case.number, "suspend", now=NOW + HOUR, until=until)
        for day in range(1, 50):
            services.sweep(now=NOW + day * DAY)
        missed = [said for said in facts(case, "case.deadline_missed") if said["clock"] == "suspension_review"]
        assert len(missed) == 3  # 10 working days each
        assert told(district.staff("leader"), "case.missed.suspension_review") == 3
        assert facts(case, "case.light_changed") == []

    def test_a_review_keeps_it_and_begins_the_cycle_anew(self, district):
        case = district.case(*SIGNED)
        district.act(case.number, "suspend", now=NOW + HOUR, until=(NOW + 80 * DAY).isoformat())
        kept = district.act(case.number, "decide_suspension", now=NOW + 9 * DAY)
        assert (kept.state, kept.suspension["granted"]) == ("suspended", True)
        for day in range(10, 22):
            services.sweep(now=NOW + day * DAY)
        assert facts(case, "case.deadline_missed") == []
        assert facts(case, "case.suspension_decided")[0]["review"] is True

    def test_a_review_that_ends_it_gives_back_no_time_that_was_granted(self, district):
        case = district.case(*SIGNED)
        district.act(case.number, "suspend", now=NOW + HOUR)
        ended = district.act(case.number, "decide_suspension", now=NOW + 9 * DAY, granted=False)
        assert ended.state == "handling"
        assert ended.due_at > case.due_at

    def test_it_ends_by_itself(self, district):
        case = district.case(*SIGNED)
        district.act(case.number, "suspend", now=NOW + HOUR, until=(NOW + 3 * DAY).isoformat())
        services.sweep(now=NOW + 4 * DAY)
        back = district.fresh(case.number)
        assert (back.state, back.suspension) == ("handling", None)
        assert back.due_at > case.due_at
        services.sweep(now=NOW + 5 * DAY)
        services.sweep(now=NOW + 40 * DAY)
        assert {said["clock"] for said in facts(case, "case.deadline_missed")} == {"first_contact"}

"""The lifecycle as a stateful machine: whatever people do, in whatever order, the promises of the loop hold."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bihuan.casework.cases import factories, permissions, selectors, services
from bihuan.casework.cases.events import FACT_OF_ACTION
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.rules import facts
from bihuan.casework.cases.states import MACHINE, CaseState, ClosedKind
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import rules as ledger_rules
from bihuan.foundation.ledger import selectors as ledger

HANDLERS = {"liaison-housing", "liaison-water", "department_head-housing"}
ACTIONS = sorted(FACT_OF_ACTION)


class Loop(RuleBasedStateMachine):
    """One case, everybody who may touch it, every action with a plausible body, time moving on."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.facts = 1

    @initialize()
    def raise_it(self):
        self.district = factories.District()
        self.now = NOW
        self.number = self.district.raised().number
        self.people = [
            self.district.owner,
            self.district.staff("seat"),
            self.district.staff("coordinator"),
            self.district.staff("coordinator", "second"),
            self.district.staff("supervision_office"),
            self.district.liaison(),
            self.district.liaison("water"),
            self.district.liaison(role="department_head"),
            permissions.THE_SYSTEM,
        ]
        self.case = self.district.fresh(self.number)

    @rule(action=st.sampled_from(ACTIONS), who=st.integers(0, 8), hours=st.integers(0, 30), flag=st.booleans())
    def somebody_acts(self, action, who, hours, flag):
        self.now += dt.timedelta(hours=hours)
        self.take(action, self.people[who], flag)

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours):
        self.now += dt.timedelta(hours=hours)
        services.sweep(now=self.now)
        self.case, self.facts = self.district.fresh(self.number), self.count()

    @rule(hours=st.integers(0, 5), choice=st.integers(0, 50), flag=st.booleans())
    def the_usual_next_step(self, hours, choice, flag):
        self.now += dt.timedelta(hours=hours)
        able = [
            (actor, action)
            for actor in self.people
            for action in selectors.available_actions(case=self.case, actor=actor, now=self.now)
        ]
        if able:
            actor, action = able[choice % len(able)]
            self.take(action, actor, flag)

    def take(self, action, actor, flag):
        body = self.body(action, flag)
        before = self.case
        try:
            with transaction.atomic():
                self.case = services.take(number=self.number, action=action, actor=actor, now=self.now, body=body)
        except errors.Problem:
            self.case = self.district.fresh(self.number)
            assert facts.snapshot(self.case) == facts.snapshot(before), "a refused action changed the case"
            assert self.count() == self.facts
            return
        self.case = self.district.fresh(self.number)
        self.facts += 1
        assert self.count() == self.facts, "every action leaves exactly one fact"
        if action.startswith("verify_") or action == "archive":
            assert not permissions.of_handling_side(actor, before)
        if action in ("confirm", "deny", "rate", "withdraw"):
            assert permissions.is_raiser(actor, before)

    def body(self, action, flag):
        body = dict(self.district.usual()[action][1])
        if action == "dispatch" and flag:
            body["co"] = ["water"]
        if action == "reply" and flag:
            body["kind"] = "explained"
        if action in ("rule_objection", "decide_extension", "decide_suspension") and flag:
            body = {"upheld": False} if action == "rule_objection" else {"granted": False}
        if action == "suspend":
            body["until"] = (self.now + dt.timedelta(days=10)).isoformat()
        if action == "verify_close" and flag:
            body["callback"] = {"reached": True, "solved": True}
        return body

    def count(self):
        with database.writing():
            return len(ledger.history(self.case.id))

    @invariant()
    def promises(self):
        case = getattr(self, "case", None)
        if case is None:
            return
        state = CaseState(case.state)
        owner = MACHINE.owners[state]
        if owner is not None:
            assert any(row.targets - {state} for row in MACHINE.allowed(state)), "a state without an exit"
        assert case.achieved is not True or (case.word == "confirmed" and case.reply_kind == ClosedKind.RESOLVED)
        assert (state is CaseState.CLOSED) <= bool(case.closed_kind)
        assert case.original_due_at <= case.due_at or case.reworks or case.reopenings
        assert case.word != "no_response" or case.achieved is None
        assert case.light_at == sorted(case.light_at)

    def teardown(self):
        try:
            if hasattr(self, "case"):
                with database.writing():
                    sealed = ledger.history(self.case.id)
                contents = [ledger.content(fact) for fact in sealed]
                assert facts.replay(contents) == facts.to_plain(facts.snapshot(self.case))
                rows = [
                    (
                        str(f.stream),
                        f.seq,
                        f.region,
                        f.kind,
                        ledger_rules.instant(f.at),
                        str(f.actor_id) if f.actor_id else None,
                        f.hash,
                        f.canonical,
                    )
                    for f in sealed
                ]
                assert ledger_rules.verify_chain(ledger_rules.Sealed(*row) for row in rows).ok
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("lives", [3, pytest.param(25, marks=pytest.mark.thorough)])
def test_the_loop_keeps_its_promises(lives):
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=lives,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )

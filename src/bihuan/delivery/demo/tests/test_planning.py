"""The plan: pure, the same for the same seed, legal by the lifecycle table, and showing every state."""

import datetime as dt
import functools
from collections import Counter, defaultdict

import pytest

from bihuan.casework.cases.rules.bodies import BODIES
from bihuan.casework.cases.states import MACHINE, CaseState
from bihuan.delivery.demo import firms, lanes, people, planning, rhythm, scenarios, words
from bihuan.delivery.demo.place import DEPARTMENTS
from bihuan.delivery.demo.world import Limits, Step, World
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import rules as directory
from bihuan.foundation.kernel.workdays import Day, Duration, WorkCalendar
from bihuan.foundation.workcalendar import official

SUNDAY_NIGHT = dt.datetime(2026, 11, 22, 3, 30, tzinfo=rhythm.ZONE)
MOMENTS = [
    SUNDAY_NIGHT,
    dt.datetime(2026, 11, 20, 9, 5, tzinfo=rhythm.ZONE),
    dt.datetime(2026, 9, 16, 17, 29, tzinfo=rhythm.ZONE),
    dt.datetime(2026, 10, 4, 12, 0, tzinfo=rhythm.ZONE),  # in the long holiday
    dt.datetime(2027, 2, 18, 10, 0, tzinfo=rhythm.ZONE),  # in a year nobody has announced
]


@functools.cache
def calendar():
    days = official.packaged_days()
    years = {day.date.year for day in days}
    return WorkCalendar(days=[Day(day.date, day.works, day.name) for day in days], known_years=years)


def world(now=SUNDAY_NIGHT, seed=1):
    invented = firms.invent(seed)
    due = {"ordinary": "5wd", "complex": "15wd", "hard": "30wd"}
    return World(
        seed=seed,
        first=(now - dt.timedelta(days=183)).date(),
        now=now,
        calendar=calendar(),
        limits=Limits(
            due={tier: Duration.parse(text) for tier, text in due.items()},
            rework=Duration.parse("5wd"),
            reopened=Duration.parse("3wd"),
            silence=Duration.parse("5wd"),
        ),
        firms=invented,
        accounts=people.appointed(invented, seed),
    )


def told(steps):
    by_case = defaultdict(list)
    for step in steps:
        by_case[step.case].append(step)
    return by_case


def final_state(steps):
    """Walk through the lifecycle table; fail where it does not allow a step."""
    state = CaseState.SUBMITTED
    provisional = None
    for step in steps:
        if step.action in ("raise", "attach"):
            continue
        if step.action == "report":
            assert state == CaseState.CLOSED, "followed on from the closing"
            continue
        row = MACHINE.find(step.action)
        if state == CaseState.SUSPENDED and state not in row.sources:
            state = CaseState.HANDLING  # the product resumed by itself
        assert state in row.sources, (step, [one.action for one in steps])
        BODIES[step.action].model_validate({**step.body, "into": "X"} if step.action == "merge" else step.body)
        if step.action == "rule_objection":
            state = CaseState.DISPATCHED if step.body["upheld"] else CaseState.SIGNED
        elif step.action == "decide_suspension":
            provisional = step.body["granted"]
            state = state if provisional else CaseState.HANDLING
        elif step.action in ("report_progress", "remind") and state == CaseState.SUSPENDED:
            pass
        elif row.targets:
            (state,) = row.targets
    return state


def test_the_same_seed_tells_the_same_and_another_seed_something_else():
    once = planning.plan(world=world(), cases=150)
    assert planning.plan(world=world(), cases=150) == once
    titles = {step.body["title"] for step in once if step.action == "raise"}
    other = {step.body["title"] for step in planning.plan(world=world(seed=2), cases=150) if step.action == "raise"}
    assert titles != other


@pytest.mark.parametrize("now", MOMENTS)
def test_from_sixty_cases_on_every_state_is_there_whatever_the_moment(now):
    by_case = told(planning.plan(world=world(now), cases=60))
    assert len(by_case) == 60
    assert {final_state(steps) for steps in by_case.values()} == set(CaseState)


@pytest.mark.parametrize("cases", [1, 2, 17, 41, 43, 44, 100])
def test_as_many_cases_as_asked_for(cases):
    by_case = told(planning.plan(world=world(), cases=cases))
    assert len(by_case) == cases
    for steps in by_case.values():
        assert [step.seq for step in steps] == list(range(len(steps)))
        assert steps[0].action == "raise"
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert steps[-1].at <= SUNDAY_NIGHT


def test_a_thousand_cases_are_varied_and_legal():
    steps = planning.plan(world=world(), cases=1000)
    by_case = told(steps)
    states = Counter(final_state(one) for one in by_case.values())
    assert states[CaseState.ARCHIVED] > 300
    raised = [one[0] for one in by_case.values()]
    assert len({step.body["description"] for step in raised}) > 900
    assert len({step.body["channel"] for step in raised}) >= 12
    assert sum("anonymous" in step.body for step in raised) > 20
    actions = Counter(step.action for step in steps)
    assert set(actions) >= set(BODIES) - {"no_response", "overturn"}
    kinds = Counter(step.body["kind"] for step in steps if step.action == "reply")
    assert set(kinds) == {"resolved", "explained", "alternative", "tracked"}


def test_anonymous_matters_name_nobody():
    one = world()
    for step in planning.plan(world=one, cases=1500):
        if step.action == "raise" and step.body.get("anonymous"):
            said = step.body["title"] + step.body["description"] + step.body["place"]
            assert not any(firm.short in said for firm in one.firms)
            assert not step.said_by


def test_good_departments_are_really_better():
    one = world()
    late, returned, counted = Counter(), Counter(), Counter()
    for steps in told(planning.plan(world=one, cases=3000)).values():
        named = {step.action: step for step in steps}
        if "reply" not in named or named.keys() & {"decide_extension", "ask_enterprise", "suspend", "object"}:
            continue
        lead = named["dispatch"].body["lead"]
        due = one.calendar.add(named["accept"].at, one.limits.due[named["accept"].body["tier"]]).at
        counted[lead] += 1
        late[lead] += next(step for step in steps if step.action == "reply").at > due
        returned[lead] += "verify_return" in named

    def share(counter, codes):
        return sum(counter[code] for code in codes) / sum(counted[code] for code in codes)

    good = [code for code in counted if DEPARTMENTS[code].skill > 0.8]
    poor = [code for code in counted if DEPARTMENTS[code].skill < 0.45]
    assert 0 < share(late, good) < 0.05 < 0.08 < share(late, poor) < 0.3
    assert share(returned, good) * 1.4 < share(returned, poor)


def test_every_scenario_can_be_filled():
    one = world()
    assert len(scenarios.everything()) >= 60
    for scenario in scenarios.everything():
        dice = one.dice(scenario.id)
        firm = one.firms[0]
        spoken = words.Words(
            scenario=scenario, firm=firm, town=firm.town, raised_at=SUNDAY_NIGHT, anonymous=False, dice=dice
        )
        texts = [*scenario.titles, *scenario.stories, *scenario.steps, *scenario.fix, scenario.question]
        for text in (*texts, scenario.why_not, scenario.instead):
            assert "{" not in spoken.fill(text), scenario.id
        assert len(spoken.title()) <= 60
        assert all(spoken.reply(kind, SUNDAY_NIGHT) for kind in ("resolved", "explained", "tracked"))


def test_firms_are_invented_and_their_codes_valid():
    invented = firms.invent(1)
    assert len({firm.uscc for firm in invented}) == len({firm.name for firm in invented}) == firms.COUNT
    assert all(directory.check_uscc(firm.uscc) == firm.uscc for firm in invented)
    assert all(firm.name.startswith("澜川") for firm in invented)


def test_somebody_for_every_role_and_department():
    staff = people.appointed(firms.invent(1), 1)
    assert {account.role for account in staff} == set(Role)
    assert {one.department for one in staff if one.role == Role.LIAISON} == set(DEPARTMENTS)
    assert {one.department for one in staff if one.role == Role.DEPARTMENT_HEAD} == set(DEPARTMENTS)
    assert len({account.username for account in staff}) == len({account.name for account in staff}) == len(staff)


def step(case, action, seq=0, **body):
    return Step(at=SUNDAY_NIGHT, case=case, seq=seq, action=action, who="", body=body)


def test_lanes_keep_a_matter_and_what_is_merged_into_it_together():
    steps = [
        step(1, "sign"),
        step(2, "raise"),
        step(2, "merge", 1, into=3),
        step(3, "reply"),
        step(4, "sign"),
        step(1, "reply", 1),
    ]
    first, second = lanes.shares(steps, 2)
    assert [one.case for one in first] == [2, 2, 3]
    assert [(one.case, one.seq) for one in second] == [(1, 0), (4, 0), (1, 1)]
    assert lanes.shares(steps, 1) == [steps]

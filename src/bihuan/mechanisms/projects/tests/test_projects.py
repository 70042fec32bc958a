"""Key projects: lights of milestones, what blocks them, figures; who sees and keeps them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.projects import rules, selectors, wording
from bihuan.mechanisms.projects.models import Milestone, Project
from bihuan.mechanisms.projects.states import MILESTONES, PROJECTS, ProjectState
from bihuan.mechanisms.projects.tests.conftest import DAY, HOUR

LATER = NOW + 2 * HOUR
AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2)


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def api(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    ("state", "days", "light"),
    [("planned", 8, "calm"), ("planned", 7, "amber"), ("planned", 0, "amber"), ("planned", -1, "red"),
     ("reached", -9, "done"), ("dropped", -9, "dropped")],
)  # fmt: skip
def test_lights_of_a_milestone(state, days, light):
    today = dt.date(2026, 11, 16)
    assert rules.light(state=state, day=today + dt.timedelta(days=days), today=today, warn_days=7) == light


@given(
    st.lists(
        st.builds(
            rules.Shown,
            st.sampled_from(list(ProjectState)),
            AMOUNTS,
            AMOUNTS,
            st.sampled_from(rules.ORDER),
            st.integers(0, 3),
        )
    )
)
def test_figures_add_up_and_a_share_of_nothing_is_none(rows):
    found = rules.figures(rows)
    kept = [row for row in rows if row.state != "stopped"]
    assert (found["all"], found["paid"]) == (len(kept), sum((row.paid for row in kept), Decimal(0)))
    assert (found["started_share"] is None) == (not kept)
    assert (found["paid_share"] is None) == (found["planned"] == 0)
    assert found["started"] <= found["all"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("31,800", Decimal(31800)), (" 0.55 ", Decimal("0.55")), ("", None), ("x", None), ("-1", None), ("NaN", None),
     ("Infinity", None), ("1.234", None), ("1e12", None)],
)  # fmt: skip
def test_amounts(text, found):
    assert rules.amount(text) == found


def test_words_are_complete():
    assert set(wording.STATES) == {one.value for one in ProjectState}
    assert {row.action for row in (*PROJECTS.transitions, *MILESTONES.transitions)} == set(wording.ACTIONS)
    assert set(wording.LIGHTS) == set(rules.ORDER)
    assert set(rules.figures([])) == set(wording.FIGURES)


def test_figures_of_the_same_kind_as_the_article(site):
    """13 signed, 10 started: 77 % (海北, 青洽会)."""
    for number in range(13):
        project = site.sign(f"项目{number}", planned="2446.15" if number else "2446.20")
        if number < 10:
            project = site.take(project, "start", started_on="2026-09-01", actor=site.liaison())
            site.take(project, "pay", paid="3180", actor=site.liaison())
    found = selectors.figures(selectors.page(actor=site.staff("leader"), now=LATER))
    assert (found["all"], found["started"], found["paid"]) == (13, 10, Decimal(31800))
    assert round(found["started_share"], 2) == 0.77
    assert len(selectors.page(actor=site.staff("leader"), now=LATER, only="started")) == 10


def test_a_day_that_passes_is_told_once_and_the_light_is_computed(site):
    project = site.sign()
    milestone = site.milestone(project)
    assert (milestone.due_at.date().isoformat(), site.seen(project).light) == ("2026-11-20", "amber")
    site.sweep(NOW + 7 * DAY)
    assert site.facts(milestone) == ["planned", "late"]
    assert (site.told(site.liaison(), "late"), site.seen(project, now=NOW + 7 * DAY).light) == (1, "red")
    assert [one.project for one in selectors.page(actor=site.staff("leader"), now=NOW + 7 * DAY, only="red")] == [
        project
    ]
    site.step(milestone, "move", day="2026-12-20", now=NOW + 7 * DAY)
    assert site.seen(project, now=NOW + 7 * DAY).light == "calm"
    done = site.step(milestone, "reach", actor=site.liaison(), now=NOW + 8 * DAY)
    assert (done.state, done.due_at) == ("reached", None)
    assert site.step(site.milestone(project, "封顶"), "drop").state == "dropped"


class TestBlocks:
    def test_what_blocks_becomes_a_matter_and_is_solved_with_it(self, site):
        project = site.take(site.sign(), "block", text="用电没有着落", actor=site.liaison())
        (block,) = site.seen(project).blocks
        assert (project.blocked, block.open) == (1, True)
        at = NOW + 2 * HOUR
        for step in ("accept", "dispatch", "sign", "submit_plan", "reply", "verify_start", "verify_close"):
            at += dt.timedelta(minutes=5)
            site.act(block.number, step, now=at)
        assert (site.seen(project).project.blocked, site.seen(project).blocks[0].open) == (0, False)
        assert site.facts(project) == ["signed", "block", "unblocked"]

    def test_a_matter_that_is_there_is_named_and_blocks_again_when_reopened(self, site):
        case = site.case("accept", "dispatch", "sign", "submit_plan")
        project = site.take(site.sign(), "block", case=case.number)
        with database.writing():
            assert Case.objects.count() == 1
        with pytest.raises(errors.Conflict) as refusal:
            site.take(project, "block", case=case.number)
        assert refusal.value.code == "blocks_already"
        for minute, step in enumerate(("reply", "verify_start", "verify_close", "deny"), 1):
            site.act(case.number, step, now=NOW + 2 * HOUR + minute * dt.timedelta(minutes=5))
        names = site.facts(project)
        assert names[:3] == ["signed", "block", "unblocked"]
        with pytest.raises(errors.Invalid):
            site.take(project, "block", case="BH-1")


@pytest.mark.parametrize(
    ("given", "field"),
    [({"name": ""}, "name"), ({"planned": "x"}, "planned"), ({"signed_on": "2027-01-01"}, "signed_on"),
     ({"signed_on": "0001-01-01"}, "signed_on"), ({"department": "nowhere"}, "department")],
)  # fmt: skip
def test_what_is_wrong_is_named(site, given, field):
    with pytest.raises(errors.Invalid) as refusal:
        site.sign(**given)
    assert refusal.value.field == field


def test_names_are_taken_once_and_an_ended_project_stays_as_it_is(site):
    project = site.sign()
    with pytest.raises(errors.Conflict):
        site.sign()
    milestone = site.milestone(project)
    with pytest.raises(errors.Conflict):
        site.milestone(project)
    with pytest.raises(errors.Invalid):
        site.take(project, "start", started_on="2026-01-01")
    with pytest.raises(errors.Conflict):
        site.take(project, "finish")
    project = site.take(project, "stop")
    for action in ("pay", "add_milestone", "block"):
        with pytest.raises(errors.Conflict):
            site.take(project, action, paid="1", name="x", day="2026-12-01")
    with pytest.raises(errors.Conflict):
        site.step(milestone, "reach")
    site.sweep(NOW + 9 * DAY)
    assert site.facts(milestone) == ["planned"]


SEES = {"coordinator", "supervision_office", "leader", "discipline", "seat", "housing"}


@pytest.mark.parametrize("who", [*sorted(SEES), "tax", "observer", "deputy", "owner", "system_admin"])
def test_who_sees_it_and_what_they_may_do(site, who):
    project = site.sign()
    milestone = site.milestone(project)
    special = {name: (lambda code=name: site.liaison(code)) for name in ("housing", "tax")}
    actor = (special | {"owner": lambda: site.owner}).get(who, lambda: site.staff(who))()
    may = who in SEES
    with clock.at(LATER):
        pages, client = browser(actor), api(actor)
        assert (pages.get(f"/projects/{project.id}/").status_code == 200) == may
        assert client.get(f"/api/v1/projects/{project.id}").status_code == (200 if may else 404)
        assert (str(project.id) in pages.get("/projects/").content.decode()) == may
        assert (str(project.id) in client.get("/api/v1/projects").content.decode()) == may
        with database.reading(actor.scope()):
            assert (Project.objects.count(), Milestone.objects.count()) == (int(may), int(may))
    keeps = who in ("coordinator", "supervision_office", "leader")
    every = [row.action for row in PROJECTS.allowed(ProjectState.SIGNED)]
    unit = ["start", "pay", "block"] if who == "housing" else []
    if may:
        found = site.seen(project, actor)
        assert found.available_actions == (every if keeps else unit)
        assert found.steps[0].available_actions == (["reach", "move", "drop"] if keeps else ["reach"] if unit else [])
    for action in set(every) - set(every if keeps else unit):
        with pytest.raises(errors.Problem):
            site.take(project, action, actor=actor, paid="1", name="n", day="2026-12-01")
    if who != "housing" and not keeps:
        with pytest.raises(errors.Problem):
            site.step(milestone, "reach", actor=actor)


def test_pages_and_api_do_what_they_say(site, django_assert_max_num_queries):
    centre, unit = browser(site.staff("coordinator")), browser(site.liaison())
    with clock.at(LATER):
        assert centre.get("/projects/new/").status_code == 200
        body = {
            "name": "零碳园区",
            "department": "housing",
            "planned": "31,800",
            "signed_on": "2026-10-01",
            "investor": "",
        }
        path = centre.post("/projects/new/", body).headers["Location"]
        assert centre.post(f"{path}do/add_milestone/", {"name": "开工", "day": "2026-12-01"}).status_code == 302
        assert unit.post(f"{path}do/start/", {"text": "桩基施工", "started_on": ""}).status_code == 302
        assert unit.post(f"{path}do/pay/", {"text": "首期", "paid": "8000"}).status_code == 302
        milestone = site.seen(Project(id=path.strip("/").split("/")[-1])).steps[0].milestone
        assert unit.post(f"/projects/milestones/{milestone.id}/do/reach/", {"text": "照片"}).status_code == 302
        assert "桩基施工" in centre.get(path).content.decode()
        json = {"content_type": "application/json"}
        shown = api(site.liaison()).get("/api/v1/projects").json()
        assert (shown["figures"]["paid"], shown["items"][0]["milestones"][0]["light"]) == ("8000.00", "done")
        made = api(site.staff("leader")).post("/api/v1/projects", body | {"name": "二期", "region": DISTRICT}, **json)
        assert made.status_code == 201
        door = f"/api/v1/projects/{made.json()['id']}/actions/block"
        assert api(site.staff("leader")).post(door, {"text": "缺电"}, **json).json()["blocks"][0]["open"]
        centre.get("/projects/")
        with django_assert_max_num_queries(25):
            centre.get("/projects/?only=running")

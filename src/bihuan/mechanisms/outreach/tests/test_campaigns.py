"""百日攻坚: goals and stars on plain values; matters move by the unit and by somebody else; days are counted anew."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.outreach import selectors, services
from bihuan.mechanisms.outreach.models import Campaign, CampaignDay, CampaignMatter
from bihuan.mechanisms.outreach.rules import campaigns
from bihuan.mechanisms.outreach.rules.campaigns import CRITERIA, Standing
from bihuan.mechanisms.outreach.services import Drive, Wish, Written
from bihuan.mechanisms.outreach.tests.conftest import LATER
from bihuan.mechanisms.outreach.tests.test_codes import refused
from bihuan.mechanisms.outreach.tests.test_web import browser, caller

DAY = dt.timedelta(days=1)
D = NOW.date()


def standing(**given_) -> Standing:
    usual = {"since": D, "due_on": D + 10 * DAY, "progress_on": None, "done_on": None, "blocked": False, "sent_back": 0}
    return Standing(**usual | given_)


@pytest.mark.parametrize(
    ("given_", "today", "missing"),
    [
        ({}, 0, {"done"}),
        ({}, 7, {"done"}),
        ({}, 8, {"done", "lively"}),
        ({"progress_on": D + 5 * DAY}, 12, {"done", "on_time"}),
        ({"blocked": True, "sent_back": 2}, 1, {"done", "unblocked", "accepted"}),
        ({"done_on": D + 9 * DAY}, 40, set()),
        ({"done_on": D + 11 * DAY}, 40, {"on_time"}),
    ],
)
def test_stars_by_stated_criteria(given_, today, missing):
    met = campaigns.stars(standing(**given_), CRITERIA, today=D + today * DAY, lively=7)
    assert set(CRITERIA) - set(met) == missing
    assert campaigns.stars(standing(**given_), ("done",), today=D, lively=7) == tuple({"done"} & set(met))


@given(st.integers(1, 500), st.integers(0, 900), st.integers(-5, 130))
def test_what_is_expected_grows_with_the_days_and_never_beyond_the_target(target, reached, gone):
    wanted = [{"figure": "visits", "target": target}]
    span = {"since": D, "until": D + 99 * DAY}
    (one,) = campaigns.goals(wanted, {"visits": reached}, today=D + gone * DAY, **span)
    (later,) = campaigns.goals(wanted, {}, today=D + (gone + 1) * DAY, **span)
    assert 0 <= one.expected <= later.expected <= target
    assert 0 <= one.share <= 1
    assert (one.share == 1) == (reached >= target)


def drive(hall, *, days=100, goals=None, actor=None, teams=()) -> Campaign:
    given_ = {"name": "百日攻坚", "purpose": "助企解难题", "since": D, "until": D + days * DAY, "teams": teams}
    wanted = Drive(**given_, goals=goals or {"visits": 3, "done": 1})
    return services.make_campaign(region=DISTRICT, drive=wanted, actor=actor or hall.office, now=NOW)


def put_up(hall, found, *, name="奖补资金兑现", due=20, department="housing", now=NOW) -> CampaignMatter:
    body = {"name": name, "department": department, "measure": "逐户核对到账", "due_on": (D + due * DAY).isoformat()}
    return services.add_matter(campaign_id=found.id, actor=hall.office, now=now, body=body)


def move(hall, matter, action, *, actor=None, now=LATER, **body) -> CampaignMatter:
    who = actor or (hall.liaison() if action.startswith("tell") else hall.office)
    given_ = {"action": action, "actor": who, "now": now, "body": {"text": "已办"} | body}
    return services.take_matter(matter_id=matter.id, **given_)


def chart(hall, found, actor=None, now=LATER):
    return selectors.chart(campaign=found, actor=actor or hall.office, now=now)


class TestMatters:
    def test_the_unit_tells_and_somebody_else_writes_off(self, hall):
        found = drive(hall)
        matter = put_up(hall, found)
        assert hall.told(hall.liaison(), "outreach.campaign_matter") == 1
        for who in (hall.office, hall.liaison("water"), hall.owner):
            with pytest.raises(errors.Problem):
                move(hall, matter, "tell_done", actor=who)
        assert move(hall, matter, "tell_progress", blocked="yes").blocked is True
        move(hall, matter, "tell_done")
        for who in (hall.liaison(), hall.liaison(role="department_head")):
            refused("forbidden", move, hall, matter, "write_off_matter", actor=who)
        assert move(hall, matter, "not_done").sent_back == 1
        move(hall, matter, "tell_done", now=LATER + DAY)
        done = move(hall, matter, "write_off_matter", now=LATER + 3 * DAY)
        assert (done.state, done.done_on) == ("done", D + DAY)
        refused("state_forbids", move, hall, matter, "tell_progress")
        ((_one, met),) = chart(hall, found).matters
        assert met == ("lively", "unblocked", "on_time", "done")
        told = ["put_up", "tell_progress", "tell_done", "not_done", "tell_done", "write_off_matter"]
        assert hall.facts(matter) == [f"matter_{one}" for one in told]

    def test_what_cannot_be_put_up(self, hall):
        found = drive(hall)
        put_up(hall, found)
        refused("matter_exists", put_up, hall, found)
        refused("invalid_body", put_up, hall, found, name="x", due=101)
        refused("department_unknown", put_up, hall, found, name="x", department="none")
        with pytest.raises(errors.Problem):
            services.add_matter(campaign_id=found.id, actor=hall.liaison(), now=NOW, body={})

    def test_wrong_campaigns_are_refused(self, hall):
        refused("plan_region", drive, hall, actor=hall.liaison())
        refused("invalid_body", drive, hall, goals={"points": 3})
        refused("invalid_body", drive, hall, goals={"visits": 0})
        refused("plan_days", drive, hall, days=-1)
        refused("plan_days", drive, hall, days=500)


class TestDays:
    def visited(self, hall, found):
        team = services.make_team(
            region=DISTRICT, name="一队", kind="team", members=["liaison-water"], experts=[], actor=hall.office, now=NOW
        )
        wish = Wish(
            name="集中察访", kind="visit", purpose="问需", since=D, until=D + 4 * DAY, campaign=found.id,
            enterprises=[hall.firm.uscc, hall.other_firm.uscc], teams=[team.id],
        )  # fmt: skip
        plan = services.make_plan(region=DISTRICT, wish=wish, actor=hall.office, now=NOW)
        visits = selectors.visits_page(actor=hall.office, plan=str(plan.id))[0]
        for visit in visits:
            at = NOW + (visit.on - D) + dt.timedelta(hours=3)
            with clock.at(at):
                written = Written(key="k", text="看了", finding="窗口空岗", stated="缺电工", stated_title="缺电工")
                services.report(visit_id=visit.id, written=written, actor=hall.liaison("water"), now=at)
        return visits

    def test_the_rollup_says_what_the_facts_say_however_often_it_is_counted(self, hall):
        found = drive(hall)
        visits = self.visited(hall, found)
        for _again in range(2):
            assert services.count_due(now=LATER + 5 * DAY) == 1
        shown = chart(hall, found, now=LATER + 5 * DAY)
        assert shown.totals == {"visits": 2, "firms": 2, "findings": 2, "raised": 2, "solved": 0, "done": 0}
        assert set(shown.days["visits"]) == {visit.on for visit in visits}
        assert {one.figure: one.reached for one in shown.goals} == {"visits": 2, "done": 0}
        assert [one.name for one in shown.plans] == ["集中察访"]

    def test_it_ends_by_itself_and_nothing_moves_any_more(self, hall):
        found = drive(hall, days=3)
        matter = put_up(hall, found, due=2)
        services.count_due(now=LATER + 3 * DAY)
        assert selectors.find_campaign(found.id, hall.office).state == "running"
        services.count_due(now=LATER + 4 * DAY)
        assert selectors.find_campaign(found.id, hall.office).state == "ended"
        refused("state_forbids", move, hall, matter, "tell_progress", now=LATER + 4 * DAY)
        refused("state_forbids", put_up, hall, found, name="y", due=2)
        with pytest.raises(errors.Invalid):
            self.visited(hall, found)

    def test_the_closing_report_holds_goals_stars_and_days(self, hall):
        found = drive(hall)
        put_up(hall, found)
        self.visited(hall, found)
        body = {"text": "走访两家，兑现资金一笔。"}
        given_ = {"campaign_id": found.id, "actor": hall.office, "now": LATER + 5 * DAY, "body": body}
        services.take_campaign(action="end_campaign", **given_)
        refused("state_forbids", services.take_campaign, action="call_off_campaign", **given_)
        page = browser(hall.office).get(f"/outreach/campaigns/{found.id}/report.docx")
        with zipfile.ZipFile(io.BytesIO(page.content)) as packed:
            text = packed.read("word/document.xml").decode()
        for part in ("百日攻坚总结", "奖补资金兑现", "★", "走访两家", "2026-11-16", "67%"):
            assert part in text
        assert browser(hall.office).get(f"/outreach/campaigns/{found.id}/report.pdf").content[:5] == b"%PDF-"
        assert browser(hall.office).get(f"/outreach/campaigns/{found.id}/report.exe").status_code == 404


ROLES = {
    "office": lambda hall: hall.office,
    "leader": lambda hall: hall.staff("leader"),
    "unit": lambda hall: hall.liaison(),
    "other unit": lambda hall: hall.liaison("water"),
    "firm": lambda hall: hall.owner,
    "observer": lambda hall: hall.staff("observer"),
    "admin": lambda hall: hall.staff("system_admin"),
}


@pytest.mark.parametrize("who", ROLES)
def test_who_sees_the_chart(hall, who):
    found = drive(hall)
    matter = put_up(hall, found)
    actor = ROLES[who](hall)
    seen = who in {"office", "leader", "unit"}
    api = caller(actor)
    with clock.at(LATER):
        shown = api.get(f"/api/v1/outreach/campaigns/{found.id}")
        assert shown.status_code == (200 if seen else 404)
        listed = api.get("/api/v1/outreach/campaigns").json()["items"]
        assert bool(listed) is seen
        page = browser(actor).get(f"/outreach/campaigns/{found.id}/")
        assert page.status_code == (200 if seen else 404 if who == "other unit" else 403)
        took = api.post(
            f"/api/v1/outreach/campaigns/matters/{matter.id}/actions/tell_progress",
            {"text": "在办", "blocked": True},
            content_type="application/json",
        )
        assert took.status_code == (200 if who == "unit" else 403 if seen else 404)
    with database.reading(actor.scope()):
        assert Campaign.objects.exists() is seen
        assert CampaignMatter.objects.exists() is seen
        assert CampaignDay.objects.count() == 0


def test_the_pages_do_what_they_say(hall, django_assert_max_num_queries):
    office, unit = browser(hall.office), browser(hall.liaison())
    with clock.at(LATER):
        wanted = {
            "name": "百日攻坚", "purpose": "助企", "since": "2026-11-16", "until": "2027-02-23", "goal-visits": "127",
        }  # fmt: skip
        made = office.post("/outreach/campaigns/", wanted)
        assert made.status_code == 302
        assert office.post("/outreach/campaigns/", wanted | {"goal-visits": "many"}).status_code == 422
        where = made["Location"]
        for number in range(12):
            body = {"name": f"事项 {number}", "department": "housing", "measure": "办", "due_on": "2026-12-01"}
            assert office.post(f"{where}matters/", body).status_code == 302
        text = unit.get(where).content.decode()
        assert "tell_progress" in text
        assert "write_off_matter" not in text
        office.get(where)
        with django_assert_max_num_queries(30):
            office.get(where)
        assert "百日攻坚" in office.get("/outreach/plans/").content.decode()
        assert office.post(f"{where}do/end_campaign/", {"text": "结束"}).status_code == 302

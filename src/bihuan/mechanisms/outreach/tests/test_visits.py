"""Visits: registered before, capped over all bodies, reported once, rated without being told."""

import datetime as dt
import io
import zipfile

import pytest
from PIL import Image

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.foundation.directory import loads
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.outreach import selectors, services
from bihuan.mechanisms.outreach.models import FollowUp, Photo, PhotoPlace, Rating, Report, Visit
from bihuan.mechanisms.outreach.services import Picture, Said, Wish, Written
from bihuan.mechanisms.outreach.tests.conftest import LATER
from bihuan.mechanisms.outreach.tests.test_codes import refused
from bihuan.mechanisms.outreach.tests.test_web import browser, caller

SECRET = "来了就要材料"
DAY = dt.timedelta(days=1)


def jpeg(*, place: bool = True) -> bytes:
    image, packed = Image.new("RGB", (64, 48), "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "SecretPhone 12"
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 4.0, 12.0), 3: "E", 4: (120.0, 22.0, 30.0)})
    image.save(packed, "JPEG", exif=exif)
    return packed.getvalue()


TODAY = NOW.date()


def visit_of(hall, *, actor=None, on=TODAY, firm=None, announced=True, now=NOW) -> Visit:
    given = {"region": DISTRICT, "enterprise": (firm or hall.firm).uscc, "purpose": "了解用工困难"}
    who = actor or hall.liaison()
    return services.register_visit(**given, on=on, announced=announced, actor=who, now=now)


def report(hall, visit, *, actor=None, now=LATER, photos=(), **said):
    given = {"key": "k1", "text": "企业反映用工难"} | said
    pictures = [Picture(name=name, content=io.BytesIO(content)) for name, content in photos]
    written = Written(**given, photos=pictures)
    return services.report(visit_id=visit.id, written=written, actor=actor or hall.liaison(), now=now)


def rate(hall, visit, level=5, *, actor=None, now=LATER, words=""):
    said = Said(level=level, words=words)
    return services.rate_visit(visit_id=visit.id, said=said, actor=actor or hall.owner, now=now)


class TestRegistering:
    def test_before_the_visit_and_the_enterprise_is_told(self, hall):
        visit = visit_of(hall, on=NOW.date() + DAY)
        assert hall.told(hall.owner, "outreach.visit_registered") == 1
        refused("not_ahead", visit_of, hall, on=NOW.date() - DAY)
        for who in (hall.owner, hall.staff("system_admin"), hall.staff("observer")):
            refused("visit_region", visit_of, hall, actor=who)
        refused("state_forbids", report, hall, visit)
        refused("state_forbids", rate, hall, visit)

    def test_one_too_many_over_all_bodies_is_refused_with_what_would_go(self, hall):
        visit_of(hall)
        visit_of(hall, actor=hall.liaison("water"), on=NOW.date() + 2 * DAY)
        problem = refused("visits_enough", visit_of, hall, actor=hall.liaison("tax"), on=NOW.date() + 3 * DAY)
        assert problem.extra["rule"] == "outreach.visits.cap"
        assert problem.extra["taken"] == ["2026-11-16", "2026-11-18"]
        assert problem.extra["earliest"] == NOW.date() + 30 * DAY
        assert visit_of(hall, actor=hall.liaison("tax"), on=problem.extra["earliest"]).state == "planned"
        assert visit_of(hall, actor=hall.liaison("tax"), firm=hall.other_firm).state == "planned"

    def test_what_is_called_off_is_no_load(self, hall):
        first, _second = visit_of(hall), visit_of(hall)
        refused("visits_enough", visit_of, hall)
        with pytest.raises(errors.Problem):
            services.call_off(visit_id=first.id, actor=hall.liaison("water"), now=NOW, body={"text": "改期"})
        services.call_off(visit_id=first.id, actor=hall.liaison(), now=NOW, body={"text": "改期"})
        assert hall.told(hall.owner, "outreach.visit_called_off") == 1
        assert visit_of(hall).state == "planned"

    def test_nobody_learns_beforehand_of_one_that_is_not_announced(self, hall):
        visit = visit_of(hall, announced=False)
        assert hall.told(hall.owner, "outreach.visit_registered") == 0
        refused("visit_not_found", selectors.find_visit, visit.id, hall.owner)
        report(hall, visit)
        report(hall, visit, key="k2", text="又去了一次车间")
        assert selectors.find_visit(visit.id, hall.owner).id == visit.id
        assert hall.told(hall.owner, "outreach.visit_done") == 1


@pytest.fixture
def checks():
    """Another context that comes to enterprises: it says (enterprise, day)."""
    days: list = []

    def known(enterprises, since, until):
        return [(firm, day) for firm, day in days if firm in enterprises and since <= day <= until]

    loads.register("checks", known)
    yield days
    loads.forget("checks")


class TestOthers:
    def test_what_another_context_sends_counts_too(self, hall, checks):
        checks += [(hall.firm.id, TODAY + DAY), (hall.firm.id, TODAY + 3 * DAY), (hall.other_firm.id, TODAY)]
        problem = refused("visits_enough", visit_of, hall)
        assert problem.extra["earliest"] == TODAY + 31 * DAY
        load = selectors.load(enterprise=hall.firm, region=DISTRICT, now=NOW)
        assert (load.taken, load.free) == ((TODAY + DAY, TODAY + 3 * DAY), TODAY + 31 * DAY)
        wish = Wish(
            name="计划", kind="visit", purpose="问需", since=TODAY, until=TODAY + 5 * DAY,
            enterprises=[hall.firm.uscc, hall.other_firm.uscc],
        )  # fmt: skip
        plan = services.make_plan(region=DISTRICT, wish=wish, actor=hall.office, now=NOW)
        assert [one["enterprise"] for one in plan.skipped] == [hall.firm.name]
        del checks[:]
        assert visit_of(hall).state == "planned"

    def test_visits_are_a_load_for_others(self, hall, checks):
        visit = visit_of(hall)
        services.call_off(visit_id=visit_of(hall).id, actor=hall.liaison(), now=NOW, body={"text": "改期"})
        with database.writing():
            found = loads.of_others("checks", [hall.firm.id, hall.other_firm.id], TODAY, TODAY + DAY)
            assert found == {hall.firm.id: [visit.on]}
            assert loads.of_others("checks", [hall.firm.id], TODAY + DAY, TODAY + DAY) == {}
        with pytest.raises(ValueError, match="twice"):
            loads.register("checks", lambda *_given: [])


class TestPlans:
    def test_four_and_twenty_and_so_many(self, hall):
        hall.rule("qingdao")
        given = {"region": DISTRICT, "members": ["liaison-housing"], "experts": [], "actor": hall.office, "now": NOW}
        for number in range(4):
            services.make_team(name=f"机动察访 {number} 队", kind="mobile", **given)
        refused("teams_enough", services.make_team, name="机动察访 5 队", kind="mobile", **given)
        services.make_team(name="察访小队", kind="local", **given)
        refused("invalid_body", services.make_team, name="x", kind="none", **given)
        refused("unknown_person", services.make_team, name="x", kind="local", **given | {"members": ["nobody"]})
        refused("plan_region", services.make_team, name="x", kind="local", **given | {"actor": hall.liaison()})
        assert len(selectors.teams(actor=hall.office)) == 5

    def test_a_plan_spreads_and_leaves_out_who_is_visited_enough(self, hall):
        hall.rule("weidong")
        for _one in range(2):
            visit_of(hall, on=NOW.date() + DAY)
        team = services.make_team(
            region=DISTRICT,
            name="包联组",
            kind="team",
            members=["liaison-water"],
            experts=[],
            actor=hall.office,
            now=NOW,
        )
        wish = Wish(
            name="助企见面日", kind="visit", purpose="问需", since=NOW.date(), until=NOW.date() + 20 * DAY,
            enterprises=[hall.firm.uscc, hall.other_firm.uscc], teams=[team.id], fixed="meeting_day",
        )  # fmt: skip
        plan = services.make_plan(region=DISTRICT, wish=wish, actor=hall.office, now=NOW)
        assert [one["enterprise"] for one in plan.skipped] == [hall.firm.name]
        (visit,) = selectors.visits_page(actor=hall.office, plan=str(plan.id))[0]
        assert (visit.enterprise_id, visit.on.isoweekday()) == (hall.other_firm.id, 3)
        (mine,) = selectors.visits_page(actor=hall.liaison("water"), mine="1")[0]
        assert mine.id == visit.id
        with clock.at(NOW + 3 * DAY):
            assert report(hall, visit, actor=hall.liaison("water"), now=NOW + 3 * DAY).report.visit_id == visit.id


class TestReporting:
    def test_the_same_form_twice_is_one_report_and_one_matter(self, hall):
        visit = visit_of(hall)
        stated = {"stated_title": "招不到焊工", "stated": "开出六千也招不到，请帮忙对接技校。"}
        first, again = report(hall, visit, **stated), report(hall, visit, **stated)
        assert (again.report.id, again.number, again.follow_up_code) == (first.report.id, first.number, "")
        assert first.follow_up_code
        with database.writing():
            case = Case.objects.get()
            assert (case.channel, case.enterprise_id, case.description) == ("visit", hall.firm.id, stated["stated"])
        other = report(hall, visit, key="k1", text="补充：宿舍也不够")
        assert other.report.id != first.report.id
        assert hall.facts(visit) == ["visit_registered", "visit_report", "visit_report"]

    def test_a_clock_in_the_future_loses_nothing(self, hall):
        visit = visit_of(hall)
        kept = report(hall, visit, taken_at=LATER + 400 * DAY)
        assert (kept.report.taken_at, kept.report.clock_off) == (LATER, True)

    def test_a_photo_keeps_its_pixels_and_its_place_apart(self, hall):
        kept = report(hall, visit_of(hall), photos=[("现场.jpg", jpeg())], finding="窗口空岗", department="water")
        with database.writing():
            photo, place = Photo.objects.get(report=kept.report), PhotoPlace.objects.get()
        content = cases.path_of(photo.sha256).read_bytes()
        assert b"SecretPhone" not in content
        assert not Image.open(io.BytesIO(content)).getexif()
        assert (round(place.latitude, 3), round(place.longitude, 3)) == (36.07, 120.375)

    def test_too_large_or_not_a_photo_is_refused_whole(self, hall):
        visit = visit_of(hall)
        refused("file_too_large", report, hall, visit, photos=[("a.jpg", b"\xff\xd8\xff" + b"x" * (40 << 20))])
        html = b"<html><script>alert(1)</script></html>"
        for name, content in (("a.jpg", html), ("a.html", html), ("a.jpg", jpeg()[:200]), ("a.svg", b"<svg/>")):
            with pytest.raises(errors.Invalid) as problem:
                report(hall, visit, photos=[(name, content)])
            assert problem.value.field == "photos"
        refused("too_many_files", report, hall, visit, photos=[(f"{n}.jpg", jpeg()) for n in range(10)])
        with database.writing():
            assert Report.objects.count() == 0

    def test_a_second_file_behind_a_photo_stays_behind(self, hall):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("evil.html", "<script>alert(1)</script>")
        kept = report(hall, visit_of(hall), photos=[("a.jpg", jpeg() + packed.getvalue())])
        with database.writing():
            content = cases.path_of(Photo.objects.get(report=kept.report).sha256).read_bytes()
        assert b"PK\x03\x04" not in content

    def test_only_those_who_go_report(self, hall):
        visit = visit_of(hall)
        for who in (hall.office, hall.liaison(role="department_head"), hall.liaison("water"), hall.owner):
            with pytest.raises(errors.Problem):
                report(hall, visit, actor=who)


class TestRating:
    def test_once_by_the_enterprise_and_a_bad_one_is_followed(self, hall):
        visit = visit_of(hall)
        for who in (hall.stranger, hall.liaison(), hall.office):
            with pytest.raises(errors.Problem):
                rate(hall, visit, actor=who)
        rating = rate(hall, visit, 1, words=SECRET)
        refused("rated", rate, hall, visit)
        with database.writing():
            follow_up = FollowUp.objects.get(rating=rating)
        assert (follow_up.kind, follow_up.place.endswith("2026-11")) == ("callback", True)
        assert hall.firm.name not in follow_up.place

    def test_who_came_reads_no_rating_even_as_a_supervisor(self, hall):
        visit = visit_of(hall, actor=hall.office)
        rate(hall, visit, 1, words=SECRET)
        assert selectors.follow_ups(actor=hall.office)[0] == []
        (found,) = selectors.follow_ups(actor=hall.staff("supervision_office"))[0]
        assert selectors.rating_of(found, hall.office) is None
        refused("follow_up_not_found", selectors.find_follow_up, found.id, hall.office)
        assert selectors.rating_of(found, hall.staff("supervision_office")).words == SECRET

    def test_a_unit_learns_means_of_large_settled_groups_only(self, hall):
        visit = visit_of(hall)
        rate(hall, visit, 3)
        with database.writing():
            made = Visit.objects.get(pk=visit.id)
            for number in range(4):
                visit = Visit.objects.create(
                    region=DISTRICT, kind="registered", enterprise_id=made.enterprise_id, on=made.on, purpose="x",
                    department_id=made.department_id, registered_at=NOW, rated=True,
                )  # fmt: skip
                Rating.objects.create(
                    visit=visit, region=DISTRICT, department_id=made.department_id, level=4, on=made.on
                )
                settled = NOW + 20 * DAY
                means = selectors.visit_means(actor=hall.liaison(), now=settled)
                assert bool(means) == (number == 3)
        assert means == [("housing", 5, 3.8)] or means[0][1:] == (5, 3.8)
        assert selectors.visit_means(actor=hall.liaison(), now=LATER) == []
        assert selectors.visit_means(actor=hall.liaison("water"), now=settled) == []


ROLES = {
    "discipline": lambda hall: hall.office,
    "supervision": lambda hall: hall.staff("supervision_office"),
    "coordinator": lambda hall: hall.centre,
    "leader": lambda hall: hall.staff("leader"),
    "visitor": lambda hall: hall.liaison(),
    "head": lambda hall: hall.liaison(role="department_head"),
    "other unit": lambda hall: hall.liaison("water"),
    "visited": lambda hall: hall.owner,
    "stranger": lambda hall: hall.stranger,
    "deputy": lambda hall: hall.staff("deputy"),
    "observer": lambda hall: hall.staff("observer"),
    "admin": lambda hall: hall.staff("system_admin"),
}
STAFF = {"discipline", "supervision", "coordinator", "leader", "visitor", "head"}
READS = {"discipline", "supervision"}
NOTE = "厂长手写的困难清单"


@pytest.mark.parametrize("who", ROLES)
def test_nothing_of_a_visit_leaks_to_any_role_at_any_address(hall, who):
    visit = visit_of(hall)
    kept = report(hall, visit, text=NOTE, photos=[("a.jpg", jpeg())], finding="窗口空岗", department="water")
    rate(hall, visit, 1, words=SECRET)
    with database.writing():
        photo = Photo.objects.get(report=kept.report)
    actor = ROLES[who](hall)
    with clock.at(LATER):
        api, page = caller(actor), browser(actor)
        seen = who in STAFF | {"visited"}
        listed = {one["id"] for one in api.get("/api/v1/outreach/visits").json()["items"]}
        assert (str(visit.id) in listed) is seen
        one = api.get(f"/api/v1/outreach/visits/{visit.id}")
        assert one.status_code == (200 if seen else 404)
        if seen:
            told = one.json()
            assert told["rated"] is (True if who == "visited" else None)
            assert bool(told["reports"]) is (who in STAFF)
            places = [photo["place"] for one in told["reports"] for photo in one["photos"]]
            assert (places == [[36.07, 120.375]]) is (who in READS)
        where = f"/outreach/visits/{visit.id}/"
        pages = ["/outreach/visits/", "/outreach/visits/?mine=1", where, f"{where}report/", "/outreach/mine/"]
        pages += [f"/outreach/firms/?uscc={hall.firm.uscc}", "/outreach/plans/", "/outreach/teams/", f"{where}rate/"]
        answers = [page.get(path) for path in pages]
        assert {one.status_code for one in answers} <= {200, 403, 404}
        shown = "".join(one.content.decode() for one in answers if one.status_code == 200)
        assert (NOTE in shown) is (who in STAFF)
        assert SECRET not in shown
        assert ("36.07" in shown) is (who in READS)
        picture = page.get(f"{where}photos/{photo.id}.jpg")
        assert picture.status_code == (200 if who in STAFF else 403 if who in {"visited", "stranger", "admin"} else 404)
        took = api.post(
            f"/api/v1/outreach/visits/{visit.id}/actions/rate_visit", {"level": 5}, content_type="application/json"
        )
        assert took.status_code == (409 if who == "visited" else 403 if who in STAFF else 404)
        with database.reading(actor.scope()):
            assert Visit.objects.filter(pk=visit.id).exists() is seen
            assert (Report.objects.count(), PhotoPlace.objects.count()) == (0, 0)


def test_the_pages_do_what_they_say(hall):
    office, unit, firm = browser(hall.office), browser(hall.liaison()), browser(hall.owner)
    with clock.at(LATER):
        team = {"name": "一队", "kind": "team", "members": "liaison-housing", "experts": ""}
        assert office.post("/outreach/teams/", team).status_code == 302
        plan = {
            "name": "百日攻坚", "kind": "inspection", "purpose": "政策落实", "since": "2026-11-16",
            "until": "2026-11-20", "enterprises": hall.other_firm.uscc,
            "teams": [str(one.id) for one in selectors.teams(actor=hall.office)],
        }  # fmt: skip
        made = office.post("/outreach/plans/", plan)
        assert made.status_code == 302
        assert hall.other_firm.name in office.get(made["Location"]).content.decode()
        given = {"region": DISTRICT, "enterprise": hall.firm.uscc, "on": "2026-11-16", "purpose": "问需"}
        registered = unit.post("/outreach/visits/new/", given | {"announced": "yes"})
        assert registered.status_code == 302
        where = registered["Location"]
        assert unit.get(f"{where}report/").status_code == 200
        sent = unit.post(
            f"{where}report/",
            {"key": "k", "text": "都好", "taken_at": "2026-11-16T10:30:00.000Z", "stated": "缺电工"},
        )
        assert (sent.status_code, b"data-kept" in sent.content) == (200, True)
        assert "rate/" in firm.get("/outreach/mine/").content.decode()
        assert firm.post(f"{where}rate/", {"level": "4"}).status_code == 302
        assert "rate/" not in firm.get("/outreach/mine/").content.decode()
        assert unit.post("/outreach/visits/new/", given | {"on": "x"}).status_code == 422


def test_the_register_of_visits_costs_the_same_for_few_and_many(hall, django_assert_max_num_queries):
    for number in range(20):
        visit_of(hall, on=NOW.date() + number * 16 * DAY)
    office = browser(hall.office)
    with clock.at(LATER):
        office.get("/outreach/visits/")
        with django_assert_max_num_queries(25):
            office.get("/outreach/visits/")

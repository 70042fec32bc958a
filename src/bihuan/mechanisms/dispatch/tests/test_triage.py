"""The catalogue and the desk on a district: read, refuse, propose, take, change, measure, learn."""

import dataclasses
import datetime as dt
import io
import json

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.directory import services as directory_services
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.dispatch import panels, selectors, services
from bihuan.mechanisms.dispatch.models import Entry, Proposal

HEADINGS = "事项 识别词 类别 板块 层级 主办 协办 不得派给 依据".split()
FIRE = ["消防验收", "消防验收、验收退回", "审批许可", "projects", "一般", "housing", "water", "tax", "消防法 13"]
TAX = ["退税", "退税、留抵", "税费", "projects", "一般", "tax", "", "", "税收征管法 51"]


def sheet(*rows, headings=HEADINGS) -> io.BytesIO:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (headings, *rows):
        book.active.append(row)
    book.save(out)
    out.seek(0)
    return out


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def read(district, *rows, **given):
    centre = district.staff("coordinator")
    return services.read_catalogue(
        region=DISTRICT, file=sheet(*rows, **given), filename="目录.xlsx", actor=centre, now=NOW
    )


@pytest.fixture
def place(district, settings, tmp_path):
    """The district with a catalogue in force, and a data folder of its own."""
    settings.DATA_DIR = tmp_path
    directory.make_department("shizhu", kind="town")
    done = read(district, FIRE, TAX)
    services.put_in_force(region=DISTRICT, number=done.edition.number, actor=district.staff("coordinator"), now=NOW)
    return district


def proposal(number: str) -> Proposal:
    with database.writing():
        return Proposal.objects.get(case__number=number)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ([*FIRE[:5], "没有这个局", *FIRE[6:]], "department_unknown"),
        ([*FIRE[:3], "没有板块", *FIRE[4:]], "board_unknown"),
        ([*FIRE[:2], "没有类别", *FIRE[3:]], "category_unknown"),
        ([*FIRE[:6], "housing", *FIRE[7:]], "lead_is_co"),
        ([*FIRE[:7], "housing", FIRE[8]], "lead_barred"),
        ([*FIRE[:5], "", *FIRE[6:]], "required"),
        (["消防 验收", *FIRE[1:]], "matter_twice"),
        ([*FIRE[:5], "shizhu", "", "", FIRE[8]], "pushed_down"),
    ],
)
def test_a_wrong_row_keeps_the_whole_file_out(district, row, code):
    directory.make_department("shizhu", kind="town")
    done = read(district, FIRE, TAX, row)
    assert done.edition is None
    assert [(flaw.row, flaw.code) for flaw in done.errors] == [(4, code)]


def test_a_catalogue_is_a_draft_until_it_is_put_in_force(district):
    done = read(district, FIRE)
    assert selectors.catalogue.current(DISTRICT).edition is None
    with pytest.raises(errors.Forbidden):
        services.put_in_force(region=DISTRICT, number=1, actor=district.liaison(), now=NOW)
    services.put_in_force(region=DISTRICT, number=1, actor=district.staff("coordinator"), now=NOW)
    (matter,) = selectors.catalogue.current(DISTRICT).matters
    assert (matter.lead.code, [one.code for one in matter.barred]) == ("housing", ["tax"])
    with pytest.raises(errors.Conflict):
        services.put_in_force(region=DISTRICT, number=1, actor=district.staff("coordinator"), now=NOW)
    with database.writing():
        kinds = list(Fact.objects.filter(stream=done.edition.id).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["dispatch.catalogue_read", "dispatch.catalogue_in_force"]
    with pytest.raises(DatabaseError), database.writing():
        Entry.objects.update(basis="别的")


def test_a_proposal_says_whose_it_is_and_why(place):
    number = place.raised().number
    client = browser(place.staff("coordinator"))
    with clock.at(NOW), translation.override("en"):
        found = client.get(f"/api/v1/cases/{number}").json()["proposal"]
    assert {name: found[name] for name in ("category", "tier", "board", "lead", "co", "accepted")} == {
        "category": "approval",
        "tier": "ordinary",
        "board": "projects",
        "lead": "housing",
        "co": ["water"],
        "accepted": None,
    }
    assert (found["confidence"], found["matter"]) == (0.8, "消防验收")
    assert "消防法 13" in found["reasons"][0]
    # The raiser and the departments are told what is decided, not what was proposed.
    assert browser(place.owner).get(f"/api/v1/cases/{number}").json()["proposal"] is None
    # Nothing rather than a guess.
    other = place.raised(title="想问一件事", description="没有说是什么").number
    assert client.get(f"/api/v1/cases/{other}").json()["proposal"] is None


def test_one_keystroke_accepts_and_dispatches(place):
    number = place.raised().number
    client = browser(place.staff("coordinator"))
    assert 'data-row-key="a"' in client.get("/triage/").content.decode()
    assert client.post(f"/triage/{number}/take/").status_code == 302
    case = place.fresh(number)
    assert (case.state, case.board, case.category) == ("dispatched", "projects", "approval")
    row = proposal(number)
    assert [row.right_category, row.right_tier, row.right_board, row.right_lead, row.right_co] == [True] * 5
    assert f't-{number}"' not in client.get("/triage/").content.decode()


def test_a_seat_accepts_and_leaves_the_dispatch_to_the_centre(place):
    number = place.raised().number
    services.take_proposal(number=number, actor=place.staff("seat"), now=NOW)
    assert place.fresh(number).state == "accepted"
    services.take_proposal(number=number, actor=place.staff("coordinator"), now=NOW)
    assert place.fresh(number).state == "dispatched"


def test_a_correction_is_kept_and_counted_against_the_entry(place):
    number = place.raised().number
    centre = place.staff("coordinator")
    place.act(number, "accept", now=NOW, actor=centre, category="enforcement")
    place.act(number, "dispatch", now=NOW, actor=centre, lead="water", co=[])
    row = proposal(number)
    assert (row.right_category, row.right_board, row.right_lead, row.right_co) == (False, True, False, False)
    assert row.decided["lead"] == "water"
    assert panels.was_accepted(row) is False
    selectors.catalogue.forget()
    matter = selectors.catalogue.current(DISTRICT).matters[0]
    assert (matter.used, matter.overruled) == (1, 1)
    whole, *_months = selectors.accuracy(actor=centre, since=NOW - dt.timedelta(days=1))
    assert (whole.decided, whole.corrected) == (1, 1)
    assert {part.field: (part.right, part.decided) for part in whole.parts}["lead"] == (0, 1)
    page = browser(centre).get("/triage/accuracy/").content.decode()
    assert number in page


def test_an_upheld_objection_corrects_the_lead(place):
    number = place.raised().number
    services.take_proposal(number=number, actor=place.staff("coordinator"), now=NOW)
    place.object(number, "housing", NOW + dt.timedelta(minutes=5))
    place.act(number, "rule_objection", now=NOW + dt.timedelta(minutes=6), upheld=True, lead="water")
    row = proposal(number)
    assert (row.right_lead, row.decided["lead"]) == (False, "water")


@pytest.mark.parametrize(("lead", "named"), [("tax", "tax"), ("shizhu", "shizhu")])
def test_a_unit_that_may_not_have_it_is_refused_with_what_would_go(place, lead, named):
    number = place.case("accept").number
    with pytest.raises(errors.Conflict) as refused:
        place.act(number, "dispatch", now=NOW, lead=lead)
    assert refused.value.code == "vetoed"
    assert place.department(named).name in str(refused.value.detail)
    assert place.department("housing").name in str(refused.value.detail)
    # Somebody who reads it knows better: it is none of the matters, and then nothing stands against it.
    decision = services.Decision(tier="ordinary", board="projects", lead=lead, matter="")
    services.decide(number=number, decision=decision, actor=place.staff("coordinator"), now=NOW)
    assert place.fresh(number).state == "dispatched"


def test_the_desk_shows_again_what_was_refused(place):
    number = place.raised().number
    client = browser(place.staff("coordinator"))
    words = {"tier": "ordinary", "board": "projects", "lead": "tax", "matter": "消防验收"}
    answer = client.post(f"/triage/{number}/", words)
    assert answer.status_code == 422
    assert place.fresh(number).state == "submitted"
    assert client.post(f"/triage/{number}/", words | {"matter": "退税"}).status_code == 302
    assert place.fresh(number).state == "dispatched"
    assert proposal(number).key == "退税"


def test_who_left_is_replaced_by_who_took_over_and_that_is_said(place):
    number = place.raised().number
    housing, water = place.department("housing"), place.department("water")
    on = NOW.date()
    directory_services.merge_department(department_id=housing.id, into_id=water.id, actor_id=OPERATOR, now=NOW, on=on)
    selectors.catalogue.forget()
    waiting = selectors.one(number=number, actor=place.staff("coordinator"), now=NOW + dt.timedelta(minutes=1))
    assert waiting.proposal.parts["lead"]["value"] == "water"
    assert [said["code"] for said in waiting.proposal.reasons] == ["catalogue", "heir"]


def test_new_matters_get_their_proposal_in_the_background(place):
    numbers = [place.raised().number for _ in range(3)]
    assert services.propose_new(now=NOW) == 3
    assert services.propose_new(now=NOW) == 0
    made = proposal(numbers[0]).stamp
    done = read(place, FIRE)
    services.put_in_force(region=DISTRICT, number=done.edition.number, actor=place.staff("coordinator"), now=NOW)
    assert services.propose_new(now=NOW) == 3
    assert proposal(numbers[0]).stamp != made


TOPICS = {"water": "自来水水压太低", "tax": "留抵退税没有到账", "housing": "消防验收被退回"}


def decided(place, count: int = 24) -> None:
    for turn in range(count):
        lead = list(TOPICS)[turn % 3]
        number = place.raised(title=f"{TOPICS[lead]}，第{turn}次", description=f"{TOPICS[lead]}，请处理").number
        place.act(number, "accept", now=NOW)
        place.act(number, "dispatch", now=NOW, lead=lead, co=[])


def test_the_model_learns_from_decisions_and_fills_what_the_catalogue_leaves_open(place):
    centre = place.staff("coordinator")
    decided(place)
    card = services.train(region=DISTRICT, now=NOW)
    again = services.train(region=DISTRICT, now=NOW + dt.timedelta(hours=1))
    assert (card["digest"], card["rows"]) == (again["digest"], 24)
    assert card["questions"]["lead"]["labels"] == 3
    number = place.raised(title="水压低，三楼没有水", description="自来水水压一直低").number
    client = browser(centre)
    with clock.at(NOW):
        found = client.get(f"/api/v1/cases/{number}").json()["proposal"]
        shown = client.get("/api/v1/dispatch/model").json()
    assert found["lead"] == "water"
    assert shown["card"]["digest"] == card["digest"]
    page = client.get("/triage/model/")
    assert (page.status_code, card["digest"] in page.content.decode()) == (200, True)


@pytest.mark.parametrize("harm", ["missing", "broken", "nonsense"])
def test_without_a_good_model_the_catalogue_proposes_alone_and_that_is_said(place, harm):
    decided(place, 12)
    card = services.train(region=DISTRICT, now=NOW)
    file = selectors.learnt.folder() / card["file"]
    if harm == "missing":
        (file.parent / f"{DISTRICT}.json").unlink()
    elif harm == "broken":
        file.write_bytes(file.read_bytes()[:-7])
    else:
        (file.parent / f"{DISTRICT}.json").write_text(json.dumps(["no card"]))
    learnt = selectors.learnt.of(DISTRICT)
    assert (learnt.model, learnt.why) == (None, "missing" if harm == "missing" else "broken")
    number = place.raised().number
    client = browser(place.staff("coordinator"))
    with translation.override("en"):
        assert client.get(f"/api/v1/cases/{number}").json()["proposal"]["lead"] == "housing"
    assert "alert" in client.get("/triage/").content.decode()


def test_too_little_keeps_the_old_model(place):
    with pytest.raises(errors.Invalid) as refused:
        services.train(region=DISTRICT, now=NOW)
    assert refused.value.code == "too_little"


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("seat", "/triage/", 200),
        ("leader", "/triage/", 403),
        ("leader", "/triage/accuracy/", 200),
        ("liaison", "/triage/accuracy/", 403),
        ("liaison", "/triage/catalogue/", 200),
        ("system_admin", "/triage/catalogue/", 403),
    ],
)
def test_who_opens_what(place, role, path, status):
    actor = place.liaison() if role == "liaison" else place.staff(role)
    assert browser(actor).get(path).status_code == status


def test_the_catalogue_can_be_taken_away_and_read_again(place):
    client = browser(place.staff("coordinator"))
    shown = client.get("/api/v1/dispatch/catalogue").json()
    assert (shown["edition"], [one["lead"] for one in shown["items"]]) == (1, ["housing", "tax"])
    file = io.BytesIO(client.get("/triage/catalogue/1/export.csv").content)
    file.name = "again.csv"
    assert client.post("/triage/catalogue/read/", {"file": file}).headers["Location"] == "/triage/catalogue/2/"
    assert client.post("/triage/catalogue/2/put-in-force/").status_code == 302
    again = client.get("/api/v1/dispatch/catalogue").json()
    assert (again["edition"], again["items"]) == (2, shown["items"])
    wrong = sheet([*FIRE[:5], "没有这个局", *FIRE[6:]])
    wrong.name = "wrong.xlsx"
    answer = client.post("/triage/catalogue/read/", {"file": wrong})
    assert (answer.status_code, "没有这个局" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("in_background", [True, False], ids=["stored", "made while reading"])
def test_the_desk_costs_the_same_for_more_matters(place, in_background):
    client = browser(place.staff("coordinator"))

    def queries(matters: int) -> int:
        numbers = [place.raised().number for _ in range(matters)]
        if in_background:
            services.propose_new(now=NOW)
        client.get("/triage/")  # what is learnt once by a process is not counted
        with CaptureQueriesContext(connection) as caught:
            page = client.get("/triage/").content.decode()
        assert all(f"/triage/{number}/take/" in page for number in numbers)
        return len(caught)

    few = queries(1)
    assert queries(6) == few


def test_the_database_shows_a_proposal_to_nobody_who_may_not_see_the_matter(place):
    place.raised()
    services.propose_new(now=NOW)
    centre = place.staff("coordinator").scope()
    elsewhere = dataclasses.replace(centre, regions=("330114",))
    scopes = {"centre": centre, "another county": elsewhere, "liaison": place.liaison().scope()}
    scopes |= {"raiser": place.owner.scope(), "another firm": place.stranger.scope(), "nobody": Actor().scope()}
    seen = {}
    for name, scope in scopes.items():
        with database.reading(scope):
            ((seen[name],),) = database.fetch("select count(*) from dispatch_proposal")
    assert seen == {"centre": 1, "another county": 0, "liaison": 0, "raiser": 1, "another firm": 0, "nobody": 0}
    change = "update dispatch_proposal set confidence = 1"
    with database.reading(centre), pytest.raises(DatabaseError), transaction.atomic():
        database.fetch(change)

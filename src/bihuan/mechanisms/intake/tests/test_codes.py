"""Printed codes: made by staff, opened by anybody, changed by nobody."""

import pytest

from bihuan.casework.cases.factories import DISTRICT
from bihuan.casework.cases.models import Case
from bihuan.foundation.directory import rules
from bihuan.foundation.kernel import database
from bihuan.mechanisms.intake import services

WANTED = {"channel": "window_code", "region": DISTRICT, "place": "政务服务中心 12 号窗口"}


@pytest.fixture
def token(district, browser):
    answer = browser(district.staff("coordinator")).post("/qr/", WANTED)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return answer["Location"].split("/")[2]


def test_the_sheet_shows_the_code_and_the_place(token, district, browser):
    page = browser(district.staff("coordinator")).get(f"/qr/{token}/").content.decode()
    assert "<svg" in page
    assert WANTED["place"] in page


@pytest.mark.parametrize(
    ("ending", "kind", "head"), [("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")]
)
def test_the_code_is_given_out_alone(token, district, browser, ending, kind, head):
    answer = browser(district.staff("coordinator")).get(f"/qr/{token}.{ending}")
    assert answer["Content-Type"] == kind
    assert answer.content.startswith(head)


def test_whoever_scans_it_raises_through_its_channel_at_its_place(token, visitor):
    page = visitor.get(f"/q/{token}/").content.decode()
    assert WANTED["place"] in page
    assert "id_region" not in page
    told = {
        "title": "窗口让跑三趟",
        "description": "每次材料要求不一样",
        "who": "named",
        "enterprise": rules.compose_uscc(region=DISTRICT, serial=1),
        "region": "110101",
        "place": "别处",
    }
    assert visitor.post(f"/q/{token}/", told).status_code == 302
    with database.writing():
        case = Case.objects.get()
    assert (case.channel, case.region, case.place) == ("window_code", DISTRICT, WANTED["place"])


@pytest.mark.parametrize(
    "spoil",
    [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: "x" + t, lambda t: t.split(":")[0], lambda _t: "%00"],
)
def test_a_changed_code_leads_to_a_plain_page(token, visitor, spoil):
    answer = visitor.get(f"/q/{spoil(token)}/")
    assert answer.status_code == 404
    assert "link_wrong" in answer.content.decode()


@pytest.mark.parametrize("given", [{"channel": "hotline"}, {"place": ""}, {"place": "长" * 61}, {"region": "110101"}])
def test_what_cannot_be_printed_is_named(district, browser, given):
    answer = browser(district.staff("coordinator")).post("/qr/", WANTED | given)
    assert answer.status_code == 422


def test_nobody_prints_codes_for_another_region(district):
    from bihuan.casework.cases.factories import NOW
    from bihuan.foundation.directory import factories as directory
    from bihuan.foundation.kernel import errors

    directory.make_region("999902")
    with pytest.raises(errors.Forbidden):
        services.issue_link(channel="window_code", region="999902", place="窗口", actor=district.staff("seat"), now=NOW)


def test_making_codes_is_for_staff(district, browser, visitor):
    assert browser(district.owner).get("/qr/").status_code == 403
    assert visitor.get("/qr/").status_code == 302

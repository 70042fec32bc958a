"""Taking in a notice: a look ahead, lines that are named, and the change itself."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts.models import SecurityEvent
from bihuan.foundation.workcalendar import selectors, services

PLACE = "/administration/calendar/"
GOOD = """date,kind,name
2027-01-01,rest,元旦
2027-01-02,rest,元旦
2027-01-03,rest,元旦
2027-05-01,rest,劳动节
2027-10-01,rest,国庆节
2027-10-09,work,国庆节
"""


@pytest.fixture
def loaded(district):
    services.load_official_days(now=NOW)
    return district


def given(**more):
    """What a person fills in."""
    return {"year": "2027", "document": "国办发明电〔2026〕9 号", "text": GOOD, "format": "csv"} | more


def test_a_look_changes_nothing_and_the_import_does(loaded, system):
    look = system.post(f"{PLACE}import/", given(do="look"))
    result = look.context["result"]
    assert [(str(one.date), one.before, one.after) for one in result.changes][-1] == ("2027-10-09", "", "work")
    assert result.confirmed_years == (2027,)
    assert 2027 not in selectors.known_years()
    assert not SecurityEvent.objects.filter(kind="calendar.imported").exists()
    assert system.post(f"{PLACE}import/", given(do="import")).status_code == 302
    assert 2027 in selectors.known_years()
    said = SecurityEvent.objects.get(kind="calendar.imported")
    assert (said.data["year"], said.data["confirmed"]) == (2027, True)
    assert said.actor_id == loaded.staff("system_admin").reader.person_id
    page = system.get(PLACE, {"year": "2027"})
    assert len(page.context["days"]) == 6
    assert page.context["known"] is True


def test_provisional_days_leave_the_year_open(loaded, system):
    system.post(f"{PLACE}import/", given(do="import", provisional="on"))
    assert 2027 not in selectors.known_years()
    assert system.get(PLACE, {"year": "2027"}).context["known"] is False


def test_wrong_lines_are_named_and_the_file_becomes_text(loaded, system):
    content = GOOD.replace("2027-10-09,work", "2027-10-11,work").replace("2027-05-01,rest", "1. Mai,rest")
    file = SimpleUploadedFile("notice.csv", content.encode("gb18030"))
    page = system.post(f"{PLACE}import/", given(do="look", text="", file=file))
    assert page.status_code == 422
    assert [one["line"] for one in page.context["lines"]] == [5, 7]
    assert page.context["form"]["text"].value() == content
    assert list(page.context["form"].errors) == ["text"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"year": "27"}, "year"),
        ({"year": "x"}, "year"),
        ({"document": ""}, "document"),
        ({"text": ""}, "text"),
        ({"text": "\x00"}, "text"),
        ({"text": "{[", "format": "json"}, "text"),
        ({"format": "exe"}, "format"),
        ({"amend": "on"}, "year"),
    ],
)
def test_a_wrong_notice_is_named(loaded, system, more, field):
    page = system.post(f"{PLACE}import/", given(do="look") | more)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]


def test_a_file_of_another_kind_is_refused(loaded, system):
    for name, content in (("a.exe", b"MZ"), ("a.csv", b"\xff" * 300_000), ("a.csv", b"")):
        page = system.post(f"{PLACE}import/", given(do="look", text="", file=SimpleUploadedFile(name, content)))
        assert page.status_code == 422, name


def test_a_year_without_notice_says_what_follows(loaded, system):
    page = system.get(PLACE, {"year": "2031"})
    assert page.context["known"] is None
    assert not page.context["days"]

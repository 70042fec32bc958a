"""The notice of a meeting: one letter to all departments invited, in step with the meeting."""

import io

import docx
import pytest
from django.test import Client

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.documents.models import Letter
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.conference import services
from bihuan.mechanisms.conference.models import Meeting
from bihuan.mechanisms.conference.tests.conftest import DAY, HOUR

LATER = NOW + 4 * HOUR


@pytest.fixture
def consulted(house):
    """A consultation to which two departments are invited."""
    case = house.case("accept", "dispatch", "sign")
    house.act(case.number, "move_tier", now=NOW + HOUR)
    body = {
        "number": case.number,
        "starts_at": (NOW + 2 * DAY).isoformat(),
        "place": "区政府 302",
        "departments": ["housing", "water"],
        "reason": "三家说法不一",
    }
    meeting = services.consult(actor=house.staff("coordinator"), now=NOW + 2 * HOUR, body=body)
    return case, meeting


def letters(meeting):
    with database.writing():
        return list(Letter.objects.filter(about=meeting.id).order_by("id"))


def api(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_all_departments_get_one_letter_that_names_no_matter(house, consulted):
    case, meeting = consulted
    (letter,) = letters(meeting)
    names = [house.department(code).name for code in ("housing", "water")]
    assert (letter.addressee_name, letter.number) == ("、".join(names), "联席办函〔2026〕1号")
    assert "2026年11月18日 09:00" in letter.text
    assert "区政府 302" in letter.text
    assert case.title not in letter.text + letter.title
    path = f"/api/v1/conferences/{meeting.id}/notice/docx"
    with clock.at(LATER):
        for actor in (house.liaison("water"), house.staff("coordinator")):
            made = docx.Document(io.BytesIO(api(actor).get(path).content))
            assert any(letter.number == one.text for one in made.paragraphs)
        assert api(house.liaison("tax")).get(path).status_code == 404


def test_it_is_written_anew_when_moved_and_withdrawn_when_cancelled(house, consulted):
    _case, meeting = consulted
    house.take(meeting, "postpone", starts_at=(NOW + 3 * DAY).isoformat(), reason="场地有冲突")
    first, second = letters(meeting)
    assert (first.state, second.state, second.also_ids) == ("withdrawn", "issued", first.also_ids)
    assert "11月19日" in second.text
    house.take(house.rows(Meeting)[0], "cancel", actor=house.staff("leader"), reason="已协商好")
    assert [one.state for one in letters(meeting)] == ["withdrawn", "withdrawn"]


def test_who_is_invited_later_gets_a_letter_and_all_end_with_the_meeting(house, consulted):
    _case, meeting = consulted
    for _again in range(2):
        house.take(meeting, "invite", departments=["tax", "water"])
    first, second = letters(meeting)
    assert second.addressee_name == house.department("tax").name
    with clock.at(LATER):
        assert api(house.liaison("tax")).get(f"/api/v1/conferences/{meeting.id}/notice/pdf").status_code == 200
    house.open(meeting)
    assert {one.state for one in letters(meeting)} == {"written_off"}
    assert first.number != second.number


def test_where_no_department_is_invited_there_is_no_letter(house):
    house.lead()
    meeting = house.session()
    assert letters(meeting) == []
    with clock.at(LATER):
        assert api(house.staff("leader")).get(f"/api/v1/conferences/{meeting.id}/notice/pdf").status_code == 404

"""周恳谈、月例会: planned by themselves, host and guests in turns, what is raised becomes a case, answers go public."""

import datetime as dt

import pytest
from django.test import Client

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import errors
from bihuan.mechanisms.conference import selectors, services
from bihuan.mechanisms.conference.models import Attendee, Issue, Meeting
from bihuan.mechanisms.conference.tests.conftest import DAY, HOUR, ZONE

SERIES = """
conference:
  dialogues:
    - {id: weekly, name: 周恳谈, channel: talk, weekday: 3, at: "14:30", place: 企服中心, guests: 1}
"""


@pytest.fixture
def talking(house):
    house.rule(SERIES)
    for name in ("leader1", "leader2"):
        house.person(name, "leader")
    house.raised()
    house.raised(enterprise=house.other_firm.uscc, actor=house.stranger)
    return house


def test_they_are_planned_once_with_host_and_guests_in_turns(talking):
    assert services.plan_dialogues(now=NOW) == 2
    assert services.plan_dialogues(now=NOW + HOUR) == 0
    assert services.plan_dialogues(now=NOW + 7 * DAY) == 1
    meetings = talking.rows(Meeting, kind="dialogue")
    days = [one.starts_at.astimezone(ZONE).date() for one in meetings]
    assert days == [dt.date(2026, 11, 18), dt.date(2026, 11, 25), dt.date(2026, 12, 2)]
    assert meetings[0].host_id != meetings[1].host_id
    assert meetings[2].host_id == meetings[0].host_id
    guests = [talking.rows(Attendee, meeting=one)[0] for one in meetings]
    assert guests[0].enterprise_id != guests[1].enterprise_id
    assert guests[2].enterprise_id == guests[0].enterprise_id
    assert (guests[0].last_invited_at, guests[2].last_invited_at) == (None, meetings[0].starts_at)
    assert talking.told(talking.owner, "invited.guest") + talking.told(talking.stranger, "invited.guest") == 3


def test_what_is_raised_becomes_a_case_and_only_what_is_published_is_public(talking):
    services.plan_dialogues(now=NOW)
    meeting = talking.rows(Meeting, kind="dialogue")[0]
    at = NOW + 2 * DAY + 6 * HOUR
    talking.take(meeting, "hold", now=at, present=[])
    words = {"enterprise": talking.firm.uscc, "title": "园区班车停了", "text": "夜班工人回不去"}
    talking.take(meeting, "collect", now=at, **words)
    (issue,) = talking.rows(Issue, meeting=meeting)
    (case,) = talking.rows(Case, pk=issue.case_id)
    assert (case.channel, case.state, case.source) == ("talk", "submitted", "dialogue")
    assert selectors.published(region=DISTRICT, now=at) == []
    body = {"issue": str(issue.id), "question": "园区班车何时恢复？", "answer": "12 月 1 日起恢复末班。"}
    talking.take(meeting, "publish_answer", now=at, **body)
    page = Client().get(f"/dialogues/{DISTRICT}/").content.decode()
    assert "园区班车何时恢复？" in page
    assert talking.firm.name not in page
    assert "夜班工人回不去" not in page


def test_nothing_is_published_where_the_rulebook_says_so(talking):
    talking.rule(SERIES + "  publish_answers: false\n")
    services.plan_dialogues(now=NOW)
    meeting = talking.rows(Meeting, kind="dialogue")[0]
    talking.take(meeting, "hold", now=NOW + 2 * DAY + 6 * HOUR, present=[])
    with pytest.raises(errors.Conflict) as refused:
        talking.take(meeting, "publish_answer", now=NOW + 3 * DAY, issue=str(meeting.id), question="问", answer="答")
    assert refused.value.code == "not_published_here"


def test_a_moved_dialogue_is_not_planned_again(talking):
    services.plan_dialogues(now=NOW)
    meeting = talking.rows(Meeting, kind="dialogue")[0]
    talking.take(meeting, "postpone", starts_at=(NOW + 3 * DAY).isoformat(), reason="台风")
    assert services.plan_dialogues(now=NOW + 4 * HOUR) == 0

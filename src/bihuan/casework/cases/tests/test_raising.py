"""Raising a matter: who may, what is refused, and that nothing enters twice."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories, permissions, selectors, services
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return factories.District()


def at(minutes: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def test_anonymous_raisers_follow_by_their_code_alone(district):
    nobody = permissions.Actor()
    receipt = services.raise_case(matter=district.matter(enterprise=None, anonymous=True), actor=nobody, now=NOW)
    holder = permissions.Actor(holds=receipt.case_id)
    for minute, action in enumerate(("accept", "dispatch", "sign", "ask_enterprise"), start=1):
        district.act(receipt.number, action, now=at(minute))
    case = district.act(receipt.number, "answer", now=at(10), actor=holder)
    assert (case.state, case.anonymous, case.enterprise_id) == ("handling", True, None)
    with pytest.raises(errors.NotFound):
        selectors.dossier(number=receipt.number, actor=nobody, now=at(11))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": "\u200b"}, "description"),
        ({"description": "x" * 20_001}, "description"),
        ({"channel": "pigeon"}, "channel"),
        ({"region": "330113"}, "region"),
        ({"region": "12"}, "region"),
        ({"enterprise": "91110000600037341X"}, "enterprise"),
        ({"enterprise": None}, None),
        ({"anonymous": True}, "anonymous"),
        ({"board": "nowhere"}, "board"),
    ],
)
def test_wrong_matters_name_their_field(district, given, field):
    if given == {"enterprise": None}:
        assert district.raised(**given).number  # an enterprise's own login need not repeat its code
        return
    with pytest.raises(errors.Invalid) as refused:
        district.raised(**given)
    assert refused.value.field == field


def test_staff_channels_are_for_staff(district):
    with pytest.raises(errors.Unauthenticated):
        services.raise_case(matter=district.matter(channel="hotline"), actor=permissions.Actor(), now=NOW)
    with pytest.raises(errors.Forbidden):
        district.raised(channel="hotline")
    assert district.raised(channel="hotline", actor=district.staff("seat")).number


def test_nobody_raises_for_another_enterprise(district):
    with pytest.raises(errors.Forbidden):
        district.raised(actor=district.stranger)


def test_the_same_source_enters_once(district):
    district.raised(source="12345", source_id="A-1")
    with pytest.raises(errors.Conflict) as refused:
        district.raised(source="12345", source_id="A-1")
    assert refused.value.code == "source_taken"


def test_numbers_have_no_gaps(district):
    numbers = [district.raised().number for _ in range(3)]
    assert [number[-5:] for number in numbers] == ["00001", "00002", "00003"]


def test_a_clock_set_back_writes_nothing_into_the_past(district):
    """Nothing is refused and nothing is lost: what happens later is never written as earlier."""
    number = district.raised().number
    yesterday = NOW - dt.timedelta(days=1)
    district.act(number, "accept", now=yesterday)
    case = district.fresh(number)
    assert case.raised_at == case.accepted_at == NOW
    later = NOW + dt.timedelta(hours=1)
    district.act(number, "dispatch", now=later)
    district.act(number, "sign", now=yesterday)
    case = district.fresh(number)
    assert case.signed_at == case.dispatched_at == later
    with database.writing():
        told = [fact.at for fact in ledger.history(case.id)]
    assert told == sorted(told)


def test_a_region_nobody_looks_after_takes_no_matters(district):
    directory.make_region("999902", "邻区")
    with pytest.raises(errors.Invalid) as refused:
        district.raised(region="999902")
    assert (refused.value.code, refused.value.field) == ("region_not_served", "region")

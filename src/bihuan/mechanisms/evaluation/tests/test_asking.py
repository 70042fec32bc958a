"""Invitations and their links: used once, refused clearly when reused, expired, forged or overtaken."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.models import Contact
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.services import Contact as Reach
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications import channels
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.models import Delivery, Notice
from bihuan.mechanisms.evaluation import services
from bihuan.mechanisms.evaluation.models import Device
from bihuan.mechanisms.evaluation.rules import links
from bihuan.mechanisms.evaluation.tests.conftest import LATER, PHONE, STEPS

GOOD = {"process": 5, "result": 4}


def rate(token, *, now=LATER, visit=PHONE, **body):
    return services.rate_by_link(token=token, body=GOOD | body, visit=visit, now=now)


def refused(token, *, now=LATER) -> str:
    with pytest.raises((errors.NotFound, errors.Conflict)) as caught:
        rate(token, now=now)
    return caught.value.code


def test_one_link_rates_once_without_login(ear):
    case = ear.closed()
    token = ear.link(case)
    rated = rate(token)
    assert (rated.rating_process, rated.rating_result) == (5, 4)
    assert refused(token) == "link_used"
    assert ear.facts(ear.invitation(case)) == ["invited", "invitation_used"]
    assert ear.mark(case) is None
    with database.writing():
        (device,) = Device.objects.filter(case_id=case.id)
    assert (len(device.digest), device.beside_staff) == (32, False)
    assert "203" not in device.digest


@pytest.mark.django_db(transaction=True)
def test_of_two_raters_at_once_one_is_told_that_it_was_rated(ear):
    case = ear.closed()
    token, together = ear.link(case), threading.Barrier(2)

    def rate_it(level):
        try:
            with clock.at(NOW):
                together.wait(10)
                return rate(token, result=level).rating_result
        except errors.Conflict as conflict:
            return conflict.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(map(str, pool.map(rate_it, (4, 5))))
    assert said in (["4", "link_used"], ["5", "link_used"])
    assert ear.fresh(case.number).rating_changes == 0


def test_a_rating_by_another_way_uses_the_link_up(ear):
    case = ear.closed()
    ear.act(case.number, "rate", now=LATER)
    assert refused(ear.link(case)) == "link_used"


@pytest.mark.parametrize(
    "change",
    [
        lambda t: "b" + t[1:],
        lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"),
        lambda t: t[:20],
        lambda t: t[:34] + "f" + t[35:],
    ],
)
def test_a_changed_link_is_forged(ear, change):
    token = ear.link(ear.closed())
    assert refused(change(token)) == "link_forged"


def test_a_link_expires(ear):
    case = ear.closed()
    invitation = ear.invitation(case)
    assert refused(ear.link(case), now=invitation.expires_at + dt.timedelta(seconds=1)) == "link_expired"
    assert rate(ear.link(case), now=invitation.expires_at).rating_result == 4


def test_a_matter_that_goes_on_asks_again(ear):
    case = ear.closed()
    old = ear.link(case)
    ear.act(case.number, "reopen", now=LATER)
    assert refused(old) == "link_overtaken"


def test_nothing_is_rated_before_the_answer(ear):
    case = ear.case("accept", "dispatch", "sign")
    assert ear.invitation(case) is None
    with pytest.raises(errors.Conflict) as caught:
        ear.act(case.number, "rate", now=LATER)
    assert caught.value.code == "state_forbids"


def test_only_the_raiser_changes_a_rating_and_its_history_stays(ear):
    case = ear.closed()
    rate(ear.link(case), result=2)
    for stranger in (ear.liaison(), ear.staff("coordinator")):
        with pytest.raises(errors.Forbidden):
            ear.act(case.number, "rate", now=LATER, actor=stranger)
    with pytest.raises(errors.NotFound):
        ear.act(case.number, "rate", now=LATER, actor=ear.stranger)
    ear.act(case.number, "rate", now=LATER, process=5, result=5)
    assert ear.mark(case).improved_at is not None
    with pytest.raises(errors.Conflict) as caught:
        ear.act(case.number, "rate", now=LATER)
    assert caught.value.code == "rated_already"
    with database.writing():
        levels = [
            ledger.content(fact)["data"]["result"] for fact in ledger.history(case.id) if fact.kind == "case.rated"
        ]
    assert levels == [2, 5]


def test_guessing_links_is_slowed_down(ear):
    token = ear.link(ear.closed())
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    for _try in range(20):
        assert refused(forged) == "link_forged"
    with pytest.raises(errors.TooMany):
        rate(forged)


def test_a_bad_tap_counts_and_may_say_why_afterwards_once(ear):
    case = ear.closed()
    token = ear.link(case)
    rate(token, process=1, result=1)
    say = {"token": token, "reasons": ["slow", "nonsense"], "words": "没人接电话", "visit": PHONE}
    with pytest.raises(errors.Conflict):
        services.explain_by_link(**say, now=LATER + dt.timedelta(hours=2))
    services.explain_by_link(**say, now=LATER)
    mark = ear.mark(case)
    assert (mark.reasons, mark.words) == (["slow"], "没人接电话")
    with pytest.raises(errors.Conflict):
        services.explain_by_link(**say, now=LATER)


REACHED = Reach(name="王五", phone="139 1234 5678", email="wang@firm.test")


@pytest.fixture
def ways(settings):
    settings.NOTIFICATIONS = {"public_url": "https://bihuan.test"}
    sms, email = channels.RecordedChannel("sms"), channels.RecordedChannel("email", by="email")
    with channels.replaced(sms, email):
        yield {"sms": sms, "email": email}


def by_nobody(ear, *, channel="hotline", contact=REACHED, **given):
    """Return a closed matter of a raiser who has no account, as the desk or a public page took it in."""
    actor = ear.staff("seat") if channel == "hotline" else Actor()
    given = {"enterprise": None, "anonymous": True} | given
    number = ear.raised(channel=channel, contact=contact, actor=actor, **given).number
    for action in STEPS:
        ear.act(number, action, now=NOW)
    return ear.fresh(number)


def sent(ways) -> list[tuple[str, str]]:
    notifications.deliver_due(now=LATER)
    return [(name, one.address) for name, way in ways.items() for one in way.sent if "/r/" in one.link]


@pytest.mark.parametrize(
    ("channel", "contact", "expected"),
    [
        ("hotline", REACHED, [("sms", "139 1234 5678")]),
        ("web", REACHED, [("email", "wang@firm.test")]),
        ("web", Reach(phone="13912345678"), [("sms", "13912345678")]),
        ("hotline", Reach(email="wang@firm.test"), [("email", "wang@firm.test")]),
        ("web", Reach(name="王五"), []),
    ],
)
def test_a_raiser_without_an_account_is_asked_by_the_way_they_came(ear, ways, channel, contact, expected):
    case = by_nobody(ear, channel=channel, contact=contact)
    assert sent(ways) == expected
    assert ear.invitation(case).people == len(expected)
    assert sent(ways) == expected  # never twice


def test_the_link_of_the_message_rates_once_and_expires(ear, ways):
    case = by_nobody(ear)
    sent(ways)
    (message,) = ways["sms"].sent
    token = message.link.removeprefix("https://bihuan.test/r/").rstrip("/")
    invitation = ear.invitation(case)
    assert refused(token[:-1] + ("0" if token[-1] != "0" else "1")) == "link_forged"
    assert refused(token, now=invitation.expires_at + dt.timedelta(seconds=1)) == "link_expired"
    assert rate(token).rating_result == 4
    assert refused(token) == "link_used"


def test_a_firm_without_a_login_is_asked_at_its_contact(ear, ways):
    case = by_nobody(ear, enterprise=ear.other_firm.uscc, anonymous=False)
    assert sent(ways) == [("sms", "139 1234 5678")]
    assert ear.invitation(case).people == 1


@pytest.mark.parametrize("own", [{"phone": "+86 139-1234-5678"}, {"email": "Wang@firm.test"}])
def test_whoever_handles_it_is_never_asked_in_the_raisers_place(ear, ways, own):
    handler = ear.liaison()
    Person.objects.filter(pk=handler.person_id).update(**own)
    case = by_nobody(ear)
    assert sent(ways) == []
    assert ear.invitation(case).people == 0


def test_no_address_is_kept_and_one_erased_meanwhile_is_not_written_to(ear, ways):
    case = by_nobody(ear)
    with database.writing():
        (notice,) = Notice.objects.filter(person=None)
        assert "1234" not in f"{notice.subject} {notice.data}"
        Contact.objects.filter(case_id=case.id).delete()
    assert sent(ways) == []
    with database.writing():
        assert list(Delivery.objects.values_list("notice_id", "state")) == [(notice.id, "needless")]


def test_what_was_rated_meanwhile_is_not_asked(ear, ways):
    case = by_nobody(ear)
    with database.writing():
        token = Notice.objects.get(person=None).data["token"]
    rate(token)
    assert sent(ways) == []
    assert ear.fresh(case.number).rating_result == 4


def test_nobody_is_written_to_where_no_link_would_work(ear, ways, settings):
    settings.NOTIFICATIONS = {}
    by_nobody(ear)
    assert sent(ways) == []


@pytest.mark.parametrize(("channel", "first"), [("web", "email"), ("hotline", "sms"), ("visit", "sms")])
def test_ways(channel, first):
    assert links.ways(channel, written=("web", "api"))[0] == first

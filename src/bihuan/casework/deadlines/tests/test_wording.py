import datetime as dt
import uuid

import pytest
from django.utils import translation

from bihuan.casework.deadlines import selectors, services
from bihuan.foundation.kernel.workdays import Duration

from .samples import THREE, at

pytestmark = pytest.mark.django_db
SUBJECT = uuid.UUID(int=1)


def start(when, allotment):
    return services.start(
        subject=SUBJECT, region="330114", kind="handling", allotment=allotment, lights=THREE, now=at(when)
    )


def told(clock, now="2026-10-20 10:00"):
    with translation.override("en"):
        return selectors.explain(clock, at(now))


def test_a_plain_clock_explains_itself():
    assert told(start("2026-09-30 10:00", Duration.parse("5wd"))) == [
        "5 working days from 30 Sep",
        "the day of receipt is not counted",
        "1 Oct to 7 Oct off for National Day",
        "10 Oct is a make-up working day",
        "due 13 Oct 17:30",
    ]


def test_pauses_and_extensions_are_told():
    start("2026-09-21 10:00", Duration.parse("5wd"))
    services.pause(subject=SUBJECT, now=at("2026-09-22 10:30"))
    services.resume(subject=SUBJECT, now=at("2026-09-23 11:10"))
    clock = services.extend(subject=SUBJECT, kind="handling", by=Duration.parse("2wd"), now=at("2026-09-24 10:00"))
    assert told(clock)[-4:] == [
        "paused on 22 Sep 10:30 for 8 working hours 10 minutes",
        "extended on 24 Sep 10:00 by 2 working days",
        "originally due 29 Sep 17:30",
        "due 10 Oct 09:10",
    ]
    services.pause(subject=SUBJECT, now=at("2026-09-25 10:30"))
    assert "paused since 25 Sep 10:30" in told(selectors.clocks_of(SUBJECT)[0])


def test_a_set_date_and_new_terms_are_told():
    clock = start("2026-09-21 10:00", at("2026-10-20 12:00"))
    assert told(clock) == ["a due date was set", "due 20 Oct 12:00"]
    services.extend(subject=SUBJECT, kind="handling", by=at("2026-10-30 12:00"), now=at("2026-09-24 10:00"))
    clock = services.retarget(subject=SUBJECT, kind="handling", lights=[("red", 1)], now=at("2026-09-24 11:00"))
    assert told(clock) == [
        "a due date was set",
        "a later due date was set on 24 Sep 10:00",
        "new terms since 24 Sep 11:00",
        "originally due 20 Oct 12:00",
        "due 30 Oct 12:00",
    ]


def test_an_unannounced_year_is_told_once():
    clock = start("2026-12-24 10:00", Duration.parse("10wd"))
    assert sum("announced" in phrase for phrase in told(clock)) == 1
    extended = services.extend(subject=SUBJECT, kind="handling", by=Duration.parse("100d"), now=at("2026-12-24 11:00"))
    assert sum("announced" in phrase for phrase in told(extended)) == 1


def test_lengths_in_words():
    with translation.override("en"):
        assert selectors.span(dt.timedelta(hours=3, minutes=1), working=True) == "3 working hours 1 minute"
        assert selectors.span(dt.timedelta(0), working=False) == "0 minutes"
        assert selectors.span(dt.timedelta(hours=1), working=False) == "1 hour"

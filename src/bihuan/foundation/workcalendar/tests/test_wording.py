import datetime as dt

import pytest
from django.utils import translation

from bihuan.foundation.kernel.workdays import Day, Duration, WorkCalendar
from bihuan.foundation.workcalendar import wording
from bihuan.foundation.workcalendar.official import packaged_days

CALENDAR = WorkCalendar(days=[Day(d.date, d.works, d.name) for d in packaged_days()], known_years=range(2018, 2027))


def told(start: str, duration: str) -> str:
    moment = dt.datetime.fromisoformat(start).replace(tzinfo=CALENDAR.history[0][1].zone)
    with translation.override("en"):
        return wording.sentence(CALENDAR.explain(moment, Duration.parse(duration)))


@pytest.mark.parametrize(
    ("start", "duration", "sentence"),
    [
        (
            "2026-09-30 10:00",
            "5wd",
            "5 working days from 30 Sep, the day of receipt is not counted, 1 Oct to 7 Oct off for"
            " National Day, 10 Oct is a make-up working day, due 13 Oct 17:30",
        ),
        (
            "2026-01-16 10:00",
            "30d",
            "30 days from 16 Jan, the day of receipt is not counted, 15 Feb is a rest day, so it moves on to"
            " the next working day, 15 Feb to 23 Feb off for Spring Festival, due 24 Feb 17:30",
        ),
        ("2026-11-20 17:00", "1wh", "1 working hour from 20 Nov 17:00, due 23 Nov 09:00"),
        (
            "2026-12-30 10:00",
            "2wd",
            "2 working days from 30 Dec 2026, the day of receipt is not counted, the official days of 2027 are not"
            " announced yet, so this may still change, due 1 Jan 17:30",
        ),
    ],
)
def test_an_explanation_reads_as_a_sentence(start, duration, sentence):
    assert told(start, duration) == sentence


def test_durations_and_holidays_in_words():
    with translation.override("en"):
        assert [wording.duration(Duration.parse(t)) for t in ("1wd", "4wh", "15d", "1h", "30min")] == [
            "1 working day",
            "4 working hours",
            "15 days",
            "1 hour",
            "30 minutes",
        ]
        assert wording.holiday("国庆节、中秋节") == "National Day and Mid-Autumn Festival"
        assert wording.holiday("市民日") == "市民日"
        assert wording.holiday("") == "holiday"

"""Limits: counted in the database, drained evenly, and told with the time to wait."""

import datetime as dt

import pytest
from django.test import RequestFactory

from bihuan.foundation.kernel import errors, throttle
from bihuan.foundation.kernel.models import Throttle

NOW = dt.datetime(2026, 11, 16, 1, 0, tzinfo=dt.UTC)
LIMIT = throttle.Limit(name="test", times=3, per=dt.timedelta(hours=1))


def _use_up(whom: str = "a", now: dt.datetime = NOW) -> None:
    for _ in range(LIMIT.times):
        throttle.count(limit=LIMIT, whom=whom, now=now)


@pytest.mark.django_db
class TestThrottle:
    def test_lets_a_burst_through_and_then_refuses(self):
        _use_up()
        with pytest.raises(errors.TooMany) as refused:
            throttle.count(limit=LIMIT, whom="a", now=NOW)
        assert refused.value.extra["retry_after"] == 20 * 60

    def test_one_more_goes_after_its_share_of_the_time(self):
        _use_up()
        later = NOW + dt.timedelta(minutes=20)
        throttle.count(limit=LIMIT, whom="a", now=later)
        with pytest.raises(errors.TooMany):
            throttle.count(limit=LIMIT, whom="a", now=later)

    def test_counts_each_separately(self):
        _use_up()
        throttle.count(limit=LIMIT, whom="b", now=NOW)

    def test_checking_counts_nothing(self):
        for _ in range(10):
            throttle.check(limits=[(LIMIT, "a")], now=NOW)
        _use_up()
        with pytest.raises(errors.TooMany):
            throttle.check(limits=[(LIMIT, "b"), (LIMIT, "a")], now=NOW)

    def test_a_clock_set_back_locks_nobody_out_for_long(self):
        _use_up()
        year_before = NOW - dt.timedelta(days=365)
        with pytest.raises(errors.TooMany) as refused:
            throttle.check(limits=[(LIMIT, "a")], now=year_before)
        assert refused.value.extra["retry_after"] <= 3600

    def test_forgets_what_holds_nobody_back(self):
        _use_up()
        assert throttle.forget_empty(now=NOW) == 0
        assert throttle.forget_empty(now=NOW + dt.timedelta(hours=2)) == 1

    def test_names_nobody(self):
        throttle.count(limit=LIMIT, whom="203.0.113.9", now=NOW)
        assert "203.0.113.9" not in Throttle.objects.get().key


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "expected"),
    [
        ("203.0.113.9", "", 0, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", 0, "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "", 0, "203.0.113.9"),
        ("", "", 0, "unknown"),
    ],
)
def test_the_address_that_counts(settings, remote: str, forwarded: str, proxies: int, expected: str):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert throttle.address_of(request) == expected

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.notifications import rules
from bihuan.foundation.notifications.rules import Audience


class TestSides:
    def test_every_role_is_on_a_side(self):
        assert all(rules.sides({role}) for role in Role)

    def test_no_role_is_on_both_sides_of_the_table(self):
        for role in Role:
            assert not {Audience.ENTERPRISE, Audience.STAFF} <= rules.sides({role})
        assert rules.sides({"enterprise"}) == {Audience.ENTERPRISE}

    def test_administrators_and_outsiders_are_not_staff(self):
        for role in [*ADMINISTRATORS, Role.DEPUTY, Role.OBSERVER, Role.SPECIAL_SUPERVISOR]:
            assert Audience.STAFF not in rules.sides({role})

    def test_discipline_is_narrower_than_oversight(self):
        assert rules.sides({"discipline"}) == {Audience.STAFF, Audience.OVERSIGHT, Audience.DISCIPLINE}
        assert Audience.DISCIPLINE not in rules.sides({"supervision_office"})

    def test_nobody_is_nowhere(self):
        assert rules.sides([]) == frozenset()


class TestMask:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("请打13912345678找我", "请打139****5678找我"),
            ("+86 139-1234-5678", "+86 139****5678"),
            ("tel:0571-87654321", "tel:0571-****4321"),
            ("身份证11010519491231002X。", "身份证110105************。"),
            ("write to li.ming@example.com", "write to l***@example.com"),
        ],
    )
    def test_personal(self, text, expected):
        assert rules.mask(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "BH-330114-2611-00042",
            "91330100799655058B",
            "2026-11-20T09:00:00.123456+08:00",
            "0192f0a0-1391-7abc-8def-13912345678a",
            "a13912345678",
            "3,284 件",
            "110105194912310021",
        ],
    )
    def test_not_personal(self, text):
        assert rules.mask(text) == text

    def test_names_and_nesting(self):
        data = {
            "contact": "王小明",
            "calls": [{"contact": "李", "phone": "13912345678"}],
            "n": 3,
            "day": dt.date(2026, 1, 2),
        }
        assert rules.masked(data, names={"contact"}) == {
            "contact": "王**",
            "calls": [{"contact": "李", "phone": "139****5678"}],
            "n": 3,
            "day": "2026-01-02",
        }

    @given(st.text())
    def test_masking_twice_changes_nothing_more(self, text):
        assert rules.mask(rules.mask(text)) == rules.mask(text)


class TestRetry:
    def test_grows_fourfold_up_to_six_hours(self):
        waits = [rules.retry_after(attempt).total_seconds() for attempt in range(1, rules.MAX_ATTEMPTS)]
        assert waits[:4] == [30, 120, 480, 1920]
        assert waits == sorted(waits)
        assert waits[-1] == 6 * 3600
        assert sum(waits) > 24 * 3600


def test_digest_windows_follow_each_other():
    begin, end = rules.digest_window(dt.datetime(2026, 11, 20, 9, 59, 59, tzinfo=dt.timezone(dt.timedelta(hours=8))))
    assert (begin.isoformat(), end.isoformat()) == ("2026-11-20T01:00:00+00:00", "2026-11-20T02:00:00+00:00")
    assert rules.digest_window(end)[0] == end


class TestSignature:
    BODY = '{"标题":1}'.encode()

    def test_known_answer(self):
        # Computed independently: printf '1700000000.{}' | openssl dgst -sha256 -hmac whsec_x
        assert rules.signature(secret="whsec_x", timestamp=1700000000, body=b"{}") == (
            "t=1700000000,v1=be8cb8325f2202445260a855532f967e30ad2a9394ce28da66ee02880ddcb661"
        )

    def test_goes_round(self):
        header = rules.signature(secret="s", timestamp=1000, body=self.BODY)
        assert rules.verify_signature(secret="s", header=header, body=self.BODY, now=1299)

    @pytest.mark.parametrize(
        "change",
        [
            {"secret": "t"},
            {"body": b"{}"},
            {"now": 1301},
            {"now": 699},
            {"header": "t=1000"},
            {"header": "t=1001,v1=" + "0" * 64},
        ],
    )
    def test_anything_else_is_refused(self, change):
        header = rules.signature(secret="s", timestamp=1000, body=self.BODY)
        assert not rules.verify_signature(
            **({"secret": "s", "header": header, "body": self.BODY, "now": 1000} | change)
        )

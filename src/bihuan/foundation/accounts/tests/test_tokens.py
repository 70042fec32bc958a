import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from bihuan.foundation.accounts import selectors, services
from bihuan.foundation.accounts.factories import make_holder, make_person
from bihuan.foundation.accounts.models import ApiToken, SecurityEvent
from bihuan.foundation.directory.factories import (
    DISTRICT,
    NOW,
    make_region,
)
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, errors

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
UNKNOWN = uuid.UUID(int=9)


@pytest.fixture(autouse=True)
def fixed_clock():
    with clock.at(NOW):
        yield


def kinds():
    return list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True))


class TestTokens:
    def test_only_the_digest_is_stored(self):
        person = make_holder("seat")
        token = services.issue_token(person_id=person.pk, name="脚本", now=NOW)
        assert token.startswith("bh_")
        stored = ApiToken.objects.values().get()
        assert token not in str(stored)
        assert stored["prefix"] == token[:8]
        assert len(stored["digest"]) == 64
        assert selectors.reader_by_token(token).person_id == person.pk
        assert token not in str(list(SecurityEvent.objects.values()))

    def test_one_query_then_none(self, django_assert_num_queries):
        token = services.issue_token(person_id=make_holder("seat").pk, name="脚本", now=NOW)
        selectors.reader_by_token(token)
        selectors._tokens.forget()
        with django_assert_num_queries(1):
            selectors.reader_by_token(token)
        with django_assert_num_queries(0):
            selectors.reader_by_token(token)

    def test_its_use_is_noted_at_most_once_a_minute(self):
        token = services.issue_token(person_id=make_holder("seat").pk, name="脚本", now=NOW)
        for seconds, noted in ((0, 0), (30, 0), (61, 61)):
            selectors.forget()
            with clock.at(NOW + dt.timedelta(seconds=seconds)):
                selectors.reader_by_token(token)
            assert ApiToken.objects.get().last_used_at == NOW + dt.timedelta(seconds=noted)

    def test_expired(self):
        token = services.issue_token(person_id=make_holder("seat").pk, name="脚本", now=NOW, expires_at=NOW + HOUR)
        assert selectors.reader_by_token(token) is not None
        selectors.forget()
        with clock.at(NOW + HOUR):
            assert selectors.reader_by_token(token) is None

    @pytest.mark.parametrize(
        "forged", ["", "bh_", "bh_" + "a" * 43, "Bearer x", "bh_" + "é" * 43, "x" * 10_000, "bh_\0"]
    )
    def test_forged(self, forged):
        make_holder("seat")
        assert selectors.reader_by_token(forged) is None

    def test_nonsense_never_reaches_the_database(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert selectors.reader_by_token("bh_short") is None

    def test_one_changed_character_is_another_token(self):
        token = services.issue_token(person_id=make_holder("seat").pk, name="脚本", now=NOW)
        other = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
        assert selectors.reader_by_token(other) is None

    def test_revoked_at_once_here_and_within_five_seconds_elsewhere(self, monkeypatch):
        person = make_holder("seat")
        token = services.issue_token(person_id=person.pk, name="脚本", now=NOW)
        assert selectors.reader_by_token(token)
        token_id = ApiToken.objects.get().pk
        services.revoke_token(token_id=token_id, actor_id=person.pk, now=NOW)
        assert selectors.reader_by_token(token) is None
        services.revoke_token(token_id=token_id, actor_id=person.pk, now=NOW + HOUR)
        assert ApiToken.objects.get().revoked_at == NOW

    def test_a_token_revoked_by_another_process_dies_within_five_seconds(self, monkeypatch):
        from bihuan.foundation.directory import recent

        token = services.issue_token(person_id=make_holder("seat").pk, name="脚本", now=NOW)
        time = [0.0]
        monkeypatch.setattr(recent.time, "monotonic", lambda: time[0])
        assert selectors.reader_by_token(token)
        ApiToken.objects.update(revoked_at=NOW)
        time[0] = 5.1
        assert selectors.reader_by_token(token) is None

    def test_whose_tokens_who_may_revoke(self):
        person = make_holder("seat")
        services.issue_token(person_id=person.pk, name="脚本", now=NOW)
        token_id = ApiToken.objects.get().pk
        for role in ("seat", "system_admin", "audit_admin"):
            with pytest.raises(errors.Forbidden):
                services.revoke_token(token_id=token_id, actor_id=make_holder(role).pk, now=NOW)
        services.revoke_token(token_id=token_id, actor_id=make_holder("security_admin").pk, now=NOW)
        with pytest.raises(errors.NotFound):
            services.revoke_token(token_id=UNKNOWN, actor_id=OPERATOR, now=NOW)

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"name": " "}, "name_invalid"),
            ({"expires_at": NOW}, "period_invalid"),
            ({"actor_id": UNKNOWN}, "forbidden"),
            ({"person_id": UNKNOWN}, "person_unknown"),
        ],
    )
    def test_wrong_issues(self, fields, code):
        given = {"person_id": make_person().pk, "name": "脚本", "now": NOW} | fields
        with pytest.raises(errors.Problem) as raised:
            services.issue_token(**given)
        assert raised.value.code == code

    def test_all_tokens_differ(self):
        person = make_person()
        issued = {services.issue_token(person_id=person.pk, name="x", now=NOW) for _ in range(50)}
        assert len(issued) == 50


class TestRecord:
    def test_it_is_only_added_to(self):
        services.record("login", now=NOW, ip="10.0.0.1", username="x")
        event = SecurityEvent.objects.get()
        for change in ({"kind": "nothing"}, {"ip": "10.0.0.2"}, {"ip": None, "kind": "x"}, {"at": NOW + HOUR}):
            with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
                SecurityEvent.objects.filter(pk=event.pk).update(**change)
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
            SecurityEvent.objects.all().delete()

    def test_addresses_are_forgotten_in_time(self):
        services.record("login", now=NOW, ip="10.0.0.1")
        assert services.tidy(now=NOW + dt.timedelta(days=180))["addresses"] == 0
        assert services.tidy(now=NOW + dt.timedelta(days=184))["addresses"] == 1
        assert SecurityEvent.objects.get().ip is None

    def test_only_audit_administrators_read_it_and_only_of_their_regions(self):
        make_region("330114")
        services.record("login", now=NOW, region=DISTRICT)
        services.record("login", now=NOW, region="330114")
        services.record("login_failed", now=NOW)
        auditor = selectors.reader_of(make_holder("audit_admin").pk)
        found = selectors.security_events(reader=auditor, kind="login")
        assert [event.region for event in found] == [DISTRICT]
        assert len(selectors.security_events(reader=auditor, kind="login_failed")) == 1
        page = selectors.security_events(reader=auditor, limit=2)
        rest = selectors.security_events(reader=auditor, before=page[-1].pk)
        assert not {event.pk for event in page} & {event.pk for event in rest}
        for role in ("security_admin", "system_admin", "leader"):
            with pytest.raises(errors.Forbidden):
                selectors.security_events(reader=selectors.reader_of(make_holder(role).pk))

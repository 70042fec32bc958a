import datetime as dt
import json
import uuid

import pytest
from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.foundation.accounts.models import Appointment
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import clock, errors
from bihuan.foundation.notifications import registry, rules, sealing, selectors, services, tasks
from bihuan.foundation.notifications.models import WebhookDelivery, WebhookSubscription
from bihuan.foundation.notifications.services import webhooks
from bihuan.foundation.notifications.tests.conftest import NOW, everything, eyes, make_person, reader

HOUR = dt.timedelta(hours=1)


pytestmark = pytest.mark.django_db


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def one(model=WebhookDelivery):
    """The only row as it stands now."""
    with everything():
        return model.objects.get()


@pytest.fixture
def owner(db):
    return make_person("owner", "coordinator")


def subscribe(owner, receiver, *events, region="330114", **more):
    url = receiver if isinstance(receiver, str) else receiver.url
    return services.subscribe(owner_id=owner.id, url=url, events=events or ("*",), region=region, now=NOW, **more)


def publish(event_type="case.accepted", region="330114", payload=None, **more):
    return services.publish(
        event_type=event_type, payload=payload or {"number": "BH-1"}, region=region, now=NOW, **more
    )


class TestSubscribe:
    def test_the_secret_is_shown_once_and_kept_sealed(self, owner, receiver):
        subscription, secret = subscribe(owner, receiver, "case.accepted")
        stored = one(WebhookSubscription)
        assert stored.id == subscription.id
        assert secret.startswith("whsec_")
        assert secret not in stored.secret
        assert sealing.unseal(stored.secret) == secret

    @pytest.mark.parametrize(
        ("url", "events", "code"),
        [
            ("https://10.0.0.1/", ["*"], "url_refused"),
            ("http://example.com/", ["*"], "url_refused"),
            ("https://example.com/", [], "events_unknown"),
            ("https://example.com/", ["case.invented"], "events_unknown"),
        ],
    )
    def test_what_is_refused(self, owner, url, events, code):
        with pytest.raises(errors.Invalid) as caught:
            services.subscribe(owner_id=owner.id, url=url, events=events, region="330114", now=NOW)
        assert caught.value.code == code

    @pytest.mark.parametrize(
        ("role", "region"), [("liaison", "330114"), ("observer", "330114"), ("system_admin", "330114")]
    )
    def test_only_for_matters_that_the_owner_sees(self, role, region, receiver):
        person = make_person("p", None)
        if role != "liaison":
            Appointment.objects.create(
                person=person, role=role, region=region, since=NOW - HOUR, appointed_by=uuid.UUID(int=0)
            )
        with pytest.raises(errors.Forbidden):
            subscribe(person, receiver, region=region)

    def test_not_above_ones_own_region(self, owner, receiver):
        for region in ("330100", "330000", "000000"):
            with pytest.raises(errors.Forbidden):
                subscribe(owner, receiver, region=region)

    def test_an_enterprise_for_itself_only(self, receiver):
        person = make_person("e", "enterprise")
        own = Enterprise.objects.get().id
        with pytest.raises(errors.Forbidden):
            subscribe(person, receiver)
        with pytest.raises(errors.Forbidden):
            subscribe(person, receiver, enterprise_id=uuid.uuid4())
        subscribe(person, receiver, enterprise_id=own)
        assert publish(enterprise_id=own) == 1
        assert publish(enterprise_id=uuid.uuid4()) == 0
        assert publish() == 0

    def test_not_endlessly_many(self, owner, receiver):
        for _number in range(webhooks.MAX_PER_OWNER):
            subscribe(owner, receiver)
        with pytest.raises(errors.Conflict):
            subscribe(owner, receiver)


class TestPublish:
    def test_to_those_who_asked_for_this_event_in_this_region(self, receiver):
        here, city = make_person("here"), make_person("city", region="330100")
        subscribe(here, receiver, "case.accepted")
        subscribe(city, receiver, "*", region="330100")
        assert publish("case.accepted", "330114") == 2
        assert publish("case.closed", "330114") == 1
        assert publish("case.accepted", "330100") == 1
        assert publish("case.accepted", "440100") == 0

    def test_not_to_an_owner_who_may_no_longer_see_it(self, owner, receiver):
        subscribe(owner, receiver)
        Appointment.objects.filter(person=owner).update(until=NOW - HOUR)
        reader(owner)
        assert publish() == 0

    def test_is_undone_with_its_cause(self, owner, receiver):
        subscribe(owner, receiver)
        with transaction.atomic():
            publish()
            transaction.set_rollback(True)
        with everything():
            assert not WebhookDelivery.objects.exists()
        assert not ProcrastinateJob.objects.filter(task_name="notifications.post").exists()


class TestPost:
    def test_is_signed_and_masked_and_says_what_it_is(self, owner, receiver):
        _, secret = subscribe(owner, receiver)
        publish(payload={"number": "BH-1", "title": "请回电13912345678"})
        delivery = one()
        assert services.post(delivery_id=delivery.id, now=NOW) == "sent"
        [(method, path, headers, body)] = receiver.requests
        assert (method, path) == ("POST", "/hook?x=1")
        assert rules.verify_signature(
            secret=secret, header=headers["Bihuan-Signature"], body=body, now=int(NOW.timestamp())
        )
        assert (headers["Bihuan-Event"], headers["Bihuan-Delivery"]) == ("case.accepted", str(delivery.id))
        assert json.loads(body) == {
            "id": str(delivery.id),
            "type": "case.accepted",
            "created_at": NOW.isoformat(),
            "region": "330114",
            "data": {"number": "BH-1", "title": "请回电139****5678"},
        }
        delivery = one()
        assert (delivery.state, delivery.status, delivery.sent_at) == ("sent", 200, NOW)

    def test_fails_waits_and_arrives_once(self, owner, receiver):
        subscribe(owner, receiver)
        publish()
        delivery = one()
        receiver.will(500)
        receiver.will(302, b"", Location="https://elsewhere.example/")
        now = NOW
        for status, wait in ((500, 30), (302, 120)):
            assert services.post(delivery_id=delivery.id, now=now) == "queued"
            delivery = one()
            assert (delivery.status, delivery.error, (delivery.next_at - now).total_seconds()) == (
                status,
                f"answered {status}",
                wait,
            )
            now = delivery.next_at
        with clock.at(now):
            tasks.post([str(delivery.id)])
            tasks.sweep(0)
        delivery = one()
        assert (delivery.state, delivery.attempts, len(receiver.requests)) == ("sent", 3, 3)

    def test_a_name_that_turned_inward_is_not_called(self, owner, receiver, settings):
        subscribe(owner, receiver)
        publish()
        settings.MODE = "production"
        assert services.post(delivery_id=one().id, now=NOW) == "dead"
        assert receiver.requests == []

    def test_gone_for_good_stops_the_subscription_and_tells_the_owner(self, owner, receiver):
        subscription, _ = subscribe(owner, receiver)
        publish()
        receiver.will(410)
        assert services.post(delivery_id=one().id, now=NOW) == "dead"
        subscription = one(WebhookSubscription)
        assert (subscription.active, subscription.stopped_at) == (False, NOW)
        assert [entry.key for entry in selectors.inbox(reader=reader(owner)).entries] == [registry.WEBHOOK_STOPPED.key]
        assert publish() == 0

    def test_many_dead_ones_in_a_row_stop_it(self, owner, receiver, monkeypatch):
        monkeypatch.setattr(rules, "MAX_ATTEMPTS", 1)
        subscription, _ = subscribe(owner, receiver)
        for number in range(webhooks.STOP_AFTER):
            publish()
            receiver.will(500)
            assert services.post_due(now=NOW + number * HOUR) == 1
        subscription = one(WebhookSubscription)
        assert not subscription.active
        with everything():
            assert WebhookDelivery.objects.filter(state="dead").count() == webhooks.STOP_AFTER

    def test_one_success_begins_the_count_anew(self, owner, receiver, monkeypatch):
        monkeypatch.setattr(rules, "MAX_ATTEMPTS", 1)
        subscription, _ = subscribe(owner, receiver)
        for status in (500, 500, 200):
            publish()
            receiver.will(status)
            services.post_due(now=NOW)
        subscription = one(WebhookSubscription)
        assert subscription.failures == 0

    def test_what_was_queued_before_a_stop_is_not_sent(self, owner, receiver):
        subscription, _ = subscribe(owner, receiver)
        publish()
        services.stop_webhook(subscription_id=subscription.id, owner_id=owner.id, now=NOW)
        assert services.post(delivery_id=one().id, now=NOW) == "needless"
        assert receiver.requests == []

    @pytest.mark.usefixtures("english")
    def test_another_installation_key_is_said_plainly(self, owner, receiver, settings):
        subscribe(owner, receiver)
        publish()
        settings.SECRET_KEY = "another"
        assert services.post(delivery_id=one().id, now=NOW) == "dead"
        assert "secret key" in one().error

    def test_a_rotated_key_still_opens(self, owner, receiver, settings):
        subscribe(owner, receiver)
        publish()
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "new"
        assert services.post(delivery_id=one().id, now=NOW) == "sent"


class TestReplay:
    def test_sends_the_same_again(self, owner, receiver):
        subscribe(owner, receiver)
        publish()
        first = one()
        services.post(delivery_id=first.id, now=NOW)
        again = services.replay(delivery_id=first.id, owner_id=owner.id, now=NOW + HOUR)
        assert services.post(delivery_id=again.id, now=NOW + HOUR) == "sent"
        third = services.replay(delivery_id=again.id, owner_id=owner.id, now=NOW + HOUR)
        assert third.replay_of_id == first.id
        assert receiver.requests[0][3] == receiver.requests[1][3]
        assert receiver.requests[0][2]["Bihuan-Delivery"] == receiver.requests[1][2]["Bihuan-Delivery"]
        assert receiver.requests[0][2]["Bihuan-Signature"] != receiver.requests[1][2]["Bihuan-Signature"]

    def test_only_ones_own_and_only_while_it_runs(self, owner, receiver):
        subscription, _ = subscribe(owner, receiver)
        publish()
        delivery = one()
        other = make_person("other")
        with pytest.raises(errors.NotFound):
            services.replay(delivery_id=delivery.id, owner_id=other.id, now=NOW)
        with pytest.raises(errors.NotFound):
            services.stop_webhook(subscription_id=subscription.id, owner_id=other.id, now=NOW)
        services.stop_webhook(subscription_id=subscription.id, owner_id=owner.id, now=NOW)
        with pytest.raises(errors.Conflict):
            services.replay(delivery_id=delivery.id, owner_id=owner.id, now=NOW)
        services.start_webhook(subscription_id=subscription.id, owner_id=owner.id)
        assert services.replay(delivery_id=delivery.id, owner_id=owner.id, now=NOW)


def test_each_owner_sees_their_own_only(owner, receiver):
    subscription, _ = subscribe(owner, receiver)
    publish()
    other = make_person("other")
    assert [one.id for one in selectors.webhooks(reader=reader(owner))] == [subscription.id]
    assert len(selectors.webhook_deliveries(reader=reader(owner), subscription_id=subscription.id)) == 1
    assert selectors.webhooks(reader=reader(other)) == []
    assert selectors.webhook_deliveries(reader=reader(other), subscription_id=subscription.id) == []
    with eyes(other):
        assert not WebhookSubscription.objects.exists()
        assert not WebhookDelivery.objects.exists()

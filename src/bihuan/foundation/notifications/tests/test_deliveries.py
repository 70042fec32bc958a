import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.foundation.accounts.models import Appointment, Person
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.notifications import channels, rules, selectors, services, tasks
from bihuan.foundation.notifications.models import Delivery
from bihuan.foundation.notifications.tests.conftest import NOW, everything, make_person, reader
from bihuan.foundation.notifications.tests.test_notices import tell

BUSY = channels.SendingError("provider answered 503")


@pytest.fixture
def sms():
    channel = channels.RecordedChannel("sms")
    with channels.replaced(channel):
        yield channel


@pytest.fixture
def queued(db, sms):
    tell(make_person("li", phone="13912345678"))
    return now_at()


def now_at():
    """The only delivery as it stands now."""
    with everything():
        return Delivery.objects.get()


class TestDeliver:
    def test_sends_once(self, queued, sms):
        assert services.deliver(delivery_id=queued.id, now=NOW) == "sent"
        assert services.deliver(delivery_id=queued.id, now=NOW + dt.timedelta(days=1)) is None
        [message] = sms.sent
        assert (message.address, message.title, message.id) == ("13912345678", "BH-1 was sent to you", queued.id)
        queued = now_at()
        assert (queued.state, queued.sent_at, queued.attempts) == ("sent", NOW, 1)

    def test_fails_waits_longer_each_time_and_arrives(self, queued, sms):
        sms.failures = [BUSY, BUSY]
        now = NOW
        for wait in (30, 120):
            assert services.deliver(delivery_id=queued.id, now=now) == "queued"
            queued = now_at()
            assert (queued.next_at - now).total_seconds() == wait
            assert queued.error == "provider answered 503"
            assert services.deliver(delivery_id=queued.id, now=now) is None
            now = queued.next_at
        assert services.deliver(delivery_id=queued.id, now=now) == "sent"
        waits = ProcrastinateJob.objects.filter(task_name="notifications.deliver", scheduled_at__isnull=False)
        assert waits.count() == 2

    def test_is_dead_after_the_last_attempt_and_stays_visible(self, queued, sms):
        sms.failures = [BUSY] * 20
        now, states = NOW, []
        while "dead" not in states:
            states.append(services.deliver(delivery_id=queued.id, now=now))
            now += dt.timedelta(hours=7)
        assert states == ["queued"] * (rules.MAX_ATTEMPTS - 1) + ["dead"]
        assert [row.error for row in selectors.dead_deliveries()] == ["provider answered 503"]
        assert selectors.health(now=now) == {"waiting": {}, "dead": {"sms": 1}, "oldest": 0.0}

    def test_what_cannot_ever_arrive_is_dead_at_once(self, queued, sms):
        sms.failures = [channels.SendingError("no such number 13912345678", permanent=True)]
        assert services.deliver(delivery_id=queued.id, now=NOW) == "dead"
        queued = now_at()
        assert queued.error == "no such number 139****5678"

    def test_a_bug_in_a_channel_is_a_failure_like_any_other(self, queued, sms, monkeypatch):
        monkeypatch.setattr(sms, "send", lambda message: 1 / 0)
        assert services.deliver(delivery_id=queued.id, now=NOW) == "queued"
        queued = now_at()
        assert queued.error == "ZeroDivisionError"

    @pytest.mark.parametrize("how", ["left", "disabled", "changed sides", "no number", "turned off", "channel gone"])
    def test_what_became_pointless_is_not_sent(self, queued, sms, how):
        person = Person.objects.get(username="li")
        if how == "left":
            Appointment.objects.filter(person=person).update(until=NOW - dt.timedelta(days=1))
        elif how == "disabled":
            Person.objects.filter(pk=person.pk).update(disabled_at=NOW)
        elif how == "changed sides":
            Appointment.objects.filter(person=person).update(role="observer")
        elif how == "no number":
            Person.objects.filter(pk=person.pk).update(phone="")
        elif how == "turned off":
            services.prefer(person_id=person.id, channel="sms", enabled=False)
        reader(person)
        with channels.replaced(*([] if how == "channel gone" else [sms])):
            assert services.deliver(delivery_id=queued.id, now=NOW) == "needless"
        assert sms.sent == []

    def test_a_worker_that_died_is_relieved(self, queued, sms, monkeypatch):
        class _Killed(BaseException):
            pass

        def die(message):
            raise _Killed

        monkeypatch.setattr(sms, "send", die)
        with pytest.raises(_Killed):
            services.deliver(delivery_id=queued.id, now=NOW)
        monkeypatch.undo()
        assert services.deliver_due(now=NOW + rules.LEASE / 2) == 0
        assert services.deliver_due(now=NOW + rules.LEASE) == 1
        assert len(sms.sent) == 1

    def test_the_oldest_goes_first(self, db, sms):
        for number in range(3):
            person = make_person(f"p{number}", phone=f"1391234567{number}")
            tell(person)
            with database.writing():
                own = Delivery.objects.filter(notice__person=person)
                own.update(next_at=NOW - dt.timedelta(minutes=number))
        assert services.deliver_due(now=NOW, limit=2) == 2
        assert [message.address[-1] for message in sms.sent] == ["2", "1"]

    def test_tasks_and_sweep_do_the_same(self, queued, sms):
        with clock.at(NOW):
            tasks.deliver([str(queued.id)])
            tasks.sweep(0)
        assert len(sms.sent) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same(sms):
    tell(make_person("li", phone="13912345678"))
    queued = now_at()
    states = []

    def work():
        states.append(services.deliver(delivery_id=queued.id, now=NOW))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states, key=str) == [None] * 5 + ["sent"]
    assert len(sms.sent) == 1


@pytest.mark.django_db
class TestEmail:
    @pytest.fixture(autouse=True)
    def configured(self, settings):
        settings.NOTIFICATIONS = {"sender": "闭环 <no-reply@bihuan.example>", "public_url": "https://bihuan.example/"}

    def test_is_marked_as_automatic_and_leads_back(self):
        tell(make_person("li", email="li@example.com"))
        queued = now_at()
        assert services.deliver(delivery_id=queued.id, now=NOW) == "sent"
        [sent] = mail.outbox
        assert sent.to == ["li@example.com"]
        assert sent.subject == "BH-1 was sent to you"
        assert sent.body.endswith("https://bihuan.example/cases/BH-1")
        assert "13912345678" not in sent.body
        headers = sent.message()
        assert headers["Auto-Submitted"] == "auto-generated"
        assert headers["Precedence"] == "bulk"
        assert headers["X-Auto-Response-Suppress"] == "All"
        assert headers["Message-ID"] == f"<{queued.id}@bihuan.example>"

    def test_never_to_ourselves(self):
        tell(make_person("li", email="No-Reply@bihuan.example"))
        with everything():
            assert not Delivery.objects.exists()

    def test_a_subject_cannot_smuggle_in_a_header(self):
        tell(make_person("li", email="li@example.com"), subject="x\r\nBcc: evil@example.com")
        assert services.deliver_due(now=NOW) == 1
        [sent] = mail.outbox
        assert sent.subject.startswith("x Bcc: e***@example.com")
        assert sent.recipients() == ["li@example.com"]


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_takes_the_job_up(sms):
    tell(make_person("li", phone="13912345678"))
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(wait=False, queues=["notifications"], install_signal_handlers=False, listen_notify=False)
    assert now_at().state == "sent"
    assert len(sms.sent) == 1

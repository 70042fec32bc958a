import datetime as dt
import threading
import uuid

import pytest
from django.db import ProgrammingError, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.foundation.accounts.models import Appointment
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.notifications import channels, registry, selectors, services
from bihuan.foundation.notifications.models import Delivery, Notice
from bihuan.foundation.notifications.tests.conftest import NOW, everything, eyes, make_person, reader

DATA = {"due_at": NOW, "contact": "王小明", "phone": "13912345678"}


def tell(*people, key="sample.dispatched", dedupe="a", subject="BH-1", data=DATA, **more):
    return services.notify(
        key=key,
        recipients=[person.id for person in people],
        subject=subject,
        data=data,
        now=NOW,
        dedupe=dedupe,
        region="330114",
        **more,
    )


def ways(person=None):
    """The channels by which deliveries are queued."""
    with everything():
        queued = Delivery.objects.filter(**({"notice__person": person} if person else {}))
        return list(queued.order_by("channel").values_list("channel", flat=True))


def the_delivery():
    with everything():
        return Delivery.objects.get()


def jobs():
    return list(ProcrastinateJob.objects.filter(task_name="notifications.deliver").values_list("args", flat=True))


@pytest.fixture
def sms():
    channel = channels.RecordedChannel("sms")
    with channels.replaced(channel):
        yield channel


@pytest.mark.django_db
class TestNotify:
    def test_reaches_the_inbox_in_the_readers_language_without_personal_data(self, settings):
        settings.TIME_ZONE = "Asia/Shanghai"
        person = make_person("li")
        assert tell(person) == 1
        [entry] = selectors.inbox(reader=reader(person)).entries
        assert entry.title == "BH-1 was sent to you"
        assert entry.body == "Sign for it before 20 Nov 2026 09:15. Contact: 王**, 139****5678"
        assert entry.path == "/cases/BH-1"
        assert (entry.count, entry.read_at) == (1, None)

    def test_each_gets_it_once(self):
        li, wu = make_person("li"), make_person("wu")
        assert tell(li) == 1
        assert tell(li, wu, li) == 1
        assert tell(li, wu) == 0
        assert tell(li, dedupe="b") == 1
        assert selectors.unread(reader=reader(li)) == 2

    def test_a_very_long_dedupe_is_kept_apart_from_others(self):
        person = make_person("li")
        assert tell(person, dedupe="x" * 300) == 1
        assert tell(person, dedupe="x" * 300) == 0
        assert tell(person, dedupe="x" * 299 + "y") == 1

    @pytest.mark.parametrize(
        ("key", "role"),
        [
            ("sample.dispatched", "enterprise"),
            ("sample.dispatched", "deputy"),
            ("sample.dispatched", "system_admin"),
            ("sample.answered", "coordinator"),
            ("sample.clue", "supervision_office"),
            ("sample.clue", "enterprise"),
        ],
    )
    def test_never_to_the_wrong_side_and_then_to_nobody(self, key, role):
        right = make_person("right", "enterprise" if key == "sample.answered" else "discipline")
        wrong = make_person("wrong", role)
        with pytest.raises(registry.WrongSideError):
            tell(right, wrong, key=key)
        with everything():
            assert not Notice.objects.exists()

    def test_persons_without_office_or_unknown_are_left_out(self):
        gone = make_person("gone")
        Appointment.objects.filter(person=gone).update(until=NOW - dt.timedelta(days=1))
        disabled = make_person("disabled", disabled_at=NOW)
        li = make_person("li")
        recipients = [gone.id, disabled.id, li.id, uuid.uuid4()]
        facts = {"subject": "x", "data": DATA, "now": NOW, "dedupe": "d"}
        assert services.notify(key="sample.dispatched", recipients=recipients, **facts) == 1

    def test_mistakes_of_the_sender_are_loud(self):
        person = make_person("li")
        with pytest.raises(registry.UnknownKindError):
            tell(person, key="sample.unheard_of")
        with pytest.raises(KeyError):
            tell(person, data={})
        with pytest.raises(ValueError, match="too large"):
            tell(person, data=DATA | {"text": "长" * 9000})

    def test_nobody_to_tell(self):
        assert tell() == 0

    def test_goes_with_the_transaction(self, sms):
        person = make_person("li", phone="13912345678")
        with transaction.atomic():
            tell(person)
            transaction.set_rollback(True)
        with everything():
            assert not Notice.objects.exists()
            assert not Delivery.objects.exists()
            assert jobs() == []
        tell(person)
        with everything():
            assert jobs() == [{"ids": [str(Delivery.objects.get().id)]}]

    def test_one_job_for_all_recipients(self, sms):
        people = [make_person(f"p{number}", phone="1391234567" + str(number)) for number in range(3)]
        tell(*people)
        [job] = jobs()
        assert len(job["ids"]) == 3

    def test_without_channels_nothing_leaves_the_house(self):
        tell(make_person("li", phone="13912345678", email="li@example.com"))
        assert ways() == []

    def test_only_channels_that_the_notice_the_place_and_the_person_want(self):
        there_are = [channels.RecordedChannel("sms"), channels.RecordedChannel("email", by="email")]
        with channels.replaced(*there_are):
            both = make_person("both", "enterprise", phone="13912345678", email="a@example.com")
            tell(both, key="sample.answered", data={})
            assert ways(both) == ["email"]
            staff = make_person("staff", phone="13912345678", email="b@example.com")
            services.prefer(person_id=staff.id, channel="sms", enabled=False)
            tell(staff)
            assert ways(staff) == ["email"]
            assert selectors.preferences(reader=reader(staff)) == {
                "sms": {"enabled": False, "bound": False},
                "email": {"enabled": True, "bound": False},
            }

    def test_a_channel_that_is_not_set_up_cannot_be_chosen(self):
        person = make_person("li")
        with pytest.raises(errors.Invalid):
            services.prefer(person_id=person.id, channel="pigeon", enabled=True)
        with pytest.raises(errors.Invalid):
            services.bind(person_id=person.id, channel="pigeon", address="x")


@pytest.mark.django_db
class TestWriteOutside:
    WORDS = {"subject": "BH-1", "data": {"due_at": NOW}, "ways": ("sms",), "now": NOW, "dedupe": "a"}

    def test_writes_once_and_no_reader_ever_sees_it(self, sms, settings):
        settings.NOTIFICATIONS = {"public_url": "https://bihuan.test"}
        for _time in range(2):
            assert services.write_outside(key="sample.outside", **self.WORDS) == "sms"
        assert services.deliver(delivery_id=the_delivery().id, now=NOW) == "sent"
        assert [(one.address, one.title) for one in sms.sent] == [("13912345678", "Answered: BH-1")]
        for role in ("coordinator", "enterprise"):
            with eyes(make_person(role, role)):
                assert Notice.objects.count() == 0

    @pytest.mark.parametrize("key", ["sample.answered", "sample.dispatched"])
    def test_only_what_is_written_for_them(self, sms, key):
        with pytest.raises(ValueError, match="without an account"):
            services.write_outside(key=key, **self.WORDS)


@pytest.mark.django_db
class TestDigest:
    def test_many_become_one_entry_and_one_message(self, sms):
        person = make_person("li", phone="13912345678")
        for number in range(25):
            tell(person, dedupe=f"n{number}", subject=f"BH-{number}", digest=True)
        tell(person, dedupe="n3", subject="BH-3", digest=True)
        me = reader(person)
        [entry] = selectors.inbox(reader=me).entries
        assert (entry.title, entry.count, entry.path) == ("25 cases were sent to you", 25, "")
        assert [one.subject for one in selectors.folded(reader=me, notice_id=entry.id)] == [
            f"BH-{number}" for number in range(25)
        ]
        assert selectors.unread(reader=me) == 1
        delivery = the_delivery()
        assert delivery.next_at == NOW.replace(hour=2, minute=0)
        assert services.deliver(delivery_id=delivery.id, now=NOW) is None
        assert services.deliver(delivery_id=delivery.id, now=delivery.next_at) == "sent"
        assert [message.title for message in sms.sent] == ["25 cases were sent to you"]

    def test_read_meanwhile_needs_no_message(self, sms):
        person = make_person("li", phone="13912345678")
        tell(person, digest=True)
        me = reader(person)
        [entry] = selectors.inbox(reader=me).entries
        assert entry.title == "BH-1 was sent to you"
        services.mark_read(notice_id=entry.id, person_id=person.id, now=NOW)
        delivery = the_delivery()
        assert services.deliver(delivery_id=delivery.id, now=delivery.next_at) == "needless"
        assert sms.sent == []

    def test_something_new_makes_it_unread_again(self):
        person = make_person("li")
        tell(person, digest=True)
        services.mark_all_read(person_id=person.id, now=NOW)
        tell(person, dedupe="b", digest=True)
        assert selectors.unread(reader=reader(person)) == 1


@pytest.mark.django_db
class TestInbox:
    def test_pages_newest_first(self):
        person = make_person("li")
        for number in range(7):
            tell(person, dedupe=str(number), subject=f"BH-{number}")
        me = reader(person)
        seen, cursor = [], None
        for _round in range(4):
            page = selectors.inbox(reader=me, cursor=cursor, limit=3)
            seen += [entry.subject for entry in page.entries]
            cursor = page.next
            if cursor is None:
                break
        assert seen == [f"BH-{number}" for number in reversed(range(7))]

    def test_reading_marks_only_ones_own(self):
        li, wu = make_person("li"), make_person("wu")
        tell(li, wu)
        with everything():
            mine = Notice.objects.get(person=li)
        with pytest.raises(errors.NotFound):
            services.mark_read(notice_id=mine.id, person_id=wu.id, now=NOW)
        services.mark_read(notice_id=mine.id, person_id=li.id, now=NOW)
        services.mark_read(notice_id=mine.id, person_id=li.id, now=NOW + dt.timedelta(days=1))
        with everything():
            assert Notice.objects.get(person=li).read_at == NOW
        assert (selectors.unread(reader=reader(li)), selectors.unread(reader=reader(wu))) == (0, 1)

    def test_mark_all_up_to_the_newest_one_seen(self):
        person = make_person("li")
        tell(person, dedupe="1")
        newest = selectors.inbox(reader=reader(person)).entries[0].id
        tell(person, dedupe="2")
        assert services.mark_all_read(person_id=person.id, now=NOW, up_to=newest) == 1
        assert len(selectors.inbox(reader=reader(person), unread_only=True).entries) == 1

    def test_who_changes_sides_no_longer_sees_the_old_side(self):
        person = make_person("li")
        tell(person)
        Appointment.objects.filter(person=person).update(role="observer")
        assert selectors.inbox(reader=reader(person)).entries == ()
        assert selectors.unread(reader=reader(person)) == 0

    def test_the_second_wall_hides_it_even_from_a_query_that_forgets_to_ask_whose(self):
        li, wu = make_person("li"), make_person("wu")
        tell(li)
        with eyes(wu):
            assert not Notice.objects.exists()
        with database.reading(database.NOBODY):
            assert not Notice.objects.exists()
        with eyes(li):
            assert Notice.objects.count() == 1
        with pytest.raises(ProgrammingError, match="row-level security"), eyes(li):
            Notice.objects.create(person=li, region="330114", key="x", subject="", dedupe="forged", created_at=NOW)

    def test_costs_one_query_when_the_reader_is_known(self, django_assert_num_queries):
        person = make_person("li")
        tell(person)
        me = reader(person)
        with eyes(person), django_assert_num_queries(1):
            selectors.unread(reader=me)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_eight_threads_tell_the_same_thing_and_each_person_hears_it_once(self):
        people = [make_person(f"p{number}", phone=f"1391234567{number}") for number in range(5)]
        told, failures = [], []
        start = threading.Barrier(8)

        def work(number):
            try:
                start.wait()
                order = people if number % 2 else people[::-1]
                told.append(tell(*order, digest=number % 4 == 0))
            except Exception as error:
                failures.append(error)
            finally:
                connections.close_all()

        with channels.replaced(channels.RecordedChannel("sms")):
            threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert failures == []
        assert sum(told) == 5
        with everything():
            assert Notice.objects.filter(dedupe="a").count() == 5
            assert Delivery.objects.count() == 5

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from bihuan.foundation.accounts import selectors, services
from bihuan.foundation.accounts.factories import PASSWORD, make_holder, make_person
from bihuan.foundation.accounts.models import Appointment, Person, SecurityEvent
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import services as directory
from bihuan.foundation.directory.factories import (
    DISTRICT,
    NOW,
    make_board,
    make_department,
    make_enterprise,
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


class TestPersons:
    def test_create(self):
        person = make_person("Li.Hua", display_name="李华", email="li@example.cn", phone="13800000000")
        assert (person.username, person.pinyin) == ("li.hua", "li hua")
        assert selectors.person_named("LI.HUA") == person
        assert person.check_password(PASSWORD)
        assert kinds() == ["person_created"]

    def test_user_names_are_unique_whatever_their_case(self):
        make_person("lihua")
        for name in ("LiHua", " lihua ", "ｌｉｈｕａ"):
            with pytest.raises(errors.Conflict) as raised:
                make_person(name)
            assert raised.value.code == "username_taken"
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.create(username="LIHUA", display_name="x", pinyin="x", created_at=NOW)

    def test_there_are_no_default_accounts(self):
        assert not Person.objects.exists()

    def test_without_a_password_nobody_gets_in(self):
        assert not make_person(password=None).has_usable_password()

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"username": "a b"}, "username_invalid"),
            ({"display_name": " "}, "name_invalid"),
            ({"email": "nowhere"}, "email_invalid"),
            ({"phone": "1" * 21}, "phone_invalid"),
            ({"language": "fr"}, "language_unknown"),
            ({"password": "short"}, "password_weak"),
            ({"password": "password12345"}, "password_weak"),
            ({"username": "wanglaowu", "password": "Wanglaowu1"}, "password_weak"),
        ],
    )
    def test_wrong_input(self, fields, code):
        with pytest.raises(errors.Invalid) as raised:
            make_person(**({"username": "somebody"} | fields))
        assert raised.value.code == code

    def test_only_system_administrators_manage_persons(self):
        admin, seat = make_holder("system_admin"), make_holder("seat")
        made = services.create_person(username="new", display_name="新人", actor_id=admin.pk, now=NOW)
        services.update_person(person_id=made.pk, display_name="改名", actor_id=admin.pk, now=NOW)
        for actor in (seat, make_holder("security_admin")):
            with pytest.raises(errors.Forbidden):
                services.create_person(username="other", display_name="x", actor_id=actor.pk, now=NOW)
            with pytest.raises(errors.Forbidden):
                services.disable_person(person_id=made.pk, actor_id=actor.pk, now=NOW)

    def test_people_correct_their_own_telephone(self):
        person = make_person()
        services.update_person(person_id=person.pk, phone="0571-1234567", actor_id=person.pk, now=NOW)
        assert Person.objects.get(pk=person.pk).phone == "0571-1234567"
        assert SecurityEvent.objects.last().data == {"fields": ["phone"]}

    def test_disabling_kills_tokens_and_sessions_and_enabling_revives_none(self):
        person = make_holder("seat")
        token = services.issue_token(person_id=person.pk, name="脚本", now=NOW)
        before = person.get_session_auth_hash()
        assert selectors.reader_by_token(token).has("seat")
        services.disable_person(person_id=person.pk, actor_id=OPERATOR, now=NOW, reason="离职")
        assert selectors.reader_by_token(token) is None
        assert selectors.reader_of(person.pk).grants == ()
        person = services.enable_person(person_id=person.pk, actor_id=OPERATOR, now=NOW)
        assert person.is_active
        assert person.get_session_auth_hash() != before
        assert selectors.reader_by_token(token) is None
        assert selectors.reader_of(person.pk).has("seat")

    def test_nobody_disables_enables_or_resets_themselves(self):
        admin = make_holder("system_admin")
        security = make_holder("security_admin")
        for call in (
            lambda: services.disable_person(person_id=admin.pk, actor_id=admin.pk, now=NOW),
            lambda: services.enable_person(person_id=admin.pk, actor_id=admin.pk, now=NOW),
            lambda: services.set_password(person_id=admin.pk, password=PASSWORD, actor_id=admin.pk, now=NOW),
            lambda: services.reset_second_factor(person_id=security.pk, actor_id=security.pk, now=NOW),
        ):
            with pytest.raises(errors.Forbidden) as raised:
                call()
            assert raised.value.code == "own_account"

    def test_password_and_second_factor_are_reset_by_different_administrators(self):
        target = make_holder("audit_admin")
        system, security = make_holder("system_admin"), make_holder("security_admin")
        services.set_password(person_id=target.pk, password="Quiet-kale-47", actor_id=system.pk, now=NOW)
        services.reset_second_factor(person_id=target.pk, actor_id=security.pk, now=NOW)
        with pytest.raises(errors.Forbidden):
            services.set_password(person_id=target.pk, password="New-horse-11", actor_id=security.pk, now=NOW)
        with pytest.raises(errors.Forbidden):
            services.reset_second_factor(person_id=target.pk, actor_id=system.pk, now=NOW)
        stored = Person.objects.get(pk=target.pk)
        assert stored.must_change_password
        assert stored.session_epoch == 2

    def test_last_seen_is_noted_now_and_then(self, django_assert_num_queries):
        person = make_person()
        services.note_seen(person_id=person.pk, now=NOW)
        services.note_seen(person_id=person.pk, now=NOW + dt.timedelta(minutes=4))
        assert Person.objects.get(pk=person.pk).last_seen == NOW
        services.note_seen(person_id=person.pk, now=NOW + dt.timedelta(minutes=6))
        assert Person.objects.get(pk=person.pk).last_seen == NOW + dt.timedelta(minutes=6)


class TestAppointments:
    def appoint(self, person, role, **office):
        given = {"region": DISTRICT, "actor_id": OPERATOR, "now": NOW} | office
        return services.appoint(person_id=person.pk, role=role, **given)

    def test_every_role_with_what_it_needs(self):
        person = make_person()
        department, board, firm = make_department(), make_board(), make_enterprise()
        for role in sorted(set(Role) - {"security_admin", "audit_admin"}):
            office: dict[str, object] = {}
            if role in {"liaison", "department_head"}:
                office = {"department_id": department.pk}
            elif role == "board_head":
                office = {"board": board.code}
            elif role == "enterprise":
                office = {"enterprise_id": firm.pk}
            self.appoint(person, role, **office)
        reader = selectors.reader_of(person.pk)
        assert reader.roles == set(Role) - {"security_admin", "audit_admin"}
        scope = reader.scope()
        assert scope.departments == (str(department.pk),)
        assert scope.boards == (f"{DISTRICT}:projects",)
        assert scope.enterprises == (str(firm.pk),)

    @pytest.mark.parametrize(
        ("role", "office", "code"),
        [
            ("liaison", {}, "appointment_incomplete"),
            ("seat", {"board": "projects"}, "appointment_incomplete"),
            ("liaison", {"department_id": UNKNOWN}, "department_unknown"),
            ("board_head", {"board": "nowhere"}, "board_unknown"),
            ("enterprise", {"enterprise_id": UNKNOWN}, "enterprise_unknown"),
            ("seat", {"region": "330199"}, "region_unknown"),
            ("seat", {"until": NOW}, "period_invalid"),
            ("emperor", {}, "appointment_incomplete"),
        ],
    )
    def test_wrong_input(self, role, office, code):
        make_region()
        with pytest.raises(errors.Invalid) as raised:
            self.appoint(make_person(), role, **office)
        assert raised.value.code == code

    def test_a_department_of_another_region_will_not_do(self):
        make_region()
        far = make_department(region="330114")
        with pytest.raises(errors.Invalid):
            self.appoint(make_person(), "liaison", department_id=far.pk)

    def test_a_closed_department_takes_nobody(self):
        department = make_department()
        directory.close_department(department_id=department.pk, actor_id=OPERATOR, now=NOW)
        with pytest.raises(errors.Invalid) as raised:
            self.appoint(make_person(), "liaison", department_id=department.pk)
        assert raised.value.code == "department_not_in_force"

    def test_the_same_twice(self):
        person = make_holder("seat")
        with pytest.raises(errors.Conflict) as raised:
            self.appoint(person, "seat")
        assert raised.value.code == "already_appointed"
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.create(person=person, role="seat", region=DISTRICT, since=NOW, appointed_by=OPERATOR)

    def test_three_administrators_by_rule_and_by_the_database(self):
        person = make_holder("system_admin")
        with pytest.raises(errors.Conflict, match="System administrator") as raised:
            self.appoint(person, "audit_admin")
        assert raised.value.code == "administrators_exclusive"
        with pytest.raises(IntegrityError, match="accounts_three_administrators"), transaction.atomic():
            Appointment.objects.create(
                person=person, role="audit_admin", region=DISTRICT, since=NOW, appointed_by=OPERATOR
            )

    def test_one_administration_after_the_other_is_fine(self):
        person = make_holder("system_admin")
        office = person.appointments.get()
        services.end_appointment(appointment_id=office.pk, actor_id=OPERATOR, now=NOW)
        self.appoint(person, "audit_admin")
        assert selectors.reader_of(person.pk).roles == {"audit_admin"}

    def test_the_same_administration_in_another_region_is_fine(self):
        person = make_holder("system_admin")
        make_region("330114")
        self.appoint(person, "system_admin", region="330114")
        assert set(selectors.reader_of(person.pk).regions_for(["system_admin"])) == {DISTRICT, "330114"}

    def test_who_may_appoint(self):
        security, other = make_holder("security_admin"), make_person()
        self.appoint(other, "seat", actor_id=security.pk)
        with pytest.raises(errors.Forbidden):
            self.appoint(security, "seat", actor_id=security.pk)
        make_region("330114")
        with pytest.raises(errors.Forbidden):
            self.appoint(other, "seat", region="330114", actor_id=security.pk)
        for role in ("system_admin", "audit_admin", "leader", "seat"):
            with pytest.raises(errors.Forbidden):
                self.appoint(make_person(), "seat", actor_id=make_holder(role).pk)
        with pytest.raises(errors.Forbidden):
            self.appoint(make_person(), "seat", actor_id=UNKNOWN)

    def test_a_security_administrator_of_the_city_appoints_in_its_districts(self):
        make_region()
        city = make_holder("security_admin", "999900")
        self.appoint(make_person(), "seat", actor_id=city.pk)

    def test_time_limits_an_appointment(self):
        person = make_person()
        make_region()
        self.appoint(person, "seat", since=NOW + HOUR, until=NOW + 2 * HOUR)
        for hours, held in ((0, False), (1, True), (1.9, True), (2, False)):
            selectors.forget()
            with clock.at(NOW + hours * HOUR):
                assert selectors.reader_of(person.pk).has("seat") is held

    def test_ending(self):
        person = make_holder("seat")
        office = person.appointments.get()
        services.end_appointment(appointment_id=office.pk, actor_id=OPERATOR, now=NOW)
        assert selectors.reader_of(person.pk).grants == ()
        again = services.end_appointment(appointment_id=office.pk, actor_id=OPERATOR, now=NOW + HOUR)
        assert again.until == NOW
        assert kinds()[-2:] == ["appointed", "appointment_ended"]

    def test_a_disabled_person_is_not_appointed(self):
        person = make_person()
        make_region()
        services.disable_person(person_id=person.pk, actor_id=OPERATOR, now=NOW)
        with pytest.raises(errors.Conflict):
            self.appoint(person, "seat")

    def test_holders_are_whom_to_tell(self):
        department, other = make_department("one"), make_department("two")
        first = make_holder("liaison", department_id=department.pk)
        make_holder("liaison", department_id=other.pk)
        make_holder("seat", "999900")
        seat = make_holder("seat")
        gone = make_holder("seat")
        services.disable_person(person_id=gone.pk, actor_id=OPERATOR, now=NOW)
        assert selectors.holders(role="liaison", region=DISTRICT, now=NOW, department_id=department.pk) == (first.pk,)
        assert selectors.holders(role="seat", region=DISTRICT, now=NOW) == (seat.pk,)
        assert selectors.names([seat.pk, UNKNOWN]) == {seat.pk: seat.display_name}

    def test_a_merged_departments_cases_stay_visible_to_the_successor(self):
        old, new = make_department("old"), make_department("new")
        person = make_holder("liaison", department_id=new.pk)
        directory.merge_department(department_id=old.pk, into_id=new.pk, actor_id=OPERATOR, now=NOW)
        selectors.forget()
        assert selectors.reader_of(person.pk).scope().departments == (str(new.pk), str(old.pk))

    def test_regions_are_opened_with_all_inside_them(self):
        make_region()
        make_region("999902", "另一区")
        make_region("999901001", "一镇")
        assert selectors.reader_of(make_holder("leader", "999900").pk).scope().regions == ("999900", "999901", "999902")

    def test_one_query_then_none_for_five_seconds(self, django_assert_num_queries):
        person = make_holder("seat")
        selectors.reader_of(person.pk)
        selectors._readers.forget()
        with django_assert_num_queries(1):
            selectors.reader_of(person.pk)
        with django_assert_num_queries(0):
            selectors.reader_of(person.pk)

    def test_the_directory_asks_the_accounts(self):
        admin = make_holder("system_admin")
        department = directory.create_department(region=DISTRICT, code="new", name="新局", actor_id=admin.pk, now=NOW)
        assert department.code == "new"
        event = SecurityEvent.objects.last()
        assert (event.kind, event.actor_id, event.region) == ("directory.department_created", admin.pk, DISTRICT)
        with pytest.raises(errors.Forbidden):
            directory.create_department(
                region=DISTRICT, code="more", name="局", actor_id=make_holder("security_admin").pk, now=NOW
            )

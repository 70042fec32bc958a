"""Two administrators at the same moment."""

import threading

import pytest
from django.db import connection

from bihuan.foundation.accounts import services
from bihuan.foundation.accounts.factories import make_person
from bihuan.foundation.accounts.models import Appointment, Person
from bihuan.foundation.directory import services as directory
from bihuan.foundation.directory.factories import DISTRICT, NOW, make_enterprise, make_region
from bihuan.foundation.directory.models import Department, Enterprise
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import errors

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls in threads that start together; return what each said: None, or its problem's code."""
    gate = threading.Barrier(len(calls))
    said: list[str | None] = [None] * len(calls)

    def run(number):
        try:
            gate.wait(10)
            calls[number]()
        except errors.Problem as problem:
            said[number] = problem.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(said, key=str)


def test_one_person_never_gets_two_administrations():
    make_region()
    for _ in range(5):
        person = make_person()

        def appoint(role, person=person):
            services.appoint(person_id=person.pk, role=role, region=DISTRICT, actor_id=OPERATOR, now=NOW)

        said = at_once(*(lambda role=role: appoint(role) for role in ("system_admin", "security_admin", "audit_admin")))
        assert said == [None, "administrators_exclusive", "administrators_exclusive"]
        assert Appointment.objects.filter(person=person).count() == 1


def test_one_user_name_one_person():
    assert at_once(*[lambda: make_person("lihua")] * 4) == [None, *["username_taken"] * 3]
    assert Person.objects.count() == 1


def test_one_code_one_department_and_one_enterprise():
    make_region()

    def create():
        directory.create_department(region=DISTRICT, code="housing", name="住建局", actor_id=OPERATOR, now=NOW)

    assert at_once(*[create] * 4) == [None, *["department_exists"] * 3]
    assert Department.objects.count() == 1
    assert at_once(*[lambda: make_enterprise(1)] * 4) == [None, *["enterprise_exists"] * 3]
    assert Enterprise.objects.count() == 1


def test_two_moves_never_close_a_circle():
    make_region()
    for number in range(4):
        one, other = (
            directory.create_department(region=DISTRICT, code=f"{name}{number}", name=name, actor_id=OPERATOR, now=NOW)
            for name in ("one", "other")
        )

        def move(child, parent):
            directory.update_department(department_id=child.pk, parent=parent.code, actor_id=OPERATOR, now=NOW)

        said = at_once(lambda a=one, b=other: move(a, b), lambda a=one, b=other: move(b, a))
        assert said == [None, "department_circle"]

"""Who holds which role where: given by security administrators, never to oneself, and ended, never deleted."""

import datetime as dt
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import events, permissions, roles, rules
from bihuan.foundation.accounts.models import Appointment, Person
from bihuan.foundation.accounts.services._common import acting, changes_accounts, lock_person
from bihuan.foundation.accounts.services.record import record
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Board, Department, Enterprise
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.events import publish
from bihuan.foundation.kernel.text import clean_line


def appoint(
    *,
    person_id: uuid.UUID,
    role: str,
    region: str,
    actor_id: uuid.UUID,
    now: dt.datetime,
    department_id: uuid.UUID | None = None,
    board: str | None = None,
    enterprise_id: uuid.UUID | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    reason: str = "",
) -> Appointment:
    """Appoint a person to a role in a region and return the appointment.

    `board` is a board's code in the region; `since` defaults to now, `until` (exclusive) to open; `reason` goes into
    the security record. Doing it twice is a Conflict. Raises errors.Invalid (`appointment_incomplete`, `region_…`,
    `department_…`, `board_…`, `enterprise_unknown`, `period_invalid`), errors.Conflict (`already_appointed`,
    `administrators_exclusive`, `person_disabled`), errors.NotFound, errors.Forbidden (`own_appointment`). Publishes
    Appointed.
    """
    flaw = rules.appointment_flaw(
        role, department=department_id is not None, board=bool(board), enterprise=enterprise_id is not None
    )
    if flaw:
        raise errors.Invalid(flaw[1], code="appointment_incomplete", field=flaw[0])
    since = since or now
    if until is not None and until <= since:
        raise errors.Invalid(_("The end lies before the beginning."), code="period_invalid", field="until")
    with writing():
        # The lock makes appointments of one person happen one after the other.
        person = lock_person(person_id)
        permissions.check_appoint(acting(actor_id), actor_id, region=region, person_id=person_id)
        wanted = Appointment(
            person=person,
            role=role,
            region=directory.region_in_force(region, timezone.localdate(now)).code,
            department=_department(region, department_id, now) if department_id else None,
            board=_board(region, board, now) if board else None,
            enterprise=_enterprise(enterprise_id) if enterprise_id else None,
            since=since,
            until=until,
            appointed_by=actor_id,
        )
        _check_free(person, wanted)
        wanted.save(force_insert=True)
        changes_accounts()
        record(
            "appointed",
            now=now,
            person_id=person_id,
            actor_id=actor_id,
            region=region,
            role=role,
            board=board or "",
            department=str(department_id or ""),
            reason=clean_line(reason)[:200],
        )
        publish(
            events.Appointed(
                appointment_id=wanted.pk, person_id=person_id, role=role, region=region, actor_id=actor_id, now=now
            )
        )
    return wanted


def end_appointment(
    *, appointment_id: uuid.UUID, actor_id: uuid.UUID, now: dt.datetime, reason: str = ""
) -> Appointment:
    """End an appointment now and return it; one that has ended stays as it is. `reason` goes into the record.

    Raises errors.NotFound (`appointment_unknown`), errors.Forbidden. Publishes AppointmentEnded.
    """
    with writing():
        found = Appointment.objects.filter(pk=appointment_id).first()
        if found is None:
            raise errors.NotFound(_("There is no such appointment."), code="appointment_unknown")
        lock_person(found.person_id)
        appointment = Appointment.objects.select_for_update().get(pk=appointment_id)
        permissions.check_appoint(
            acting(actor_id), actor_id, region=appointment.region, person_id=appointment.person_id
        )
        if appointment.until is not None and appointment.until <= now:
            return appointment
        # One that was to begin later never begins.
        appointment.until = max(now, appointment.since)
        appointment.save(update_fields=["until"])
        changes_accounts()
        record(
            "appointment_ended",
            now=now,
            person_id=appointment.person_id,
            actor_id=actor_id,
            region=appointment.region,
            role=appointment.role,
            reason=clean_line(reason)[:200],
        )
        publish(
            events.AppointmentEnded(
                appointment_id=appointment.pk,
                person_id=appointment.person_id,
                role=appointment.role,
                region=appointment.region,
                actor_id=actor_id,
                now=now,
            )
        )
    return appointment


def _check_free(person: Person, wanted: Appointment) -> None:
    """Raise Conflict if the person is disabled, holds just this at the time, or an administration it excludes."""
    if person.disabled_at is not None:
        raise errors.Conflict(_("%(name)s is disabled.") % {"name": person.display_name}, code="person_disabled")
    held = [one for one in person.appointments.all() if _overlap(one, wanted)]
    if any(_office(one) == _office(wanted) for one in held):
        raise errors.Conflict(
            _("%(name)s holds this appointment already.") % {"name": person.display_name}, code="already_appointed"
        )
    rival = rules.rival_administration(wanted.role, [one.role for one in held])
    if rival is not None:
        raise errors.Conflict(
            _("System, security and audit administration must lie with different persons; %(name)s is %(role)s.")
            % {"name": person.display_name, "role": roles.NAMES[rival]},
            code="administrators_exclusive",
            field="role",
        )


def _overlap(one: Appointment, other: Appointment) -> bool:
    begins_in_time = other.until is None or one.since < other.until
    return begins_in_time and (one.until is None or other.since < one.until)


def _office(one: Appointment) -> tuple[object, ...]:
    return (one.role, one.region, one.department_id, one.board_id, one.enterprise_id)


def _department(region: str, department_id: uuid.UUID, now: dt.datetime) -> Department:
    found = next((row for row in directory.departments(region) if row.pk == department_id), None)
    if found is None:
        raise errors.Invalid(
            _("The department does not belong to this region."), code="department_unknown", field="department"
        )
    return directory.department_in_force(region, found.code, timezone.localdate(now))


def _board(region: str, code: str, now: dt.datetime) -> Board:
    return directory.board_in_force(region, code, timezone.localdate(now))


def _enterprise(enterprise_id: uuid.UUID) -> Enterprise:
    found = Enterprise.objects.filter(pk=enterprise_id).first()
    if found is None:
        raise errors.Invalid(_("There is no such enterprise."), code="enterprise_unknown", field="enterprise")
    return found

"""Tables of the accounts."""

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from bihuan.foundation.accounts import roles
from bihuan.foundation.directory.models import Board, Department, Enterprise
from bihuan.foundation.kernel.ids import uuid7


def _ids(some: Iterable[roles.Role]) -> list[str]:
    return sorted(role.value for role in some)


class Person(AbstractBaseUser):
    """Somebody who can log in. What they may do lies in their appointments alone: there is no superuser.

    `username` is kept in lower case, so that it is unique whatever the case. `session_epoch` is part of every
    session's proof: raising it ends all sessions of the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    must_change_password = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    last_seen = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(username=Lower("username")), name="accounts_person_username")]
        indexes = [models.Index(fields=["pinyin", "id"], name="accounts_person_list")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the person may log in (Django and allauth ask this)."""
        return self.disabled_at is None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        proof = f"{self.password}:{self.session_epoch}"
        return salted_hmac("bihuan.accounts.session", proof, secret=secret, algorithm="sha256").hexdigest()


class Appointment(models.Model):
    """One person in one role for one place, in [since, until); if the role needs it, of a department, board or firm."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20)
    region = models.CharField(max_length=9)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    appointed_by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "region", "department", "board", "enterprise"],
                condition=Q(until=None),
                nulls_distinct=False,
                name="accounts_appointment_once",
            ),
            models.CheckConstraint(condition=Q(role__in=_ids(roles.Role)), name="accounts_appointment_role"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="accounts_appointment_period"
            ),
            models.CheckConstraint(
                condition=Q(department__isnull=False) | ~Q(role__in=_ids(roles.NEEDS_DEPARTMENT)),
                name="accounts_appointment_department",
            ),
            models.CheckConstraint(
                condition=Q(board__isnull=False) | ~Q(role__in=_ids(roles.NEEDS_BOARD)),
                name="accounts_appointment_board",
            ),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False) | ~Q(role__in=_ids(roles.NEEDS_ENTERPRISE)),
                name="accounts_appointment_enterprise",
            ),
            ExclusionConstraint(
                name="accounts_three_administrators",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (
                        Func(F("since"), F("until"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role__in=_ids(roles.ADMINISTRATORS)),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "role"], condition=Q(until=None), name="accounts_appointment_holders"),
            models.Index(fields=["department"], condition=Q(department__isnull=False), name="accounts_appointment_of"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.region}"


class ApiToken(models.Model):
    """A bearer token. Only the SHA-256 of its 32 random bytes is kept, with a prefix to recognise it by."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class SecurityEvent(models.Model):
    """One line for the audit administrator: never changed, never deleted, except that an address is forgotten in time.

    `person_id` is whom it is about, `actor_id` who did it; both stay readable when nobody of that name is left.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    success = models.BooleanField(default=True)
    person_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    username = models.CharField(max_length=64, blank=True)
    region = models.CharField(max_length=9, blank=True)
    ip = models.GenericIPAddressField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["-at"], name="accounts_event_at"),
            models.Index(fields=["person_id", "-at"], name="accounts_event_person"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"

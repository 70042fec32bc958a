"""Tables of letters. What a letter says never changes once it has a number; the database sees to it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import LetterState


class Series(models.Model):
    """The last number taken under one 机关代字 in one year; the 代字 belongs to one office of the place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.CharField(max_length=9)
    mark = models.CharField(max_length=24)
    year = models.SmallIntegerField()
    issuer = models.CharField(max_length=40)
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "mark", "year"], name="documents_series_once")]

    def __str__(self) -> str:
        return f"{self.mark}〔{self.year}〕{self.last}"


class Letter(Chained):
    """A numbered letter from an office to a department.

    kind           what it is, a word of its mechanism; about: the thing it belongs to, known to the mechanism alone
    issuer         office that answers for it; head: the name printed over it (发文机关标志)
    offices        "role:region" of those who may read it besides the department it goes to (second wall)
    also_ids       departments it goes to besides `addressee` (several 主送); signed_ids: those of all that signed
    copy_ids       departments that get a copy (抄送): they read it, and nothing is asked of them
    reply_due_at   when a reply is due; None: none is asked for, or not yet. Computed by the mechanism in working days
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=32)
    about = models.UUIDField(null=True)
    issuer = models.CharField(max_length=40)
    offices = ArrayField(models.CharField(max_length=40))
    mark = models.CharField(max_length=24)
    year = models.SmallIntegerField()
    serial = models.IntegerField()
    number = models.CharField(max_length=48)
    head = models.CharField(max_length=100)
    addressee = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    addressee_name = models.CharField(max_length=2000)
    also_ids = ArrayField(models.UUIDField(), default=list)
    copy_ids = ArrayField(models.UUIDField(), default=list)
    signed_ids = ArrayField(models.UUIDField(), default=list)
    title = models.CharField(max_length=300)
    text = models.TextField()
    copies = models.CharField(max_length=2000, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=12, default=LetterState.ISSUED.value)
    issued_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    reply_due_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True, default="")
    replied_at = models.DateTimeField(null=True)
    returned = models.SmallIntegerField(default=0)
    outcome = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "mark", "year", "serial"], name="documents_letter_number"),
            models.CheckConstraint(
                name="documents_letter_state", condition=Q(state__in=[state.value for state in LetterState])
            ),
            models.CheckConstraint(name="documents_letter_region", condition=~Q(region="") & Q(serial__gt=0)),
            models.CheckConstraint(
                name="documents_letter_ends",
                condition=Q(state__in=["written_off", "withdrawn"], ended_at__isnull=False)
                | ~Q(state__in=["written_off", "withdrawn"]) & Q(ended_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "state", "-id"], name="documents_letter_register"),
            models.Index(fields=["about", "-id"], name="documents_letter_about"),
            models.Index(fields=["addressee", "-id"], name="documents_letter_addressee"),
            GinIndex(fields=["offices"], name="documents_letter_offices"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def unsigned(self) -> frozenset[uuid.UUID]:
        """Return the departments it goes to that have not signed for it yet."""
        to = {*self.also_ids, *([self.addressee_id] if self.addressee_id else [])}
        return frozenset(to - set(self.signed_ids))

    @property
    def late(self) -> bool:
        """Tell whether the reply came after its time."""
        return bool(self.replied_at and self.reply_due_at and self.replied_at > self.reply_due_at)

"""Tables of the vault. They have no foreign key to anything outside, and a PostgreSQL role of their own.

What people wrote is sealed (`foundation.kernel.sealing`); clear are only stages, forms and times. Ids and numbers are
random: they tell neither order nor time.
"""

import uuid
from typing import Any, ClassVar

import orjson
from django.db import models
from django.db.models import F, Q

from bihuan.foundation.kernel import sealing
from bihuan.foundation.kernel.database import Scope

from .states import LIVE, Form, RequestState, Stage

ROLE = "bihuan_vault"
INSIDE = Scope(kind="vault", role=ROLE)
"""The scope in which the vault's own services work; nobody else uses it (a test looks)."""


class Sealed(models.Model):
    """A row whose `sealed_…` columns nobody reads without a key. key: the id of the key that sealed all of them."""

    SEALED: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.TextField()
    key = models.CharField(max_length=32)

    class Meta:
        abstract = True

    def put(self, **values: Any) -> None:
        """Seal plain values (anything JSON can say) into their columns."""
        self.key = sealing.keyring().primary
        for name, value in values.items():
            setattr(self, f"sealed_{name}", sealing.seal(orjson.dumps(value).decode(), place=self._place(name)))

    def get(self, name: str) -> Any:
        """Return the plain value of a sealed column."""
        return orjson.loads(sealing.unseal(getattr(self, f"sealed_{name}"), place=self._place(name)))

    def seal_anew(self) -> None:
        """Seal every column under the key that is now the first."""
        self.put(**{name: self.get(name) for name in self.SEALED})

    def _place(self, name: str) -> str:
        return f"{self._meta.db_table}:{self.id}:{name}"


class Clue(Sealed):
    """问题线索. content: {text, reference, salt}; about: {kind, unit, unit_name, person}.

    news: the informant wrote something that nobody has read. received: the seal of the first entry about it.
    """

    SEALED = ("content", "about")

    number = models.CharField(max_length=16, unique=True)
    origin = models.CharField(max_length=12)
    stage = models.CharField(max_length=16, default=Stage.RECEIVED.value)
    form = models.CharField(max_length=8, blank=True, default="")
    sealed_content = models.TextField()
    sealed_about = models.TextField()
    code_digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 -- null: no dialogue
    once_digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 -- null: not from a form
    receipt = models.TextField(blank=True, default="")
    news = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "vault_clue"
        constraints = [
            models.CheckConstraint(name="clue_stage_known", condition=Q(stage__in=[one.value for one in Stage])),
            models.CheckConstraint(
                name="clue_form_only_when_concluded",
                condition=Q(stage=Stage.CONCLUDED.value, form__in=[one.value for one in Form])
                | ~Q(stage=Stage.CONCLUDED.value) & Q(form=""),
            ),
            models.CheckConstraint(name="clue_origin_known", condition=Q(origin__in=["public", "transferred"])),
        ]
        indexes = [
            models.Index(name="clue_desk", fields=["region", "-received_at", "-id"]),
            models.Index(name="clue_key", fields=["key"]),
        ]

    def __str__(self) -> str:
        return self.number


class Informant(Sealed):
    """Who gave a clue, where they said it. identity: {name, phone, email, enterprise}."""

    SEALED = ("identity",)

    clue = models.OneToOneField(Clue, on_delete=models.PROTECT, related_name="informant")
    sealed_identity = models.TextField()

    class Meta:
        db_table = "vault_informant"
        indexes = [models.Index(name="informant_key", fields=["key"])]


class Message(Sealed):
    """A word about a clue. side: `informant`, `officer` (read by the informant), or `note` (read by officers)."""

    SEALED = ("text",)

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=12)
    by = models.UUIDField(null=True)
    sealed_text = models.TextField()
    at = models.DateTimeField()
    place = models.IntegerField()

    class Meta:
        db_table = "vault_message"
        constraints = [
            models.CheckConstraint(name="message_side_known", condition=Q(side__in=["informant", "officer", "note"])),
            models.UniqueConstraint(name="message_place_once", fields=["clue", "place"]),
        ]
        indexes = [models.Index(name="message_key", fields=["key"])]


class IdentityRequest(Sealed):
    """Somebody asks to see who gave a clue; another officer has to agree. until: when this lapses."""

    SEALED = ("reason",)

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="requests")
    state = models.CharField(max_length=12, default=RequestState.ASKED.value)
    sealed_reason = models.TextField()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "vault_identity_request"
        constraints = [
            models.CheckConstraint(
                name="request_state_known", condition=Q(state__in=[one.value for one in RequestState])
            ),
            models.CheckConstraint(
                name="request_takes_two", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="request_shown_after_two",
                condition=Q(shown_at__isnull=True) | Q(decided_by__isnull=False, state=RequestState.SHOWN.value),
            ),
            models.UniqueConstraint(
                name="request_once_live_a_clue",
                fields=["clue"],
                condition=Q(state__in=sorted(one.value for one in LIVE)),
            ),
        ]
        indexes = [models.Index(name="request_key", fields=["key"])]


class Chain(models.Model):
    """The head of a region's ledger of views."""

    region = models.TextField(primary_key=True)
    last_seq = models.IntegerField(default=0)
    last_hash = models.TextField(blank=True, default="")

    class Meta:
        db_table = "vault_chain"


class Entry(models.Model):
    """One line of the ledger of views: who looked at what, or did what. Chained as the ledger; only ever added to.

    It says nothing of what a clue says. clue: which one; null for looks at lists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stream = models.UUIDField()
    seq = models.IntegerField()
    region = models.TextField()
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    clue_id = models.UUIDField(null=True)
    hash = models.TextField()
    canonical = models.TextField()

    class Meta:
        db_table = "vault_entry"
        constraints = [models.UniqueConstraint(name="vault_entry_once", fields=["stream", "seq"])]
        indexes = [models.Index(name="vault_entry_region", fields=["region", "-seq"])]

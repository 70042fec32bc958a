"""Tables of what goes up. Each row that carries case data belongs to one case, and is seen by whoever may see it."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import RUNNING, ArrivalState, EscalationState

RUNNING_STATES = sorted(state.value for state in RUNNING)


class Peer(Chained):
    """Another installation: its address, the public key that its messages are signed with, the region it speaks for.

    old_key: the one before, which counts beside it until `old_key_until`, so that both sides need not change at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=300)
    public_key = models.CharField(max_length=80, unique=True)
    old_key = models.CharField(max_length=80, blank=True, default="")
    old_key_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "escalation_peer"
        constraints = [
            models.CheckConstraint(name="peer_key_form", condition=Q(public_key__regex=r"^ed25519:[0-9a-f]{64}$")),
            models.UniqueConstraint(name="peer_one_active_a_region", fields=["region"], condition=Q(active=True)),
            models.CheckConstraint(
                name="peer_old_key_ends", condition=Q(old_key="", old_key_until=None) | Q(old_key_until__isnull=False)
            ),
            models.CheckConstraint(name="peer_keys_differ", condition=~Q(old_key=models.F("public_key"))),
        ]

    def __str__(self) -> str:
        return self.name

    def keys_at(self, now: dt.datetime) -> tuple[str, ...]:
        """Return the keys that count for this installation at an instant."""
        until = self.old_key_until
        return (self.public_key, self.old_key) if until is not None and now < until else (self.public_key,)


class Elsewhere(models.Model):
    """How the case of the other level stood when it last spoke: number, state, and its clock with its lights.

    files_sent, files_taken: hashes of the files that went there and came from there, so that none goes a second time.
    """

    far_number = models.CharField(max_length=64, blank=True, default="")
    far_state = models.CharField(max_length=24, blank=True, default="")
    far_due_at = models.DateTimeField(null=True)
    far_held_at = models.DateTimeField(null=True)
    far_light_at = ArrayField(models.DateTimeField(), default=list)
    far_light_ids = ArrayField(models.CharField(max_length=24), default=list)
    files_sent = ArrayField(models.CharField(max_length=64), default=list)
    files_taken = ArrayField(models.CharField(max_length=64), default=list)

    class Meta:
        abstract = True


class Escalation(Chained, Elsewhere):
    """A case that was sent up, seen from below. Its id names the thread of messages; peer: none inside one house.

    asked: what the level above wants to know; answer, answer_kind: what came down; reply_due_at: when it is expected.
    sent_seq, heard_seq: numbers of the last message sent and received in this thread.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=16, default=EscalationState.SENT.value)
    to_region = models.CharField(max_length=9)
    reason = models.TextField()
    asked = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    answer_kind = models.CharField(max_length=16, blank=True, default="")
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reply_due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    sent_seq = models.IntegerField(default=0)
    heard_seq = models.IntegerField(default=0)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "escalation_escalation"
        constraints = [
            models.CheckConstraint(
                name="escalation_state_known", condition=Q(state__in=[state.value for state in EscalationState])
            ),
            models.CheckConstraint(name="escalation_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="escalation_ends_once",
                condition=Q(state__in=RUNNING_STATES, ended_at=None) | ~Q(state__in=RUNNING_STATES) & ~Q(ended_at=None),
            ),
            models.UniqueConstraint(
                name="escalation_one_running_a_case", fields=["case"], condition=Q(state__in=RUNNING_STATES)
            ),
        ]
        indexes = [models.Index(name="escalation_register", fields=["region", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.to_region}"


class Arrival(Chained, Elsewhere):
    """A matter from below, seen from above: it is the case `case` here. thread: the id of the escalation below."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, null=True, related_name="+")
    thread = models.UUIDField(unique=True)
    state = models.CharField(max_length=16, default=ArrivalState.OPEN.value)
    from_region = models.CharField(max_length=9)
    reason = models.TextField()
    enterprise_name = models.CharField(max_length=200, blank=True, default="")
    enterprise_uscc = models.CharField(max_length=18, blank=True, default="")
    reply_due_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField()
    listed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    sent_seq = models.IntegerField(default=0)
    heard_seq = models.IntegerField(default=0)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "escalation_arrival"
        constraints = [
            models.CheckConstraint(
                name="arrival_state_known", condition=Q(state__in=[state.value for state in ArrivalState])
            ),
            models.CheckConstraint(name="arrival_region_given", condition=~Q(region="")),
        ]
        indexes = [models.Index(name="arrival_register", fields=["region", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.from_region} → {self.case_id}"


class Part(models.Model):
    """A part of a file that is on its way in, until it is whole: with a matter from below, or with an answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, null=True, related_name="+")
    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "escalation_part"
        constraints = [
            models.UniqueConstraint(name="part_once", fields=["arrival", "sha256", "number"]),
            models.UniqueConstraint(name="part_once_below", fields=["escalation", "sha256", "number"]),
            models.CheckConstraint(name="part_of_one", condition=Q(arrival=None) ^ Q(escalation=None)),
        ]


class Message(models.Model):
    """A word to the other level, waiting or delivered. `text` is what is signed and sent, to the letter; into a part of
    a file its bytes are put as it leaves (`carrying.text_of`).

    peer: none inside one house. receipt, receipt_signature: what the other side signed for having received it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=12)
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, null=True, related_name="+")
    thread = models.UUIDField()
    direction = models.CharField(max_length=4)
    seq = models.IntegerField()
    kind = models.CharField(max_length=16)
    text = models.TextField()
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    receipt = models.TextField(blank=True, default="")
    receipt_signature = models.CharField(max_length=128, blank=True, default="")
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        db_table = "escalation_message"
        constraints = [models.UniqueConstraint(name="message_in_order", fields=["thread", "direction", "seq"])]
        indexes = [
            models.Index(name="message_due", fields=["next_at"], condition=Q(delivered_at=None)),
        ]


class Heard(models.Model):
    """A message that was received, so that it has its effect once, with the receipt that was given for it."""

    id = models.UUIDField(primary_key=True, editable=False)
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, null=True, related_name="+")
    thread = models.UUIDField()
    direction = models.CharField(max_length=4)
    seq = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    heard_at = models.DateTimeField()
    receipt = models.TextField()
    receipt_signature = models.CharField(max_length=128)

    class Meta:
        db_table = "escalation_heard"
        constraints = [models.UniqueConstraint(name="heard_once", fields=["thread", "direction", "seq"])]

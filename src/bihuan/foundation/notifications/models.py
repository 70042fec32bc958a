"""Tables of the notices. A row belongs to one person, or to nobody here; row-level security shows it to nobody else."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.ids import uuid7


class State(models.TextChoices):
    """Where a delivery to the outside stands."""

    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")
    NEEDLESS = "needless", _("No longer needed")


class Notice(models.Model):
    """One message in a person's inbox; or, without a person, to somebody who has no account and is only written to.

    dedupe   what makes it the same message: a person gets each only once
    count    how many are folded into it; those point to it with `digest` and are not listed themselves
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    region = models.CharField(max_length=9)
    key = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    dedupe = models.CharField(max_length=200)
    digest = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="folded")
    count = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "dedupe"], name="notifications_notice_once"),
            models.UniqueConstraint(
                fields=["dedupe"], condition=Q(person=None), name="notifications_notice_outside_once"
            ),
        ]
        indexes = [
            models.Index(F("person"), F("id").desc(), condition=Q(digest=None), name="notifications_notice_inbox"),
            models.Index(fields=["person"], condition=Q(digest=None, read_at=None), name="notifications_notice_unread"),
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="notifications_notice_folded"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.subject}"


class Delivery(models.Model):
    """One notice on its way through one outside channel. `next_at` is when the next attempt is due."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    region = models.CharField(max_length=9)
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="notifications_delivery_once")]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="queued"), name="notifications_delivery_due")]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Preference(models.Model):
    """What a person wants of one channel: whether at all, and an address of its own (a WeChat id, for example)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    enabled = models.BooleanField(default=True)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "channel"], name="notifications_preference_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.enabled}"


class WebhookSubscription(models.Model):
    """Somebody's wish to be told about events of a region (and of one enterprise only, if named) at a URL.

    secret  sealed with the installation's key; shown in plain text once, when made
    events  event types, or `*` for all
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=9)
    enterprise_id = models.UUIDField(null=True)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=300)
    events = ArrayField(models.CharField(max_length=60))
    active = models.BooleanField(default=True)
    failures = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner"], name="notifications_hook_owner"),
            models.Index(fields=["region"], condition=Q(active=True), name="notifications_hook_active"),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event on its way to one subscription. `payload` is the exact text that is signed and sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.PROTECT, related_name="deliveries")
    region = models.CharField(max_length=9)
    event_type = models.CharField(max_length=60)
    payload = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    replay_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replays")

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="queued"), name="notifications_hook_due"),
            models.Index(F("subscription"), F("id").desc(), name="notifications_hook_log"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.state}"

"""Printed codes, how often they are scanned, what is rated through them, and what follows a bad rating."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..states import OPEN_FOLLOW_UPS, CodeState, FollowState

KINDS = ("window", "enterprise", "card")
"""窗口监督码, 企业监督码, 监督卡."""
OPEN_FOLLOWS = sorted(state.value for state in OPEN_FOLLOW_UPS)


class Code(Chained):
    """A printed code: of a window, of an enterprise's door, or of a batch of supervision cards.

    ident       names the row in the signed text; place: where it hangs, or what the batch is called
    department  whose window it is; enterprise: whose door. printed, handed_out: cards of a batch, else 0
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ident = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default=CodeState.ACTIVE.value)
    place = models.CharField(max_length=60)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, null=True, related_name="+")
    printed = models.IntegerField(default=0)
    handed_out = models.IntegerField(default=0)
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outreach_code"
        constraints = [
            models.CheckConstraint(name="outreach_code_kind_known", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="outreach_code_state_known", condition=Q(state__in=[state.value for state in CodeState])
            ),
            models.CheckConstraint(name="outreach_code_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="outreach_code_whose",
                condition=Q(kind="window", department__isnull=False, enterprise=None)
                | Q(kind="enterprise", enterprise__isnull=False, department=None)
                | Q(kind="card", enterprise=None, printed__gt=0),
            ),
            models.CheckConstraint(
                name="outreach_cards_are_there", condition=Q(handed_out__gte=0, handed_out__lte=models.F("printed"))
            ),
            models.UniqueConstraint(
                name="outreach_one_code_a_door",
                fields=["enterprise"],
                condition=Q(kind="enterprise") & ~Q(state="revoked"),
            ),
        ]
        indexes = [models.Index(name="outreach_code_register", fields=["region", "kind", "-id"])]

    def __str__(self) -> str:
        return self.place


class Scan(models.Model):
    """How often a code was scanned on one day. Nothing says by whom."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    on = models.DateField()
    times = models.IntegerField(default=0)

    class Meta:
        db_table = "outreach_scan"
        constraints = [models.UniqueConstraint(name="outreach_scan_a_day", fields=["code", "on"])]


class Prompt(models.Model):
    """A message to an enterprise that asks how a service was. used: whether its link has rated; when is not kept.

    people: how many persons were told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ident = models.CharField(max_length=16, unique=True)
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=60)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    people = models.SmallIntegerField(default=0)
    used = models.BooleanField(default=False)

    class Meta:
        db_table = "outreach_prompt"
        indexes = [models.Index(name="outreach_prompt_sent", fields=["region", "-sent_at"])]


class Rating(models.Model):
    """One rating, of a code or of a visit. The database lets nobody change it, and shows it to no one who was rated.

    enterprise: only where the rater was asked by name and the rating is bad, so that somebody can call back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.ForeignKey(Code, on_delete=models.PROTECT, null=True, related_name="+")
    visit = models.OneToOneField("outreach.Visit", on_delete=models.PROTECT, null=True, related_name="+")
    region = models.TextField()
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, null=True, related_name="+")
    level = models.SmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    words = models.TextField(blank=True, default="")
    on = models.DateField()

    class Meta:
        db_table = "outreach_rating"
        constraints = [
            models.CheckConstraint(name="outreach_level_known", condition=Q(level__gte=1, level__lte=5)),
            models.CheckConstraint(
                name="outreach_rating_of_one",
                condition=Q(code=None, visit__isnull=False) | Q(code__isnull=False, visit=None),
            ),
        ]
        indexes = [models.Index(name="outreach_rating_of_code", fields=["code", "on"])]


class FollowUp(Chained):
    """What a bad rating sets going: a letter to the unit (工作提示函), or a call to the rater (电话回访).

    official_ids  who went on the visit that was rated: they never read this row as supervisors
    number    `TS-` with the year and a number of the region, once the letter is sent
    text      what the letter says; answer: the unit's; outcome: what it came to, or what was said on the telephone
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default=FollowState.OPENED.value)
    place = models.CharField(max_length=60)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    official_ids = ArrayField(models.UUIDField(), default=list)
    number = models.CharField(max_length=40, blank=True, default="")
    text = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "outreach_follow_up"
        constraints = [
            models.CheckConstraint(
                name="outreach_follow_state_known", condition=Q(state__in=[state.value for state in FollowState])
            ),
            models.CheckConstraint(name="outreach_follow_kind_known", condition=Q(kind__in=["letter", "callback"])),
            models.CheckConstraint(
                name="outreach_letter_has_number", condition=Q(sent_at=None, number="") | ~Q(number="")
            ),
            models.UniqueConstraint(
                name="outreach_letter_number_once", fields=["region", "number"], condition=~Q(number="")
            ),
        ]
        indexes = [models.Index(name="outreach_follow_queue", fields=["region", "state", "-id"])]

    def __str__(self) -> str:
        return self.number or self.place

"""Tables of dispatch. What belongs to a case carries its region and is visible to whoever may see the case.

The catalogue is not about cases: staff read it, and its editions never change once they are in force.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained


class Return(models.Model):
    """One objection of a department that was given a matter, and what was ruled.

    went_to: the department that got the matter when the objection was upheld; upheld is null until the ruling (and
    stays so where the matter ended before it).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.CharField(max_length=12)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    came_from = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    went_to = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    basis = models.TextField()
    objected_at = models.DateTimeField()
    ruled_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)

    class Meta:
        db_table = "dispatch_return"
        constraints = [
            models.UniqueConstraint(name="return_once", fields=["case", "number"]),
            models.CheckConstraint(name="return_region_given", condition=~Q(region="")),
            # A comparison with null is neither true nor false and would pass the check, so each is ruled out first.
            models.CheckConstraint(
                name="return_ruled_whole",
                condition=Q(upheld=None, ruled_at=None, went_to=None)
                | Q(upheld__isnull=False, upheld=False, ruled_at__isnull=False, went_to=None)
                | Q(upheld__isnull=False, upheld=True, ruled_at__isnull=False, went_to__isnull=False),
            ),
            models.CheckConstraint(
                name="return_goes_elsewhere", condition=Q(went_to=None) | ~Q(went_to=F("came_from"))
            ),
        ]
        indexes = [models.Index(name="return_newest", fields=["region", "-objected_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.number} of {self.case_id}"


class Edition(Chained):
    """One version of a region's dispatch catalogue (派单目录), read from a file; the newest in force is the one used.

    entries: how many matters it has. in_force_at: null while it is only a draft.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.SmallIntegerField()
    file_name = models.CharField(max_length=200)
    entries = models.IntegerField()
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dispatch_edition"
        constraints = [
            models.UniqueConstraint(name="edition_once", fields=["region", "number"]),
            models.CheckConstraint(name="edition_region_given", condition=~Q(region="")),
        ]
        indexes = [models.Index(name="edition_newest", fields=["region", "-in_force_at"])]

    def __str__(self) -> str:
        return f"{self.region}/{self.number}"


class Entry(models.Model):
    """One matter of an edition: by which words it is recognized, whose it is and at which level, and by what law.

    key: by what two entries are the same matter. barred_ids: departments that may not be given it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    position = models.IntegerField()
    matter = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    words: "ArrayField[Any, Any]" = ArrayField(models.CharField(max_length=200))
    category = models.CharField(max_length=64, blank=True, default="")
    board = models.CharField(max_length=64, blank=True, default="")
    tier = models.CharField(max_length=16, blank=True, default="")
    level = models.CharField(max_length=12, blank=True, default="")
    lead = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    co_ids: "ArrayField[Any, Any]" = ArrayField(models.UUIDField(), default=list)
    barred_ids: "ArrayField[Any, Any]" = ArrayField(models.UUIDField(), default=list)
    basis = models.TextField()

    class Meta:
        db_table = "dispatch_entry"
        constraints = [models.UniqueConstraint(name="entry_matter_once", fields=["edition", "key"])]

    def __str__(self) -> str:
        return self.matter


class Proposal(models.Model):
    """What the product proposed for one case, and what people decided: a training example either way.

    key: the matter of the catalogue that was recognized, or chosen by a person (chosen_by); empty: none of them.
    parts: field → {value, confidence, source}; departments by code. stamp: edition and model it was made with.
    decided: field → what people decided; right_…: whether as proposed (null: not proposed, or not decided yet).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.CharField(max_length=12)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    stamp = models.CharField(max_length=120)
    key = models.CharField(max_length=200, blank=True, default="")
    chosen_by = models.UUIDField(null=True)
    parts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    confidence = models.FloatField(default=0.0)
    reasons: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    decided: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    right_category = models.BooleanField(null=True)
    right_tier = models.BooleanField(null=True)
    right_board = models.BooleanField(null=True)
    right_lead = models.BooleanField(null=True)
    right_co = models.BooleanField(null=True)

    class Meta:
        db_table = "dispatch_proposal"
        constraints = [
            models.CheckConstraint(name="proposal_region_given", condition=~Q(region="")),
            models.CheckConstraint(name="proposal_is_sure_in_part", condition=Q(confidence__gte=0, confidence__lte=1)),
        ]
        indexes = [
            models.Index(name="proposal_decided", fields=["region", "decided_at"]),
            models.Index(name="proposal_of_matter", fields=["region", "key"], condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return f"proposal for {self.case_id}"

"""Tables of the scoreboard: what each matter contributes, the sums, what is left out, and what was published."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import EditionState, ExclusionState


class Tally(models.Model):
    """What one matter contributes now. keys: `rules.counting.key` of each; settles_at: when it changes by itself."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+")
    region = models.CharField(max_length=12)
    lead = models.UUIDField(null=True)
    returned_by = ArrayField(models.UUIDField(), default=list)
    board = models.CharField(max_length=64, blank=True, default="")
    category = models.CharField(max_length=64, blank=True, default="")
    tier = models.CharField(max_length=16, blank=True, default="")
    keys = ArrayField(models.IntegerField(), default=list)
    settles_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "scoreboard_tally"
        indexes = [
            GinIndex(name="tally_keys", fields=["keys"]),
            models.Index(name="tally_settles", fields=["settles_at"], condition=Q(settles_at__isnull=False)),
            models.Index(name="tally_region", fields=["region", "case"]),
        ]


class Rollup(models.Model):
    """A part of a sum: figures are sums over rows. Events only add rows; a job folds them into one for each cell.

    So no two matters ever wait for each other's sums, and the same matter can be counted again at any time.
    month: see `rules.periods`; index: position in `rules.counting.Index`.
    """

    region = models.CharField(max_length=12)
    month = models.IntegerField()
    level = models.CharField(max_length=12)
    unit = models.CharField(max_length=64)
    category = models.CharField(max_length=64)
    tier = models.CharField(max_length=16)
    index = models.SmallIntegerField()
    counted = models.IntegerField()
    hits = models.IntegerField()
    excluded = models.IntegerField()
    folded = models.BooleanField(default=False)

    class Meta:
        db_table = "scoreboard_rollup"
        indexes = [
            models.Index(name="rollup_read", fields=["region", "level", "month"]),
            models.Index(name="rollup_fresh", fields=["id"], condition=Q(folded=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="rollup_one_cell",
                fields=["region", "level", "month", "unit", "category", "tier", "index"],
                condition=Q(folded=True),
            ),
        ]


class Basis(models.Model):
    """By which definition of the indices (`rules.counting.DEFINITION`) all sums were last made. One row at most."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    definition = models.IntegerField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "scoreboard_basis"
        constraints = [models.CheckConstraint(name="basis_one_row", condition=Q(id=1))]


class Exclusion(Chained):
    """A matter taken out of a figure (`index`; empty: of all), proposed by one person and decided by another.

    One of a rating belongs to that rating, and ends when the matter is rated anew; any other one ends as it began, by
    two people: `end_proposed_by` and `ended_by`, with `end_reason` and `end_decision`.
    mark: the bad mark whose upheld appeal made it: whoever appealed proposed it, whoever upheld the appeal decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    index = models.CharField(max_length=32, blank=True, default="")
    state = models.CharField(max_length=12, default=ExclusionState.PROPOSED.value)
    reason = models.TextField()
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    decision = models.TextField(blank=True, default="")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    mark = models.UUIDField(null=True)
    mark_number = models.CharField(max_length=40, blank=True, default="")
    end_reason = models.TextField(blank=True, default="")
    end_proposed_by = models.UUIDField(null=True)
    end_proposed_at = models.DateTimeField(null=True)
    end_decision = models.TextField(blank=True, default="")
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "scoreboard_exclusion"
        constraints = [
            models.CheckConstraint(name="exclusion_by_two", condition=~Q(proposed_by=models.F("decided_by"))),
            models.CheckConstraint(
                name="exclusion_decided", condition=Q(state__in=["proposed", "ended"]) | ~Q(decided_by=None)
            ),
            models.CheckConstraint(name="exclusion_ended_by_two", condition=~Q(end_proposed_by=models.F("ended_by"))),
            models.CheckConstraint(name="exclusion_ended_once", condition=Q(state="ended") ^ Q(ended_at=None)),
            models.UniqueConstraint(
                name="exclusion_once", fields=["case", "index"], condition=~Q(state__in=["refused", "ended"])
            ),
        ]
        indexes = [
            models.Index(name="exclusion_list", fields=["region", "-proposed_at", "-id"]),
            models.Index(name="exclusion_mark", fields=["mark"], condition=Q(mark__isnull=False)),
        ]


class Edition(Chained):
    """The figures of one month of a region in one version. From its publication on `content` never changes.

    audience: internal or public. sha256: of the canonical content. reason: why a later version corrects the one before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    month = models.IntegerField()
    version = models.SmallIntegerField()
    state = models.CharField(max_length=12, default=EditionState.DRAFT.value)
    audience = models.CharField(max_length=12, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    content: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    drafted_at = models.DateTimeField()
    check_until = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    freezes_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "scoreboard_edition"
        constraints = [
            models.UniqueConstraint(name="edition_version", fields=["region", "month", "version"]),
            models.CheckConstraint(
                name="edition_state_known", condition=Q(state__in=[state.value for state in EditionState])
            ),
            models.CheckConstraint(
                name="edition_published_whole",
                condition=Q(state__in=["draft", "checking"])
                | ~Q(sha256="") & Q(published_at__isnull=False, audience__in=["internal", "public"]),
            ),
            models.UniqueConstraint(
                name="edition_one_open", fields=["region", "month"], condition=Q(state__in=["draft", "checking"])
            ),
        ]


class Remark(models.Model):
    """What a unit says about an edition while it may check it, and the answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="remarks")
    region = models.CharField(max_length=12)
    department = models.UUIDField()
    text = models.TextField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True, default="")
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "scoreboard_remark"
        indexes = [models.Index(name="remark_list", fields=["edition", "id"])]


class FormerName(models.Model):
    """A name that a department bore until a day: figures of before show both names."""

    department = models.UUIDField()
    name = models.CharField(max_length=100)
    until = models.DateField()

    class Meta:
        db_table = "scoreboard_former_name"
        constraints = [models.UniqueConstraint(name="former_name_once", fields=["department", "name", "until"])]

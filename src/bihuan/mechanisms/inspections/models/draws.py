"""Random draws: the commitment, the pool that was fixed, and what came of it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..states import DrawState


class Draw(Chained):
    """A random draw of enterprises and officers.

    seed_sealed  the seed, encrypted until it is revealed; seed: in clear after that; seed_hash: told from the beginning
    draw_at      the announced instant before which the seed is not revealed
    grades, industry: who is in the pool; count: how many are to be checked; on, per_day: from when, how many a day
    pool_hash    told when the pool is fixed, before the seed is revealed; recused: [[officer, target]]
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default=DrawState.COMMITTED.value)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    bodies = ArrayField(models.UUIDField(), default=list)
    items = ArrayField(models.UUIDField(), default=list)
    grades = ArrayField(models.CharField(max_length=1), default=list)
    industry = models.CharField(max_length=5, blank=True, default="")
    count = models.IntegerField()
    need = models.IntegerField()
    on = models.DateField()
    per_day = models.IntegerField(default=1)
    draw_at = models.DateTimeField()
    seed_sealed = models.TextField()
    seed = models.CharField(max_length=64, blank=True, default="")
    seed_hash = models.CharField(max_length=64)
    pool_hash = models.CharField(max_length=64, blank=True, default="")
    pool_size = models.IntegerField(default=0)
    hands: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    recused: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    reason = models.CharField(max_length=400, blank=True, default="")
    committed_by = models.UUIDField(null=True)
    committed_at = models.DateTimeField()
    pooled_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "inspections_draw"
        constraints = [
            models.CheckConstraint(
                name="inspection_draw_state", condition=Q(state__in=[state.value for state in DrawState])
            ),
            # Whoever reads the table cannot know the seed before it is revealed.
            models.CheckConstraint(
                name="inspection_seed_unknown", condition=Q(seed="") | Q(state__in=["drawn", "voided"])
            ),
        ]
        indexes = [models.Index(name="inspection_draw_list", fields=["region", "-id"])]

    def __str__(self) -> str:
        return self.title


class DrawTarget(models.Model):
    """An enterprise in the pool. name: how it is called in public; salt: shows that the name is this enterprise's.

    rank: its place in the order, once drawn; outcome: `registered` or `spared` for those whose turn came.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="targets")
    region = models.TextField()
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=64)
    salt = models.CharField(max_length=32)
    weight = models.SmallIntegerField()
    rank = models.IntegerField(null=True)
    outcome = models.CharField(max_length=12, blank=True, default="")
    crew: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    check_made = models.ForeignKey("inspections.Check", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "inspections_draw_target"
        constraints = [
            models.UniqueConstraint(name="inspection_target_once", fields=["draw", "enterprise"]),
            models.UniqueConstraint(name="inspection_target_name", fields=["draw", "name"]),
            models.CheckConstraint(name="inspection_target_weight", condition=Q(weight__gte=1)),
        ]
        indexes = [models.Index(name="inspection_target_rank", fields=["draw", "rank"])]

"""信用修复: small cases about one record each, with a clock for each step."""

from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..states import RepairState


class Repair(Chained):
    """The repair of an enterprise's credit after one record. department: who entered the record, and so repairs it.

    earliest: before this day it cannot be applied for. guidance, application, outcome: the last words of each side
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record = models.ForeignKey("inspections.Record", on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=RepairState.ASKED.value)
    earliest = models.DateField()
    guidance = models.TextField(blank=True, default="")
    application = models.TextField(blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "inspections_repair"
        constraints = [
            models.CheckConstraint(
                name="inspection_repair_state", condition=Q(state__in=[state.value for state in RepairState])
            ),
            models.UniqueConstraint(name="inspection_repair_once", fields=["record"], condition=~Q(state="withdrawn")),
        ]
        indexes = [models.Index(name="inspection_repair_list", fields=["region", "state", "-id"])]

"""Tables of dispatch. They carry the region of their case and are visible to whoever may see the case."""

from django.db import models
from django.db.models import F, Q

from bihuan.foundation.kernel.ids import uuid7


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

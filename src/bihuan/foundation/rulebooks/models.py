"""The table of rulebook versions: only added to, so that a case can always be judged by the rules it came under."""

from django.conf import settings
from django.db import models

from bihuan.foundation.kernel.ids import uuid7


class RulebookVersion(models.Model):
    """One version of the rulebook of one region, in force there and below from `effective_from` until the next.

    text    what was handed in, comments and all
    merged  the whole content after merging over the packaged defaults of that day: this is what counts
    sha     SHA-256 of `merged` in canonical form
    number  1, 2, 3 … within the region; region 000000 holds the packaged default
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.CharField(max_length=9)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    text = models.TextField()
    merged = models.JSONField()
    sha = models.CharField(max_length=64)
    effective_from = models.DateTimeField()
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="rulebooks_version_number")]

    def __str__(self) -> str:
        return f"{self.region} {self.number}"

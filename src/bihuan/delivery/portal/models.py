"""What the portal keeps for a person: filters of lists under names of their own."""

from django.conf import settings
from django.db import models

from bihuan.foundation.kernel.ids import uuid7


class SavedView(models.Model):
    """A filter of a list that one person named, to come back to from any device. Nobody else sees it.

    page: one of `kept.PAGES`. query: the address after the question mark.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "portal_saved_view"
        constraints = [models.UniqueConstraint(fields=["person", "page", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name

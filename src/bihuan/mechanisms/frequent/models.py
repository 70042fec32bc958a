"""The table of frequent matters."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import OPEN, FrequentState

OPEN_STATES = sorted(state.value for state in OPEN)


class Frequent(Chained):
    """One category at one department that is raised again and again.

    since, until    the days that were counted; cases: the matters, firms: how many enterprises raised them
    leader          who took it on; demand: what was asked; answer: the department's; outcome: how it was settled
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=12, default=FrequentState.LISTED.value)
    category = models.CharField(max_length=64)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    cases = ArrayField(models.UUIDField())
    firms = models.IntegerField()
    leader = models.UUIDField(null=True)
    demand = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    order_on = models.CharField(max_length=64, blank=True, default="")
    listed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "frequent_matter"
        constraints = [
            models.CheckConstraint(
                name="frequent_state_known", condition=Q(state__in=[state.value for state in FrequentState])
            ),
            models.CheckConstraint(name="frequent_region_given", condition=~Q(region="")),
            models.CheckConstraint(name="frequent_has_cases", condition=~Q(cases=[])),
            models.CheckConstraint(
                name="frequent_ends_once",
                condition=Q(state__in=OPEN_STATES, ended_at=None) | ~Q(state__in=OPEN_STATES) & ~Q(ended_at=None),
            ),
            models.UniqueConstraint(
                name="frequent_one_open_a_group",
                fields=["region", "category", "department"],
                condition=Q(state__in=OPEN_STATES),
            ),
        ]
        indexes = [models.Index(name="frequent_register", fields=["region", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.category} {self.state}"

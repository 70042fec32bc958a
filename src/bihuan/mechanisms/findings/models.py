"""The table of findings."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import OPEN, FindingState

SOURCES = ("plan", "hand", "visit")
LOOKS = ("", "drawn", "holds", "relapsed")
OPEN_STATES = sorted(state.value for state in OPEN)


class Finding(Chained):
    """One finding of supervision, from the item to be checked to what the look-back saw.

    source      where it comes from; source_id: the report of a visit, which makes one finding only
    offices     "role:region" of its readers; none once it was handed over as a clue; shown: the department sees it too
    nature      how it was sorted, empty before
    case        the matter that settles who is responsible, or to which it belongs; letter: number of its letter
    demand      what has to be put right; answer: the department's; outcome: what it came to
    receipt     number and seal that the vault gave for a clue
    look        LOOKS; relapses: how often it came back
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=16)
    nature = models.CharField(max_length=8, blank=True, default="")
    source = models.CharField(max_length=8)
    source_id = models.UUIDField(null=True, unique=True)
    offices = ArrayField(models.CharField(max_length=40))
    shown = models.BooleanField(default=False)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    letter = models.CharField(max_length=80, blank=True, default="")
    instrument_id = models.UUIDField(null=True)
    receipt = ArrayField(models.CharField(max_length=120), default=list)
    check_on = models.DateField(null=True)
    demand = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    found_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    sent_back = models.SmallIntegerField(default=0)
    look = models.CharField(max_length=8, blank=True, default="")
    relapses = models.SmallIntegerField(default=0)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "findings_finding"
        constraints = [
            models.CheckConstraint(
                name="finding_state_known", condition=Q(state__in=[state.value for state in FindingState])
            ),
            models.CheckConstraint(name="finding_source_known", condition=Q(source__in=SOURCES) & Q(look__in=LOOKS)),
            models.CheckConstraint(name="finding_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="finding_ends_once",
                condition=Q(state__in=OPEN_STATES, ended_at=None) | ~Q(state__in=OPEN_STATES) & ~Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="finding_asked_of_somebody",
                condition=~Q(state__in=["asked", "answered"]) | Q(department__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_clue_is_for_nobody",
                condition=~Q(state="handed_over") | Q(offices=[], shown=False),
            ),
        ]
        indexes = [
            models.Index(name="finding_register", fields=["region", "state", "-id"]),
            models.Index(name="finding_department", fields=["department", "-id"]),
            models.Index(name="finding_case", fields=["case"]),
            GinIndex(name="finding_offices", fields=["offices"]),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"

"""Tables of the registers. Each row carries the region of the place that keeps it."""

from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import CompetitionState, ExemplarState, InstitutionKind, InstitutionState, LessonState, WarningState


def _known(name: str, states: type[StrEnum]) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(state__in=[one.value for one in states]))


KINDS = [kind.value for kind in InstitutionKind]
IN_FORCE = [InstitutionState.IN_FORCE.value, InstitutionState.REVIEWED.value]


class Institution(Chained):
    """A lasting rule (制度): what it says, which department answers for it, and what kind of cases it is about.

    source, source_id, origin: what it came from, once; origin is how people call that (the number of a meeting)
    category, words: the cases whose frequency and duration are measured before and after `in_force_on`
    case_count: linked cases, counted with nobody's eyes. review: what the last review said; due_at: the next one
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=12, default=InstitutionState.DRAFTED.value)
    kind = models.CharField(max_length=12, blank=True, default="")
    title = models.CharField(max_length=400)
    text = models.TextField()
    owner = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=64, blank=True, default="")
    words = models.CharField(max_length=100, blank=True, default="")
    source = models.CharField(max_length=24)
    source_id = models.UUIDField(null=True)
    origin = models.CharField(max_length=64, blank=True, default="")
    case_count = models.IntegerField(default=0)
    in_force_on = models.DateField(null=True)
    review = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    drafted_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "registers_institution"
        constraints = [
            models.CheckConstraint(
                name="register_institution_state", condition=Q(state__in=[one.value for one in InstitutionState])
            ),
            models.CheckConstraint(name="register_institution_kind", condition=Q(kind__in=["", *KINDS])),
            models.CheckConstraint(name="register_institution_region", condition=~Q(region="")),
            models.CheckConstraint(
                name="register_institution_in_force",
                condition=~Q(state__in=IN_FORCE)
                | ~Q(kind="") & Q(owner__isnull=False, in_force_on__isnull=False, due_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="register_institution_source_once",
                fields=["source", "source_id"],
                condition=Q(source_id__isnull=False),
            ),
        ]
        indexes = [models.Index(name="register_institution_list", fields=["region", "state", "-id"])]

    def __str__(self) -> str:
        return self.title


class Link(models.Model):
    """A case that called for an institution: whoever deletes it is refused. What was linked by mistake is unlinked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="links")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "registers_link"
        constraints = [models.UniqueConstraint(name="register_link_once", fields=["institution", "case"])]


class Proposal(Chained):
    """A policy proposal of some mechanism as far as it has come (N5). institution: what was drafted when it changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(max_length=24)
    source_id = models.UUIDField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    answer = models.TextField(blank=True, default="")
    state = models.CharField(max_length=16)
    case_ids: "ArrayField[Any, Any]" = ArrayField(models.UUIDField(), default=list)
    institution = models.OneToOneField(Institution, on_delete=models.PROTECT, null=True, related_name="proposal")
    proposed_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "registers_proposal"
        constraints = [
            models.CheckConstraint(
                name="register_proposal_state",
                condition=Q(state__in=["proposed", "taken_up", "changed", "turned_down"]),
            ),
            models.UniqueConstraint(name="register_proposal_source_once", fields=["source", "source_id"]),
        ]
        indexes = [models.Index(name="register_proposal_list", fields=["region", "-id"])]


class Competition(Chained):
    """An open competition for model cases (揭榜挂帅): the call, its two time limits, how many are promoted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=12, default=CompetitionState.CALLED.value)
    title = models.CharField(max_length=400)
    text = models.TextField()
    reason = models.TextField(blank=True, default="")
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    called_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "registers_competition"
        constraints = [_known("register_competition_state", CompetitionState)]
        indexes = [models.Index(name="register_competition_list", fields=["region", "-id"])]


class Exemplar(Chained):
    """A nominated model case. department, board: whose it is; votes: known once the vote is closed.

    competition: none while it waits for the next call. source, source_id: the mechanism that nominated it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, null=True, related_name="exemplars")
    state = models.CharField(max_length=12, default=ExemplarState.NOMINATED.value)
    title = models.CharField(max_length=400)
    text = models.TextField()
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    board = models.CharField(max_length=32, blank=True, default="")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=24)
    source_id = models.UUIDField(null=True)
    nominated_by = models.UUIDField(null=True)
    nominated_at = models.DateTimeField()
    votes = models.IntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "registers_exemplar"
        constraints = [
            _known("register_exemplar_state", ExemplarState),
            models.UniqueConstraint(
                name="register_exemplar_source_once",
                fields=["source", "source_id"],
                condition=Q(source_id__isnull=False),
            ),
            models.UniqueConstraint(
                name="register_exemplar_case_once",
                fields=["case"],
                condition=Q(case__isnull=False) & ~Q(state=ExemplarState.WITHDRAWN.value),
            ),
        ]
        indexes = [models.Index(name="register_exemplar_list", fields=["region", "state", "-id"])]


class Ballot(models.Model):
    """One secret vote. The database lets nobody change or delete it; only the product reads it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="+")
    exemplar = models.ForeignKey(Exemplar, on_delete=models.PROTECT, related_name="+")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "registers_ballot"
        constraints = [models.UniqueConstraint(name="register_ballot_once", fields=["competition", "voter"])]


class Adoption(models.Model):
    """A department that took a promoted model case over, in its own words."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exemplar = models.ForeignKey(Exemplar, on_delete=models.PROTECT, related_name="adoptions")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "registers_adoption"
        constraints = [models.UniqueConstraint(name="register_adoption_once", fields=["exemplar", "department"])]


class Caution(Chained):
    """A negative case told to all without names: what happened, and what to learn from it.

    stays: why a word in it that looks like the name of a firm or a person stays (it names nobody).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=12, default=WarningState.DRAFTED.value)
    title = models.CharField(max_length=400)
    text = models.TextField()
    lesson = models.TextField()
    stays = models.CharField(max_length=400, blank=True, default="")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=24)
    source_id = models.UUIDField(null=True)
    told = models.IntegerField(default=0)
    reason = models.TextField(blank=True, default="")
    drafted_at = models.DateTimeField()
    circulated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "registers_warning"
        constraints = [
            _known("register_warning_state", WarningState),
            models.UniqueConstraint(
                name="register_warning_source_once",
                fields=["source", "source_id"],
                condition=Q(source_id__isnull=False),
            ),
        ]
        indexes = [models.Index(name="register_warning_list", fields=["region", "state", "-id"])]


class Reading(models.Model):
    """A department has read a warning: noted when the first of its people opened it, nothing to fill in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    warning = models.ForeignKey(Caution, on_delete=models.PROTECT, related_name="readings")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "registers_reading"
        constraints = [models.UniqueConstraint(name="register_reading_once", fields=["warning", "department"])]


class Lesson(Chained):
    """An entry of the case library: the problem of a closed case and what worked, without names."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=12, default=LessonState.PUBLISHED.value)
    title = models.CharField(max_length=400)
    problem = models.TextField()
    worked = models.TextField()
    category = models.CharField(max_length=64, blank=True, default="")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True, default="")
    search = SearchVectorField(null=True)
    written_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "registers_lesson"
        constraints = [
            _known("register_lesson_state", LessonState),
            models.UniqueConstraint(
                name="register_lesson_case_once", fields=["case"], condition=Q(state=LessonState.PUBLISHED.value)
            ),
        ]
        indexes = [
            models.Index(name="register_lesson_list", fields=["region", "category", "-id"]),
            GinIndex(name="register_lesson_search", fields=["search"]),
        ]

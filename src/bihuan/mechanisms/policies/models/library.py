"""The library of policies, profiles of enterprises, and who matches what."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..states import ClauseState, PolicyState

BLOCK = 8_192
"""So many enterprises share one map of matches."""


class Policy(Chained):
    """A policy, in force in [valid_from, valid_to). code: 文号; level: of government."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=8, default=PolicyState.DRAFT.value)
    level = models.CharField(max_length=10)
    summary = models.CharField(max_length=1000, blank=True, default="")
    basis = models.CharField(max_length=300, blank=True, default="")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    guide = models.TextField(blank=True, default="")
    guide_due_at = models.DateTimeField(null=True)
    guided_at = models.DateTimeField(null=True)
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "policies_policy"
        constraints = [
            models.CheckConstraint(
                name="policy_state_known", condition=Q(state__in=[one.value for one in PolicyState])
            ),
            models.CheckConstraint(name="policy_region_given", condition=~Q(region="")),
            models.CheckConstraint(name="policy_period", condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))),
            models.UniqueConstraint(name="policy_code_once", fields=["region", "code"], condition=~Q(state="dropped")),
        ]
        indexes = [models.Index(name="policy_register", fields=["region", "state", "-id"])]

    def __str__(self) -> str:
        return self.title


class Clause(Chained):
    """One atomic benefit of a policy. track: how it comes; stack: benefits of one name do not add up in a year.

    stale: its matches have to be found anew; matched_at: when they were found last
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="clauses")
    department_id = models.UUIDField()
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=8, default=ClauseState.WRITTEN.value)
    track = models.CharField(max_length=9)
    stack = models.CharField(max_length=40, blank=True, default="")
    version = models.IntegerField(default=0)
    stale = models.BooleanField(default=False)
    matched_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "policies_clause"
        constraints = [
            models.CheckConstraint(
                name="clause_state_known", condition=Q(state__in=[one.value for one in ClauseState])
            ),
            models.CheckConstraint(name="clause_track_known", condition=Q(track__in=["free", "quick", "statutory"])),
            models.UniqueConstraint(name="clause_code_once", fields=["policy", "code"]),
        ]
        indexes = [models.Index(name="clause_stale", fields=["id"], condition=Q(stale=True, state="open"))]

    def __str__(self) -> str:
        return self.name


class Terms(models.Model):
    """What a clause says in [since, until): a cap that changes in mid-year is a new row, and the old one stays.

    conditions  a list of {text, cel}; all must hold. formula: CEL, an amount in yuan; cap: each time, year_cap: in one
    calendar year. as_of: the day whose facts count, None: the day on which it is asked. proofs: what it takes as
    evidence, as `rules.papers` reads it. shares: a list of {level, percent}
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="terms")
    region = models.TextField()
    version = models.IntegerField()
    since = models.DateField()
    until = models.DateField(null=True)
    conditions: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    formula = models.CharField(max_length=2000)
    cap = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    year_cap = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    as_of = models.DateField(null=True)
    window_from = models.DateField(null=True)
    window_to = models.DateField(null=True)
    proofs: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    shares: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    class Meta:
        db_table = "policies_terms"
        constraints = [
            models.UniqueConstraint(name="terms_version_once", fields=["clause", "version"]),
            models.UniqueConstraint(name="terms_one_open", fields=["clause"], condition=Q(until=None)),
            models.CheckConstraint(name="terms_period", condition=Q(until=None) | Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="terms_caps", condition=(Q(cap=None) | Q(cap__gte=0)) & (Q(year_cap=None) | Q(year_cap__gte=0))
            ),
        ]


class Profile(Chained):
    """一企一档: what is known of one enterprise. serial: its place in the maps of matches.

    area, town, industry, size: as the directory last said; facts: field → value of the place's own fields; sources:
    field → {source, at}. region: where the profile was begun; the enterprise may have moved since
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    serial = models.BigIntegerField(unique=True)
    enterprise = models.OneToOneField("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=9)
    town = models.CharField(max_length=9, blank=True, default="")
    industry = models.CharField(max_length=5, blank=True, default="")
    size = models.CharField(max_length=6, blank=True, default="")
    facts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    sources: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "policies_profile"
        indexes = [models.Index(name="profile_area", fields=["area", "serial"])]


class Past(models.Model):
    """What a field of a profile said until a day, and not on it; value null: it was not known."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="past")
    field = models.CharField(max_length=40)
    value: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    until = models.DateField()

    class Meta:
        db_table = "policies_past"
        constraints = [models.UniqueConstraint(name="past_once", fields=["profile", "field", "until"])]
        indexes = [models.Index(name="past_until", fields=["until", "profile"])]


class Match(models.Model):
    """Who of a block of profiles fits a clause: two maps of bits, yes and unknown; whoever is in neither does not.

    yes_count, unknown_count: how many bits are set
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    department_id = models.UUIDField()
    block = models.IntegerField()
    yes = models.BinaryField()
    unknown = models.BinaryField()
    yes_count = models.IntegerField(default=0)
    unknown_count = models.IntegerField(default=0)

    class Meta:
        db_table = "policies_match"
        constraints = [models.UniqueConstraint(name="match_once", fields=["block", "clause"])]
        indexes = [models.Index(name="match_clause", fields=["clause", "block"])]


class Import(Chained):
    """One file that was taken in. refused: a list of {line, field, error}; digest: the same file is taken once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    taken = models.IntegerField(default=0)
    refused: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    fields = ArrayField(models.TextField(), default=list)

    class Meta:
        db_table = "policies_import"
        indexes = [models.Index(name="import_register", fields=["region", "-id"])]

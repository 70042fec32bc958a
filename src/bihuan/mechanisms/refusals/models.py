"""Tables of the review of refusals. Each row carries the region and the case it belongs to."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import OPEN, Outcome, ProposalState, RefusalState

OPEN_STATES = sorted(state.value for state in OPEN)
GROUPS = ("leader", "deputy", "enterprise", "expert")
CAUSES = ("declined", "explained", "passed_around", "hidden")
SERVICES = ("substitute", "supporting", "added")
"""替补性、支持性、增值性服务."""


class Refusal(Chained):
    """One “no” of one unit to one matter, from the candidate pool to the end of its review.

    text        what the unit said; evidence: [{sign, kind, start, end}] in it
    causes      why it is a candidate (CAUSES), each once; reason: the ground that the unit gave
    unit        the department that said no; none for a refusal at acceptance. refused_by: who said it
    proposed, scores: importance, soundness, typicality (1–5): what the product proposed, what a person decided
    seed, seed_hash: what the draw goes by, written down as a hash at selection and told at the draw
    round       which vote this is; votes without a majority are followed by another
    service, measure, measure_due: what was ordered after the verdict; progress: what the unit last said of it
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=16, default=RefusalState.POOLED.value)
    causes = ArrayField(models.CharField(max_length=16))
    reason = models.CharField(max_length=40, blank=True, default="")
    category = models.CharField(max_length=64, blank=True, default="")
    text = models.TextField()
    evidence: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    share = models.FloatField(null=True)
    unit = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    refused_by = models.UUIDField(null=True)
    enterprise_id = models.UUIDField(null=True)
    proposed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    scores: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    selection_reason = models.TextField(blank=True, default="")
    seed = models.CharField(max_length=64, blank=True, default="")
    seed_hash = models.CharField(max_length=64, blank=True, default="")
    excluded: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    invitation = models.TextField(blank=True, default="")
    unit_says = models.TextField(blank=True, default="")
    enterprise_says = models.TextField(blank=True, default="")
    minutes = models.TextField(blank=True, default="")
    round = models.SmallIntegerField(default=1)
    outcome = models.CharField(max_length=8, blank=True, default="")
    service = models.CharField(max_length=16, blank=True, default="")
    measure = models.TextField(blank=True, default="")
    measure_due = models.DateTimeField(null=True)
    progress = models.TextField(blank=True, default="")
    result = models.TextField(blank=True, default="")
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    pooled_at = models.DateTimeField()
    selected_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "refusals_refusal"
        constraints = [
            models.CheckConstraint(
                name="refusal_state_known", condition=Q(state__in=[state.value for state in RefusalState])
            ),
            models.CheckConstraint(
                name="refusal_outcome_known", condition=Q(outcome__in=["", *(one.value for one in Outcome)])
            ),
            models.CheckConstraint(name="refusal_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="refusal_decided_has_outcome",
                condition=~Q(state__in=["decided", "followed"]) | ~Q(outcome="") & Q(decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="refusal_once_open_a_case", fields=["case"], condition=Q(state__in=OPEN_STATES)
            ),
        ]
        indexes = [models.Index(name="refusal_register", fields=["region", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class Note(models.Model):
    """调研: what somebody found out in the field. visit: on the spot; otherwise at the desk."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    refusal = models.ForeignKey(Refusal, on_delete=models.PROTECT, related_name="notes")
    region = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    as_deputy = models.BooleanField()
    visit = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "refusals_note"


class Panelist(Chained):
    """Somebody of the pool from which panels are drawn, in one group."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=12)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "refusals_panelist"
        constraints = [
            models.CheckConstraint(name="panelist_group_known", condition=Q(group__in=GROUPS)),
            models.UniqueConstraint(name="panelist_once_a_region", fields=["region", "person"]),
        ]


class Seat(models.Model):
    """A seat on the panel of one refusal. left_reason: why its holder left it; then `replaces` names who followed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    refusal = models.ForeignKey(Refusal, on_delete=models.PROTECT, related_name="seats")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=12)
    reserve = models.BooleanField(default=False)
    place = models.SmallIntegerField()
    left_at = models.DateTimeField(null=True)
    left_reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "refusals_seat"
        constraints = [models.UniqueConstraint(name="seat_once_a_person", fields=["refusal", "person"])]
        indexes = [models.Index(name="seat_of_person", fields=["person", "-id"])]


class Vote(models.Model):
    """One sealed vote. The database lets nobody change it; only the product reads it, until all are in.

    seal: SHA-256 of salt, person, outcome and reason, written into the ledger at once; salt is told with the votes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="votes")
    region = models.TextField()
    round = models.SmallIntegerField()
    outcome = models.CharField(max_length=8)
    reason = models.TextField()
    salt = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    at = models.DateTimeField()
    void = models.BooleanField(default=False)

    class Meta:
        db_table = "refusals_vote"
        constraints = [
            models.CheckConstraint(name="vote_outcome_known", condition=Q(outcome__in=[one.value for one in Outcome])),
            models.UniqueConstraint(name="vote_once_a_round", fields=["seat", "round"]),
        ]


class Proposal(Chained):
    """A common problem that was brought before those who make the policy (N5), with the refusals that show it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=16, default=ProposalState.PROPOSED.value)
    title = models.CharField(max_length=200)
    text = models.TextField()
    refusal_ids = ArrayField(models.UUIDField())
    answer = models.TextField(blank=True, default="")
    proposed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "refusals_proposal"
        constraints = [
            models.CheckConstraint(
                name="proposal_state_known", condition=Q(state__in=[state.value for state in ProposalState])
            ),
            models.CheckConstraint(name="proposal_shows_refusals", condition=~Q(refusal_ids=[])),
        ]
        indexes = [models.Index(name="proposal_register", fields=["region", "-id"])]

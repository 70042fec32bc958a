"""Questionnaires, whom they were sent to, what was answered, and the problems that answers showed."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import ProblemState, QuestionnaireState


class Questionnaire(Chained):
    """A questionnaire. about: departments that it rates; whoever belongs to one never reads its answers.

    questions   as `rules.branching` reads them. until: nobody answers after it. skipped: enterprises that were asked
    enough already; sorted_at: when statements were last put together
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=120)
    purpose = models.CharField(max_length=1000)
    state = models.CharField(max_length=8, default=QuestionnaireState.DRAFT.value)
    questions: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    about = ArrayField(models.UUIDField(), default=list)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    asked = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    sorted_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "questionnaires_questionnaire"
        constraints = [
            models.CheckConstraint(
                name="questionnaire_state_known", condition=Q(state__in=[one.value for one in QuestionnaireState])
            ),
            models.CheckConstraint(name="questionnaire_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="questionnaire_sent_whole",
                condition=Q(sent_at=None, state__in=["draft", "dropped"])
                | Q(sent_at__isnull=False, until__isnull=False, state__in=["open", "closed"]),
            ),
        ]
        indexes = [
            models.Index(name="questionnaire_register", fields=["region", "-id"]),
            models.Index(name="questionnaire_ends", fields=["until"], condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.title


class Recipient(Chained):
    """One enterprise that is asked. ident: names the row in its signed link; version: how often it has answered.

    told_at: when the invitation went out; told: how many persons it reached (0: nobody has an account, see the list of
    links). given: its answers; known: what was known and not asked then. town, industry, size: as when it was asked
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    ident = models.CharField(max_length=16, unique=True)
    town = models.CharField(max_length=9, blank=True, default="")
    industry = models.CharField(max_length=5, blank=True, default="")
    size = models.CharField(max_length=6, blank=True, default="")
    told_at = models.DateTimeField(null=True)
    told = models.IntegerField(default=0)
    given: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    known: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    version = models.IntegerField(default=0)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "questionnaires_recipient"
        constraints = [
            models.UniqueConstraint(name="questionnaire_recipient_once", fields=["questionnaire", "enterprise"]),
            models.CheckConstraint(
                name="questionnaire_answered_whole",
                condition=Q(version=0, answered_at=None) | Q(version__gt=0, answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="questionnaire_waiting", fields=["questionnaire", "id"], condition=Q(told_at=None)),
            models.Index(name="questionnaire_of_firm", fields=["enterprise", "questionnaire"]),
        ]


class Known(models.Model):
    """What an enterprise said of itself in a questionnaire: it is not asked again while this is fresh."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    fact = models.CharField(max_length=40)
    value = models.CharField(max_length=1000)
    told_at = models.DateTimeField()

    class Meta:
        db_table = "questionnaires_known"
        constraints = [models.UniqueConstraint(name="questionnaire_known_once", fields=["enterprise", "fact"])]


class Problem(Chained):
    """One problem that a person put together from statements. about: as of its questionnaire."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    about = ArrayField(models.UUIDField(), default=list)
    title = models.CharField(max_length=120)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=ProblemState.FOUND.value)
    outcome = models.TextField(blank=True, default="")
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "questionnaires_problem"
        constraints = [
            models.CheckConstraint(
                name="questionnaire_problem_state_known", condition=Q(state__in=[one.value for one in ProblemState])
            )
        ]
        indexes = [models.Index(name="questionnaire_problem_list", fields=["questionnaire", "state", "-id"])]

    def __str__(self) -> str:
        return self.title


class Statement(models.Model):
    """One problem as one enterprise put it. take_up: it wants the matter handled in its name.

    group: the statement that leads the ones proposed with it; problem: what a person put it to; aside: why it is none.
    force: the task force, case: the matter it became
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    question = models.CharField(max_length=40)
    text = models.TextField()
    take_up = models.BooleanField(default=False)
    group = models.UUIDField(null=True)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, null=True, related_name="statements")
    aside = models.CharField(max_length=400, blank=True, default="")
    force = models.CharField(max_length=40, blank=True, default="")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "questionnaires_statement"
        constraints = [
            models.UniqueConstraint(name="questionnaire_statement_once", fields=["recipient", "question"]),
            models.CheckConstraint(name="questionnaire_statement_one_fate", condition=Q(problem=None) | Q(aside="")),
        ]
        indexes = [
            models.Index(
                name="questionnaire_to_sort", fields=["questionnaire", "id"], condition=Q(problem=None, aside="")
            ),
            models.Index(name="questionnaire_of_problem", fields=["problem"], condition=Q(problem__isnull=False)),
        ]

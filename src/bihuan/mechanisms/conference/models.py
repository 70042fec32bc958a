"""Tables of the conference. Items and decisions are visible to whoever may see their case (and to whoever answers for
a decision); meetings to their region and to the departments invited; the leading group to all staff.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import OPEN_DECISIONS, OPEN_ITEMS, DecisionState, ItemState, MeetingState

KINDS = ("conference", "consultation", "dialogue")
FORUMS = ("conference", "consultation")
SOURCES = ("light", "tier", "proposal", "review", "consultation")
OPEN_ITEM_STATES = sorted(state.value for state in OPEN_ITEMS)
OPEN_DECISION_STATES = sorted(state.value for state in OPEN_DECISIONS)


def _known(name: str, field: str, values: Any) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": [str(one) for one in values]}))


class Member(Chained):
    """A seat in the leading group (领导小组) of a region; role: an id of the rulebook's group."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    role = models.CharField(max_length=32)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "conference_member"
        constraints = [
            models.CheckConstraint(name="member_region_given", condition=~Q(region="")),
            models.UniqueConstraint(name="member_once", fields=["region", "person_id"], condition=Q(until=None)),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"


class Meeting(Chained):
    """A joint conference (会议办), a consultation on one case (协商办), or a regular dialogue (恳谈).

    place_in_year   which meeting of its kind (and series) in its year; number: how papers call it
    series          id of the rulebook's series, for dialogues; planned_for: its day by the series, wherever it moved
    host_id         whose turn it is, or who chairs
    department_ids  those invited, so that their people see the meeting
    quorum          needed and present when it was opened: `{needed, present}`, for conferences
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16)
    series = models.CharField(max_length=32, blank=True, default="")
    number = models.CharField(max_length=64, unique=True)
    place_in_year = models.SmallIntegerField()
    state = models.CharField(max_length=16, default=MeetingState.CALLED.value)
    planned_for = models.DateField(null=True)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=400, blank=True, default="")
    host_id = models.UUIDField(null=True)
    department_ids = ArrayField(models.UUIDField(), default=list)
    briefing = models.TextField(blank=True, default="")
    report = models.TextField(blank=True, default="")
    quorum = models.JSONField(null=True)
    reason = models.TextField(blank=True, default="")
    called_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    minuted_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "conference_meeting"
        constraints = [
            _known("meeting_kind_known", "kind", KINDS),
            _known("meeting_state_known", "state", MeetingState),
            models.CheckConstraint(name="meeting_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="meeting_minuted_was_held", condition=~Q(state="minuted") | Q(held_at__isnull=False)
            ),
            models.UniqueConstraint(
                name="meeting_of_series_once", fields=["region", "series", "planned_for"], condition=~Q(series="")
            ),
        ]
        indexes = [models.Index(name="meeting_register", fields=["region", "kind", "-starts_at", "-id"])]

    def __str__(self) -> str:
        return self.number


class Minute(models.Model):
    """One part of issued minutes (纪要), in its place. What is about a case is read by whoever may see the case, and by
    the departments that answer for what was decided on it; the rest by whoever sees the meeting.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    region = models.CharField(max_length=12)
    place = models.SmallIntegerField()
    text = models.TextField()
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    department_ids = ArrayField(models.UUIDField(), default=list)

    class Meta:
        db_table = "conference_minute"
        constraints = [models.UniqueConstraint(name="minute_once", fields=["meeting", "place"])]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.place}"


class Attendee(models.Model):
    """A seat at a meeting: a person, a department, or an enterprise.

    last_invited_at, open_matters: why a guest of a dialogue was chosen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    region = models.CharField(max_length=12)
    role = models.CharField(max_length=32)
    person_id = models.UUIDField(null=True)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, null=True, related_name="+")
    presides = models.BooleanField(default=False)
    votes = models.BooleanField(default=False)
    present = models.BooleanField(null=True)
    last_invited_at = models.DateTimeField(null=True)
    open_matters = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "conference_attendee"
        constraints = [
            models.UniqueConstraint(
                name="attendee_person_once", fields=["meeting", "person_id"], condition=Q(person_id__isnull=False)
            ),
            models.UniqueConstraint(
                name="attendee_department_once",
                fields=["meeting", "department"],
                condition=Q(person_id=None, department__isnull=False),
            ),
            models.UniqueConstraint(
                name="attendee_enterprise_once", fields=["meeting", "enterprise"], condition=Q(enterprise__isnull=False)
            ),
        ]
        indexes = [models.Index(name="attendee_guest", fields=["enterprise", "meeting"])]

    def __str__(self) -> str:
        return f"{self.role} of {self.meeting_id}"


class Item(Chained):
    """A matter on its way through a conference or a consultation. `follows`: the decision that is reviewed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    forum = models.CharField(max_length=16, default="conference")
    state = models.CharField(max_length=16, default=ItemState.CANDIDATE.value)
    source = models.CharField(max_length=16)
    reason = models.TextField()
    verdict = models.TextField(blank=True, default="")
    brief = models.TextField(blank=True, default="")
    options: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="items")
    position = models.SmallIntegerField(default=0)
    length = models.SmallIntegerField(default=15)
    follows = models.ForeignKey("Decision", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by = models.UUIDField(null=True)
    found_at = models.DateTimeField()
    screened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "conference_item"
        constraints = [
            _known("item_state_known", "state", ItemState),
            _known("item_forum_known", "forum", FORUMS),
            _known("item_source_known", "source", SOURCES),
            models.CheckConstraint(name="item_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="item_on_agenda_of_one", condition=~Q(state="on_agenda") | Q(meeting__isnull=False)
            ),
            models.UniqueConstraint(
                name="item_one_open_a_case",
                fields=["case", "forum"],
                condition=Q(state__in=OPEN_ITEM_STATES, follows=None),
            ),
            models.UniqueConstraint(
                name="item_one_review_at_a_time",
                fields=["follows"],
                condition=Q(state__in=OPEN_ITEM_STATES, follows__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="item_register", fields=["region", "state", "-id"]),
            # The board and its numbers look at open items only; those that ended grow with the years.
            models.Index(name="item_open", fields=["state", "-id"], condition=Q(state__in=OPEN_ITEM_STATES)),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.case_id}"


class Decision(Chained):
    """What was decided, followed as a case is: owner, clock, lights, report, until it is verified and written off.

    subject: the title of the matter, for owners who do not handle the case itself; original_due_at never changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    number = models.CharField(max_length=80, unique=True)
    subject = models.CharField(max_length=400)
    state = models.CharField(max_length=16, default=DecisionState.ASSIGNED.value)
    what = models.TextField()
    measures: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    owner_department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    owner_person_id = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    original_due_at = models.DateTimeField()
    late_since = models.DateTimeField(null=True)
    report = models.TextField(blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    sent_back = models.SmallIntegerField(default=0)
    decided_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    verified_by = models.UUIDField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "conference_decision"
        constraints = [
            _known("decision_state_known", "state", DecisionState),
            models.CheckConstraint(name="decision_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="decision_written_off_by_somebody",
                condition=Q(state__in=OPEN_DECISION_STATES, ended_at=None)
                | Q(state="written_off", ended_at__isnull=False, verified_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="decision_wall", fields=["region", "state", "-id"]),
            models.Index(name="decision_of_owner", fields=["owner_department", "state", "-id"]),
        ]

    def __str__(self) -> str:
        return self.number


class Issue(models.Model):
    """What an enterprise raised at a dialogue: its case, and the answer that is public, in words that name nobody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="issues")
    region = models.CharField(max_length=12)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=400, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conference_issue"
        constraints = [models.UniqueConstraint(name="issue_once_a_case", fields=["case"])]
        indexes = [
            models.Index(
                name="issue_published", fields=["region", "-published_at"], condition=Q(published_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} at {self.meeting_id}"


class Institution(models.Model):
    """A lasting rule (长效机制) that a meeting proposed, with the cases that caused it (J7)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="institutions")
    region = models.CharField(max_length=12)
    title = models.CharField(max_length=400)
    text = models.TextField()
    case_ids = ArrayField(models.UUIDField())
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()

    class Meta:
        db_table = "conference_institution"
        constraints = [models.UniqueConstraint(name="institution_once", fields=["meeting", "title"])]

    def __str__(self) -> str:
        return self.title

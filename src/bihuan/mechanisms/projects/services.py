"""The only writers of key projects. Order of locks: case, project, milestone, clocks."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import events as told
from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases import services as casework
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.cases.rulebook import Channels
from bihuan.casework.cases.states import OPEN as OPEN_CASES
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors, events
from bihuan.foundation.kernel.text import clean_line, needed_day, needed_text
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import notices, permissions, rules, selectors
from .events import ProjectChanged
from .models import Block, Milestone, Project
from .rulebook import Projects
from .states import MILESTONES, PROJECTS, RUNNING, MilestoneState, ProjectState

CLOCK = "project_milestone"


def sign(*, region: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Project:
    """Put a signed project among the key projects and return it.

    body: {name, department: code, planned: ten thousand yuan, signed_on, investor}. Raises Forbidden, Invalid naming
    the field, Conflict `name_taken`. Leaves one fact and publishes ProjectChanged.
    """
    if not permissions.keeps(actor, region):
        raise errors.Forbidden(_("Your role may not take this action here."), action="sign")
    name, today = clean_line(needed_text(body, "name", most=120)), answers.local_date(now)
    planned, signed_on = _amount(body, "planned"), needed_day(body, "signed_on")
    if signed_on > today:
        raise errors.Invalid(_("It cannot have been signed after today."), code="day_wrong", field="signed_on")
    with database.writing():
        if Project.objects.filter(region=region, name=name).exists():
            raise errors.Conflict(_("There is a project of this name."), code="name_taken", field="name")
        made = Project(
            region=region,
            name=name,
            investor=clean_line(str(body.get("investor") or ""))[:120],
            department=directory.department_in_force(region, str(body.get("department") or ""), today),
            planned=planned,
            signed_on=signed_on,
            made_at=now,
            rulebook_version=rulebooks.in_force(region, now).id,
        )
        _commit(made, made, "signed", now=now, said={"planned": str(planned)}, actor=actor, made=True)
    return made


def take(*, project_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Project:
    """Take one action on a project and return it as it then is.

    All need {text}, but `add_milestone` {name, day}; `pay` also {paid: all that was paid so far}; `start` {started_on,
    or none: today}; `block` {case: number, or none: a matter is opened}. Raises NotFound, Forbidden, Conflict
    (`state_forbids`, `name_taken`, `blocks_already`, `case_over`), Invalid. Leaves one fact; publishes ProjectChanged.
    """
    selectors.find(project_id=project_id, actor=actor, now=now)
    with database.writing():
        case = _case_named(body, actor) if action == "block" else None
        project = Project.objects.select_for_update(of=("self",)).select_related("department").get(pk=project_id)
        transition = PROJECTS.named(action)
        _check(actor, action, project)
        PROJECTS.check_state(
            transition, ProjectState(project.state), may=lambda name: permissions.can(actor, name, project)
        )
        said: dict[str, Any] = {}
        if action != "add_milestone":
            said["text"] = needed_text(body)
        came_from = project.state
        if transition.targets:
            project.state = next(iter(transition.targets)).value
        if action == "start":
            project.started_on = _started(project, body, now)
        elif action == "pay":
            project.paid = _amount(body, "paid")
            said["paid"] = str(project.paid)
        elif action == "add_milestone":
            said |= _milestone(project, body, actor, now)
        elif action == "block":
            said["case"] = _block(project, case, said["text"], now)
        if project.state not in RUNNING:
            project.ended_at = now
            for milestone in Milestone.objects.filter(project=project, state="planned").select_for_update():
                deadlines.expect(milestone, "", None, now=now)
                milestone.save(update_fields=["due_at", "late_since"])
        _commit(project, project, action, now=now, said=said, actor=actor, came_from=came_from)
    return project


def take_milestone(
    *, milestone_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Milestone:
    """Note a milestone as reached, move its day {day}, or drop it, each with {text}. Raises and publishes as `take`."""
    with database.reading(actor.scope()):
        project_id = Milestone.objects.filter(pk=milestone_id).values_list("project_id", flat=True).first()
    if project_id is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="project_not_found")
    selectors.find(project_id=project_id, actor=actor, now=now)
    with database.writing():
        project = Project.objects.select_for_update(of=("self",)).select_related("department").get(pk=project_id)
        found = Milestone.objects.select_for_update().get(pk=milestone_id)
        transition = MILESTONES.named(action)
        _check(actor, action, found)
        MILESTONES.check_state(
            transition, MilestoneState(found.state), may=lambda name: permissions.can(actor, name, found)
        )
        if project.state not in RUNNING:
            raise errors.Conflict(_("The project has ended."), code="project_over")
        came_from, said = found.state, {"text": needed_text(body)}
        if transition.targets:
            found.state = next(iter(transition.targets)).value
        if action == "reach":
            found.reached_at = now
        elif action == "move":
            found.day = needed_day(body, "day")
            said["day"] = found.day.isoformat()
        _expect(found, now)
        _commit(found, project, action, now=now, said=said, actor=actor, came_from=came_from)
    return found


def follow(*, event: told.CaseEvent) -> None:
    """A matter that blocks projects closed, ended, or is open again: they are blocked no longer, or again."""
    over = not isinstance(event, (told.CaseReopened, told.CaseOverturned))
    for block in Block.objects.filter(case_id=event.case_id, open=over).order_by("project_id"):
        project = Project.objects.select_for_update(of=("self",)).select_related("department").get(pk=block.project_id)
        block.open = not over
        block.save(update_fields=["open"])
        project.blocked = Block.objects.filter(project=project, open=True).count()
        name = "unblocked" if over else "blocked_again"
        _commit(project, project, name, now=event.at, said={"case": event.number})


def cross(event: ThresholdCrossed) -> None:
    """The day of a milestone passed: on record and told; clocks of other subjects are not its business."""
    if event.kind != CLOCK:
        return
    project_id = Milestone.objects.filter(pk=event.subject, state="planned").values_list("project_id", flat=True)
    project = Project.objects.select_for_update(of=("self",)).select_related("department").filter(pk__in=project_id)
    found = project.first()
    if found is None:
        return
    milestone = Milestone.objects.select_for_update().get(pk=event.subject)
    milestone.late_since = event.fire_at
    _commit(milestone, found, "late", now=event.now, said={})


def _check(actor: Actor, action: str, thing: Project | Milestone) -> None:
    if not permissions.can(actor, action, thing):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def _amount(body: Mapping[str, Any], field: str) -> Any:
    found = rules.amount(str(body.get(field) or ""))
    if found is None:
        raise errors.Invalid(_("An amount in ten thousand yuan, please."), code="amount_wrong", field=field)
    return found


def _started(project: Project, body: Mapping[str, Any], now: dt.datetime) -> dt.date:
    today = answers.local_date(now)
    day = needed_day(body, "started_on") if body.get("started_on") else today
    if not project.signed_on <= day <= today:
        raise errors.Invalid(_("Work starts between the signing and today."), code="day_wrong", field="started_on")
    return day


def _milestone(project: Project, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> dict[str, str]:
    name, day = clean_line(needed_text(body, "name", most=120)), needed_day(body, "day")
    if Milestone.objects.filter(project=project, name=name).exists():
        raise errors.Conflict(_("There is a milestone of this name."), code="name_taken", field="name")
    made = Milestone(
        region=project.region,
        project=project,
        department_id=project.department_id,
        name=name,
        day=day,
        rulebook_version=project.rulebook_version,
    )
    _expect(made, now)
    _commit(made, project, "planned", now=now, said={"day": day.isoformat()}, actor=actor, made=True)
    return {"milestone": name, "day": day.isoformat()}


def _expect(milestone: Milestone, now: dt.datetime) -> None:
    until = answers.end_of_day(milestone.day) if milestone.state == MilestoneState.PLANNED else None
    deadlines.expect(milestone, CLOCK, until, now=now)


def _case_named(body: Mapping[str, Any], actor: Actor) -> Case | None:
    """Lock and return the matter that `body` names, or None for one to be opened. Raises Invalid, Conflict."""
    number = str(body.get("case") or "").strip()
    if not number:
        return None
    try:
        with database.reading(actor.scope()):
            found = cases.find(number=number, actor=actor)
    except errors.NotFound as problem:
        message = _("There is no such case, or you may not see it.")
        raise errors.Invalid(message, code="case_unknown", field="case") from problem
    locked = Case.objects.defer("search").select_for_update(of=("self",)).get(pk=found.pk)
    if locked.state not in OPEN_CASES:
        raise errors.Conflict(_("This matter is over."), code="case_over")
    return locked


def _block(project: Project, case: Case | None, text: str, now: dt.datetime) -> str:
    """Link the matter that blocks a project, or open one, and return its number."""
    if case is None:
        book = rulebooks.version(project.rulebook_version)
        known, asked = book.section(Channels).root, book.section(Projects).channel
        staff = [one.id for one in known if not one.public]
        matter = casework.Matter(
            title=_("%(project)s: blocked") % {"project": project.name},
            description=text,
            channel=asked if asked in {one.id for one in known} else next(iter(staff), known[0].id),
            region=project.region,
            anonymous=True,
            source="projects",
            source_id=f"{project.id}:{project.last_seq}",
        )
        receipt = casework.raise_case(matter=matter, actor=Actor(system=True, on_behalf_of="projects"), now=now)
        case = Case.objects.defer("search").get(pk=receipt.case_id)
    if Block.objects.filter(project=project, case=case).exists():
        raise errors.Conflict(_("This matter stands there already."), code="blocks_already", field="case")
    Block.objects.create(
        project=project,
        region=project.region,
        department_id=project.department_id,
        case=case,
        number=case.number,
        text=text,
        since=now,
    )
    project.blocked += 1
    return case.number


def _commit(
    thing: Project | Milestone,
    project: Project,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    made: bool = False,
) -> None:
    """Record the fact `projects.<name>`, save the row, and tell everybody."""
    ledger.record_and_save(
        thing,
        kind=f"projects.{name}",
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said=said,
        came_from=came_from,
        made=made,
    )
    notices.send(name, project=project, thing=thing.name, now=now, but=actor.person_id)
    payload = {"id": str(project.id), "state": project.state, "at": now.isoformat()}
    notifications.publish(
        event_type=f"projects.{name}", payload=payload, region=project.region, now=now, enterprise_id=None
    )
    events.publish(
        ProjectChanged(
            project_id=project.id,
            region=project.region,
            department_id=project.department_id,
            fact=f"projects.{name}",
            state=project.state,
            actor_id=actor.person_id,
            at=now,
        )
    )

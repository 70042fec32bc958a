"""Reads of key projects, with the eyes of an actor: offices of the place, and the responsible department."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import permissions, rules
from .models import Block, Milestone, Project
from .rulebook import Projects
from .states import MILESTONES, PROJECTS, MilestoneState, ProjectState


@dataclass(frozen=True, kw_only=True)
class Step:
    """A milestone as a reader sees it, with its light."""

    milestone: Milestone
    light: str
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A project as a reader sees it: its milestones by day, what blocks it, and its own light."""

    project: Project
    steps: list[Step]
    blocks: list[Block]
    light: str
    available_actions: list[str]


def seen(actor: Actor) -> Any:
    """Return the projects the actor may see; the policy of migration 0002 says the same a second time."""
    rows = Project.objects.select_related("department")
    if actor.system:
        return rows
    if not permissions.watches(actor):
        return rows.none()
    scope = actor.scope()
    return rows.filter(Q(region__in=list(scope.regions)) | Q(department_id__in=list(scope.departments)))


_ONLY: dict[str, Q] = {
    "running": Q(state__in=["signed", "started"]),
    "started": Q(state__in=["started", "finished"]),
    "blocked": Q(blocked__gt=0) & ~Q(state="stopped"),
}


def page(*, actor: Actor, now: dt.datetime, only: str = "", limit: int = 200) -> list[Seen]:
    """Return projects the actor may see, newest first. only: `running`, `started`, `blocked`, `red`, or all."""
    with database.reading(actor.scope()):
        rows = seen(actor).filter(_ONLY[only]) if only in _ONLY else seen(actor)
        found = list(rows.order_by("-id").prefetch_related("milestones", "blocks")[:limit])
    shown = [_seen(one, actor, now) for one in found]
    return [one for one in shown if one.light == "red" and one.project.state != "stopped"] if only == "red" else shown


def find(*, project_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return one project. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        found = seen(actor).filter(pk=project_id).prefetch_related("milestones", "blocks").first()
    if found is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="project_not_found")
    return _seen(found, actor, now)


def _seen(project: Project, actor: Actor, now: dt.datetime) -> Seen:
    warn = rulebooks.version(project.rulebook_version).section(Projects).warn_days
    running = project.state in (ProjectState.SIGNED, ProjectState.STARTED)
    steps = [_step(one, actor, now, warn, running) for one in project.milestones.all()]
    steps.sort(key=lambda one: (one.milestone.day, one.milestone.name))
    rows = PROJECTS.allowed(ProjectState(project.state))
    return Seen(
        project=project,
        steps=steps,
        blocks=sorted(project.blocks.all(), key=lambda one: (not one.open, one.number)),
        light=rules.worst(one.light for one in steps if running and one.light != "dropped"),
        available_actions=[row.action for row in rows if permissions.can(actor, row.action, project)],
    )


def _step(milestone: Milestone, actor: Actor, now: dt.datetime, warn: int, running: bool) -> Step:
    today = answers.local_date(now)
    light = rules.light(state=milestone.state, day=milestone.day, today=today, warn_days=warn)
    rows = MILESTONES.allowed(MilestoneState(milestone.state)) if running else ()
    may = [row.action for row in rows if permissions.can(actor, row.action, milestone)]
    return Step(milestone=milestone, light=light, available_actions=may)


def figures(rows: list[Seen]) -> dict[str, Any]:
    """Return the figures of projects that were read for an actor."""
    return rules.figures(
        rules.Shown(one.project.state, one.project.planned, one.project.paid, one.light, one.project.blocked)
        for one in rows
    )


def trace(*, found: Seen, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a project and of its milestones, in order of time."""
    told: list[dict[str, Any]] = []
    with database.reading(actor.scope()):
        things: list[Project | Milestone] = [found.project, *(step.milestone for step in found.steps)]
        for thing in things:
            told += [{**ledger.content(fact), "of": thing.name} for fact in ledger.history(thing.id)]
    return sorted(told, key=lambda fact: str(fact["at"]))


def region_of(actor: Actor) -> str:
    """Return the first region in which the actor keeps projects, or an empty text."""
    return next(iter(actor.reader.regions_for(permissions.KEEPING)), "") if actor.reader else ""

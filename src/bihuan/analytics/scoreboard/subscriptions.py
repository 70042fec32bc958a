"""Reactions of the scoreboard: whatever happens to a matter, or to its rating, may change what it contributes."""

from bihuan.casework.cases import events as told
from bihuan.foundation.directory.events import DepartmentChanged
from bihuan.foundation.kernel import events
from bihuan.mechanisms.evaluation.events import MarkChanged

from . import notices, services
from .rules.counting import Index

WITHOUT = frozenset(
    {
        told.CaseRaised,
        told.SupplementRequested,
        told.CaseSupplemented,
        told.CaseAccepted,
        told.VerificationStarted,
        told.ExtensionRequested,
        told.CoReplied,
        told.NoResponseNoted,
        told.CaseReminded,
        told.CaseUrged,
        told.CaseArchived,
        told.FileAttached,
        told.LightChanged,
        told.DeadlineMissed,
        told.CaseNoted,
    }
)
"""Events that change no figure; any other one, also one added later, has its matter counted anew."""


def register() -> None:
    """Subscribe to cases, bad marks and names of departments, and make the notices known."""
    notices.register()
    for event_type in told.EVENT_OF_FACT.values():
        if event_type not in WITHOUT:
            events.subscribe(event_type, on_case)
    events.subscribe(MarkChanged, on_mark)
    events.subscribe(DepartmentChanged, on_department)


def on_case(event: told.CaseEvent) -> None:
    """Something happened to a case: count it anew, with the rating it now has."""
    if isinstance(event, told.PlanRated | told.CaseRated):
        services.rated_anew(case_id=event.case_id, indices=_rated(event), now=event.at)
    services.recount(case_id=event.case_id, now=event.at)


def _rated(event: told.CaseEvent) -> list[Index]:
    """Return the figures that the new rating counts in."""
    if isinstance(event, told.PlanRated):
        return [Index.PLAN_SATISFACTION]
    plan = [Index.PLAN_SATISFACTION] if event.data.get("plan") is not None else []
    return [Index.SATISFACTION, Index.PROCESS_SATISFACTION, *plan]


def on_mark(event: MarkChanged) -> None:
    """An appeal against a rating was upheld: the rating no longer counts."""
    if event.state == "set_aside" and event.actor_id is not None:
        services.exclude_rating(mark_id=event.id, decided_by=event.actor_id, now=event.at)


def on_department(event: DepartmentChanged) -> None:
    """A department got another name: remember the one it had."""
    for field, before, _after in event.values:
        if field == "name":
            services.keep_name(department_id=event.department_id, name=before, now=event.now)

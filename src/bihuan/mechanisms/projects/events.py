"""What happens to key projects: facts with their wordings, and the event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ProjectChanged(Event):
    """A fact of a project or of one of its milestones was recorded (`projects.…`), and where the project stands."""

    project_id: uuid.UUID
    region: str
    department_id: uuid.UUID
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "projects.signed": _("{actor} put it among the key projects; planned: {planned}"),
    "projects.start": _("{actor}: work has started: {text}"),
    "projects.pay": _("{actor}: paid so far: {paid}; {text}"),
    "projects.add_milestone": _("{actor} set the milestone “{milestone}” for {day}"),
    "projects.block": _("{actor}: what blocks it became the matter {case}: {text}"),
    "projects.unblocked": _("The matter {case} closed; it blocks no longer"),
    "projects.blocked_again": _("The matter {case} is open again, and blocks again"),
    "projects.finish": _("{actor}: it is finished: {text}"),
    "projects.stop": _("{actor}: it was stopped: {text}"),
    "projects.planned": _("{actor} set it for {day}"),
    "projects.reach": _("{actor}: it was reached: {text}"),
    "projects.move": _("{actor} moved it to {day}: {text}"),
    "projects.drop": _("{actor} dropped it: {text}"),
    "projects.late": _("Its day passed"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""

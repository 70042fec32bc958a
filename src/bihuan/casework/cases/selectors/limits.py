"""The clocks of a case as a reader may see them, each with why it is due when it is."""

import datetime as dt
from dataclasses import dataclass

from bihuan.casework.deadlines import selectors as deadlines
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.kernel import database
from bihuan.foundation.workcalendar import wording

from .. import permissions
from ..models import Case
from ..permissions import Actor

MAIN = ("acceptance", "handling")
INTERNAL = frozenset({"sign", "ruling", "co_reply"})
"""Clocks that are the administration's own work, like the facts they belong to: the raiser does not see them."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One clock at an instant.

    part         the code-less id of the department it belongs to, where there is one
    state        running, paused or stopped; void: it ended without result and counts nowhere
    light        id of the light shown; None before the first. Clocks beside the main one know only `due`
    explanation  why it is due then, in short phrases of the reader's language, the due date last
    """

    kind: str
    part: str
    cycle: int
    state: str
    void: bool
    started_at: dt.datetime
    due_at: dt.datetime
    original_due_at: dt.datetime
    stopped_at: dt.datetime | None
    elapsed_share: float
    light: str | None
    overdue: bool
    provisional: bool
    explanation: list[str]

    @property
    def open(self) -> bool:
        """Whether the clock has not stopped."""
        return self.state != "stopped"

    @property
    def sentence(self) -> str:
        """The explanation as one line."""
        return wording.line(self.explanation)


def limits(*, case: Case, actor: Actor, now: dt.datetime) -> list[Limit]:
    """Return the clocks of a case that the actor may see, open ones first, each group by due date; one query."""
    with database.reading(actor.scope()):
        clocks = deadlines.clocks_of(case.id)
    hidden = INTERNAL if permissions.is_raiser(actor, case) else frozenset()
    shown = [_limit(clock, now) for clock in clocks if clock.kind not in hidden]
    return sorted(shown, key=lambda limit: (not limit.open, limit.kind not in MAIN, limit.due_at))


def _limit(clock: Clock, now: dt.datetime) -> Limit:
    view = deadlines.view_of(clock, now)
    return Limit(
        kind=clock.kind,
        part=clock.part,
        cycle=clock.cycle,
        state=clock.state,
        void=clock.void,
        started_at=clock.started_at,
        due_at=view.due_at,
        original_due_at=view.original_due_at,
        stopped_at=view.stopped_at,
        elapsed_share=view.elapsed_share,
        light=view.light,
        overdue=view.overdue,
        provisional=view.provisional,
        explanation=deadlines.explain(clock, now),
    )

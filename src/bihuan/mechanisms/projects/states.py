"""States of a key project, and of one of its milestones."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class ProjectState(StrEnum):
    """Where a project stands."""

    SIGNED = "signed"
    STARTED = "started"
    FINISHED = "finished"
    STOPPED = "stopped"


class MilestoneState(StrEnum):
    """Whether a milestone was reached."""

    PLANNED = "planned"
    REACHED = "reached"
    DROPPED = "dropped"


P = ProjectState
M = MilestoneState
KEEPERS = frozenset({"coordinator", "supervision_office", "leader"})
SIDE = KEEPERS | {"unit"}
"""Those who keep projects, and the responsible department."""
RUNNING = frozenset({P.SIGNED, P.STARTED})


def _project(action: str, sources: frozenset[P], target: P | None, roles: frozenset[str]) -> Transition[P]:
    targets: frozenset[P] = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=sources, targets=targets, roles=roles)


PROJECTS: Machine[P] = Machine(
    name="key_project",
    initial=P.SIGNED,
    transitions=(
        _project("start", frozenset({P.SIGNED}), P.STARTED, SIDE),
        _project("pay", RUNNING, None, SIDE),
        _project("add_milestone", RUNNING, None, KEEPERS),
        _project("block", RUNNING, None, SIDE),
        _project("finish", frozenset({P.STARTED}), P.FINISHED, KEEPERS),
        _project("stop", RUNNING, P.STOPPED, KEEPERS),
    ),
    owners={P.SIGNED: "coordinator", P.STARTED: "coordinator", P.FINISHED: None, P.STOPPED: None},
)
MILESTONES: Machine[M] = Machine(
    name="project_milestone",
    initial=M.PLANNED,
    transitions=(
        Transition(action="reach", sources=frozenset({M.PLANNED}), targets=frozenset({M.REACHED}), roles=SIDE),
        Transition(action="move", sources=frozenset({M.PLANNED}), roles=KEEPERS),
        Transition(action="drop", sources=frozenset({M.PLANNED}), targets=frozenset({M.DROPPED}), roles=KEEPERS),
    ),
    owners={M.PLANNED: "liaison", M.REACHED: None, M.DROPPED: None},
)

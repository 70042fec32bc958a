"""What follows when a light comes on: the rulebook's consequences, each told to those who have to act."""

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from bihuan.foundation.kernel import events

from .. import notices
from ..events import ConsequenceFollowed
from ..rulebook import Light, Lights
from .turn import Turn

ESCALATE = "escalate"
"""提级: the matter stands with somebody above from then on, until it comes down again."""

_followed: ContextVar[Counter[str] | None] = ContextVar("bihuan_consequences", default=None)


@contextlib.contextmanager
def counting(counter: Counter[str]) -> Iterator[None]:
    """Count in `counter` the consequences that follow inside the block."""
    token = _followed.set(counter)
    try:
        yield
    finally:
        _followed.reset(token)


def follow(name: str) -> None:
    """Count one consequence, where somebody counts."""
    counter = _followed.get()
    if counter is not None:
        counter[name] += 1


def light_on_word(turn: Turn, spoken: str) -> None:
    """Light at once what the rulebook lights on the enterprise's word (定海: 不满意 → red), whatever the time.

    spoken: `denied` or `unsatisfied`. Part of the fact of the action in which the enterprise spoke.
    """
    case, lights = turn.case, turn.rule(Lights).root
    position = next((index for index, light in enumerate(lights) if spoken in light.also_when), None)
    if position is None:
        return
    lit_at = min(case.held_at or turn.now, turn.now)
    earlier = [min(instant, lit_at) for instant in case.light_at[: position + 1]]
    case.light_at = earlier + [lit_at] * (position + 1 - len(earlier)) + case.light_at[position + 1 :]
    said = words_of(lights[position], spoken)
    take_effect(turn, lights[position], said, silent=False, fire_at=turn.now)
    turn.said |= said


def words_of(light: Light, clock: str) -> dict[str, Any]:
    """Return what the fact of a light says: the light, its name, the clock, and what follows."""
    name = light.name.in_both()
    return {"light": light.id, "light_name": name, "clock": clock, "consequences": list(light.consequences)}


def take_effect(turn: Turn, light: Light, said: dict[str, Any], *, silent: bool, fire_at: dt.datetime) -> None:
    """Let every consequence follow: those who have to act are told, and mechanisms hear of it (ConsequenceFollowed).

    What has no receiver goes to the named fallback. silent: a later light is due as well, whose notices go out instead.
    """
    name, case = said["light_name"], turn.case
    for consequence in light.consequences:
        follow(consequence)
        if consequence == ESCALATE and not case.escalated_to:
            case.escalated_to = notices.taken_up_to(case, consequence, now=turn.now)
        if not silent and not notices.follow(case, consequence, light=name, now=turn.now, fire_at=fire_at):
            said.setdefault("unreceived", []).append(consequence)
        events.publish(
            ConsequenceFollowed(
                case_id=case.id,
                number=case.number,
                region=case.region,
                title=case.title,
                consequence=consequence,
                light=light.id,
                light_name=name,
                cause=said["clock"],
                due_at=case.due_at,
                lead_department_id=case.lead_department_id,
                rulebook_version=case.rulebook_version,
                fire_at=fire_at,
                at=turn.now,
            )
        )

"""What follows when a light comes on: the rulebook's consequences, each told to those who have to act."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.utils.translation import get_language

from .. import notices
from ..rulebook import Light, Lights
from .turn import Turn

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
    take_effect(turn, lights[position], said, silent=False)
    turn.said |= said


def words_of(light: Light, clock: str) -> dict[str, Any]:
    """Return what the fact of a light says: the light, its name, the clock, and what follows."""
    name = light.name.in_language(get_language() or "zh-hans")
    return {"light": light.id, "light_name": name, "clock": clock, "consequences": list(light.consequences)}


def take_effect(turn: Turn, light: Light, said: dict[str, Any], *, silent: bool) -> None:
    """Send every consequence to those who have to act; what has no receiver goes to the named fallback."""
    for consequence in light.consequences:
        follow(consequence)
        if not silent and not notices.follow(turn.case, consequence, light=said["light_name"], now=turn.now):
            said.setdefault("unreceived", []).append(consequence)

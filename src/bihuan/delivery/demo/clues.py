"""A few invented clues in the vault, and how two officers work on them; all in one transaction, once."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.vault import selectors, services
from bihuan.mechanisms.vault.services import Identity, Report

from .place import DISTRICT
from .playing import Player

OFFICERS = ("discipline1", "discipline2")
NAMED = Identity(name="演示举报人")
HOUR = dt.timedelta(hours=1)


def fill(*, now: dt.datetime) -> None:
    """Put the clues in, unless they are there."""
    told = tomllib.loads((resources.files(__package__) / "clues.toml").read_text("utf-8"))["clue"]
    oldest = now - dt.timedelta(days=max(clue["days"] for clue in told))
    # Findings bring clues too; the oldest of these here came at a time of its own, kept to the hour.
    if selectors.counted(regions=[DISTRICT], since=oldest - HOUR, until=oldest + HOUR).received:
        return
    player = Player()
    officers = [player.actor(one) for one in OFFICERS]
    numbers: dict[int, str] = {}
    with database.writing():
        for at, place, step in sorted(_steps(told, now), key=lambda one: one[:2]):
            with clock.at(at):
                if step is None:
                    numbers[place] = _report(told[place], at)
                else:
                    _take(numbers[place], step, officers[place % 2], at)


def _steps(told: list[dict[str, Any]], now: dt.datetime) -> Iterator[tuple[dt.datetime, int, list[Any] | None]]:
    """Yield (instant, which clue, step or None for its coming in) of all that lies in the past."""
    for place, clue in enumerate(told):
        at = now - dt.timedelta(days=clue["days"])
        yield at, place, None
        for step in clue["steps"]:
            at += dt.timedelta(hours=step[0])
            if at < now:
                yield at, place, step


def _report(clue: dict[str, Any], at: dt.datetime) -> str:
    matter = Report(
        region=DISTRICT,
        kind=clue["kind"],
        text=clue["text"],
        unit=clue["unit"],
        person=clue.get("person", ""),
        identity=NAMED if clue.get("named") else Identity(),
    )
    return services.report(matter=matter, now=at).number


def _take(number: str, step: list[Any], officer: Actor, at: dt.datetime) -> None:
    """Look at the list, open the clue, take the step: as an officer does, and as the ledger of views shows."""
    rows, _following = services.open_desk(actor=officer, now=at)
    clue_id = next(row.clue.id for row in rows if row.clue.number == number)
    services.open_clue(clue_id=clue_id, actor=officer, now=at)
    _hours, action, text, *form = step
    body = {"text": text, "form": form[0] if form else ""}
    services.take(clue_id=clue_id, action=action, actor=officer, now=at, body=body)

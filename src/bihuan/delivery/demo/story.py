"""One matter while it is told: time passes, steps are collected. Pure: dice, calendar and limits, no database."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from bihuan.foundation.accounts.roles import Role

from . import rhythm
from .firms import Firm
from .scenarios import Scenario
from .scripts import Script
from .words import Words
from .world import Step, World


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is raised by whom: `channel` of the rulebook, `author` the user name that enters it (empty: no login)."""

    key: int
    firm: Firm
    scenario: Scenario
    channel: str
    author: str
    anonymous: bool = False


class HaltedError(Exception):
    """The story has reached the step at which it is to stand."""


class Story:
    """Collects the steps of one matter while time passes. `raiser` is the enterprise's user name, or empty."""

    def __init__(self, *, world: World, subject: Subject, script: Script, raised_at: dt.datetime) -> None:
        self.world, self.subject, self.script = world, subject, script
        self.dice = world.dice(f"case:{subject.key}")
        self.scenario = subject.scenario
        self.raiser = "" if subject.anonymous else subject.firm.login
        town = subject.firm.town
        if self.scenario.towns and town not in self.scenario.towns:
            town = self.dice.choice(self.scenario.towns)
        self.town = town
        self.words = Words(
            scenario=self.scenario,
            firm=subject.firm,
            town=town,
            raised_at=raised_at,
            anonymous=subject.anonymous,
            dice=self.dice,
        )
        self.seat = self.dice.choice(world.staff(Role.SEAT))
        self.coordinator = self.dice.choice(world.staff(Role.COORDINATOR))
        self.lead = self.scenario.lead
        self.word, self.called_solved = script.word, False
        self.now = self.accepted_at = raised_at
        self.steps: list[Step] = []
        self._counts: dict[str, int] = {}

    def do(self, action: str, who: str, said_by: str = "", **body: Any) -> None:
        """Add a step at the time it is now, or stop here if the script says so."""
        self.reach(action)
        step = Step(
            at=self.now, case=self.subject.key, seq=len(self.steps), action=action, who=who, body=body, said_by=said_by
        )
        self.steps.append(step)

    def reach(self, action: str) -> None:
        """Stop if the matter is to stand before this action."""
        self._counts[action] = self._counts.get(action, 0) + 1
        if self.script.halt == (action, self._counts[action]):
            raise HaltedError

    def work(self, hours: float) -> None:
        """Let about so many office hours pass."""
        self.now = rhythm.office(self.world.calendar, self.now, max(hours * self.dice.uniform(0.7, 1.3), 0.02))

    def live(self, low: float, high: float) -> None:
        """Let between `low` and `high` natural hours pass for the enterprise."""
        self.now = rhythm.awake(self.now, self.dice.uniform(low, high))

    def wait_until(self, instant: dt.datetime) -> None:
        """Let time pass until `instant`, or a little if that is over."""
        if instant > self.now:
            self.now = rhythm.office(self.world.calendar, instant, self.dice.uniform(0.02, 0.3))
        else:
            self.work(0.3)

    @property
    def liaison(self) -> str:
        """The user name of the lead department's liaison."""
        return f"liaison-{self.lead}"


def level_of(dice: random.Random, mood: float) -> int:
    """Return one of the five levels around `mood`."""
    return max(1, min(5, round(dice.gauss(mood + 0.35, 0.85))))

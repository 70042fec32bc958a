"""A small state machine: one table of transitions that services obey and the documentation draws."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from . import errors

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Transition(Generic[S]):
    """One row: `action` is allowed in `sources` and leads to one of `targets` (empty: the state stays).

    `roles` are the role ids that may take the action; "system" stands for the product itself, "raiser" for
    whoever raised the matter.
    """

    action: str
    sources: frozenset[S]
    targets: frozenset[S] = frozenset()
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Machine(Generic[S]):
    """All transitions of one kind of thing, its first state, and who owns (has to move on) each state.

    `owners` maps every state to a role id; final states map to None.
    """

    name: str
    initial: S
    transitions: tuple[Transition[S], ...]
    owners: Mapping[S, str | None]

    def find(self, action: str) -> Transition[S] | None:
        """Return the transition called `action`, or None."""
        return next((row for row in self.transitions if row.action == action), None)

    def named(self, action: str, *, without: frozenset[str] = frozenset()) -> Transition[S]:
        """Return the transition called `action`. Raises NotFound `unknown_action`, also for one of a role in `without`:
        what the product itself does is nobody's to ask for.
        """
        found = self.find(action)
        if found is None or found.roles & without:
            raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
        return found

    def check_state(
        self,
        transition: Transition[S],
        state: S,
        *,
        may: Callable[[str], bool],
        fits: Callable[[str], bool] = lambda _action: True,
    ) -> None:
        """Raise Conflict `state_forbids` unless the transition is possible from `state`, with the actions that are.

        may: whether the actor's office allows an action; only those are named. fits: whether an action suits the
        thing beyond its state.
        """
        if state not in transition.sources or not fits(transition.action):
            message = _("This is not possible in the present state.")
            allowed = [row.action for row in self.allowed(state) if may(row.action) and fits(row.action)]
            raise errors.Conflict(message, code="state_forbids", state=state.value, allowed_actions=allowed)

    def allowed(self, state: S) -> tuple[Transition[S], ...]:
        """Return the transitions possible from `state`, in table order."""
        return tuple(row for row in self.transitions if state in row.sources)

    def flaws(self, states: Iterable[S]) -> list[str]:
        """Return what is wrong with the table: no owner, no exit, unreachable, an action written twice."""
        found = []
        actions = [row.action for row in self.transitions]
        found += [f"action {a} is written twice" for a in sorted({a for a in actions if actions.count(a) > 1})]
        reached, frontier = {self.initial}, [self.initial]
        while frontier:
            for row in self.allowed(frontier.pop()):
                for target in row.targets - reached:
                    reached.add(target)
                    frontier.append(target)
        for state in states:
            if state not in self.owners:
                found.append(f"state {state} has no owner")
            elif self.owners[state] is not None and not any(row.targets - {state} for row in self.allowed(state)):
                found.append(f"state {state} has an owner but no exit")
            if state not in reached:
                found.append(f"state {state} is never reached")
        return found

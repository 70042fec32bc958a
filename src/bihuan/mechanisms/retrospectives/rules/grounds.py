"""三必复盘 (R1): which closed cases are looked back at. The conditions are the rulebook's; this only compares."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a case at its closing. institution: a lasting rule was proposed because of it."""

    channel: str = ""
    tier: str = ""
    category: str = ""
    closed_kind: str = ""
    urgent: bool = False
    escalated: bool = False
    institution: bool = False
    repeated: int = 0


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One “must”. Everything it names has to be so; an empty list or False asks for nothing."""

    id: str
    channels: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    closed_kinds: tuple[str, ...] = ()
    urgent: bool = False
    escalated: bool = False
    institution: bool = False
    repeated: int = 0

    @property
    def asks_for_nothing(self) -> bool:
        """Tell whether every case would meet it."""
        return self == Condition(id=self.id)


def met(condition: Condition, facts: Facts) -> bool:
    """Tell whether a case meets a condition; one that asks for nothing is met by none."""
    if condition.asks_for_nothing:
        return False
    lists = (
        (condition.channels, facts.channel),
        (condition.tiers, facts.tier),
        (condition.categories, facts.category),
        (condition.closed_kinds, facts.closed_kind),
    )
    flags = (
        (condition.urgent, facts.urgent),
        (condition.escalated, facts.escalated),
        (condition.institution, facts.institution),
    )
    named = all(not wanted or found in wanted for wanted, found in lists)
    return named and all(found or not wanted for wanted, found in flags) and facts.repeated >= condition.repeated


def grounds(conditions: Iterable[Condition], facts: Facts) -> list[str]:
    """Return the ids of the conditions that a case meets, in the rulebook's order; empty: no retrospective."""
    return [one.id for one in conditions if met(one, facts)]

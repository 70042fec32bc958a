"""Three-valued judgement: yes, no, or unknown because of fields that nobody has filled in. Missing is never no.

`&&` and `||` are those of the language (and of Kleene): what does not matter is not asked for. What cannot be computed,
a division by zero, is unknown too and asks for nothing.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from .reading import Among, Begins, Choice, Compare, Field, Flag, Logic, Minus, Node, Not, Number, Pick, Sum, Text

YES, NO, UNKNOWN = "yes", "no", "unknown"
_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


@dataclass(frozen=True)
class Unknown:
    """No value: these fields are needed, or it cannot be computed (`why`: `division`)."""

    needs: frozenset[str] = frozenset()
    why: str = ""


def value(node: Node, known: Mapping[str, Any], number: Callable[[Any], Any] = float) -> Any:
    """Return the value of a tree for what is known of one enterprise: a number, a text, a flag, or Unknown.

    number: of which kind to compute; conditions in floating point, as the bulk does, and money in `Decimal`.
    """
    if isinstance(node, Number):
        return number(node.value)
    if isinstance(node, Text | Flag):
        return node.value
    if isinstance(node, Field):
        found = known.get(node.name)
        if found is None:
            return Unknown(frozenset({node.name}))
        return found if isinstance(found, bool | str) else number(found)
    if isinstance(node, Logic):
        return _logic(node, known, number)
    if isinstance(node, Choice):
        when = value(node.when, known, number)
        return when if isinstance(when, Unknown) else value(node.yes if when else node.no, known, number)
    return _plain(node, known, number)


def _logic(node: Logic, known: Mapping[str, Any], number: Callable[[Any], Any]) -> Any:
    decides = node.sign == "||"
    left = value(node.left, known, number)
    if left is decides:
        return decides
    right = value(node.right, known, number)
    if right is decides:
        return decides
    return _unknown(left, right) or (not decides)


def _unknown(*values: Any) -> Unknown | None:
    """Return what is unknown among values, put together, or None."""
    found = [one for one in values if isinstance(one, Unknown)]
    if not found:
        return None
    return Unknown(frozenset().union(*(one.needs for one in found)), next((one.why for one in found if one.why), ""))


def _plain(node: Node, known: Mapping[str, Any], number: Callable[[Any], Any]) -> Any:
    """Values of nodes that need all their parts."""
    if isinstance(node, Not | Minus):
        of = value(node.of, known, number)
        return of if isinstance(of, Unknown) else (not of if isinstance(node, Not) else -of)
    if isinstance(node, Compare | Sum):
        left, right = value(node.left, known, number), value(node.right, known, number)
        missing = _unknown(left, right)
        return missing or (_SIGNS[node.sign](left, right) if isinstance(node, Compare) else _sum(node, left, right))
    if isinstance(node, Among):
        of, items = value(node.of, known, number), [value(one, known, number) for one in node.items]
        return _unknown(of, *items) or any(of == one for one in items)
    if isinstance(node, Begins):
        of, start = value(node.of, known, number), value(node.start, known, number)
        return _unknown(of, start) or of.startswith(start)
    assert isinstance(node, Pick)
    values = [value(one, known, number) for one in node.of]
    return _unknown(*values) or (min(values) if node.which == "least" else max(values))


def _sum(node: Sum, left: Any, right: Any) -> Any:
    if node.sign == "/" and not right:
        return Unknown(why="division")
    found = _SIGNS[node.sign](left, right)
    return found if math.isfinite(found) else Unknown(why="division")


class Condition(NamedTuple):
    """One condition of a clause: its words for people, and its tree."""

    text: str
    tree: Node


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of one condition. needs: fields that nobody filled in; why: `division` where it cannot be computed."""

    text: str
    outcome: str
    needs: tuple[str, ...] = ()
    why: str = ""


def judge(conditions: Sequence[Condition], known: Mapping[str, Any]) -> tuple[Verdict, ...]:
    """Return the verdict on each condition for one enterprise."""
    return tuple(_verdict(one, known) for one in conditions)


def _verdict(condition: Condition, known: Mapping[str, Any]) -> Verdict:
    found = value(condition.tree, known)
    if isinstance(found, Unknown):
        return Verdict(text=condition.text, outcome=UNKNOWN, needs=tuple(sorted(found.needs)), why=found.why)
    return Verdict(text=condition.text, outcome=YES if found else NO)


def outcome(verdicts: Sequence[Verdict]) -> str:
    """Return the outcome of a whole clause: one no decides, else one unknown; without conditions it is for all."""
    said = {one.outcome for one in verdicts}
    return NO if NO in said else UNKNOWN if UNKNOWN in said else YES


def needs(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """Return the fields that would decide an unknown clause, each once."""
    return tuple(sorted({name for one in verdicts for name in one.needs}))


def amount(node: Node, known: Mapping[str, Any]) -> Decimal | Unknown:
    """Return what a formula comes to, in yuan, exactly; Unknown where a field is missing or it divides by zero."""
    found = value(node, known, lambda one: Decimal(str(one)))
    return found if isinstance(found, Unknown) else Decimal(found)

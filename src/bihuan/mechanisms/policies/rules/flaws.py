"""What is wrong with conditions and formulas before anybody is judged by them: types, names, and contradictions."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from . import judging, reading
from .reading import Among, Begins, Choice, Compare, Field, Flag, Logic, Minus, Node, Not, Number, Pick, Sum, Text

NUMBER, TEXT, FLAG, DATE = "number", "text", "flag", "date"
MOST = Decimal(10) ** 15


class Flaw(NamedTuple):
    """code: `syntax`, `end`, `long`, `deep`, `function`, `field`, `kind`, `date`, `large`, `division`, `contradiction`,
    `not_condition`, `not_amount`; word: which word or field; at: the condition, counted from 1; 0: the formula.
    """

    code: str
    word: str = ""
    at: int = 0


class _Wrong(Exception):
    def __init__(self, code: str, word: str = "") -> None:
        super().__init__(code)
        self.code, self.word = code, word


def of_condition(text: str, kinds: Mapping[str, str], at: int = 0) -> tuple[Node | None, list[Flaw]]:
    """Read one condition and return its tree with what is wrong; kinds: field → `number`, `text`, `flag`, `date`."""
    return _checked(text, kinds, FLAG, "not_condition", at)


def of_formula(text: str, kinds: Mapping[str, str]) -> tuple[Node | None, list[Flaw]]:
    """Read the formula of an amount in yuan and return its tree with what is wrong."""
    return _checked(text, kinds, NUMBER, "not_amount", 0)


def _checked(text: str, kinds: Mapping[str, str], wanted: str, code: str, at: int) -> tuple[Node | None, list[Flaw]]:
    try:
        tree = reading.read(text)
        if _kind(tree, kinds) != wanted:
            return None, [Flaw(code, at=at)]
    except reading.Unreadable as problem:
        return None, [Flaw(problem.code, problem.word, at)]
    except _Wrong as problem:
        return None, [Flaw(problem.code, problem.word, at)]
    return tree, []


def _kind(node: Node, kinds: Mapping[str, str]) -> str:
    """Return the kind of a tree; raise _Wrong where parts do not fit together."""
    if isinstance(node, Number):
        if abs(node.value) > MOST:
            raise _Wrong("large", str(node.value)[:20])
        return NUMBER
    if isinstance(node, Text | Flag):
        return TEXT if isinstance(node, Text) else FLAG
    if isinstance(node, Field):
        if node.name not in kinds:
            raise _Wrong("field", node.name)
        return kinds[node.name]
    if isinstance(node, Not | Logic):
        _all(reading.parts(node), FLAG, kinds)
        return FLAG
    if isinstance(node, Minus | Sum | Pick):
        _all(reading.parts(node), NUMBER, kinds)
        if isinstance(node, Sum) and node.sign == "/" and judging.value(node.right, {}) == 0:
            raise _Wrong("division")
        return NUMBER
    if isinstance(node, Choice):
        _all((node.when,), FLAG, kinds)
        return _same(node.yes, node.no, kinds)
    if isinstance(node, Compare):
        if _same(node.left, node.right, kinds) == FLAG and node.sign not in ("==", "!="):
            raise _Wrong("kind", node.sign)
        return FLAG
    if isinstance(node, Among):
        if not node.items or not all(isinstance(one, Number | Text | Minus) for one in node.items):
            raise _Wrong("kind", "in")
        for one in node.items:
            _same(node.of, one, kinds)
        return FLAG
    assert isinstance(node, Begins)
    _all((node.of,), TEXT, kinds)
    if not isinstance(node.start, Text):
        raise _Wrong("kind", "startsWith")
    return FLAG


def _all(nodes: Iterable[Node], wanted: str, kinds: Mapping[str, str]) -> None:
    for one in nodes:
        if (kind := _kind(one, kinds)) != wanted:
            raise _Wrong("kind", _word(one) or kind)


def _same(left: Node, right: Node, kinds: Mapping[str, str]) -> str:
    found = {_kind(left, kinds), _kind(right, kinds)}
    if found == {DATE, TEXT}:
        # A day is written as a text; a text that is no day would be compared letter by letter.
        for one in (left, right):
            if isinstance(one, Text) and not _is_day(one.value):
                raise _Wrong("date", one.value[:20])
            if not isinstance(one, Text) and _kind(one, kinds) == TEXT:
                raise _Wrong("kind", _word(one))
        return DATE
    if len(found) > 1:
        raise _Wrong("kind", _word(left) or _word(right))
    return found.pop()


def _word(node: Node) -> str:
    return node.name if isinstance(node, Field) else str(getattr(node, "value", ""))[:20]


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@dataclass
class _Range:
    """What conditions that must all hold leave of one field."""

    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False
    among: set[Any] | None = None
    never: set[Any] = field(default_factory=set)
    starts: list[str] = field(default_factory=list)

    def narrow(self, sign: str, value: Any) -> None:
        if sign == "!=":
            self.never.add(value)
        elif sign == "==":
            self.allow({value})
        elif sign in (">", ">=") and (self.low is None or value >= self.low):
            self.low_open = sign == ">" or (value == self.low and self.low_open)
            self.low = value
        elif sign in ("<", "<=") and (self.high is None or value <= self.high):
            self.high_open = sign == "<" or (value == self.high and self.high_open)
            self.high = value

    def allow(self, values: set[Any]) -> None:
        self.among = values if self.among is None else self.among & values

    def empty(self) -> bool:
        if self._crossed():
            return True
        if any(not a.startswith(b) and not b.startswith(a) for a in self.starts for b in self.starts):
            return True
        return self.among is not None and not any(self._fits(one) for one in self.among)

    def _crossed(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return bool(self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)))

    def _fits(self, value: Any) -> bool:
        low = self.low is None or value > self.low or (value == self.low and not self.low_open)
        high = self.high is None or value < self.high or (value == self.high and not self.high_open)
        return low and high and value not in self.never and all(value.startswith(one) for one in self.starts)


_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}


def contradictions(trees: Sequence[Node]) -> list[Flaw]:
    """Return a flaw for each field of which the conditions together leave nothing, so that nobody could ever fit.

    Looks at what must all hold and compares one field with written values; it never calls a sound clause wrong.
    """
    ranges: dict[str, _Range] = {}
    flaws = []
    for at, tree in enumerate(trees, 1):
        before = {name for name, one in ranges.items() if one.empty()}
        for node in _ands(tree):
            _narrow(ranges, node)
        flaws += [Flaw("contradiction", name, at) for name, one in ranges.items() if one.empty() and name not in before]
        if judging.value(tree, {}) is False:
            flaws.append(Flaw("contradiction", "", at))
    return flaws


def _ands(node: Node) -> Iterable[Node]:
    if isinstance(node, Logic) and node.sign == "&&":
        yield from _ands(node.left)
        yield from _ands(node.right)
    else:
        yield node


def _narrow(ranges: dict[str, _Range], node: Node) -> None:
    opposite = isinstance(node, Not)
    node = node.of if isinstance(node, Not) else node
    if isinstance(node, Field):
        ranges.setdefault(node.name, _Range()).allow({not opposite})
    elif isinstance(node, Compare):
        left, right, sign = node.left, node.right, node.sign
        if isinstance(right, Field):
            left, right, sign = right, left, _TURNED.get(sign, sign)
        value = judging.value(right, {})
        if isinstance(left, Field) and not isinstance(value, judging.Unknown):
            ranges.setdefault(left.name, _Range()).narrow(_OPPOSITE[sign] if opposite else sign, value)
    elif isinstance(node, Among) and isinstance(node.of, Field):
        values = {judging.value(one, {}) for one in node.items}
        found = ranges.setdefault(node.of.name, _Range())
        if opposite:
            found.never |= values
        else:
            found.allow(values)
    elif isinstance(node, Begins) and isinstance(node.of, Field) and isinstance(node.start, Text) and not opposite:
        ranges.setdefault(node.of.name, _Range()).starts.append(node.start.value)

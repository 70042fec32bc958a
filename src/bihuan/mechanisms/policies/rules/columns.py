"""The same judgement for very many enterprises at once: trees become operations on columns.

A condition becomes an array of 0 (no), 1 (unknown), 2 (yes): both is the minimum, either the maximum, not is 2 - x. It
agrees with `judging`, enterprise by enterprise; a property test holds the two together.
"""

import operator
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .reading import Among, Begins, Choice, Compare, Field, Flag, Logic, Minus, Node, Not, Number, Pick, Sum, Text

NO, UNKNOWN, YES = 0, 1, 2
Outcome = NDArray[np.int8]
Mask = NDArray[np.bool_]
_SIGNS: Mapping[str, Any] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


class Numbers(NamedTuple):
    """A column of numbers, and where they are known."""

    values: NDArray[np.float64]
    known: Mask


class Words(NamedTuple):
    """A column of texts or dates: `words[code]`; -1 where it is not known."""

    codes: NDArray[np.int32]
    words: tuple[str, ...]


class Flags(NamedTuple):
    """A column of flags: 0 no, 1 unknown, 2 yes."""

    values: Outcome


Column = Numbers | Words | Flags


def column(kind: str, values: Sequence[Any]) -> Column:
    """Return values of one field as a column. kind: `number`, `flag`, `text`, `date`; None: not known."""
    if kind == "number":
        known = np.array([one is not None for one in values], dtype=np.bool_)
        return Numbers(np.array([0.0 if one is None else float(one) for one in values], dtype=np.float64), known)
    if kind == "flag":
        return Flags(np.array([UNKNOWN if one is None else YES if one else NO for one in values], dtype=np.int8))
    words = sorted({one for one in values if one is not None})
    codes = {word: code for code, word in enumerate(words)}
    return Words(np.array([-1 if one is None else codes[one] for one in values], dtype=np.int32), tuple(words))


class Table:
    """Columns of many enterprises, by the name of the field; a field without a column is known of nobody."""

    def __init__(self, columns: Mapping[str, Column], rows: int) -> None:
        self.columns, self.rows = columns, rows

    def outcomes(self, conditions: Sequence[Node]) -> Outcome:
        """Return 0, 1 or 2 for each enterprise: whether all conditions hold."""
        found = np.full(self.rows, YES, dtype=np.int8)
        with np.errstate(all="ignore"):
            for one in conditions:
                np.minimum(found, self._logic(one), out=found)
                if not found.any():
                    break
        return found

    def _all(self, outcome: int) -> Outcome:
        return np.full(self.rows, outcome, dtype=np.int8)

    def _logic(self, node: Node) -> Outcome:
        if isinstance(node, Flag):
            return self._all(YES if node.value else NO)
        if isinstance(node, Field):
            found = self.columns.get(node.name)
            return found.values if isinstance(found, Flags) else self._all(UNKNOWN)
        if isinstance(node, Not):
            return (2 - self._logic(node.of)).astype(np.int8)
        if isinstance(node, Logic):
            both = np.minimum if node.sign == "&&" else np.maximum
            return both(self._logic(node.left), self._logic(node.right))
        if isinstance(node, Choice):
            when = self._logic(node.when)
            chosen = np.where(when == YES, self._logic(node.yes), self._logic(node.no))
            return np.where(when == UNKNOWN, UNKNOWN, chosen).astype(np.int8)
        if isinstance(node, Compare):
            return self._compare(node)
        if isinstance(node, Among):
            return self._among(node)
        assert isinstance(node, Begins)
        assert isinstance(node.start, Text)
        start = node.start.value
        return self._text(node.of, lambda word: word.startswith(start))

    def _compare(self, node: Compare) -> Outcome:
        sign, kinds = _SIGNS[node.sign], {self._kind(node.left), self._kind(node.right)}
        if "flag" in kinds:
            left, right = self._logic(node.left), self._logic(node.right)
            return _three(sign(left, right), (left != UNKNOWN) & (right != UNKNOWN))
        if "number" in kinds:
            first, second = self._number(node.left), self._number(node.right)
            return _three(sign(first.values, second.values), first.known & second.known)
        constant = self._constant(node.right)
        if constant is not None:
            return self._text(node.left, lambda word: sign(word, constant))
        constant = self._constant(node.left)
        if constant is not None:
            return self._text(node.right, lambda word: sign(constant, word))
        left_words, right_words = self._decoded(node.left), self._decoded(node.right)
        return _three(sign(left_words[0], right_words[0]), left_words[1] & right_words[1])

    def _among(self, node: Among) -> Outcome:
        kind = self._kind(node.of)
        if kind == "number" or (kind == "" and any(isinstance(one, Number | Minus) for one in node.items)):
            of, hit = self._number(node.of), np.zeros(self.rows, dtype=np.bool_)
            known = of.known
            for one in node.items:
                number = self._number(one)
                hit |= of.values == number.values
                known = known & number.known
            return _three(hit, known)
        words = {one.value for one in node.items if isinstance(one, Text)}
        return self._text(node.of, words.__contains__)

    def _text(self, node: Node, holds: Any) -> Outcome:
        """Ask of each different word once, and spread the answers over the rows."""
        if isinstance(node, Text):
            return self._all(YES if holds(node.value) else NO)
        if isinstance(node, Choice):
            when = self._logic(node.when)
            chosen = np.where(when == YES, self._text(node.yes, holds), self._text(node.no, holds))
            return np.where(when == UNKNOWN, UNKNOWN, chosen).astype(np.int8)
        assert isinstance(node, Field)
        found = self.columns.get(node.name)
        if not isinstance(found, Words):
            return self._all(UNKNOWN)
        answers = np.array([*(YES if holds(word) else NO for word in found.words), UNKNOWN], dtype=np.int8)
        return answers[found.codes]

    def _decoded(self, node: Node) -> tuple[NDArray[Any], Mask]:
        if isinstance(node, Text):
            return np.full(self.rows, node.value, dtype=object), np.ones(self.rows, dtype=np.bool_)
        if isinstance(node, Choice):
            when, (yes, yes_known), (no, no_known) = (
                self._logic(node.when), self._decoded(node.yes), self._decoded(node.no)
            )  # fmt: skip
            known = (when != UNKNOWN) & np.where(when == YES, yes_known, no_known)
            return np.where(when == YES, yes, no), known
        assert isinstance(node, Field)
        found = self.columns.get(node.name)
        if not isinstance(found, Words):
            return np.full(self.rows, "", dtype=object), np.zeros(self.rows, dtype=np.bool_)
        return np.array([*found.words, ""], dtype=object)[found.codes], found.codes >= 0

    def _constant(self, node: Node) -> str | None:
        return node.value if isinstance(node, Text) else None

    def _kind(self, node: Node) -> str:
        """Return `number`, `text` or `flag`; an empty text where no column says it."""
        if isinstance(node, Number | Minus | Sum | Pick):
            return "number"
        if isinstance(node, Text):
            return "text"
        if isinstance(node, Choice):
            return self._kind(node.yes) or self._kind(node.no)
        if not isinstance(node, Field):
            return "flag"
        found = self.columns.get(node.name)
        return {Numbers: "number", Words: "text", Flags: "flag"}.get(type(found), "")

    def _number(self, node: Node) -> Numbers:
        everywhere = np.ones(self.rows, dtype=np.bool_)
        if isinstance(node, Number):
            return Numbers(np.full(self.rows, float(node.value)), everywhere)
        if isinstance(node, Field):
            found = self.columns.get(node.name)
            return found if isinstance(found, Numbers) else Numbers(np.zeros(self.rows), ~everywhere)
        if isinstance(node, Minus):
            of = self._number(node.of)
            return Numbers(-of.values, of.known)
        if isinstance(node, Sum):
            left, right = self._number(node.left), self._number(node.right)
            values = _SIGNS[node.sign](left.values, right.values)
            return Numbers(values, left.known & right.known & np.isfinite(values))
        if isinstance(node, Choice):
            when, yes, no = self._logic(node.when), self._number(node.yes), self._number(node.no)
            known = (when != UNKNOWN) & np.where(when == YES, yes.known, no.known)
            return Numbers(np.where(when == YES, yes.values, no.values), known)
        assert isinstance(node, Pick)
        picked = [self._number(one) for one in node.of]
        choose = np.minimum if node.which == "least" else np.maximum
        values, known = picked[0]
        for each in picked[1:]:
            values, known = choose(values, each.values), known & each.known
        return Numbers(values, known)


def _three(holds: Any, known: Mask) -> Outcome:
    return np.where(known, np.where(holds.astype(np.bool_), YES, NO), UNKNOWN).astype(np.int8)


def packed(places: NDArray[np.int64], chosen: Mask, size: int) -> bytes:
    """Return a map of `size` bits with those at the chosen places set; bit n is that of PostgreSQL's `get_bit`."""
    bits = np.zeros(size, dtype=np.uint8)
    bits[places[chosen]] = 1
    return np.packbits(bits, bitorder="little").tobytes()


def unpacked(content: bytes) -> list[int]:
    """Return the places of the bits that are set, in order."""
    return [int(one) for one in np.flatnonzero(np.unpackbits(np.frombuffer(content, np.uint8), bitorder="little"))]

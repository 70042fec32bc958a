"""Conditions and formulas: read from the Common Expression Language into a small tree.

What is read: `&& || ! == != < <= > >= + - * / ?: in [..] .startsWith() math.least() math.greatest()`, numbers, texts,
`true`, `false` and names of fields. All numbers are of one kind; a date is a text, as ISO 8601 writes it.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

LONGEST, DEEPEST = 2_000, 40


class Unreadable(ValueError):
    """The text is no condition. code: `syntax`, `long`, `deep`, `function`, `end`; place: where, counted from 0."""

    def __init__(self, code: str, place: int, word: str = "") -> None:
        super().__init__(code)
        self.code, self.place, self.word = code, place, word


@dataclass(frozen=True)
class Number:
    """A number that is written down."""

    value: Decimal


@dataclass(frozen=True)
class Text:
    """A text that is written down."""

    value: str


@dataclass(frozen=True)
class Flag:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True)
class Field:
    """What is known of the enterprise under this name."""

    name: str


@dataclass(frozen=True)
class Not:
    """The opposite."""

    of: "Node"


@dataclass(frozen=True)
class Minus:
    """The negative of a number."""

    of: "Node"


@dataclass(frozen=True)
class Logic:
    """Both (`&&`) or either (`||`)."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Compare:
    """A comparison: == != < <= > >=."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Among:
    """Whether a value is one of those written down."""

    of: "Node"
    items: tuple["Node", ...]


@dataclass(frozen=True)
class Begins:
    """Whether a text begins with another."""

    of: "Node"
    start: "Node"


@dataclass(frozen=True)
class Sum:
    """Arithmetic: + - * /."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Choice:
    """One or the other, after a condition."""

    when: "Node"
    yes: "Node"
    no: "Node"


@dataclass(frozen=True)
class Pick:
    """The least or the greatest of several numbers."""

    which: str
    of: tuple["Node", ...]


Node = Number | Text | Flag | Field | Not | Minus | Logic | Compare | Among | Begins | Sum | Choice | Pick


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*)|(?P<number>\d+(\.\d+)?([eE][+-]?\d{1,3})?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<text>\"(\\.|[^\"\\\n])*\"|'(\\.|[^'\\\n])*')|(?P<sign>&&|\|\||[=!<>]=|[-+*/<>!?:()\[\],.])",
    re.ASCII,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_COMPARING = ("==", "!=", "<", "<=", ">", ">=")


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise Unreadable("syntax", place, text[place])
        if found.lastgroup != "space":
            yield _Token(str(found.lastgroup), found.group(), place)
        place = found.end()
    yield _Token("end", "", len(text))


@functools.lru_cache(maxsize=8_192)
def read(text: str) -> Node:
    """Return the tree of a condition or a formula. Raises Unreadable."""
    if len(text) > LONGEST:
        raise Unreadable("long", LONGEST)
    reader = _Reader(list(_tokens(text)))
    found = reader.choice()
    if reader.now.kind != "end":
        raise reader.wrong()
    return found


def fields(node: Node) -> frozenset[str]:
    """Return the names of all fields that a tree asks for."""
    return frozenset(one.name for one in walk(node) if isinstance(one, Field))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    yield node
    for below in parts(node):
        yield from walk(below)


def parts(node: Node) -> tuple[Node, ...]:
    """Return what a node is made of."""
    if isinstance(node, Not | Minus):
        return (node.of,)
    if isinstance(node, Logic | Compare | Sum):
        return (node.left, node.right)
    if isinstance(node, Among):
        return (node.of, *node.items)
    if isinstance(node, Begins):
        return (node.of, node.start)
    if isinstance(node, Choice):
        return (node.when, node.yes, node.no)
    return node.of if isinstance(node, Pick) else ()


class _Reader:
    """Reads from the loosest binding to the tightest, as the language's grammar has it."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    @property
    def now(self) -> _Token:
        return self._tokens[self._at]

    def wrong(self, code: str = "syntax") -> Unreadable:
        code = "end" if code == "syntax" and self.now.kind == "end" else code
        return Unreadable(code, self.now.place, self.now.text)

    def _take(self, *signs: str) -> str:
        if self.now.kind == "sign" and self.now.text in signs:
            self._at += 1
            return self._tokens[self._at - 1].text
        return ""

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise self.wrong()

    def choice(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.wrong("deep")
        found = self._chain("||")
        if self._take("?"):
            yes = self._chain("||")
            self._need(":")
            found = Choice(found, yes, self.choice())
        self._depth -= 1
        return found

    def _chain(self, sign: str) -> Node:
        found = self._relation() if sign == "&&" else self._chain("&&")
        count = 0
        while self._take(sign):
            count += 1
            if count > DEEPEST:
                raise self.wrong("deep")
            found = Logic(sign, found, self._relation() if sign == "&&" else self._chain("&&"))
        return found

    def _relation(self) -> Node:
        found = self._sum()
        while True:
            if sign := self._take(*_COMPARING):
                found = Compare(sign, found, self._sum())
            elif self.now.kind == "name" and self.now.text == "in":
                self._at += 1
                found = Among(found, self._list())
            else:
                return found

    def _list(self) -> tuple[Node, ...]:
        self._need("[")
        items: list[Node] = []
        while not self._take("]"):
            if items:
                self._need(",")
            items.append(self._unary())
        return tuple(items)

    def _sum(self) -> Node:
        found, count = self._product(), 0
        while sign := self._take("+", "-"):
            found, count = Sum(sign, found, self._product()), count + 1
            if count > DEEPEST:
                raise self.wrong("deep")
        return found

    def _product(self) -> Node:
        found, count = self._unary(), 0
        while sign := self._take("*", "/"):
            found, count = Sum(sign, found, self._unary()), count + 1
            if count > DEEPEST:
                raise self.wrong("deep")
        return found

    def _unary(self) -> Node:
        signs = []
        while sign := self._take("!", "-"):
            signs.append(sign)
            if len(signs) > DEEPEST:
                raise self.wrong("deep")
        found = self._member()
        for sign in reversed(signs):
            found = Not(found) if sign == "!" else Minus(found)
        return found

    def _member(self) -> Node:
        found = self._primary()
        while self._take("."):
            if self.now.text != "startsWith":
                raise self.wrong("function")
            self._at += 1
            self._need("(")
            found = Begins(found, self.choice())
            self._need(")")
        return found

    def _primary(self) -> Node:
        kind, text, _place = self.now
        if self._take("("):
            found = self.choice()
            self._need(")")
            return found
        if kind not in ("number", "text", "name"):
            raise self.wrong()
        if kind == "name" and text == "in":
            raise self.wrong()
        self._at += 1
        if kind == "number":
            return Number(Decimal(text))
        if kind == "text":
            return Text(re.sub(r"\\(.)", lambda one: _ESCAPES.get(one[1], one[0]), text[1:-1]))
        if text in ("true", "false"):
            return Flag(text == "true")
        return self._called(text)

    def _called(self, name: str) -> Node:
        if name != "math":
            if self.now.text == "(":
                raise self.wrong("function")
            return Field(name)
        self._need(".")
        which = self.now.text
        if which not in ("least", "greatest"):
            raise self.wrong("function")
        self._at += 1
        self._need("(")
        of = [self.choice()]
        while self._take(","):
            of.append(self.choice())
        self._need(")")
        return Pick(which, tuple(of))

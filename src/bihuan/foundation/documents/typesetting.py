"""Lines of a page of GB/T 9704-2012: 22 lines of 28 characters that fill the text area, broken where Chinese may break.

Measures are in points unless a name says mm. Sizes of type: 二号 22 pt, 三号 16 pt, 四号 14 pt.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MM = 72 / 25.4
PAGE_MM = (210.0, 297.0)
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37.0, 35.0, 28.0, 26.0
"""天头 37 mm, 订口 28 mm, and what an area of 156 mm × 225 mm leaves on the other sides (5.2)."""
WIDTH = (PAGE_MM[0] - LEFT_MM - RIGHT_MM) * MM
LINES, SIGNS = 22, 28
BODY, SMALL, TITLE = 16.0, 14.0, 22.0
HEIGHT = (PAGE_MM[1] - TOP_MM - BOTTOM_MM) * MM
PITCH = (HEIGHT - BODY) / (LINES - 1)
"""From the top of a line to the top of the next: 22 lines of 三号 with about 7/8 of its height between them (3.2)."""
CELL = WIDTH / SIGNS
"""The place of one character of 三号."""
GAP = BODY * 7 / 8
"""三号汉字高度的 7/8: from a red line to the words beside it (10.1)."""

HEAD_TOP_MM, RULE_BELOW_HEAD_MM, RULE_ABOVE_EDGE_MM, RULE_MM = 30.0, 4.0, 20.0, 170.0
"""信函格式 (10.1): the head below the upper edge, the rule below the head, the other rule above the lower edge."""
THICK, BETWEEN, THIN = 2.0, 1.5, 0.75
RULE = THICK + BETWEEN + THIN
SEAL_ROOM = 1
"""Empty lines over the signature: a seal of 42 mm centred over it and the date begins within a line (7.3.5.1)."""
DATE_FROM_RIGHT = 4
"""成文日期右空四字."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """All that is printed, as it is printed. paragraphs: each with its level (0 text, 1 一、, 2 （一）).

    foot: 版记, line by line: 主送 where it does not fit above the text, then 抄送. addressee is empty in that case.
    """

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[tuple[str, int], ...]
    signature: str
    date: str
    foot: tuple[str, ...]
    note: str


def head_size(issuer: str) -> float:
    """Return the size of the head: 36 pt, smaller where a long name would be wider than the text."""
    return min(36.0, WIDTH / max(1, len(issuer)))


def rule_top(issuer: str) -> float:
    """Return how far the upper edge of the first rule is below the edge of the page."""
    return (HEAD_TOP_MM + RULE_BELOW_HEAD_MM) * MM + head_size(issuer)


_NO_START = set("，。、；：？！）》」』】〉〕”’…—·%％,.;:?!)]}")
_NO_END = set("（《「『【〈〔“‘([{")
_WIDE = "“”‘’—…·〔〕×"
_PIECES = re.compile(r"[\x21-\x7e]+|.", re.S)


def is_wide(sign: str) -> bool:
    """Tell whether a character takes a whole place."""
    return sign >= "\u2e80" or sign in _WIDE


def pieces(text: str) -> Iterator[str]:
    """Yield what must not be broken: each Chinese character, each word or number in Latin letters, each space."""
    return (found[0] for found in _PIECES.finditer(text))


def broken(text: str, *, room: float, first: float, width: Callable[[str], float]) -> list[str]:
    """Return `text` as lines no wider than `room` (the first one: `first`); width: of a piece, in the same unit.

    No line begins with a closing mark or ends with an opening one; a word longer than a line is cut.
    """
    lines: list[str] = []
    line: list[str] = []
    used, space = 0.0, first
    waiting = list(pieces(text))[::-1]
    while waiting:
        piece = waiting.pop()
        wide = width(piece)
        if used + wide <= space + 1e-6:
            line.append(piece)
            used += wide
            continue
        if wide > room and len(piece) > 1:
            fits = max(1, int((space - used) / (wide / len(piece))))
            waiting += [piece[fits:], piece[:fits]]
            if used + width(piece[:fits]) <= space + 1e-6:
                continue
            piece = waiting.pop()
        waiting.append(piece)
        while len(line) > 1 and (waiting[-1][0] in _NO_START or line[-1][-1] in _NO_END):
            waiting.append(line.pop())
        lines.append("".join(line).rstrip())
        line, used, space = [], 0.0, room
        while waiting and waiting[-1] == " ":
            waiting.pop()
    return [*lines, "".join(line)] if line or not lines else lines

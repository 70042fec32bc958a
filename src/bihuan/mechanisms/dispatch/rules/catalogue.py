"""派单目录: which matter belongs to whom, read from the rows of a spreadsheet and found again in what people write."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "matter": ("matter", "事项", "事项名称", "诉求事项"),
    "words": ("words", "识别词", "关键词"),
    "category": ("category", "类别", "分类"),
    "board": ("board", "板块"),
    "tier": ("tier", "层级"),
    "level": ("level", "办理层级", "级次"),
    "lead": ("lead", "主办", "主办部门", "主办单位", "牵头部门"),
    "co": ("co", "协办", "协办部门", "协办单位"),
    "barred": ("not_to", "不得派给", "不得派给单位"),
    "basis": ("basis", "依据", "法律依据"),
}
"""What a row says → the headings under which it may stand; the first is the heading of our own files."""
NEEDED = ("matter", "lead", "basis")
TIERS = {
    **{tier: tier for tier in ("ordinary", "complex", "hard")},
    "一般": "ordinary",
    "复杂": "complex",
    "疑难": "hard",
}
Level = Literal["province", "city", "county", "town"]
LEVELS = {
    "province": "province", "city": "city", "county": "county", "town": "town",
    "省": "province", "省级": "province", "市": "city", "市级": "city",
    "县": "county", "县级": "county", "区": "county", "区级": "county", "区县": "county",
    "乡镇": "town", "镇街": "town", "乡镇街道": "town",
}  # fmt: skip
LONGEST = {"matter": 200, "basis": 2_000, "words": 1_000}
_BETWEEN_UNITS = re.compile(r"[、,，;；|｜/\n]+")
_BETWEEN_WORDS = re.compile(r"[、,，;；|｜/\s]+")
IN_TITLE, FEWEST_POINTS = 3, 6
"""A word counts its letters, three times over in a title; below six points (a word of two in the title, or three of two
in the body) a matter is not recognized."""


class RowWrong(ValueError):
    """A row that cannot be an entry: the field concerned, a stable code, and the value found there."""

    def __init__(self, field: str, code: str, value: str = "") -> None:
        super().__init__(field, code, value)
        self.field, self.code, self.value = field, code, value[:60]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A row as it was written: departments and board by code or name, `level` empty where nothing is said."""

    matter: str
    words: tuple[str, ...]
    category: str
    board: str
    tier: str
    level: str
    lead: str
    co: tuple[str, ...]
    barred: tuple[str, ...]
    basis: str


def headings(found: Iterable[str]) -> dict[str, str]:
    """Return what a row says → the heading under which it stands here. Raises RowWrong `column_missing`."""
    present = {name.strip().lower(): name for name in found}
    known = {field: next((present[one] for one in names if one in present), "") for field, names in COLUMNS.items()}
    if missing := next((field for field in NEEDED if not known[field]), ""):
        raise RowWrong(missing, "column_missing", COLUMNS[missing][1])
    return {field: name for field, name in known.items() if name}


def read_row(cells: Mapping[str, str], where: Mapping[str, str]) -> Draft:
    """Return the entry of a row. Raises RowWrong: `required`, `too_long`, `tier_unknown`, `level_unknown`."""
    given = {field: " ".join(cells.get(where.get(field, ""), "").split()) for field in COLUMNS}
    for field in NEEDED:
        if not given[field]:
            raise RowWrong(field, "required")
    for field, most in LONGEST.items():
        if len(given[field]) > most:
            raise RowWrong(field, "too_long", given[field])
    for field, known in (("tier", TIERS), ("level", LEVELS)):
        if given[field] and given[field].lower() not in known:
            raise RowWrong(field, f"{field}_unknown", given[field])
    return Draft(
        matter=given["matter"],
        words=_several(cells.get(where.get("words", ""), ""), _BETWEEN_WORDS) or (given["matter"],),
        category=given["category"],
        board=given["board"],
        tier=TIERS.get(given["tier"].lower(), ""),
        level=LEVELS.get(given["level"].lower(), ""),
        lead=given["lead"],
        co=_several(cells.get(where.get("co", ""), ""), _BETWEEN_UNITS),
        barred=_several(cells.get(where.get("barred", ""), ""), _BETWEEN_UNITS),
        basis=given["basis"],
    )


def _several(text: str, between: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in between.split(text) if part.strip()))


def same_matter(matter: str) -> str:
    """Return by what two entries are the same: the matter without marks, spaces and letter case."""
    return re.sub(r"[\W_]+", "", matter).casefold()


class Recognizable(Protocol):
    """What has words by which it is recognized."""

    @property
    def words(self) -> Sequence[str]:
        """The words."""


M = TypeVar("M", bound=Recognizable)


@dataclass(frozen=True, kw_only=True)
class Match(Generic[M]):
    """The entry that a text is about, and the words that say so, the longest first."""

    entry: M
    words: tuple[str, ...]


def recognize(entries: Iterable[M], *, title: str, body: str) -> Match[M] | None:
    """Return the entry whose words speak loudest in a text; None if none does, or two do alike."""
    title, body = title.casefold(), body.casefold()
    best: Match[M] | None = None
    most, second = FEWEST_POINTS - 1, 0
    for entry in entries:
        points, found = 0, []
        for word in entry.words:
            here = word.casefold()
            weight = IN_TITLE if here in title else 1 if here in body else 0
            if weight:
                points += weight * len(here)
                found.append(word)
        if points > most:
            best, second, most = Match(entry=entry, words=tuple(sorted(found, key=len, reverse=True))), most, points
        elif best is not None and points > second:
            second = points
    return best if best is not None and second < most else None

"""Decisions of the directory on plain values: credit codes, size classes, region codes, the tree of departments.

Nothing here reads a table, the clock or a setting; Django is used for the wording of refusals alone.
"""

import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.text import clean_line

# --- unified social credit codes (GB 32100-2015, organisation code GB 11714-1997) ---

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100: digits and letters without I, O, S, V, Z."""
_USCC_VALUE = {character: value for value, character in enumerate(USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_MEANT = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}


def normalize_uscc(text: str) -> str:
    """Return `text` as people mean it: half-width capitals without spaces, hyphens and invisible characters."""
    return "".join(unicodedata.normalize("NFKC", clean_line(text)).upper().replace("-", "").split())


def uscc_check_digit(first17: str) -> str:
    """Return the 18th character for the 17 before it (GB 32100-2015, 5.2)."""
    total = sum(_USCC_VALUE[character] * weight for character, weight in zip(first17, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organisation_check_digit(first8: str) -> str:
    """Return the 9th character of an organisation code for the 8 before it (GB 11714: letters count 10 to 35)."""
    total = sum(int(character, 36) * weight for character, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def uscc_flaw(code: str) -> tuple[str, Any] | None:
    """Return what is wrong with a normalized code as (id, sentence), or None for a correct one.

    Ids: length, letter, region, organisation_digit, check_digit. Codes may begin with letters (N2, Y1, A1 …).
    """
    if len(code) != 18:
        return "length", _("A credit code has 18 characters; this one has %(count)d.") % {"count": len(code)}
    for place, character in enumerate(code, 1):
        if character not in _USCC_VALUE:
            facts = {"character": character, "place": place, "meant": _MEANT.get(character, "")}
            if facts["meant"]:
                return "letter", _(
                    "“%(character)s” at place %(place)d is not used in credit codes; perhaps “%(meant)s” is meant."
                ) % facts
            return "letter", _("“%(character)s” at place %(place)d is not used in credit codes.") % facts
    if not code[2:8].isdigit():
        return "region", _("Places 3 to 8 are a region code and must be digits.")
    if code[16] != organisation_check_digit(code[8:16]):
        return "organisation_digit", _(
            "The organisation code in it (places 9 to 17) does not check; please look for a wrong or swapped character."
        )
    if code[17] != uscc_check_digit(code[:17]):
        return "check_digit", _("The last character does not check; please look for a wrong or swapped character.")
    return None


def check_uscc(text: str, *, field: str = "uscc") -> str:
    """Return the normalized credit code.

    Raises errors.Invalid, code `uscc_invalid`, with the reason's id as `flaw` and a precise sentence.
    """
    code = normalize_uscc(text)
    if flaw := uscc_flaw(code):
        raise errors.Invalid(flaw[1], code="uscc_invalid", field=field, flaw=flaw[0])
    return code


def compose_uscc(*, region: str, serial: int, authority: str = "91") -> str:
    """Return the valid code of an invented enterprise: authority and type, region, serial, both check digits.

    With a region code that does not exist (999901) it can never be a real enterprise's. 0 ≤ serial < 10⁸.
    """
    body = f"{serial:08d}"
    first17 = authority + region + body + organisation_check_digit(body)
    return first17 + uscc_check_digit(first17)


# --- names ---


def sort_key(name: str) -> str:
    """Return the stored pinyin key of a name: syllables without tones, everything else in lower case.

    PostgreSQL's C.UTF-8 cannot sort Chinese; sorting by this key gives the order of a Chinese dictionary.
    """
    if name.isascii():
        return " ".join(name.casefold().split())
    # Its tables take about 55 MB: only a process that really names something new loads them.
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(name.casefold(), errors=lambda other: "".join(other.split())))


# --- size classes (工信部联企业〔2011〕300号; 统计上大中小微型企业划分办法 2017) ---


class Figures(NamedTuple):
    """What a size class is decided by: staff (persons), revenue and assets (10,000 yuan); None where unknown."""

    staff: float | None = None
    revenue: float | None = None
    assets: float | None = None


NO_FIGURES = Figures()


class _Bounds(NamedTuple):
    """Lower bounds of (large, medium, small) for each figure that counts in a sector."""

    staff: tuple[int, int, int] | None = None
    revenue: tuple[int, int, int] | None = None
    assets: tuple[int, int, int] | None = None


_SIZES = ("large", "medium", "small")

SECTORS: Mapping[str, _Bounds] = {
    "farming": _Bounds(revenue=(20000, 500, 50)),
    "industry": _Bounds(staff=(1000, 300, 20), revenue=(40000, 2000, 300)),
    "construction": _Bounds(revenue=(80000, 6000, 300), assets=(80000, 5000, 300)),
    "wholesale": _Bounds(staff=(200, 20, 5), revenue=(40000, 5000, 1000)),
    "retail": _Bounds(staff=(300, 50, 10), revenue=(20000, 500, 100)),
    "transport": _Bounds(staff=(1000, 300, 20), revenue=(30000, 3000, 200)),
    "storage": _Bounds(staff=(200, 100, 20), revenue=(30000, 1000, 100)),
    "post": _Bounds(staff=(1000, 300, 20), revenue=(30000, 2000, 100)),
    "lodging": _Bounds(staff=(300, 100, 10), revenue=(10000, 2000, 100)),
    "catering": _Bounds(staff=(300, 100, 10), revenue=(10000, 2000, 100)),
    "telecom": _Bounds(staff=(2000, 100, 10), revenue=(100000, 1000, 100)),
    "software": _Bounds(staff=(300, 100, 10), revenue=(10000, 1000, 50)),
    "real_estate": _Bounds(revenue=(200000, 1000, 100), assets=(10000, 5000, 2000)),
    "property": _Bounds(staff=(1000, 300, 100), revenue=(5000, 1000, 500)),
    "leasing": _Bounds(staff=(300, 100, 10), assets=(120000, 8000, 100)),
    "other": _Bounds(staff=(300, 100, 10)),
}
"""Sector → lower bounds. Sectors that the rule leaves out (finance, education, …) have no size class."""

_PREFIXES: Mapping[str | None, str] = {
    "farming": "A",
    "industry": "B C D",
    "construction": "E",
    "wholesale": "F51",
    "retail": "F52",
    "transport": "G G591",
    "storage": "G59",
    "post": "G60",
    "lodging": "H61",
    "catering": "H62",
    "telecom": "I63 I64",
    "software": "I65",
    "real_estate": "K701",
    "property": "K702",
    "leasing": "L",
    "other": "K M N O Q85 R",
    None: "G53",
}
# Prefix of a GB/T 4754-2017 code → sector; the longest wins, None is left out of the rule (railways).
_SECTOR_OF = {prefix: sector for sector, prefixes in _PREFIXES.items() for prefix in prefixes.split()}


def sector_of(industry: str) -> str | None:
    """Return the sector of SECTORS for a GB/T 4754-2017 code such as `C3484`, or None if none is defined."""
    for length in range(min(len(industry), 4), 0, -1):
        if industry[:length] in _SECTOR_OF:
            return _SECTOR_OF[industry[:length]]
    return None


def size_class(*, industry: str, figures: Figures) -> str | None:
    """Return large, medium, small or micro; None if the rule has no class for the industry or a figure is missing.

    A class needs all its lower bounds; whoever misses one falls to the next class, at last to micro.
    """
    sector = sector_of(industry)
    if sector is None:
        return None
    pairs = [(value, bounds) for value, bounds in zip(figures, SECTORS[sector], strict=True) if bounds is not None]
    if any(value is None for value, _bounds in pairs):
        return None
    for place, size in enumerate(_SIZES):
        if all(value is not None and value >= bounds[place] for value, bounds in pairs):
            return size
    return "micro"


# --- region codes (GB/T 2260; towns: GB/T 10114, three more digits) ---


def is_region_code(code: str) -> bool:
    """Tell whether `code` has the form of a region code: six digits, or nine for a town."""
    return len(code) in (6, 9) and code.isascii() and code.isdigit() and code[:2] != "00"


def region_level(code: str) -> str:
    """Return province, city, county or town by the form of the code. Raises ValueError for another form."""
    if not is_region_code(code):
        raise ValueError(code)
    if len(code) == 9:
        return "town"
    return "province" if code[2:] == "0000" else "city" if code[4:] == "00" else "county"


def region_prefix(code: str) -> str:
    """Return the leading digits that everything inside the region shares: 330000 → 33, 330100 → 3301."""
    return code[: {"province": 2, "city": 4, "county": 6, "town": 9}[region_level(code)]]


def is_within(code: str, area: str) -> bool:
    """Tell whether the region `code` is `area` or lies inside it, by the digits alone."""
    return code.startswith(region_prefix(area))


def region_ancestors(code: str) -> tuple[str, ...]:
    """Return the codes above, nearest first: 330114001 → 330114, 330100, 330000."""
    above = (code[:6], code[:4] + "00", code[:2] + "0000")
    level = ("town", "county", "city", "province").index(region_level(code))
    return above[level:]


def canonical_region(text: str) -> str:
    """Return a code of a statistics file in our form: 33 → 330000, 3301 → 330100, 330114001000 → 330114001.

    Raises errors.Invalid, code `region_invalid`, for anything else.
    """
    code = "".join(unicodedata.normalize("NFKC", text).split())
    if code.isascii() and code.isdigit():
        if len(code) in (2, 4):
            code = code.ljust(6, "0")
        elif len(code) == 12 and code.endswith("000"):
            code = code[:-3].removesuffix("000") if code[6:9] == "000" else code[:-3]
    if not is_region_code(code):
        raise errors.Invalid(
            _("“%(code)s” is not a region code (six digits, or nine for a town).") % {"code": text[:20]},
            code="region_invalid",
            field="code",
        )
    return code


# --- the tree of departments ---


def circle(
    *, child: uuid.UUID, parent: uuid.UUID | None, parents: Mapping[uuid.UUID, uuid.UUID | None]
) -> Sequence[uuid.UUID]:
    """Return the circle that would close if `child` came under `parent` (child first), or an empty tuple.

    parents: department → the one above it, as it is now.
    """
    path = [child]
    while parent is not None:
        if parent == child:
            return tuple(path)
        if parent in path:
            return ()
        path.append(parent)
        parent = parents.get(parent)
    return ()

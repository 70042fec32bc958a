"""Does a text tell who it is about? Names, telephones, codes, also when written so that a search would miss them.

Compared is the compatibility form (NFKC), so that full-width digits and letters are plain ones, with any spaces and
marks between the characters. What only people understand (nicknames, descriptions) no rule finds: people read it too.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable

BETWEEN = r"[\W_]{0,4}"
_DIGITS = str.maketrans("〇零○一幺二三四五六七八九壹贰叁肆伍陆柒捌玖", "0001123456789123456789")
_FORMS = re.compile(r"(有限责任公司|股份有限公司|有限公司|集团公司|股份公司|公司|集团|合作社|经营部|商行|工厂|厂|店)+$")
_MOBILE = re.compile(rf"(?<!\d)1{BETWEEN}[3-9](?:{BETWEEN}\d){{9}}(?!\d)")
_LANDLINE = re.compile(rf"(?<!\d)0(?:{BETWEEN}\d){{9,11}}(?!\d)")
_PERSONAL = re.compile(rf"(?<!\d)[1-9](?:{BETWEEN}\d){{16}}{BETWEEN}[\dXx](?!\d)")
_CREDIT = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
_EMAIL = re.compile(r"[\w.+-]+\s*@\s*[\w-]+(?:\s*\.\s*[\w-]+)+")
_CASE = re.compile(rf"[A-Z]{{1,6}}{BETWEEN}\d{{6}}{BETWEEN}\d{{4}}{BETWEEN}\d{{4,7}}", re.I)
LIKE_NAMES = frozenset({"firm", "person"})
"""What a common word may look like; somebody may say why it stays."""
_LEAST = 3
"""Characters of a firm's name below which only the whole name counts: shorter ones are words of the language."""


def plain(text: str) -> str:
    """Return the text in its compatibility form: full-width digits and letters become plain ones."""
    return unicodedata.normalize("NFKC", text)


def core(name: str, places: Iterable[str] = ()) -> str:
    """Return what people call a firm: its name without the places it begins with and its legal form."""
    left = re.sub(r"[\W_]+", "", plain(name))
    left = _FORMS.sub("", re.sub(r"分$", "", left)) or left
    for place in sorted(places, key=len, reverse=True):
        form = place if left.startswith(place) else place.rstrip("省市区县")
        if form and left.startswith(form) and len(left) - len(form) >= _LEAST:
            left = left[len(form) :]
    return left


def _spread(word: str) -> re.Pattern[str]:
    letters = re.sub(r"[\W_]+", "", plain(word))
    return re.compile(BETWEEN.join(map(re.escape, letters)), re.I)


def tells(
    text: str, *, firms: Collection[str] = (), people: Collection[str] = (), places: Collection[str] = ()
) -> list[str]:
    """Return what the text tells, each kind once: `firm`, `person`, `phone`, `id`, `code`, `email`, `case`.

    firms: names of enterprises; people: names of persons; places: names of the regions firms are named after.
    """
    given = plain(text)
    counted = given.translate(_DIGITS)
    cores = {core(one, places) for one in firms}
    names = {one for one in (*cores, *firms) if len(re.sub(r"[\W_]+", "", one)) >= _LEAST}
    checks = {
        "firm": any(_spread(one).search(given) for one in names),
        "person": any(_spread(one).search(given) for one in people if len(one.strip()) > 1),
        "phone": bool(_MOBILE.search(counted) or _LANDLINE.search(counted)),
        "id": bool(_PERSONAL.search(counted)),
        "code": bool(_CREDIT.search(given.upper())),
        "email": bool(_EMAIL.search(given)),
        "case": bool(_CASE.search(given)),
    }
    return [kind for kind, found in checks.items() if found]


def masked(
    text: str, *, firms: Collection[str] = (), people: Collection[str] = (), places: Collection[str] = ()
) -> str:
    """Return the text with what it tells put out of sight: a proposal for whoever writes, never the last word."""
    given = plain(text)
    for one in sorted({*firms, *(core(one, places) for one in firms)}, key=len, reverse=True):
        if len(re.sub(r"[\W_]+", "", one)) >= _LEAST:
            given = _spread(one).sub("某企业", given)
    for one in people:
        if len(one.strip()) > 1:
            given = _spread(one).sub("某人", given)
    for pattern in (_PERSONAL, _MOBILE, _LANDLINE, _CREDIT, _EMAIL, _CASE):
        given = pattern.sub("***", given)
    return given

"""一案一报: the text of a report as the product drafts it, and an approved text as word-processing file or PDF."""

import datetime as dt
import hashlib
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from bihuan.casework.cases import wording as cases
from bihuan.foundation.accounts.roles import NAMES, Role
from bihuan.foundation.documents import papers
from bihuan.foundation.kernel import errors

from . import wording
from .models import Link, Retrospective, Version
from .rules.dissecting import PRESUMPTIONS
from .selectors import Dissection

MEDIA_TYPES = papers.MEDIA_TYPES
_LINKS = 6


def sha256(text: str) -> str:
    """Return the hash of a text as it stands in the ledger."""
    return hashlib.sha256(text.encode()).hexdigest()


def hours(minutes: int) -> str:
    """Return working minutes in words: hours with one decimal."""
    return _("%(n)s working hours") % {"n": formats.number_format(round(minutes / 60, 1))}


def owner(link: Link) -> str:
    """Return whose turn it was: the department as it is called now, else the office."""
    return link.department.short_name if link.department else str(NAMES[Role(link.role)])


def step(name: str) -> str:
    """Return the name of a step: the state of the case."""
    return str(cases.STATES.get(name, name))


def draft(found: Dissection, *, grounds: list[str], now: dt.datetime) -> str:
    """Return the report in the active language, written from what was found; a line that ends with ：or : heads.

    Of persons it names third parties only, and it tells no rating.
    """
    one = found.seen.retrospective
    unit = one.unit.name if one.unit else _("no department")
    facts = {"number": one.number, "unit": unit, "grounds": _(", ").join(grounds), "hours": hours(one.minutes)}
    lines = [
        _("Report on the retrospective of “%(title)s”") % {"title": one.title},
        f"{one.number} · {formats.date_format(timezone.localtime(now), 'DATE_FORMAT')}",
        _("Case %(number)s, handled by %(unit)s. Looked back at because of: %(grounds)s.") % facts,
    ]
    parts = [
        (_("Causes"), [*(f"{wording.BRANCHES[cause.branch]}：{cause.text}" for cause in found.causes), one.finding]),
        (
            _("Weak links, from the ledger"),
            [_("The matter took %(hours)s; longest waits first.") % facts, *map(_link, found.links[:_LINKS])],
        ),
        (_("Three presumptions"), [_presumed(name, one.presumptions) for name in PRESUMPTIONS]),
        (_("Solution and its rehearsal"), [one.solution, *_rehearsed(one)]),
        (
            _("Third parties and departments"),
            [*(f"{guest.name}：{guest.advice}" for guest in found.guests if guest.advice), one.unit_says],
        ),
        (_("What was learnt"), [f"{wording.OUTPUTS[made.kind]}“{made.title}”：{made.text}" for made in found.outputs]),
    ]
    written = [(heading, [line for line in said if line]) for heading, said in parts]
    standing = [(heading, said) for heading, said in written if said]
    for numbered, (heading, said) in zip(_places(), standing, strict=False):
        lines += ["", numbered % {"heading": heading} + _(":"), *said]
    return "\n".join(lines)


def _places() -> list[str]:
    """Return how headings are numbered: 一、二、 … in Chinese papers."""
    return [
        _("1. %(heading)s"),
        _("2. %(heading)s"),
        _("3. %(heading)s"),
        _("4. %(heading)s"),
        _("5. %(heading)s"),
        _("6. %(heading)s"),
    ]


def _rehearsed(one: Retrospective) -> list[str]:
    effects = [_("Side effect looked for: %(text)s") % effect for effect in one.side_effects]
    touched = [_("Touched: %(who)s") % {"who": _(", ").join(one.touched)}] if one.touched else []
    return [*effects, *touched]


def _link(link: Link) -> str:
    facts = {
        "step": step(link.step),
        "owner": owner(link),
        "hours": hours(link.minutes),
        "share": int(link.share * 100),
    }
    return _("%(owner)s, %(step)s: %(hours)s, %(share)d %% of the whole") % facts


def _presumed(name: str, answers: dict[str, Any]) -> str:
    answer = answers.get(name, {})
    told = _("kept") if answer.get("kept") else _("departed from, because: %(why)s") % {"why": answer.get("why", "")}
    return f"{wording.PRESUMPTIONS[name]}：{told}"


def name(version: Version) -> str:
    """Return the name of the file of a version, without its ending."""
    return f"{version.retrospective.number}-report-{version.number}"


def file(version: Version, form: str, *, sealed: str) -> bytes:
    """Return a version of the report as `docx` or `pdf`, drawn anew from its stored text.

    sealed: the hash of that version in the ledger. Raises Conflict `report_altered` when the text is another one.
    """
    if sha256(version.text) != sealed:
        raise errors.Conflict(_("The stored text is not the one that was written down."), code="report_altered")
    first, second, *rest = [*version.text.splitlines(), "", ""]
    kept = [line for line in rest if line]
    blocks = (papers.Block(kind="heading" if line.endswith(("：", ":")) else "text", text=line) for line in kept)
    return papers.draw(papers.Paper(title=first, under=second, blocks=tuple(blocks)), form)

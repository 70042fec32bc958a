"""An instrument as a letter (信函格式), always in Chinese, whatever language the person who issues it reads."""

from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.documents import letters
from bihuan.foundation.documents import selectors as documents
from bihuan.foundation.documents.models import Letter
from bihuan.foundation.documents.services import Draft
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import wording as durations

from . import wording
from .models import Instrument
from .rulebook import Instruments
from .states import KINDS, Kind

MEDIA_TYPES = letters.MEDIA_TYPES


def draft(instrument: Instrument, *, word: str) -> Draft:
    """Return the letter that an instrument becomes when it is issued; word: what is added for the department."""
    rule = rulebooks.version(instrument.rulebook_version).section(Instruments)
    kind = KINDS[instrument.kind]
    with translation.override("zh-hans"):
        facts = {"title": instrument.title, "kind": wording.KINDS[kind.name]}
        return Draft(
            kind=kind.name,
            region=instrument.region,
            issuer=instrument.issuer,
            head=_head(instrument, rule),
            mark=f"{rule.mark}{wording.OFFICE_MARKS[instrument.issuer]}{wording.KIND_MARKS[kind.name]}",
            title=_("%(kind)s on %(title)s") % facts,
            text="\n".join([*_parts(instrument, kind), *word.splitlines(), *_closing(kind, rule)]),
            offices=tuple(instrument.offices),
            addressee=instrument.addressee,
            about=instrument.id,
        )


def _head(instrument: Instrument, rule: Instruments) -> str:
    place = directory.region(instrument.region)
    given = str(getattr(rule.heads, instrument.issuer))
    own = wording.HEADS.get(instrument.kind, wording.HEADS[instrument.issuer])
    return given or str(own) % {"place": place.name if place else ""}


def _parts(instrument: Instrument, kind: Kind) -> list[str]:
    if len(kind.parts) == 1:
        return str(instrument.parts.get(kind.parts[0], "")).splitlines()
    lines = []
    for place, part in zip(wording.PLACES, kind.parts, strict=False):
        lines += [f"{place}{wording.PARTS[part]}", *str(instrument.parts.get(part, "")).splitlines()]
    return lines


def _closing(kind: Kind, rule: Instruments) -> list[str]:
    lines = []
    if kind.name in wording.BASES:
        lines.append(_("This rests on: %(basis)s.") % {"basis": wording.BASES[kind.name]})
    if kind.answered:
        time = durations.duration(getattr(rule.reply_within, kind.name))
        lines.append(_("Please reply in writing within %(time)s of signing for this letter.") % {"time": time})
    if kind.objection:
        time = durations.duration(rule.object_within)
        lines.append(_("Whoever objects may ask for a review in writing within %(time)s of receipt.") % {"time": time})
    return lines


def file(letter: Letter, form: str) -> bytes:
    """Return the letter of an instrument as `docx` or `pdf`."""
    return documents.file(letter, form)

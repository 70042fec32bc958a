"""Reads of letters: whoever may see one is decided by its offices, its department, and the database's wall."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils import timezone

from bihuan.foundation.kernel import database
from bihuan.foundation.kernel.database import Scope

from .letters import MEDIA_TYPES, Sheet, draw
from .models import Letter
from .states import LETTERS, LetterState

__all__ = ["MEDIA_TYPES", "actions", "by_kind", "file", "letters_about", "newest_about", "sheet"]


def newest_about(*, thing: uuid.UUID, scope: Scope) -> Letter | None:
    """Return the newest letter of a thing that these eyes may see, or None."""
    with database.reading(scope):
        return Letter.objects.filter(about=thing).order_by("-id").first()


def letters_about(*, things: Iterable[uuid.UUID], scope: Scope) -> dict[uuid.UUID, Letter]:
    """Return the newest letter of each thing, as far as these eyes may see one; one query however many things."""
    with database.reading(scope):
        rows = Letter.objects.filter(about__in=list(things)).order_by("id").defer("text", "reply")
        return {row.about: row for row in rows if row.about is not None}


def by_kind(*, thing: uuid.UUID, scope: Scope) -> dict[str, Letter]:
    """Return the newest letter of each kind of a thing, as far as these eyes may see one; one query."""
    with database.reading(scope):
        return {row.kind: row for row in Letter.objects.filter(about=thing).order_by("id")}


def actions(letter: Letter) -> list[str]:
    """Return what may happen to a letter as it stands."""
    return [row.action for row in LETTERS.allowed(LetterState(letter.state))]


def sheet(letter: Letter) -> Sheet:
    """Return the printed page of a letter, from what was kept at its issue."""
    return Sheet(
        issuer=letter.head,
        number=letter.number,
        title=letter.title,
        addressee=letter.addressee_name,
        paragraphs=tuple(line for line in letter.text.splitlines() if line.strip()),
        date=day_of(letter.issued_at),
        copies=letter.copies,
        note=letter.note,
    )


def file(letter: Letter, form: str) -> bytes:
    """Return a letter as `docx` or `pdf`: the same bytes each time. Raises KeyError for another form."""
    return draw(sheet(letter), form)


def day_of(instant: dt.datetime) -> dt.date:
    """Return the date printed under a letter (成文日期): the day of its issue, by local time."""
    return timezone.localtime(instant).date()

"""The only writers of letters. Who may do it is checked by the mechanism that calls, which holds its own thing locked.

Order of locks: the caller's thing, the letter, the series. The number is taken last, in the same transaction, so what
fails leaves no gap; a number once taken is never taken again.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger import services as ledger

from . import letters
from .models import Letter
from .selectors import day_of
from .states import LETTERS, OPEN, LetterState

_NEXT = (
    "insert into documents_series (id, region, mark, year, issuer, last) values (%s, %s, %s, %s, %s, 1)"
    " on conflict (region, mark, year) do update set last = documents_series.last + 1"
    " where documents_series.issuer = excluded.issuer returning last"
)
_FACTS = {
    "receive_letter": "documents.letter_received",
    "reply_letter": "documents.letter_replied",
    "return_reply": "documents.reply_returned",
    "write_off_letter": "documents.letter_written_off",
    "withdraw_letter": "documents.letter_withdrawn",
    "reopen_letter": "documents.letter_reopened",
}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a letter is to say. offices: "role:region" of its readers; the other fields as in `models.Letter`.

    addressee: the department it goes to; a name alone (a Party organisation, an enterprise) in `addressee_name`.
    also: further departments it goes to, which sign for it each (`sign`). copies_to: departments that get a copy, and
    `copies`: others that do, by name. Who is addressed gets no copy.
    """

    kind: str
    region: str
    issuer: str
    head: str
    mark: str
    title: str
    text: str
    offices: tuple[str, ...]
    addressee: Department | None = None
    addressee_name: str = ""
    about: uuid.UUID | None = None
    also: tuple[Department, ...] = ()
    copies_to: tuple[Department, ...] = ()
    copies: str = ""
    note: str = ""
    reply_due_at: dt.datetime | None = None


def issue(*, draft: Draft, actor_id: uuid.UUID | None, now: dt.datetime) -> Letter:
    """Give the letter the next number of its series and year, record its issue, and return it.

    Raises errors.Conflict `series_taken` when another office of the place writes under the same 机关代字 this year.
    """
    with database.writing():
        year = day_of(now).year
        serial = _number(draft, year)
        to = {one.pk: one for one in (draft.addressee, *draft.also) if one is not None}
        copied = {one.pk: one for one in draft.copies_to if one.pk not in to}
        letter = Letter(
            kind=draft.kind,
            region=draft.region,
            about=draft.about,
            issuer=draft.issuer,
            offices=sorted(set(draft.offices)),
            mark=draft.mark,
            year=year,
            serial=serial,
            number=letters.number(draft.mark, year, serial),
            head=draft.head,
            addressee=draft.addressee,
            addressee_name=draft.addressee_name or letters.together(one.name for one in to.values()),
            also_ids=[key for key in to if draft.addressee is None or key != draft.addressee.pk],
            copy_ids=list(copied),
            title=draft.title,
            text=draft.text,
            copies=letters.copied(filter(None, [*(one.name for one in copied.values()), draft.copies])),
            note=draft.note,
            reply_due_at=draft.reply_due_at,
            issued_at=now,
        )
        said = {"addressee": letter.addressee_name, "title": letter.title, "copies": letter.copies}
        _record(letter, "documents.letter_issued", actor_id=actor_id, now=now, said=said, made=True)
    return letter


def _number(draft: Draft, year: int) -> int:
    found = database.fetch(_NEXT, [uuid7(), draft.region, draft.mark, year, draft.issuer])
    if not found:
        raise errors.Conflict(
            _("Another office of this place numbers its letters with “%(mark)s” this year.") % {"mark": draft.mark},
            code="series_taken",
        )
    return int(found[0][0])


def receive(
    *, letter_id: uuid.UUID, actor_id: uuid.UUID | None, now: dt.datetime, reply_due_at: dt.datetime | None = None
) -> Letter:
    """The addressee signs for the letter. reply_due_at: where the time for the reply runs from now on.

    Raises NotFound, Conflict `state_forbids` (so do all below).
    """
    changes: dict[str, Any] = {"received_at": now}
    if reply_due_at is not None:
        changes["reply_due_at"] = reply_due_at
    return _move(letter_id, "receive_letter", actor_id, now, changes)


def sign(*, letter_id: uuid.UUID, department: Department, actor_id: uuid.UUID | None, now: dt.datetime) -> Letter:
    """One of several departments signs for a letter; with the last of them it is received.

    Raises NotFound, Conflict `state_forbids`, `signed_already` (also for a department that it does not go to).
    """
    with database.writing():
        letter = Letter.objects.select_for_update(of=("self",)).filter(pk=letter_id).first()
        if letter is None:
            raise errors.NotFound(_("There is no such letter here, or you may not see it."), code="letter_not_found")
        if department.pk not in letter.unsigned:
            raise errors.Conflict(_("Nothing is left for this department to sign."), code="signed_already")
        signed = [*letter.signed_ids, department.pk]
        if letter.state != LetterState.ISSUED or letter.unsigned == {department.pk}:
            changes = {"received_at": now, "signed_ids": signed}
            return _move(letter_id, "receive_letter", actor_id, now, changes)
        letter.signed_ids = signed
        said = {"department": department.name}
        _record(letter, "documents.letter_signed", actor_id=actor_id, now=now, said=said, changed=["signed_ids"])
    return letter


def reply(
    *,
    letter_id: uuid.UUID,
    text: str,
    actor_id: uuid.UUID | None,
    now: dt.datetime,
    reply_due_at: dt.datetime | None = None,
) -> Letter:
    """The addressee replies; a late reply counts as late and is taken all the same (`Letter.late`).

    reply_due_at: the time that counts, where it has moved since the receipt.
    """
    changes: dict[str, Any] = {"reply": text, "replied_at": now}
    if reply_due_at is not None:
        changes["reply_due_at"] = reply_due_at
    return _move(letter_id, "reply_letter", actor_id, now, changes, text=text)


def return_reply(
    *,
    letter_id: uuid.UUID,
    text: str,
    actor_id: uuid.UUID | None,
    now: dt.datetime,
    reply_due_at: dt.datetime | None = None,
) -> Letter:
    """The issuer sends the reply back as insufficient; counted, with a new time where one is given."""
    changes: dict[str, Any] = {"replied_at": None}
    if reply_due_at is not None:
        changes["reply_due_at"] = reply_due_at
    return _move(letter_id, "return_reply", actor_id, now, changes, text=text, count="returned")


def write_off(*, letter_id: uuid.UUID, text: str, actor_id: uuid.UUID | None, now: dt.datetime) -> Letter:
    """The issuer writes the letter off (销号), saying what it came to."""
    return _move(letter_id, "write_off_letter", actor_id, now, {"outcome": text, "ended_at": now}, text=text)


def withdraw(*, letter_id: uuid.UUID, text: str, actor_id: uuid.UUID | None, now: dt.datetime) -> Letter:
    """The issuer withdraws the letter; its number stays used."""
    return _move(letter_id, "withdraw_letter", actor_id, now, {"outcome": text, "ended_at": now}, text=text)


def reopen(
    *,
    letter_id: uuid.UUID,
    text: str,
    actor_id: uuid.UUID | None,
    now: dt.datetime,
    reply_due_at: dt.datetime | None = None,
) -> Letter:
    """The issuer opens a letter that was written off again, because what it was about came back (回头看)."""
    changes = {"ended_at": None, "replied_at": None, "reply_due_at": reply_due_at}
    return _move(letter_id, "reopen_letter", actor_id, now, changes, text=text)


def open_about(*, thing: uuid.UUID, kind: str = "") -> Letter | None:
    """Return the letter of a thing (of one kind) that is not written off or withdrawn yet.

    Call inside `database.writing()`.
    """
    rows = Letter.objects.filter(about=thing, state__in=sorted(OPEN))
    return (rows.filter(kind=kind) if kind else rows).order_by("-id").first()


def all_open_about(*, thing: uuid.UUID, kind: str) -> list[Letter]:
    """Return all letters of a kind and a thing that are not written off or withdrawn yet, in order of their number."""
    return list(Letter.objects.filter(about=thing, kind=kind, state__in=sorted(OPEN)).order_by("id"))


def _move(
    letter_id: uuid.UUID,
    action: str,
    actor_id: uuid.UUID | None,
    now: dt.datetime,
    changes: dict[str, Any],
    *,
    text: str = "",
    count: str = "",
) -> Letter:
    with database.writing():
        letter = Letter.objects.select_for_update(of=("self",)).filter(pk=letter_id).first()
        if letter is None:
            raise errors.NotFound(_("There is no such letter here, or you may not see it."), code="letter_not_found")
        transition = LETTERS.find(action)
        assert transition is not None
        if letter.state not in transition.sources:
            allowed = [row.action for row in LETTERS.allowed(LetterState(letter.state))]
            raise errors.Conflict(
                _("This is not possible in the present state."),
                code="state_forbids",
                state=letter.state,
                allowed_actions=allowed,
            )
        came_from = letter.state
        (target,) = transition.targets
        changed = [*changes, "state"]
        for name, value in {**changes, "state": target.value}.items():
            setattr(letter, name, value)
        if count:
            setattr(letter, count, getattr(letter, count) + 1)
            changed.append(count)
        said = {"text": text}
        _record(letter, _FACTS[action], actor_id=actor_id, now=now, said=said, came_from=came_from, changed=changed)
    return letter


def _record(
    letter: Letter,
    fact: str,
    *,
    actor_id: uuid.UUID | None,
    now: dt.datetime,
    said: dict[str, Any],
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
) -> None:
    ledger.record_and_save(
        letter,
        kind=fact,
        actor_id=actor_id,
        now=now,
        said={"number": letter.number, **said},
        came_from=came_from,
        changed=changed,
        made=made,
    )

"""What comes into the vault: a report of the public, or a clue that staff hand over. Nothing goes the other way."""

import datetime as dt
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases.events.between import ClueFound, ClueReceived
from bihuan.casework.cases.models import Contact
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors, events, throttle
from bihuan.foundation.kernel.text import clean_line, clean_text
from bihuan.foundation.ledger import rules as ledger

from .. import notices, permissions, rules, selectors
from ..models import Clue, Informant
from . import recording

MOST = 20_000
_SALT = secrets.token_bytes(32)
"""Of this process and never written down: what is counted for an address leads back to nobody."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who gave a clue; every part may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    enterprise: str = ""

    def plain(self) -> dict[str, str]:
        """Return the parts, cleaned; empty for nobody."""
        found = {name: clean_line(value)[:254] for name, value in vars(self).items()}
        return found if any(found.values()) else {}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody reports. unit: code of a department of the region, `discipline`, or nothing; once: of the form."""

    region: str
    kind: str
    text: str
    unit: str = ""
    person: str = ""
    identity: Identity = field(default_factory=Identity)
    once: str = ""


@dataclass(frozen=True, kw_only=True)
class Received:
    """What the giver gets at once, and never again: number, seal of the entry, and for the public the secret code."""

    number: str
    seal: str
    received_at: dt.datetime
    code: str = ""


def limit() -> throttle.Limit:
    """How many reports one address may send in an hour."""
    return throttle.Limit(name="vault:report", times=settings.PUBLIC_INTAKE_PER_HOUR, per=dt.timedelta(hours=1))


def unlinkable(address: str) -> str:
    """Return what stands for an address while it is counted: nobody can go back from it, not even with our keys."""
    return hmac.new(_SALT, address.encode(), "sha256").hexdigest()


def report(*, matter: Report, now: dt.datetime) -> Received:
    """Take a report of the public in, whoever is logged in: nothing is kept of who sent it but what they wrote.

    Raises Invalid naming the field, Conflict `already_received` for a form that was sent twice, Unavailable where the
    vault has no key. Leaves the entry `received`; tells the officers whom it does not concern that something waits.
    """
    hour = rules.coarse(now)
    about = _about(matter, now)
    code = rules.new_code()
    clue = Clue(
        region=_level(matter, about),
        origin="public",
        code_digest=rules.digest(rules.normal(code), purpose="code", pepper=settings.SECRET_KEY),
        once_digest=rules.digest(matter.once, purpose="once", pepper=settings.SECRET_KEY) if matter.once else None,
    )
    seal = _put_in(clue, about=about, text=_text(matter.text), reference="", identity=matter.identity, now=hour)
    return Received(number=clue.number, seal=seal, received_at=hour, code=code)


def transfer(
    *,
    region: str,
    kind: str,
    text: str,
    actor: Actor,
    now: dt.datetime,
    unit: str = "",
    person: str = "",
    reference: str = "",
    identity: Identity | None = None,
) -> Received:
    """Hand a clue over to the investigating section (O3: individual and checkable). One way: the giver keeps a receipt.

    unit: code of a department of the region; reference: where it was found, for example a case number. Raises
    Forbidden, Invalid, Unavailable. Leaves the entry `transferred` in the vault, and nothing at all outside of it.
    """
    permissions.check_gives(actor, region)
    matter = Report(region=region, kind=kind, text=text, unit=unit, person=person)
    about = _about(matter, now)
    clue = Clue(region=_level(matter, about), origin="transferred")
    seal = _put_in(
        clue,
        about=about,
        text=_text(text),
        reference=clean_line(reference)[:200],
        identity=identity or Identity(),
        now=now,
        actor=actor,
    )
    return Received(number=clue.number, seal=seal, received_at=now)


def transfer_case(
    *, number: str, kind: str, text: str, actor: Actor, now: dt.datetime, unit: str = "", person: str = ""
) -> Received:
    """Hand over what a case shows about staff, with the raiser's contact; the case itself goes on and knows nothing.

    Raises NotFound, Forbidden (never by a department that handles it), Invalid, Unavailable.
    """
    with database.reading(actor.scope()):
        case = cases.find(number=number, actor=actor)
    if not permissions.may_give_case(actor, case):
        raise errors.Forbidden(_("Your role may not hand clues over."))
    with database.writing():
        contact = Contact.objects.filter(case_id=case.id).first()
        firm = case.enterprise.name if case.enterprise else ""
        said = Identity(enterprise=firm)
        if contact is not None:
            said = Identity(name=contact.name, phone=contact.phone, email=contact.email, enterprise=firm)
        return transfer(
            region=case.region,
            kind=kind,
            text=text,
            actor=actor,
            now=now,
            unit=unit,
            person=person,
            reference=number,
            identity=said,
        )


def take_in(*, event: ClueFound) -> None:
    """Take in what was found elsewhere, with the rights of whoever found it, and publish ClueReceived, the receipt.

    Raises as `transfer`: then it stays where it was found. What it is about is for the section to say.
    """
    if event.actor_id is None:
        raise errors.Forbidden(_("Your role may not hand clues over."))
    received = transfer(
        region=event.region,
        kind=selectors.rule(event.region, event.at).kinds[-1].id,
        text=event.text,
        actor=Actor(reader=accounts.reader_of(event.actor_id)),
        now=event.at,
        unit=event.unit,
        person=event.person,
        reference=str(event.source_id),
    )
    events.publish(
        ClueReceived(source_id=event.source_id, number=received.number, seal=received.seal, at=received.received_at)
    )


def _put_in(
    clue: Clue,
    *,
    about: dict[str, Any],
    text: str,
    reference: str,
    identity: Identity,
    now: dt.datetime,
    actor: Actor | None = None,
) -> str:
    """Write a new clue with its first entry; return the seal of that entry."""
    days = selectors.rule(clue.region, now).decide_days
    clue.number, clue.received_at, clue.due_at = rules.new_number(), now, now + dt.timedelta(days=days)
    salt = secrets.token_hex(16)
    clue.put(content={"text": text, "reference": reference, "salt": salt}, about=about)
    with database.writing():
        with recording.inside():
            if clue.once_digest and Clue.objects.filter(once_digest=clue.once_digest).exists():
                raise errors.Conflict(
                    _("We have this report already. Its code was shown once, when it came in."),
                    code="already_received",
                )
            digest = ledger.salted_digest(text, salt=bytes.fromhex(salt))
            kind = "transferred" if clue.origin == "transferred" else "received"
            clue.save(force_insert=True)
            if said := identity.plain():
                informant = Informant(clue=clue, region=clue.region)
                informant.put(identity=said)
                informant.save(force_insert=True)
            by = actor.person_id if actor else None
            entry = recording.enter(region=clue.region, kind=kind, at=now, actor_id=by, clue=clue, content=digest)
            clue.receipt = entry.hash
            clue.save(update_fields=["receipt"])
        people = notices.officers(region=clue.region, about=about, text=text, now=now)
        notices.send("received", people=people, region=clue.region, now=now)
    return entry.hash


def _about(matter: Report, now: dt.datetime) -> dict[str, Any]:
    """Return what a clue is about, checked against rulebook and directory."""
    today = answers.local_date(now)
    directory.region_in_force(matter.region, today)
    book = selectors.rule(matter.region, now)
    if matter.kind not in {one.id for one in book.kinds}:
        raise errors.Invalid(_("Please say what it is about."), code="kind_unknown", field="kind")
    unit, name = "", ""
    if matter.unit == rules.DISCIPLINE_ITSELF:
        unit = rules.DISCIPLINE_ITSELF
    elif matter.unit:
        found = directory.department_in_force(matter.region, matter.unit, today, field="unit")
        unit, name = str(found.id), found.name
    person = clean_line(matter.person)[:200]
    return {"kind": matter.kind, "unit": unit, "unit_name": name, "person": person, "place": matter.region}


def _level(matter: Report, about: dict[str, Any]) -> str:
    """Return whose clue it is: of the region, or of the level above where it is about discipline inspection itself."""
    if about["unit"] != rules.DISCIPLINE_ITSELF:
        return matter.region
    path = directory.region_path(matter.region)
    return path[-2].code if len(path) > 1 else matter.region


def _text(given: str) -> str:
    text = clean_text(given)
    if not text or len(text) > MOST:
        raise errors.Invalid(
            _("Please describe what happened, in at most %(most)d characters.") % {"most": MOST},
            code="required",
            field="text",
        )
    return text

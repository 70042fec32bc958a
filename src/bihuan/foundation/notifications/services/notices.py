"""Telling people: one row in the inbox of each, once, and from there out through the channels."""

import datetime as dt
import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog
from django.db import connection
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.notifications import channels, registry, rules
from bihuan.foundation.notifications.models import Delivery, Notice, Preference
from bihuan.foundation.notifications.services import jobs
from bihuan.foundation.rulebooks.rules import NATIONAL

log = structlog.get_logger(__name__)

MAX_DATA = 8_000
"""Largest data of a notice as JSON, in characters: a notice points to a matter, it does not carry it."""


def notify(
    *,
    key: str,
    recipients: Iterable[uuid.UUID],
    subject: str,
    data: Mapping[str, Any],
    now: dt.datetime,
    dedupe: str,
    region: str = NATIONAL,
    digest: bool = False,
) -> int:
    """Tell each of `recipients` (person ids) once, and return how many are told now.

    key      a registered notice (registry.Kind); subject: what it is about, for example the case number
    data     plain values for the wording; personal data is masked before it is stored
    dedupe   what makes it the same message: nobody gets a second one with the same text here, whoever asks again
    digest   fold all of one key and hour into one notice, which leaves the house when the hour is over: for catching up

    Everything lies in the caller's transaction: if that rolls back, nobody is told. Persons without an office now are
    left out. Raises registry.UnknownKindError, registry.WrongSideError (a recipient is on another side than the notice
    is written for: nobody is told), KeyError (data misses a word of the wording), ValueError (data too large).
    """
    kind = registry.kind(key)
    row = _row(kind, region=region, subject=subject, data=data, now=now)
    wanted = set(recipients)
    if not wanted:
        return 0
    with database.writing():
        people = _addressees(kind, wanted)
        told = _insert(people, dedupe=_once(dedupe), row=row)
        if digest:
            _fold(told, row=row, kind=kind)
        else:
            _send_out(told, kind=kind, region=region, now=now)
    return len(told)


def write_outside(
    *,
    key: str,
    subject: str,
    data: Mapping[str, Any],
    ways: Sequence[str],
    now: dt.datetime,
    dedupe: str,
    region: str = NATIONAL,
) -> str:
    """Write once to somebody who has no account, and return the channel used; "" where nobody can be written to.

    ways: channel ids in order of preference; the first is taken that the notice uses, that is set up here and that has
    an address. Where that is, `Kind.reach` says, now and at each attempt. Nothing is written where messages can carry
    no link (no public address is set up), for there is no inbox to look into. Raises as `notify` does, and ValueError
    for a kind that reaches nobody outside or is not written for enterprises.
    """
    kind = registry.kind(key)
    if kind.reach is None or rules.Audience.ENTERPRISE not in kind.audience:
        raise ValueError(f"{key} is not written to people without an account")
    row = _row(kind, region=region, subject=subject, data=data, now=now)
    recipient = kind.reach(row["subject"], now) if channels.configuration().public_url else None
    active = channels.active()
    usable = (way for way in ways if recipient and way in kind.channels and way in active)
    way = next((way for way in usable if recipient and active[way].address_of(recipient, "")), "")
    if not way:
        return ""
    with database.writing():
        values = [uuid7(), row["region"], row["key"], row["subject"], row["data"], _once(dedupe), row["now"]]
        for (notice_id,) in database.fetch(_INSERT_OUTSIDE, values):
            queued = Delivery.objects.create(notice_id=notice_id, region=region, channel=way, next_at=now)
            jobs.later(task="deliver", ids=[queued.id], delay=dt.timedelta())
    return way


_INSERT_OUTSIDE = """
insert into notifications_notice (id, region, key, subject, data, dedupe, count, created_at)
values (%s, %s, %s, %s, %s::jsonb, %s, 1, %s::timestamptz)
on conflict (dedupe) where person_id is null do nothing
returning id
"""


def _row(
    kind: registry.Kind, *, region: str, subject: str, data: Mapping[str, Any], now: dt.datetime
) -> dict[str, Any]:
    """Return a notice as it is stored, with everything personal masked, once it is known that it can be worded."""
    facts = rules.masked(data, names=kind.names)
    stored = json.dumps(facts, ensure_ascii=False)
    if len(stored) > MAX_DATA:
        raise ValueError(f"the data of {kind.key} is too large for a notice")
    about = rules.mask(clean_line(subject))[:200]
    registry.render(key=kind.key, subject=about, data=facts, language="en")
    return {"region": region, "key": kind.key, "subject": about, "data": stored, "now": now}


def _once(dedupe: str) -> str:
    return dedupe if len(dedupe) <= 200 else hashlib.sha256(dedupe.encode()).hexdigest()


def _addressees(kind: registry.Kind, wanted: set[uuid.UUID]) -> list[uuid.UUID]:
    """Return those who hold any office now, in order; the others are noted in the log. Raises WrongSideError."""
    readers = [accounts.reader_of(person_id) for person_id in sorted(wanted)]
    present = [reader for reader in readers if reader.grants]
    for reader in present:
        if not rules.sides(reader.roles) & kind.audience:
            raise registry.WrongSideError(f"{kind.key} is not written for {reader.person_id}")
    if len(present) < len(readers):
        absent = [str(reader.person_id) for reader in readers if not reader.grants]
        log.warning("notice_without_office", key=kind.key, persons=absent)
    return [reader.person_id for reader in present]


def _insert(people: list[uuid.UUID], *, dedupe: str, row: Mapping[str, Any]) -> dict[uuid.UUID, uuid.UUID]:
    """Add the notice for those who do not have it; return person → notice. In order of ids, so that no two wait in a
    circle.
    """
    values = [row["region"], row["key"], row["subject"], row["data"], dedupe, row["now"]]
    return dict(database.fetch(_INSERT, [*values, [uuid7() for _one in people], people])) if people else {}


_INSERT = """
insert into notifications_notice (id, person_id, region, key, subject, data, dedupe, count, created_at)
select given.id, given.person, %s, %s, %s, %s::jsonb, %s, 1, %s::timestamptz
from unnest(%s::uuid[], %s::uuid[]) as given (id, person)
on conflict (person_id, dedupe) do nothing
returning person_id, id
"""


def _fold(
    told: Mapping[uuid.UUID, uuid.UUID],
    *,
    row: Mapping[str, Any],
    kind: registry.Kind,
) -> None:
    """Put new notices behind one of their key and hour; only that one is listed, and goes out when the hour ends."""
    if not told:
        return
    begin, end = rules.digest_window(row["now"])
    head = f"digest:{kind.key}:{begin:%Y%m%dT%H}"
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into notifications_notice (id, person_id, region, key, subject, data, dedupe, count, created_at)
            select given.id, given.person, %(region)s, %(key)s, %(subject)s, %(data)s::jsonb, %(head)s, 1, %(now)s
            from unnest(%(ids)s::uuid[], %(people)s::uuid[]) as given (id, person)
            on conflict (person_id, dedupe)
                do update set count = notifications_notice.count + 1, read_at = null
            returning person_id, id, count
            """,
            {**row, "head": head, "ids": [uuid7() for _one in told], "people": sorted(told)},
        )
        heads = cursor.fetchall()
        cursor.execute(
            """
            update notifications_notice set digest_id = given.head
            from unnest(%s::uuid[], %s::uuid[]) as given (id, head) where notifications_notice.id = given.id
            """,
            [[told[person_id] for person_id, _head, _count in heads], [one[1] for one in heads]],
        )
    fresh = {person_id: notice_id for person_id, notice_id, count in heads if count == 1}
    _send_out(fresh, kind=kind, region=row["region"], now=row["now"], due=end)


def _send_out(
    told: Mapping[uuid.UUID, uuid.UUID],
    *,
    kind: registry.Kind,
    region: str,
    now: dt.datetime,
    due: dt.datetime | None = None,
) -> None:
    """Queue the notices for every channel that the notice uses, the place has set up and the person wants."""
    ways = {name: channel for name, channel in channels.active().items() if name in kind.channels}
    if not ways or not told:
        return
    wishes: dict[uuid.UUID, dict[str, Preference]] = defaultdict(dict)
    for wish in Preference.objects.filter(person_id__in=told, channel__in=ways):
        wishes[wish.person_id][wish.channel] = wish
    queued = []
    for person in Person.objects.filter(pk__in=told).only("username", "email", "phone"):
        recipient = registry.Recipient(username=person.username, email=person.email, phone=person.phone)
        for name, channel in ways.items():
            own = wishes[person.pk].get(name)
            reachable = channel.address_of(recipient, own.address if own else "")
            if reachable and (own is None or own.enabled):
                queued.append(Delivery(notice_id=told[person.pk], region=region, channel=name, next_at=due or now))
    Delivery.objects.bulk_create(queued)
    jobs.later(task="deliver", ids=[one.id for one in queued], delay=due - now if due else dt.timedelta())


def mark_read(*, notice_id: uuid.UUID, person_id: uuid.UUID, now: dt.datetime) -> None:
    """Mark one of the person's own notices as read; again changes nothing. Raises errors.NotFound for any other."""
    with database.writing():
        own = Notice.objects.filter(pk=notice_id, person_id=person_id)
        if not own.filter(read_at=None).update(read_at=now) and not own.exists():
            raise errors.NotFound(_("There is no such message in your inbox."), code="notice_unknown")


def mark_all_read(*, person_id: uuid.UUID, now: dt.datetime, up_to: uuid.UUID | None = None) -> int:
    """Mark all of the person's notices as read, up to and including `up_to` (the newest one seen); return how many."""
    with database.writing():
        unread = Notice.objects.filter(person_id=person_id, digest=None, read_at=None)
        if up_to is not None:
            unread = unread.filter(pk__lte=up_to)
        return unread.update(read_at=now)


def prefer(*, person_id: uuid.UUID, channel: str, enabled: bool) -> None:
    """Turn one outside channel on or off for oneself; the inbox cannot be turned off. Raises errors.Invalid."""
    _known(channel)
    with database.writing():
        Preference.objects.update_or_create(person_id=person_id, channel=channel, defaults={"enabled": enabled})


def bind(*, person_id: uuid.UUID, channel: str, address: str) -> None:
    """Connect one's own id on a channel (a WeChat id, for example); an empty address disconnects it."""
    _known(channel)
    with database.writing():
        values = {"address": clean_line(address)[:200]}
        Preference.objects.update_or_create(person_id=person_id, channel=channel, defaults=values)


def _known(channel: str) -> None:
    if channel not in channels.active():
        raise errors.Invalid(_("This channel is not set up here."), code="channel_unknown", field="channel")

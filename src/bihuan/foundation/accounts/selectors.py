"""Reads of the accounts. Readers are remembered for up to five seconds in each process."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import permissions, rules
from bihuan.foundation.accounts.models import ApiToken, Appointment, Person, SecurityEvent
from bihuan.foundation.accounts.permissions import Grant, Reader
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.recent import Recent
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.kernel.text import clean_line

_readers: Recent[Reader] = Recent()
_tokens: Recent[Reader] = Recent()
_holders: Recent[tuple[uuid.UUID, ...]] = Recent()

TOKEN_USE_EVERY = dt.timedelta(minutes=1)
"""The last use of a token is noted at most this often."""

_OFFICE = ("role", "region", "department_id", "board__code", "enterprise_id", "since", "until")
_PERSON = ("id", "display_name", "language", "disabled_at", *(f"appointments__{name}" for name in _OFFICE))
_READ = (
    "select p.id, p.display_name, p.language, p.disabled_at,"
    " a.role, a.region, a.department_id, b.code, a.enterprise_id, a.since, a.until"
    " from accounts_person p left join accounts_appointment a on a.person_id = p.id"
    " left join directory_board b on b.id = a.board_id where p.id = %s order by a.id"
)
_SPEAKERS = (
    "select distinct a.person_id from accounts_appointment a join accounts_person p on p.id = a.person_id"
    " where a.role = %s and a.enterprise_id = %s and a.since <= %s and (a.until is null or a.until > %s)"
    " and p.disabled_at is null order by a.person_id"
)


class _NoReaderError(Exception):
    """The token opens nothing; raised so that such an answer is not remembered."""


def forget() -> None:
    """Forget what this process remembers of persons and tokens (after a change, and between tests)."""
    _readers.forget()
    _tokens.forget()
    _holders.forget()


def reader_of(person_id: uuid.UUID) -> Reader:
    """Return the person with their appointments in force now (one query; remembered for up to five seconds).

    An unknown or disabled person is a Reader without grants: nothing is visible to them.
    """
    return _readers.get(person_id, lambda: _read(person_id))


def reader_by_token(plaintext: str) -> Reader | None:
    """Return whose bearer token this is; None if malformed, unknown, expired, revoked, or its person is disabled.

    One query, remembered for up to five seconds under the token's digest, so that a revocation acts within that time.
    """
    if not rules.is_token(plaintext):
        return None
    digest = rules.token_digest(plaintext)
    try:
        return _tokens.get(digest, lambda: _read_token(digest))
    except _NoReaderError:
        return None


def _read(person_id: uuid.UUID) -> Reader:
    rows = [dict(zip(_PERSON, row, strict=True)) for row in database.fetch(_READ, [person_id])]
    if not rows:
        return Reader(person_id=person_id, display_name="", language="zh-hans")
    return _reader(rows, "", clock.now())


def _read_token(digest: str) -> Reader:
    now = clock.now()
    columns = ("id", "expires_at", "revoked_at", "last_used_at", *(f"person__{name}" for name in _PERSON))
    rows = list(ApiToken.objects.filter(digest=digest).values(*columns))
    if not rows:
        raise _NoReaderError
    token = rows[0]
    expired = token["expires_at"] is not None and token["expires_at"] <= now
    if expired or token["revoked_at"] is not None or token["person__disabled_at"] is not None:
        raise _NoReaderError
    if token["last_used_at"] is None or token["last_used_at"] <= now - TOKEN_USE_EVERY:
        ApiToken.objects.filter(pk=token["id"]).update(last_used_at=now)
    return _reader(rows, "person__", now)


def _reader(rows: list[dict[str, Any]], prefix: str, now: dt.datetime) -> Reader:
    first = rows[0]
    grants = []
    if first[f"{prefix}disabled_at"] is None:
        offices = ({name: row[f"{prefix}appointments__{name}"] for name in _OFFICE} for row in rows)
        grants = [_grant(office) for office in offices if office["role"] and _in_force(office, now)]
    return Reader(
        person_id=first[f"{prefix}id"],
        display_name=first[f"{prefix}display_name"],
        language=first[f"{prefix}language"],
        grants=tuple(grants),
    )


def _in_force(office: Mapping[str, Any], now: dt.datetime) -> bool:
    return office["since"] <= now and (office["until"] is None or now < office["until"])


def _grant(office: Mapping[str, Any]) -> Grant:
    department_id = office["department_id"]
    return Grant(
        role=Role(office["role"]),
        regions=directory.descendants(office["region"]),
        department_id=department_id,
        departments=tuple(str(one) for one in directory.with_predecessors(department_id)) if department_id else (),
        board=office["board__code"],
        enterprise_id=office["enterprise_id"],
    )


def in_force(now: dt.datetime) -> Q:
    """Return the condition on Appointment: in force at `now`, of a person who is not disabled."""
    return _now(now) & Q(person__disabled_at=None)


def holders(
    *,
    role: str,
    region: str,
    now: dt.datetime,
    department_id: uuid.UUID | None = None,
    board: str | None = None,
    enterprise_id: uuid.UUID | None = None,
) -> tuple[uuid.UUID, ...]:
    """Return the persons who hold the role in exactly this region (and department, board, firm) now: whom to tell.

    Remembered for up to five seconds in each process.
    """

    def read() -> tuple[uuid.UUID, ...]:
        found = Appointment.objects.filter(in_force(now), role=role, region=region)
        if department_id is not None:
            found = found.filter(department_id=department_id)
        if board is not None:
            found = found.filter(board__code=board)
        if enterprise_id is not None:
            found = found.filter(enterprise_id=enterprise_id)
        return tuple(found.order_by("person__pinyin", "person_id").values_list("person_id", flat=True).distinct())

    return _holders.get((role, region, department_id, board, enterprise_id), read)


def holders_anywhere(*, role: str, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    """Return the persons who hold the role in any region now: for what concerns the whole installation."""
    found = Appointment.objects.filter(in_force(now), role=role)
    return tuple(found.order_by("person_id").values_list("person_id", flat=True).distinct())


def holders_above(*, role: str, region: str, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    """Return who holds the role in this region, else in the nearest one around it: whom to tell of faults.

    Remembered for up to five seconds in each process.
    """
    path = [one.code for one in directory.region_path(region)] or [region]
    for code in (*reversed(path), "000000"):
        if found := holders(role=role, region=code, now=now):
            return found
    return ()


def speakers_of(*, enterprise_id: uuid.UUID, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    """Return the persons who speak for an enterprise now, wherever it is seated (remembered for up to five seconds)."""

    def read() -> tuple[uuid.UUID, ...]:
        rows = database.fetch(_SPEAKERS, [Role.ENTERPRISE.value, enterprise_id, now, now])
        return tuple(row[0] for row in rows)

    return _holders.get((Role.ENTERPRISE, enterprise_id), read)


def reaches_holder(*, roles: Iterable[str], phone: str, email: str, now: dt.datetime) -> bool:
    """Tell whether a telephone number or an e-mail address is that of somebody who holds one of these roles now."""
    digits = re.sub(r"\D", "", phone)[-11:]
    own = Q(digits__endswith=digits) if digits else Q(pk=None)
    own |= Q(person__email__iexact=email.strip()) if email.strip() else Q(pk=None)
    only_digits = Func(F("person__phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace")
    found = Appointment.objects.filter(in_force(now), role__in=[str(role) for role in roles])
    return found.annotate(digits=Cast(only_digits, CharField())).filter(own).exists()


def person(person_id: uuid.UUID) -> Person | None:
    """Return a person by id, or None."""
    return Person.objects.filter(pk=person_id).first()


def person_named(username: str) -> Person | None:
    """Return a person by user name, whatever its case, or None."""
    return Person.objects.filter(username=rules.normalize_username(username)).first()


def names(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return id → display name for the persons that exist (one query)."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("id", "display_name"))


def appointments(*, region: str, now: dt.datetime) -> QuerySet[Appointment]:
    """Return the appointments in force in a region and inside it, with person, department, board and firm, by name."""
    inside = Appointment.objects.filter(in_force(now), region__in=directory.descendants(region, towns=True))
    return inside.select_related("person", "department", "board", "enterprise").order_by("person__pinyin", "role", "id")


STATES = ("active", "locked", "idle")
"""What a list of persons can be narrowed to: may log in; may not; holds nothing now."""


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """What a list of persons is narrowed to; empty means everybody. `state` is one of STATES."""

    text: str = ""
    role: str = ""
    department_id: uuid.UUID | None = None
    state: str = ""


def persons(
    *,
    reader: Reader,
    now: dt.datetime,
    narrowed: Narrowed,
    after: uuid.UUID | None = None,
    limit: int = 50,
) -> tuple[list[Person], uuid.UUID | None]:
    """Return persons in pinyin order with their appointments in force as `offices`, and the cursor of the next page.

    Shown are those who ever held something in the reader's regions, and those who never held anything anywhere.
    `after` is the cursor. Raises errors.Forbidden unless the reader is one of the three administrators.
    """
    found = _narrow(_persons_of(reader), narrowed, now)
    if after is not None:
        last = Person.objects.filter(pk=after).values_list("pinyin", flat=True).first() or ""
        found = found.filter(Q(pinyin__gt=last) | Q(pinyin=last, pk__gt=after))
    held = Appointment.objects.filter(_now(now)).select_related("department", "board", "enterprise")
    page: list[Any] = list(
        found.order_by("pinyin", "pk").prefetch_related(
            Prefetch("appointments", queryset=held.order_by("role", "id"), to_attr="offices")
        )[: limit + 1]
    )
    return page[:limit], page[limit - 1].pk if len(page) > limit else None


def person_of(*, reader: Reader, person_id: uuid.UUID) -> Person:
    """Return one person that the reader, an administrator, may see. Raises errors.NotFound (`person_unknown`)."""
    found = _persons_of(reader).filter(pk=person_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such person."), code="person_unknown")
    return found


def appointments_of(person_id: uuid.UUID) -> list[Appointment]:
    """Return all appointments of a person, those without an end first, then the latest first."""
    held = Appointment.objects.filter(person_id=person_id).select_related("department", "board", "enterprise")
    return list(held.order_by(F("until").desc(nulls_first=True), "-since", "-id"))


def failures(username: str) -> int:
    """Return how many wrong passwords or codes are counted against a user name just now (all addresses together)."""
    counted = AccessAttempt.objects.filter(username=username).aggregate(sum=Sum("failures_since_start"))
    return int(counted["sum"] or 0)


def second_factors(person_id: uuid.UUID) -> int:
    """Return how many second factors (app, recovery codes) a person has set up."""
    return int(Authenticator.objects.filter(user_id=person_id).count())


def offices_of_departments(region: str, now: dt.datetime) -> dict[uuid.UUID, int]:
    """Return department → how many appointments to it are in force, for the departments of a region."""
    held = Appointment.objects.filter(in_force(now), department__region=region)
    return dict(held.order_by().values_list("department_id").annotate(count=Count("id")))


def _persons_of(reader: Reader) -> QuerySet[Person]:
    permissions.check_administrate(reader)
    codes = {
        code
        for grant in reader.grants
        if grant.role in ADMINISTRATORS
        for code in directory.descendants(grant.region, towns=True)
    }
    here = Appointment.objects.filter(person=OuterRef("pk"), region__in=codes)
    anywhere = Appointment.objects.filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(here) | ~Exists(anywhere))


def _narrow(found: QuerySet[Person], narrowed: Narrowed, now: dt.datetime) -> QuerySet[Person]:
    if text := clean_line(narrowed.text):
        spelt = Q(pinyin__contains=text.lower()) | Q(username__startswith=rules.normalize_username(text))
        found = found.filter(spelt | Q(display_name__contains=text) | Q(phone=text))
    held = Appointment.objects.filter(_now(now), person=OuterRef("pk"))
    if narrowed.role:
        found = found.filter(Exists(held.filter(role=narrowed.role)))
    if narrowed.department_id:
        found = found.filter(Exists(held.filter(department_id=narrowed.department_id)))
    if narrowed.state == "active":
        found = found.filter(disabled_at=None)
    elif narrowed.state == "locked":
        found = found.exclude(disabled_at=None)
    elif narrowed.state == "idle":
        found = found.filter(~Exists(held))
    return found


def _now(now: dt.datetime) -> Q:
    return Q(since__lte=now) & (Q(until=None) | Q(until__gt=now))


def tokens(person_id: uuid.UUID) -> QuerySet[ApiToken]:
    """Return a person's tokens, newest first; never their plain text, which nobody has."""
    return ApiToken.objects.filter(person_id=person_id).order_by("-created_at")


def live_tokens(
    *, reader: Reader, now: dt.datetime, before: uuid.UUID | None = None, limit: int = 50
) -> list[ApiToken]:
    """Return the tokens that still open something, of the persons the reader administrates, newest first.

    `before` is the id of the last token of the page before. Raises errors.Forbidden unless an administrator.
    """
    found = _live_tokens(reader, now)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.select_related("person").order_by("-pk")[:limit])


def live_token(*, reader: Reader, now: dt.datetime, token_id: uuid.UUID) -> ApiToken:
    """Return one of `live_tokens`. Raises errors.NotFound (`token_unknown`)."""
    found = _live_tokens(reader, now).filter(pk=token_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such token."), code="token_unknown")
    return found


def _live_tokens(reader: Reader, now: dt.datetime) -> QuerySet[ApiToken]:
    alive = ApiToken.objects.filter(revoked_at=None).exclude(expires_at__lte=now)
    return alive.filter(person__in=_persons_of(reader).filter(disabled_at=None))


def security_events(
    *,
    reader: Reader,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    kind: str = "",
    person_id: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    limit: int = 100,
) -> list[SecurityEvent]:
    """Return the security record of the reader's regions, and what belongs to no region, newest first.

    `kind` is one kind, or the beginning of several up to a dot (`directory.`); `person_id` did it or it is about them;
    `until` is exclusive; `before` is the id of the last event of the page before. Raises errors.Forbidden unless
    audit administrator.
    """
    permissions.check_audit(reader)
    found = SecurityEvent.objects.filter(region__in=["", *reader.regions_for((Role.AUDIT_ADMIN,))])
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    if kind:
        found = found.filter(kind__startswith=kind) if kind.endswith(".") else found.filter(kind=kind)
    if person_id is not None:
        found = found.filter(Q(person_id=person_id) | Q(actor_id=person_id))
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])

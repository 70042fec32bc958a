"""What anybody does with a code or the link of a prompt: scan it, and rate. Nothing is kept of who it was."""

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors, throttle
from bihuan.foundation.kernel.text import clean_line, clean_text
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices, permissions, selectors
from ..models import Code, FollowUp, Prompt, Rating, Visit
from ..rules import codes, ratings
from ..states import CodeState
from .recording import commit, rule

WORDS_MAX = 2_000
WRONG_CODES = throttle.Limit(name="outreach_code:address", times=30, per=dt.timedelta(hours=1))
RATINGS = throttle.Limit(name="outreach_rating:address", times=60, per=dt.timedelta(hours=1))
"""One address may be that of a whole service hall."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a signed text leads to: a code, or a prompt with the code it asks about."""

    code: Code
    prompt: Prompt | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """A rating as it comes in: level 1–5, ids of reasons, words."""

    level: int
    reasons: Sequence[str] = ()
    words: str = ""


def open_code(*, token: str, address: str, now: dt.datetime) -> Opened:
    """Return what a scanned code or a prompt's link leads to.

    address: whom wrong codes are counted for; it is not kept. Raises NotFound `code_forged` (changed, cut short, or not
    made here), Conflict `code_revoked`, `code_closed` (the window has closed; says where to go), `link_used`,
    `link_expired`, TooMany after too many wrong codes. Call outside a transaction.
    """
    throttle.check(limits=[(WRONG_CODES, address)], now=now)
    read = codes.read(key=settings.SECRET_KEY, text=token)
    with database.writing():
        opened = _find(*read) if read else None
    if opened is None:
        throttle.count(limit=WRONG_CODES, whom=address, now=now)
        said = _("This code is damaged, or it was not made here. You can raise your matter without it.")
        raise errors.NotFound(said, code="code_forged")
    _check(opened, now)
    return opened


def _find(what: str, ident: str) -> Opened | None:
    chosen = Code.objects.select_related("department", "enterprise")
    if what == codes.PROMPT:
        prompt = Prompt.objects.filter(ident=ident).first()
        return Opened(code=chosen.get(pk=prompt.code_id), prompt=prompt) if prompt else None
    code = chosen.filter(ident=ident).first()
    return Opened(code=code) if code else None


def _check(opened: Opened, now: dt.datetime) -> None:
    """Raise Conflict unless code or link can be used now. A window may close: what it did can still be rated."""
    if opened.prompt is not None:
        if opened.prompt.used:
            raise errors.Conflict(_("This service has been rated. Thank you."), code="link_used")
        if now > opened.prompt.expires_at:
            raise errors.Conflict(
                _("This link has expired. You can still scan the code at the window."), code="link_expired"
            )
        return
    if opened.code.state == CodeState.REVOKED:
        raise errors.Conflict(_("This code was withdrawn. Please do not use it any more."), code="code_revoked")
    if opened.code.state == CodeState.CLOSED:
        raise errors.Conflict(_("This window is closed. You can raise your matter without it."), code="code_closed")


def scan(*, code_id: uuid.UUID, region: str, now: dt.datetime) -> None:
    """Count one scan of a code on this day; no fact, for nothing is known of it but that it happened."""
    sql = (
        'insert into outreach_scan as s (id, code_id, region, "on", times) values (%s, %s, %s, %s, 1)'
        ' on conflict (code_id, "on") do update set times = s.times + 1'
    )
    with database.writing():
        database.fetch(sql, [uuid.uuid4(), code_id, region, answers.local_date(now)])


def prompt(*, code_id: uuid.UUID, enterprise: str, service: str, actor: Actor, now: dt.datetime) -> Prompt:
    """Ask an enterprise, by its own channels, how a service of a window was. Once for each service and day.

    enterprise: its USCC. Raises NotFound, Forbidden, Conflict `code_closed`, Invalid (enterprise, service).
    Leaves one fact, which does not name the enterprise.
    """
    with database.writing():
        selectors.find_code(code_id, actor)
        code = Code.objects.select_for_update(of=("self",)).get(pk=code_id)
        if not permissions.may_prompt(actor, code):
            raise errors.Forbidden(_("Only those who serve at this window may ask."), code="prompt_window")
        _check(Opened(code=code), now)
        firm = directory.enterprise(directory_rules.normalize_uscc(enterprise))
        if firm is None:
            raise errors.Invalid(_("No enterprise has this credit code."), code="unknown", field="enterprise")
        named = clean_line(service)
        if not 0 < len(named) <= 60:
            raise errors.Invalid(_("Say in at most 60 characters what was done."), code="required", field="service")
        day = dt.datetime.combine(answers.local_date(now), dt.time(), answers.local(now).tzinfo)  # type: ignore[union-attr]
        asked = Prompt.objects.filter(code=code, enterprise_id=firm.id, service=named, sent_at__gte=day).first()
        if asked is not None:
            return asked
        valid = rule(code.region, now).codes.prompt_valid
        made = Prompt(ident=codes.ident(secrets.token_bytes(10)), code=code, region=code.region, service=named)
        made.enterprise_id, made.sent_at = firm.id, now
        made.expires_at = workcalendar.calendar_for(code.region).add(now, valid).at
        token = codes.sign(key=settings.SECRET_KEY, what=codes.PROMPT, ident=made.ident)
        made.people = notices.ask(made, token=token, now=now)
        made.save(force_insert=True)
        said = {"service": named, "people": made.people}
        commit(code, "prompted", now=now, said=said, actor=actor)
    return made


def rate(*, token: str, said: Said, address: str, now: dt.datetime) -> Rating:
    """Rate what a code or a prompt's link leads to; a link rates once, of two at the same time one is told so.

    Raises what `open_code` raises, Invalid (level), TooMany. Leaves one fact without anybody's name; a rating that the
    rulebook calls bad opens a letter or a callback, and publishes FollowUpChanged.
    """
    opened = open_code(token=token, address=address, now=now)
    throttle.count(limit=RATINGS, whom=address, now=now)
    if said.level not in range(1, 6):
        raise errors.Invalid(_("level: a number from 1 to 5"), code="invalid_body", field="level")
    with database.writing():
        code = Code.objects.select_for_update(of=("self",)).get(pk=opened.code.id)
        asked = Prompt.objects.select_for_update().get(pk=opened.prompt.id) if opened.prompt else None
        _check(Opened(code=code, prompt=asked), now)
        if asked is not None:
            asked.used = True
            asked.save(update_fields=["used"])
        known = asked.enterprise_id if asked is not None else None
        return keep(code, known=known, said=said, now=now)


def keep(thing: Code | Visit, *, known: uuid.UUID | None, said: Said, now: dt.datetime) -> Rating:
    """Keep a rating of a code or a visit, and open what follows a bad one.

    known: the enterprise that rated, where it can be called back; it is kept only if it has to be.
    """
    code = thing if isinstance(thing, Code) else None
    book = rule(thing.region, now).codes
    reasons, bad = {one.id for one in book.reasons}, book.bad
    kind = ratings.follows(
        level=said.level, line=bad.line, known=known is not None, by_known=bad.known, by_unknown=bad.unknown
    )
    rating = Rating.objects.create(
        code=code,
        visit=None if isinstance(thing, Code) else thing,
        region=thing.region,
        department_id=thing.department_id,
        enterprise_id=known if kind else None,
        level=said.level,
        reasons=[one for one in dict.fromkeys(said.reasons) if one in reasons],
        words=clean_text(said.words)[:WORDS_MAX],
        on=answers.local_date(now),
    )
    if code is not None:
        commit(code, "rated", now=now, said={"level": said.level})
    if kind:
        _open(rating, thing, kind, now)
    return rating


def _open(rating: Rating, thing: Code | Visit, kind: str, now: dt.datetime) -> None:
    follow_up = FollowUp(
        rating=rating,
        region=thing.region,
        kind=kind,
        place=thing.place if isinstance(thing, Code) else _month_of(thing),
        department_id=thing.department_id,
        official_ids=[] if isinstance(thing, Code) else thing.officials,
        opened_at=now,
        rulebook_version=rulebooks.in_force(thing.region, now).id,
    )
    within = rule(thing.region, now).codes.bad.send_within
    deadlines.expect(follow_up, "outreach_follow", within, now=now)
    commit(follow_up, "opened", now=now, said={"level": rating.level, "kind": kind}, made=True)


def _month_of(visit: Visit) -> str:
    """Return of a visit no more than whose it was and in which month: a letter about it may not say who rated."""
    whose = visit.department.short_name if visit.department else ""
    return f"{whose} {visit.on:%Y-%m}".strip()

"""提出: a matter enters the one register and gets its number, its secret code and a receipt (L1, L2)."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory import services as directory_services
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.kernel.text import clean_line, clean_text
from bihuan.foundation.ledger import rules as ledger_rules
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.rulebooks.selectors import Rulebook

from ..models import Case
from ..permissions import STAFF_ROLES, Actor
from ..rulebook import Channels, Numbering
from ..rules import facts, numbers
from ..states import CaseState
from . import clocks
from .turn import tell

TITLE_MAX, DESCRIPTION_MAX = 200, 20_000


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How to reach the raiser; any part may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the raiser gets at once. `hash` is the ledger's hash of the first fact and can be checked later;
    `canonical` is the exact text it was made from. `follow_up_code` is shown this once and kept only as a digest.
    """

    case_id: uuid.UUID
    number: str
    follow_up_code: str
    state: str
    raised_at: dt.datetime
    hash: str
    canonical: str
    due_at: dt.datetime | None = None


@dataclass(kw_only=True)
class Matter:
    """What is raised, before it is checked. `enterprise` is a USCC; exactly one of it and `anonymous` is given."""

    title: str
    description: str
    channel: str
    region: str
    enterprise: str | None = None
    enterprise_name: str = ""
    anonymous: bool = False
    category: str = ""
    board: str = ""
    place: str = ""
    urgent: bool = False
    contact: Contact = field(default_factory=Contact)
    source: str = ""
    source_id: str = ""


def raise_case(*, matter: Matter, actor: Actor, now: dt.datetime) -> Receipt:
    """Put a matter into the register and return its receipt.

    Raises Invalid naming the field (title, description, channel, region, enterprise …), Forbidden for a channel or an
    enterprise that is not the caller's, Conflict `source_taken` when this source and source id are in already.
    Without a name through a public channel it is nobody's, whoever is logged in (L2).
    Publishes CaseRaised. Costs: one statement each for the firm, the number, the clock, and case, contact and fact.
    """
    with database.writing():
        case, actor = _new_case(matter, actor, now)
        code = numbers.new_follow_up_code()
        case.number = _next_number(case, now)
        case.follow_up_digest = numbers.code_digest(code=code, number=case.number, pepper=settings.SECRET_KEY)
        clocks.start_acceptance(case, now)
        canonical = _insert(case, matter, actor, now)
        tell(case, kind="case.raised", actor=actor, now=now, from_state="", data={"channel": case.channel})
    return Receipt(
        case_id=case.id,
        number=case.number,
        follow_up_code=code,
        state=case.state,
        raised_at=now,
        hash=case.last_hash,
        canonical=canonical,
        due_at=case.due_at,
    )


def _new_case(matter: Matter, actor: Actor, now: dt.datetime) -> tuple[Case, Actor]:
    """Return the row of a matter, and who raised it as it is written down."""
    today = clocks.local_date(now)
    region = directory.region_in_force(matter.region, today)
    town = region.code if len(region.code) > 6 else ""
    county = region.code[:6]
    if not directory.boards(county, on=today):
        raise errors.Invalid(
            _("Nobody here looks after matters of this region."), code="region_not_served", field="region"
        )
    book = rulebooks.in_force(county, now)
    public = _check_channel(book, matter.channel, actor, county)
    if matter.board:
        directory.board_in_force(county, matter.board, today)
    enterprise_id = _enterprise(matter, actor, county, now)
    if matter.anonymous and public and not actor.on_behalf_of:
        actor = Actor()
    case = Case(
        id=uuid7(),
        region=county,
        town=town,
        title=_checked_line(matter.title, "title", TITLE_MAX),
        description=_checked_text(matter.description, "description", DESCRIPTION_MAX),
        channel=matter.channel,
        place=clean_line(matter.place)[:200],
        category=matter.category,
        board=matter.board,
        urgent=matter.urgent,
        enterprise_id=enterprise_id,
        anonymous=enterprise_id is None,
        raised_by=actor.person_id,
        state=CaseState.SUBMITTED.value,
        raised_at=now,
        rulebook_version=book.id,
        source=matter.source,
        source_id=matter.source_id,
    )
    return case, actor


def _checked_line(value: str, name: str, most: int) -> str:
    value = clean_line(value)
    if not value:
        raise errors.Invalid(_("Please say in one line what it is about."), code="required", field=name)
    if len(value) > most:
        raise errors.Invalid(
            _("At most %(most)s characters, please.") % {"most": most}, code="too_long", field=name, max_length=most
        )
    return value


def _checked_text(value: str, name: str, most: int) -> str:
    value = clean_text(value)
    if not value:
        raise errors.Invalid(_("Please describe what happened."), code="required", field=name)
    if len(value) > most:
        raise errors.Invalid(
            _("At most %(most)s characters, please.") % {"most": most}, code="too_long", field=name, max_length=most
        )
    return value


def _check_channel(book: Rulebook, channel: str, actor: Actor, region: str) -> bool:
    """Tell whether the channel is public. It must be in the rulebook; one that is not needs an office in the region."""
    channels = book.section(Channels)
    known = channels.find(channel)
    if known is None:
        raise errors.Invalid(
            _("There is no channel “%(channel)s” here.") % {"channel": channel[:40]},
            code="channel_unknown",
            field="channel",
            allowed=[row.id for row in channels.root],
        )
    if known.public or actor.system:
        return known.public
    if actor.reader is None:
        raise errors.Unauthenticated(_("Only staff may use this channel; please log in."), code="channel_for_staff")
    if not any(region in grant.regions and grant.role in STAFF_ROLES for grant in actor.reader.grants):
        raise errors.Forbidden(_("Only staff of this region may use this channel."), code="channel_for_staff")
    return False


def _enterprise(matter: Matter, actor: Actor, region: str, now: dt.datetime) -> uuid.UUID | None:
    """Find whose matter it is. An enterprise not yet in the directory is entered under its credit code."""
    own = {grant.enterprise_id for grant in actor.reader.grants if grant.enterprise_id} if actor.reader else set()
    if matter.anonymous:
        if matter.enterprise:
            raise errors.Invalid(
                _("Either name the enterprise or stay anonymous, not both."),
                code="anonymous_and_named",
                field="anonymous",
            )
        return None
    if not matter.enterprise:
        if len(own) == 1:
            return own.pop()
        raise errors.Invalid(
            _("Please give the credit code of the enterprise, or stay anonymous."), code="required", field="enterprise"
        )
    uscc = directory_rules.check_uscc(matter.enterprise, field="enterprise")
    found = directory.enterprise_id(uscc)
    if found is None:
        name = clean_line(matter.enterprise_name)
        found = directory_services.ensure_enterprise(
            uscc=uscc, region=region, source=matter.channel, now=now, name=name
        ).id
    if own and found not in own:
        raise errors.Forbidden(_("You can raise matters for your own enterprise only."), code="other_enterprise")
    return found


_NEXT = (
    "insert into cases_numbering as n (region, period, last) values (%s, %s, 1)"
    " on conflict (region, period) do update set last = n.last + 1 returning last"
)


def _next_number(case: Case, now: dt.datetime) -> str:
    """Take the next number of region and month; the counter row stays locked until the case is committed (no gaps)."""
    period = f"{clocks.local_date(now):%y%m}"
    book = rulebooks.version(case.rulebook_version)
    ((sequence,),) = database.fetch(_NEXT, [case.region, period])
    return numbers.format_number(
        pattern=book.section(Numbering).pattern, region=case.region, period=period, sequence=sequence
    )


_COLUMNS = [str(field_.column) for field_ in Case._meta.concrete_fields if field_.name != "search"]
_BESIDE_FACTS = ("id", "last_seq", "last_hash", "follow_up_digest")
# The row travels as one JSON value: seventy parameters would cost more than all the rest of the statement.
_INSERT = f"""
with entered as (
    insert into cases_case ({", ".join(_COLUMNS)}, search)
    select {", ".join(_COLUMNS)}, array_to_tsvector(string_to_array(%s, chr(9)))
    from json_populate_record(null::cases_case, %s::json)
    on conflict (region, source, source_id) where source_id <> '' do nothing
    returning id
), contact as (
    insert into cases_contact (case_id, region, name, phone, email)
    select id, %s, %s, %s, %s from entered where %s::boolean
), fact as (
    insert into ledger_fact (stream, seq, region, kind, at, actor_id, hash, canonical)
    select id, 1, %s, %s, %s::timestamptz, %s::uuid, %s, %s from entered
)
select count(*) from entered
"""  # noqa: S608


def _insert(case: Case, matter: Matter, actor: Actor, now: dt.datetime) -> str:
    """Write case, contact and first fact in one statement, one round trip under the lock of the counter.

    Returns the canonical text of the fact.
    """
    contact = matter.contact
    row = {name: facts.to_plain(value) for name, value in facts.snapshot(case).items()}
    content = ledger_rules.content(
        stream=case.id,
        seq=1,
        region=case.region,
        kind="case.raised",
        at=now,
        actor=actor.person_id,
        on_behalf_of=actor.stands_for,
        from_state=None,
        to_state=case.state,
        reason=None,
        rulebook=str(case.rulebook_version),
        data={"set": row},
    )
    canonical, case.last_hash = ledger_rules.seal("", content, ledger.algorithm())
    case.last_seq = 1
    terms = numbers.search_terms([case.title, case.description, case.number])
    has_contact = bool(contact.name or contact.phone or contact.email)
    ((entered,),) = database.fetch(
        _INSERT,
        [
            "\t".join(terms),
            orjson.dumps(row | {name: getattr(case, name) for name in _BESIDE_FACTS}).decode(),
            *(
                case.region,
                clean_line(contact.name)[:120],
                clean_line(contact.phone)[:40],
                clean_line(contact.email)[:254],
            ),
            has_contact,
            *(case.region, "case.raised", now, actor.person_id, case.last_hash, canonical),
        ],
    )
    if not entered:
        raise errors.Conflict(
            _("This matter is in the register already, from the same source."), code="source_taken", field="source_id"
        )
    return canonical

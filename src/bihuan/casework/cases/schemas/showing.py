"""One case, its trace and its proof, as one reader may see them."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.kernel.answers import local
from bihuan.foundation.ledger import facts as ledger_facts
from bihuan.foundation.ui import masking

from ..models import Attachment, Case, Contact, Plan
from ..permissions import Actor, is_staff_entry
from ..selectors import Dossier, Likeness
from .listing import CaseOut
from .proposing import ProposalOut


class ContactOut(Schema):
    """How to reach the raiser; whoever came with a follow-up code sees it masked. Masked values cannot be sent back."""

    name: str | None
    phone: str | None
    email: str | None
    masked: bool


class Ratings(Schema):
    """Marks of 1 (very dissatisfied) to 5; null where there is none yet."""

    plan: int | None
    process: int | None
    result: int | None


class PlanOut(Schema):
    """A version of the solution plan."""

    version: int
    measures: list[dict[str, Any]]
    submitted_at: dt.datetime
    level: int | None


class CoReplyOut(Schema):
    """The part of a co-department."""

    department: str
    name: str
    round: int
    due_at: dt.datetime
    replied_at: dt.datetime | None
    text: str | None


class AttachmentOut(Schema):
    """A file of the case; `url` hands it out, always as a download."""

    id: uuid.UUID
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_at: dt.datetime
    visible_to_enterprise: bool
    url: str


class Suspension(Schema):
    """挂账: the clock stands. `granted` is null while the level above has not decided."""

    reviewed_at: dt.datetime | None

    since: dt.datetime
    until: dt.datetime
    reason: str
    evidence: str | None
    granted: bool | None


class Extension(Schema):
    """延期 asked for and not decided yet."""

    days: int
    reason: str
    evidence: str | None
    at: dt.datetime


class Counters(Schema):
    """How often the case went a way it should rarely go."""

    hand_offs: int
    returns: int
    reworks: int
    reopenings: int
    extensions: int


class DuplicateOut(Schema):
    """A case that may be the same matter."""

    number: str
    title: str
    state: str
    raised_at: dt.datetime
    likeness: float


class CaseReceipt(Schema):
    """The seal of the newest fact, to compare with a receipt or an export."""

    hash: str
    algorithm: str
    seq: int


class CaseDetailOut(CaseOut):
    """A case as this caller may see it: the rest is null. `available_actions` is what they can do now."""

    description: str
    place: str | None
    anonymous: bool
    contact: ContactOut | None
    lead_department_name: str | None
    reply_text: str | None
    reply_kind: str | None
    decline_reason: str | None
    accepted_at: dt.datetime | None
    dispatched_at: dt.datetime | None
    signed_at: dt.datetime | None
    first_contact_at: dt.datetime | None
    replied_at: dt.datetime | None
    achieved_at: dt.datetime | None
    archived_at: dt.datetime | None
    achieved_by: str | None
    false_closure: bool
    ratings: Ratings | None = Field(description="Null for the side that is rated")
    plan: PlanOut | None = Field(description="The newest one")
    plans: list[PlanOut]
    co_replies: list[CoReplyOut]
    extension: Extension | None
    suspension: Suspension | None
    counters: Counters | None
    callback: dict[str, Any] | None
    bound: bool
    escalated_to: str | None
    merged_into: str | None
    merged: list[str]
    attachments: list[AttachmentOut]
    proposal: ProposalOut | None = Field(description="What the product would do with it; only for the centre")
    receipt: CaseReceipt | None = Field(description="Null for the side that is rated: it would tell when it was")
    rulebook: uuid.UUID
    source: str | None
    source_id: str | None
    duplicates: list[DuplicateOut] | None = Field(description="Only for those who may merge")
    available_actions: list[str]


class EventOut(Schema):
    """One fact of the ledger: `text` says it in the caller's language, `data` holds its words, `hash` seals it."""

    seq: int
    kind: str
    at: dt.datetime
    actor: str | None
    on_behalf_of: str | None
    from_state: str | None
    to_state: str | None
    reason: str | None
    text: str
    data: dict[str, Any]
    hash: str


class EventPage(Schema):
    """All events of a case, oldest first."""

    items: list[EventOut]
    next: str | None


class TrackOut(CaseDetailOut):
    """What the raiser sees, with the trace."""

    events: list[EventOut]


_INSTANTS = (
    "raised_at accepted_at dispatched_at signed_at first_contact_at replied_at closed_at achieved_at archived_at"
    " due_at original_due_at"
).split()
_TEXTS = (
    "tier board category town place reply_text reply_kind decline_reason closed_kind achieved_by source source_id"
).split()
_PLAIN = (
    "number title description state channel region urgent anonymous achieved word provisional false_closure bound"
).split()


def case(
    dossier: Dossier,
    *,
    actor: Actor,
    base: str,
    co_codes: list[str],
    duplicates: list[Likeness] | None = None,
    proposal: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return one case ready for JSON. base: the address of the case, for the links to its files."""
    row, raiser = dossier.case, dossier.is_raiser
    lead = row.lead_department
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        **{name: getattr(row, name) or None for name in _TEXTS},
        **{name: local(getattr(row, name)) for name in _INSTANTS},
        "light": dossier.light or None,
        "elapsed_share": dossier.elapsed_share,
        "overdue": dossier.overdue,
        "enterprise": {"uscc": row.enterprise.uscc, "name": row.enterprise.name} if row.enterprise else None,
        "contact": _contact(dossier.contact, masked=actor.holds is not None),
        "lead_department": lead.code if lead else None,
        "lead_department_name": lead.name if lead else None,
        "co_departments": co_codes,
        "co_replies": [_co_reply(one, raiser) for one in dossier.co_departments],
        "ratings": _ratings(row) if dossier.sees_ratings else None,
        "plan": _plan(dossier.plans[-1], dossier.sees_ratings) if dossier.plans else None,
        "plans": [_plan(one, dossier.sees_ratings) for one in dossier.plans],
        "extension": _extension(row),
        "suspension": _suspension(row),
        "counters": None if raiser else _counters(row),
        "callback": _callback(row, dossier.sees_ratings),
        "escalated_to": None if raiser else row.escalated_to or None,
        "merged_into": row.merged_into.number if row.merged_into else None,
        "merged": dossier.merged_numbers,
        "attachments": [attachment(one, base=base) for one in dossier.attachments],
        "proposal": proposal,
        "receipt": _receipt(row) if dossier.sees_ratings else None,
        "rulebook": row.rulebook_version,
        "duplicates": None if duplicates is None else [_duplicate(one) for one in duplicates],
        "available_actions": dossier.available_actions,
    }


def _receipt(row: Case) -> dict[str, Any]:
    return {"hash": row.last_hash, "algorithm": row.last_hash.partition(":")[0], "seq": row.last_seq}


def _contact(contact: Contact | None, *, masked: bool) -> dict[str, Any] | None:
    if contact is None:
        return None
    values = {name: getattr(contact, name) for name in ("name", "phone", "email")}
    shown = {
        name: (masking.MASKS[name](value) if masked else value) if value else None for name, value in values.items()
    }
    return {**shown, "masked": masked}


def _ratings(row: Case) -> dict[str, Any]:
    return {"plan": row.rating_plan, "process": row.rating_process, "result": row.rating_result}


def _plan(plan: Plan, sees_ratings: bool) -> dict[str, Any]:
    return {
        "version": plan.version,
        "measures": plan.measures,
        "submitted_at": local(plan.submitted_at),
        "level": plan.level if sees_ratings else None,
    }


def _co_reply(part: Any, raiser: bool) -> dict[str, Any]:
    return {
        "department": part.department.code,
        "name": part.department.name,
        "round": part.round,
        "due_at": local(part.due_at),
        "replied_at": local(part.replied_at),
        "text": None if raiser else part.reply_text or None,
    }


def attachment(one: Attachment, *, base: str) -> dict[str, Any]:
    """Return what is shown of a file."""
    return {
        "id": one.id,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "sha256": one.sha256,
        "uploaded_at": local(one.uploaded_at),
        "visible_to_enterprise": one.visible_to_enterprise,
        "url": f"{base}/attachments/{one.id}",
    }


def _extension(row: Case) -> dict[str, Any] | None:
    asked = row.extension
    return asked and {
        "days": asked["days"],
        "reason": asked["reason"],
        "evidence": asked.get("evidence") or None,
        "at": _instant(asked["at"]),
    }


def _suspension(row: Case) -> dict[str, Any] | None:
    stands = row.suspension
    return stands and {
        "since": _instant(stands["since"]),
        "until": _instant(stands["until"]),
        "reason": stands["reason"],
        "evidence": stands.get("evidence") or None,
        "granted": stands.get("granted"),
        "reviewed_at": _instant(stands["reviewed_at"]) if stands.get("reviewed_at") else None,
    }


def _callback(row: Case, sees_ratings: bool) -> dict[str, Any] | None:
    if row.callback is None or sees_ratings:
        return row.callback
    return {key: value for key, value in row.callback.items() if key != "level"}


def _instant(text: str) -> dt.datetime | None:
    return local(dt.datetime.fromisoformat(text))


def _counters(row: Case) -> dict[str, int]:
    return {name: getattr(row, name) for name in ("hand_offs", "returns", "reworks", "reopenings", "extensions")}


def _duplicate(one: Likeness) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "state": one.state,
        "raised_at": local(one.raised_at),
        "likeness": one.likeness,
    }


_RAISERS_WORDS = frozenset(
    "case.raised case.supplemented case.answered case.plan_rated case.confirmed case.denied case.rated"
    " case.withdrawn".split()
)
"""Facts that only the raiser (or a seat for them) makes; without a person they came with a follow-up code."""


def events(trace: list[dict[str, Any]], *, case: Case, raiser: bool) -> list[dict[str, Any]]:
    """Return the facts of a case, worded in the active language.

    The raiser reads who acted as the administration, not by name; others never learn who raised an anonymous matter.
    """
    ids = {uuid.UUID(fact["actor"]) for fact in trace if fact["actor"]}
    people = {str(key): name for key, name in accounts.names(ids).items()} if ids and not raiser else {}
    if case.anonymous and not is_staff_entry(case):
        people.pop(str(case.raised_by), None)
    return [_event(fact, people) for fact in trace]


def _event(fact: Mapping[str, Any], people: Mapping[str, str]) -> dict[str, Any]:
    actor = people.get(fact["actor"]) if fact["actor"] else None
    return {
        "seq": fact["seq"],
        "kind": fact["kind"],
        "at": _instant(fact["at"]),
        "actor": actor,
        "on_behalf_of": fact["on_behalf_of"],
        "from_state": fact["from"],
        "to_state": fact["to"],
        "reason": fact["reason"],
        "text": ledger_facts.wording({**fact, "actor": actor or _somebody(fact)}, {}),
        "data": fact["data"],
        "hash": fact["hash"],
    }


def _somebody(fact: Mapping[str, Any]) -> str | None:
    if fact["kind"] in _RAISERS_WORDS:
        return _("The raiser")
    return _("The administration") if fact["actor"] else None

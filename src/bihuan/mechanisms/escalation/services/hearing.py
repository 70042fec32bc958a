"""收: a message from the other level is checked, has its effect once and in its order, and is receipted."""

import datetime as dt
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.foundation.directory.rules import region_prefix
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import keys

from .. import rules
from ..models import Arrival, Escalation, Heard, Peer
from . import effects

Effect = Callable[[Any, Case, dict[str, Any], dt.datetime], None]


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A message as it came in: its text, and who says to have signed it when."""

    text: str
    key: str
    timestamp: str
    signature: str


def receive(*, signed: Signed, now: dt.datetime) -> dict[str, str]:
    """Take in a message of another installation and return the signed receipt; the same one if it is repeated.

    Raises TooLarge, Forbidden `unknown_peer`, Unauthenticated `clock_skew` or `signature_wrong`, Invalid
    `message_invalid`, Conflict `out_of_order` (extra `expected`) or `replayed`, and what keeps a matter from entering.
    """
    if len(signed.text.encode()) > rules.BODY_MAX:
        raise errors.TooLarge(
            _("The body may have %(max)d KiB at most.") % {"max": rules.BODY_MAX // 1024}, max_bytes=rules.BODY_MAX
        )
    with database.writing():
        named = Q(public_key=signed.key) | Q(old_key=signed.key, old_key_until__gt=now)
        peer = Peer.objects.filter(named, active=True).first()
    if peer is None:
        raise errors.Forbidden(_("This installation is not registered here."), code="unknown_peer")
    stamp = int(signed.timestamp) if signed.timestamp.isdecimal() and len(signed.timestamp) < 12 else 0
    if not rules.in_time(timestamp=stamp, now=now):
        raise errors.Unauthenticated(
            _("The signature is not of now; compare the clocks of the two installations."),
            code="clock_skew",
            now=int(now.timestamp()),
        )
    if not keys.signed_by(signed.key, rules.signable(timestamp=stamp, text=signed.text), signed.signature):
        raise errors.Unauthenticated(_("The signature does not fit the message."), code="signature_wrong")
    with database.writing():
        return hear(text=signed.text, peer=peer, now=now)


def hear(*, text: str, peer: Peer | None, now: dt.datetime) -> dict[str, str]:
    """Let a message have its effect, once, and return its receipt. peer: whose it is; None: of this installation."""
    message = _read(text)
    receipt = rules.receipt(message=message["id"], sha256=rules.digest(text), at=now)
    fresh = Heard(
        id=uuid.UUID(message["id"]),
        peer=peer,
        thread=uuid.UUID(message["thread"]),
        direction=message["direction"],
        seq=message["seq"],
        sha256=rules.digest(text),
        heard_at=now,
        receipt=receipt,
        receipt_signature=keys.sign(rules.receipt_signable(receipt)),
    )
    kept = _kept(fresh)
    if kept is None:
        try:
            with transaction.atomic():
                fresh.save(force_insert=True)
        except IntegrityError:
            kept = _kept(fresh)  # of two deliveries at once the second waited here for the first
        else:
            _apply(message, peer, now)
    kept = kept or fresh
    return {"receipt": kept.receipt, "signature": kept.receipt_signature, "key": keys.public_key()}


def _kept(fresh: Heard) -> Heard | None:
    """Return the same message as it was received before. Raises Conflict `replayed` where it is another one."""
    same = Q(pk=fresh.pk) | Q(thread=fresh.thread, direction=fresh.direction, seq=fresh.seq)
    kept = Heard.objects.filter(same).first()
    if kept and (kept.id, kept.sha256, kept.peer_id) != (fresh.id, fresh.sha256, fresh.peer_id):
        raise errors.Conflict(_("Another message has this number already."), code="replayed")
    return kept


def _apply(message: dict[str, Any], peer: Peer | None, now: dt.datetime) -> None:
    if peer is not None and not _speaks_for(peer, message["from"], message["direction"]):
        raise errors.Forbidden(_("This installation does not speak for that region."), code="not_its_region")
    if message["direction"] == rules.UP and message["kind"] == "send":
        effects.arrive(message, peer, now)
        return
    model: Any = Arrival if message["direction"] == rules.UP else Escalation
    column = "thread" if message["direction"] == rules.UP else "id"
    found = model.objects.filter(**{column: message["thread"]}).values_list("id", "case_id").first()
    if found is None:
        raise errors.Conflict(_("Messages are missing before this one."), code="out_of_order", expected=1)
    case = Case.objects.select_for_update(of=("self",)).defer("search").get(pk=found[1])
    thing = model.objects.select_for_update(of=("self",)).get(pk=found[0])
    if thing.peer_id != (peer.id if peer else None):
        raise errors.Forbidden(_("This matter is not with that installation."), code="not_its_matter")
    verdict = rules.verdict(seq=message["seq"], last=thing.heard_seq)
    if verdict == "early":
        expected = thing.heard_seq + 1
        raise errors.Conflict(_("Messages are missing before this one."), code="out_of_order", expected=expected)
    if verdict == "old":
        raise errors.Conflict(_("Another message has this number already."), code="replayed")
    thing.heard_seq = message["seq"]
    effects.mirror(thing, message["place"])
    model.objects.filter(pk=thing.pk).update(**{name: getattr(thing, name) for name in effects.MIRRORED})
    effect: Effect = effects.OF[message["direction"], message["kind"]]
    effect(thing, case, message["words"], now)


def _speaks_for(peer: Peer, region: str, direction: str) -> bool:
    """From below speaks the region itself or one inside it; from above the one that was asked, exactly."""
    return region == peer.region or (direction == rules.UP and region.startswith(region_prefix(peer.region)))


_SHAPE: dict[str, type] = {
    "id": str, "thread": str, "direction": str, "seq": int, "kind": str, "at": str, "from": str, "to": str,
    "place": dict, "words": dict,
}  # fmt: skip


def _read(text: str) -> dict[str, Any]:
    """Return the message. Raises Invalid `message_invalid` naming what is wrong."""
    try:
        message = json.loads(text)
        wrong = [name for name, kind in _SHAPE.items() if not isinstance(message.get(name), kind)]
        if wrong or (message["direction"], message["kind"]) not in effects.KNOWN or message["seq"] < 1:
            raise ValueError(wrong[0] if wrong else "kind")
        uuid.UUID(message["id"])
        uuid.UUID(message["thread"])
        rules.Place(**message["place"])
        effects.check(message["kind"], message["place"], message["words"])
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise errors.Invalid(
            _("This is no message between levels (%(what)s).") % {"what": str(error)[:80]},
            code="message_invalid",
            field=str(error)[:40],
        ) from error
    return dict(message)

"""投递: what waits is delivered in its order, again and again until the other side has signed for it."""

import datetime as dt
import json
import uuid

import structlog

from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import keys
from bihuan.foundation.notifications import channels, outgoing

from .. import rules
from ..models import Escalation, Message
from . import carrying, effects
from .hearing import hear
from .posting import later

log = structlog.get_logger(__name__)
PATH = "/api/v1/exchange/messages"


def deliver(*, thread: uuid.UUID, direction: str, now: dt.datetime) -> int:
    """Deliver what waits in one thread, in its order, until one is not received; return how many were."""
    done = 0
    while (head := _claim(thread, direction, now)) is not None:
        if not (_hand_over(head, now) if head.peer is None else _send(head, now)):
            break
        done += 1
    return done


def deliver_due(*, now: dt.datetime, limit: int = 500) -> int:
    """Deliver everything that is due, oldest first; return how many messages were received."""
    done = 0
    while True:
        with database.writing():
            due = Message.objects.filter(delivered_at=None, next_at__lte=now).order_by("created_at", "thread", "seq")
            waiting = list(dict.fromkeys(due.values_list("thread", "direction")[:limit]))
        # Each thread is asked for once a round; what follows from a word (a receipt, an answer) is of the next round.
        received = sum(deliver(thread=thread, direction=direction, now=now) for thread, direction in waiting)
        done += received
        if not received:
            return done


def _claim(thread: uuid.UUID, direction: str, now: dt.datetime) -> Message | None:
    """Take the first message of a thread that was not received yet, if it is due; nobody else then tries it."""
    with database.writing():
        waiting = Message.objects.filter(thread=thread, direction=direction, delivered_at=None).order_by("seq")
        head = waiting.select_for_update(of=("self",)).first()
        if head is None or head.next_at > now:
            return None
        head.attempts += 1
        head.next_at = now + rules.LEASE
        head.save(update_fields=["attempts", "next_at"])
    with database.writing():
        return Message.objects.select_related("peer").get(pk=head.pk)


def _hand_over(head: Message, now: dt.datetime) -> bool:
    """Within this installation: effect and receipt in one transaction."""
    try:
        with database.writing():
            _settle(head, hear(text=carrying.text_of(head), peer=None, now=now), now)
    except errors.Problem as problem:
        return _failed(head, problem.code, str(problem.detail), now)
    return True


def _send(head: Message, now: dt.datetime) -> bool:
    """To another installation: signed, and received when its signed receipt is here."""
    assert head.peer is not None
    if not head.peer.active:
        return _failed(head, "peer_stopped", "the exchange with this installation is stopped", now)
    stamp, text = int(now.timestamp()), carrying.text_of(head)
    headers = {
        "Content-Type": "application/json",
        "Bihuan-Key": keys.public_key(),
        "Bihuan-Timestamp": str(stamp),
        "Bihuan-Signature": keys.sign(rules.signable(timestamp=stamp, text=text)),
    }
    try:
        answer = outgoing.call(
            head.peer.url + PATH,
            body=text.encode(),
            headers=headers,
            allowed=channels.configuration().internal_networks,
        )
        body = json.loads(answer.body)
    except (outgoing.RefusedError, outgoing.FailedError, ValueError) as error:
        return _failed(head, "unreachable", str(error), now)
    if answer.status != 200:
        return _failed(head, str(body.get("code", "")), str(body.get("detail", answer.status)), now)
    if not _is_receipt_of(head, text, body, now):
        return _failed(head, "receipt_wrong", "not signed by that installation, or of another message", now)
    with database.writing():
        _settle(head, body, now)
    return True


def _is_receipt_of(head: Message, sent: str, body: dict[str, str], now: dt.datetime) -> bool:
    assert head.peer is not None
    text, signature = str(body.get("receipt", "")), str(body.get("signature", ""))
    signed = rules.receipt_signable(text)
    if not any(keys.signed_by(key, signed, signature) for key in head.peer.keys_at(now)):
        return False
    said = json.loads(text)
    return bool(said["message"] == str(head.id) and said["sha256"] == rules.digest(sent))


def _settle(head: Message, body: dict[str, str], now: dt.datetime) -> None:
    Message.objects.filter(pk=head.pk).update(
        delivered_at=now, receipt=body["receipt"], receipt_signature=body["signature"], error=""
    )


def _failed(head: Message, code: str, error: str, now: dt.datetime) -> bool:
    """Keep the reason, and come back later; a matter that the level above can never take in counts as not taken."""
    log.info("message_not_received", message=str(head.id), kind=head.kind, code=code, attempts=head.attempts)
    with database.writing():
        if head.kind == "send" and code in rules.REFUSES_FOR_GOOD:
            case = Case.objects.select_for_update(of=("self",)).defer("search").get(pk=head.case_id)
            one = Escalation.objects.select_for_update(of=("self",)).get(pk=head.thread)
            effects.refuse(one=one, case=case, text=error, now=now)
            # Nothing of this thread will ever be heard above.
            Message.objects.filter(thread=head.thread, delivered_at=None).update(delivered_at=now, error=error[:300])
            return False
        wait = rules.retry_after(head.attempts)
        Message.objects.filter(pk=head.pk).update(next_at=now + wait, error=f"{code}: {error}"[:300])
        later(thread=str(head.thread), direction=head.direction, delay=wait)
    return False

"""Other installations: registered, given another key, stopped and started by a system administrator, each on record;
and noticed when nothing reaches them any more.
"""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.ledger import keys
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import channels, outgoing
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices, permissions
from ..models import Message, Peer
from ..rulebook import Escalation as Rule


def register_peer(*, name: str, url: str, public_key: str, region: str, actor: Actor, now: dt.datetime) -> Peer:
    """Let an installation speak for a region from now on.

    url: where it answers, without path. public_key: `ed25519:<64 hex digits>`, compared by its people over another way.
    Raises Forbidden, Invalid (`required`, `url_refused`, `key_invalid`, `key_own`, `region_unknown`), Conflict
    `peer_known` (the key, or another active installation for the region).
    """
    permissions.check_peers(actor, region)
    name, url, public_key = clean_line(name)[:100], url.strip().rstrip("/"), public_key.strip().lower()
    if not name:
        raise errors.Invalid(_("Please name the installation."), code="required", field="name")
    try:
        outgoing.target(url, allowed=channels.configuration().internal_networks)
    except outgoing.RefusedError as refused:
        sentence = _("This address cannot be called: %(why)s.") % {"why": refused}
        raise errors.Invalid(sentence, code="url_refused", field="url") from None
    _check_key(public_key)
    directory.region_in_force(region, answers.local_date(now))
    with database.writing():
        if _is_known(public_key) or Peer.objects.filter(region=region, active=True):
            raise _known()
        peer = Peer(id=uuid7(), name=name, url=url, public_key=public_key, region=region, created_at=now)
        _record(peer, "registered", actor, now, made=True, key=public_key, url=url)
    return peer


def switch_peer(*, peer_id: uuid.UUID, active: bool, actor: Actor, now: dt.datetime) -> Peer:
    """Stop the exchange with an installation, or resume it; what waits is kept. Raises NotFound, Forbidden."""
    with database.writing():
        peer = _locked(peer_id)
        permissions.check_peers(actor, peer.region)
        if active and Peer.objects.filter(region=peer.region, active=True).exclude(pk=peer_id).exists():
            raise _known()
        if peer.active != active:
            peer.active = active
            _record(peer, "started" if active else "stopped", actor, now)
    return peer


def renew_key(*, peer_id: uuid.UUID, public_key: str, until: dt.date, actor: Actor, now: dt.datetime) -> Peer:
    """Let an installation sign with another key from now on; the one before counts beside it to the end of `until`.

    So neither side has to change in the same minute as the other. A date that is over ends the old key at once, as when
    it has become known to somebody. Raises NotFound, Forbidden, Invalid (`key_invalid`, `key_own`), Conflict
    `peer_known` (the key is some installation's). Leaves the fact `peer.key_renewed` with both keys.
    """
    public_key = public_key.strip().lower()
    _check_key(public_key)
    with database.writing():
        peer = _locked(peer_id)
        permissions.check_peers(actor, peer.region)
        if _is_known(public_key):
            raise _known()
        ends = answers.end_of_day(until)
        before, peer.public_key = peer.public_key, public_key
        peer.old_key, peer.old_key_until = (before, ends) if ends > now else ("", None)
        _record(peer, "key_renewed", actor, now, key=public_key, old_key=before, until=until.isoformat())
    return peer


def _locked(peer_id: uuid.UUID) -> Peer:
    peer = Peer.objects.select_for_update(of=("self",)).filter(pk=peer_id).first()
    if peer is None:
        raise errors.NotFound(_("There is no such installation."), code="peer_unknown")
    return peer


def _check_key(public_key: str) -> None:
    if len(public_key) != 72 or not public_key.startswith(keys.TAG) or not _is_hex(public_key[8:]):
        raise errors.Invalid(
            _("A key looks like ed25519: and 64 hexadecimal digits."), code="key_invalid", field="public_key"
        )
    if public_key == keys.public_key():
        raise errors.Invalid(_("This is the key of this installation."), code="key_own", field="public_key")


def _is_known(public_key: str) -> bool:
    return Peer.objects.filter(Q(public_key=public_key) | Q(old_key=public_key)).exists()


def _known() -> errors.Conflict:
    sentence = _("This key, or another installation for this region, is registered already.")
    return errors.Conflict(sentence, code="peer_known")


def tell_silence(*, now: dt.datetime) -> int:
    """Tell the coordinators whose matters wait that an installation has received nothing for longer than they allow.

    Once for each silence, by the limit `silent_after` of each region. Returns how many were told. The exchange that
    somebody stopped is not silent.
    """
    with database.writing():
        waiting = Message.objects.filter(delivered_at=None, peer__active=True).select_related("peer")
        oldest: dict[tuple[uuid.UUID, str], Message] = {}
        for one in waiting.defer("text").order_by("created_at", "seq"):
            assert one.peer_id is not None
            oldest.setdefault((one.peer_id, one.region), one)
        return sum(notices.silent(message=one, now=now) for one in oldest.values() if _is_late(one, now))


def _is_late(message: Message, now: dt.datetime) -> bool:
    limit = rulebooks.in_force(message.region, now).section(Rule).silent_after
    return bool(workcalendar.calendar_for(message.region).add(message.created_at, limit).at <= now)


def _record(peer: Peer, name: str, actor: Actor, now: dt.datetime, *, made: bool = False, **said: Any) -> None:
    ledger.record_and_save(
        peer,
        kind=f"peer.{name}",
        actor_id=actor.person_id,
        now=now,
        said={"name": peer.name, **said},
        changed=["active", "public_key", "old_key", "old_key_until"],
        made=made,
    )


def _is_hex(text: str) -> bool:
    return all(sign in "0123456789abcdef" for sign in text)

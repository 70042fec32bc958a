"""The exchange between installations, as another one would try it: signed, in order, once; and everything wrong."""

import json
import uuid

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.ledger import keys
from bihuan.foundation.notifications import outgoing
from bihuan.mechanisms.escalation import rules, selectors, services
from bihuan.mechanisms.escalation.models import Message
from bihuan.mechanisms.escalation.tests.conftest import CITY, DAY, HOUR

RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw
PLACE = {
    "number": "BH-999901-2611-00077",
    "state": "signed",
    "due_at": (NOW + 5 * DAY).isoformat(),
    "held_at": None,
    "light_at": [NOW.isoformat()],
    "light_ids": ["green"],
}
MATTER = {
    "title": "水上加油点营业执照经营范围变更",
    "description": "两级规定不一致，请省里明确。",
    "enterprise": {"name": "澜川港航有限公司", "uscc": "X"},
    "reason": "区里协调不了",
}


class Other:
    """Another installation: its key, and how it posts."""

    def __init__(self, *, region: str = DISTRICT) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.name = keys.TAG + self.key.public_key().public_bytes(*RAW).hex()
        self.region, self.thread, self.seq = region, str(uuid.uuid4()), 0
        self.client = Client(headers={"Accept-Language": "en"})

    def message(self, kind: str = "send", **given) -> str:
        """Return the text of the next message."""
        self.seq += 1
        return rules.canonical(
            {
                "id": str(uuid.uuid4()), "thread": self.thread, "direction": "up", "seq": self.seq, "kind": kind,
                "at": NOW.isoformat(), "from": self.region, "to": CITY, "place": PLACE, "words": MATTER,
            }
            | given
        )  # fmt: skip

    def post(self, text: str, *, skew: int = 0, signed: str | None = None, key: str | None = None):
        """Post a text, signed as if the clock here were `skew` seconds off; `signed`: what is signed instead."""
        stamp = int(NOW.timestamp()) + skew
        signature = self.key.sign(rules.signable(timestamp=stamp, text=signed or text).encode()).hex()
        headers = {"Bihuan-Key": key or self.name, "Bihuan-Timestamp": str(stamp), "Bihuan-Signature": signature}
        with clock.at(NOW):
            return self.client.post("/api/v1/exchange/messages", text, content_type="application/json", headers=headers)


@pytest.fixture
def other(levels):
    made = Other()
    services.register_peer(
        name="澜川区平台",
        url="http://127.0.0.1:9",
        public_key=made.name,
        region=DISTRICT,
        actor=levels.staff("system_admin"),
        now=NOW,
    )
    return made


def taken_in() -> int:
    with database.writing():
        return Case.objects.filter(source="escalation").count()


def test_a_message_has_its_effect_once_and_its_receipt_can_be_checked(other):
    text = other.message()
    first, again = other.post(text), other.post(text, skew=60)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert taken_in() == 1
    said = first.json()
    assert said["key"] == selectors.identity()
    assert keys.signed_by(said["key"], rules.receipt_signable(said["receipt"]), said["signature"])
    assert json.loads(said["receipt"])["sha256"] == rules.digest(text)


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ({"signed": "something else"}, 401, "signature_wrong"),
        ({"skew": 301}, 401, "clock_skew"),
        ({"skew": -301}, 401, "clock_skew"),
        ({"key": "ed25519:" + "0" * 64}, 403, "unknown_peer"),
        ({"key": "nonsense"}, 403, "unknown_peer"),
    ],
)
def test_who_is_not_who_they_say_is_refused(other, how, status, code):
    answer = other.post(other.message(), **how)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert taken_in() == 0


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"words": MATTER | {"description": "长" * 100_000}}, 413, "too_large"),
        ({"seq": 3}, 409, "replayed"),
        ({"kind": "word"}, 409, "out_of_order"),
        ({"kind": "nonsense"}, 422, "message_invalid"),
        ({"seq": "1"}, 422, "message_invalid"),
        ({"place": {"number": "x"}}, 422, "message_invalid"),
        ({"place": PLACE | {"due_at": "tomorrow"}}, 422, "message_invalid"),
        ({"words": {"title": "", "description": "x"}}, 422, "required"),
        ({"to": "330100"}, 422, "not_above"),
        ({"to": "990000"}, 422, "region_not_served"),
        ({"from": "330114", "to": "330100"}, 403, "not_its_region"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(other, given, status, code):
    answer = other.post(other.message(**given))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert taken_in() == 0


def test_another_message_under_a_known_number_is_refused(other):
    assert other.post(other.message()).status_code == 200
    other.seq = 0
    answer = other.post(other.message(words=MATTER | {"title": "另一件"}))
    assert (answer.status_code, answer.json()["code"]) == (409, "replayed")
    later = other.post(other.message(kind="withdraw", seq=4, words={"text": "不必了"}))
    assert (later.status_code, later.json()["expected"]) == (409, 2)


def test_a_matter_of_another_installation_is_left_alone(other, levels):
    _case, one = levels.sent()
    other.thread, other.seq = str(one.id), 1
    answer = other.post(other.message(kind="withdraw", words={"text": "撤"}))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_its_matter")


def test_only_an_administrator_registers_installations(levels, other):
    form = {"name": "市平台", "url": "https://example.gov.cn", "public_key": "ed25519:" + "a" * 64, "region": "990000"}
    with pytest.raises(errors.Forbidden):
        services.register_peer(**form, actor=levels.staff("coordinator"), now=NOW)
    admin = levels.staff("system_admin")
    for wrong, code in (
        ({"url": "ftp://x"}, "url_refused"),
        ({"url": "http://10.0.0.1"}, "url_refused"),
        ({"public_key": "ed25519:xyz"}, "key_invalid"),
        ({"public_key": keys.public_key()}, "key_own"),
        ({"region": "999777"}, "region_unknown"),
        ({"region": DISTRICT}, "peer_known"),
        ({"name": " "}, "required"),
    ):
        with pytest.raises((errors.Invalid, errors.Conflict)) as refused:
            services.register_peer(**form | wrong, actor=admin, now=NOW)
        assert refused.value.code == code
    made = services.register_peer(**form, actor=admin, now=NOW)
    services.switch_peer(peer_id=made.id, active=False, actor=admin, now=NOW)
    assert levels.facts(made) == ["registered", "stopped"]


def renewed(levels, other, *, until) -> Other:
    """Return the other installation with another key of its own, which is entered here."""
    (peer,) = [row[0] for row in selectors.peers()]
    made = Other()
    made.thread, made.seq = other.thread, other.seq
    services.renew_key(peer_id=peer.id, public_key=made.name, until=until, actor=levels.staff("system_admin"), now=NOW)
    assert levels.facts(peer) == ["registered", "key_renewed"]
    return made


def test_both_keys_count_until_the_old_one_ends(levels, other):
    new = renewed(levels, other, until=NOW.date())
    assert other.post(other.message()).status_code == 200
    new.thread = str(uuid.uuid4())
    assert new.post(new.message()).status_code == 200
    (peer,) = [row[0] for row in selectors.peers()]
    assert peer.keys_at(NOW) == (new.name, other.name)
    assert peer.keys_at(peer.old_key_until) == (new.name,)
    assert peer.old_key_until - NOW < DAY
    stamp = str(int(peer.old_key_until.timestamp()))
    text = other.message()
    signature = other.key.sign(rules.signable(timestamp=int(stamp), text=text).encode()).hex()
    late = services.Signed(text=text, key=other.name, timestamp=stamp, signature=signature)
    with pytest.raises(errors.Forbidden) as refused:
        services.receive(signed=late, now=peer.old_key_until)
    assert refused.value.code == "unknown_peer"


def test_a_key_that_became_known_ends_at_once(levels, other):
    new = renewed(levels, other, until=(NOW - DAY).date())
    answer = other.post(other.message())
    assert (answer.status_code, answer.json()["code"]) == (403, "unknown_peer")
    assert new.post(new.message()).status_code == 200


def test_a_key_is_of_one_installation_only(levels, other):
    new = renewed(levels, other, until=(NOW + DAY).date())
    (peer,) = [row[0] for row in selectors.peers()]
    renew = {"peer_id": peer.id, "until": NOW.date(), "now": NOW}
    with pytest.raises(errors.Forbidden):
        services.renew_key(**renew, public_key="ed25519:" + "c" * 64, actor=levels.staff("coordinator"))
    admin = levels.staff("system_admin")
    for key, code in ((new.name, "peer_known"), (other.name, "peer_known"), ("x", "key_invalid")):
        with pytest.raises((errors.Invalid, errors.Conflict)) as refused:
            services.renew_key(**renew, public_key=key, actor=admin)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("who", "days", "received"), [("old", 0, 1), ("new", 0, 1), ("stranger", 0, 0), ("old", 1, 0), ("new", 1, 1)]
)
def test_receipts_count_by_the_same_keys(levels, other, monkeypatch, who, days, received):
    signer = {"old": other, "new": renewed(levels, other, until=NOW.date()), "stranger": Other()}[who]
    (peer,) = [row[0] for row in selectors.peers()]
    _case, one = levels.sent(deliver=False)
    with database.writing():
        head = Message.objects.get(thread=one.id)
        Message.objects.filter(pk=head.pk).update(peer=peer)
    text = rules.receipt(message=str(head.id), sha256=rules.digest(head.text), at=NOW)
    signature = signer.key.sign(rules.receipt_signable(text).encode()).hex()
    answer = outgoing.Answer(status=200, body=json.dumps({"receipt": text, "signature": signature}).encode())
    monkeypatch.setattr(outgoing, "call", lambda *_given, **_named: answer)
    assert services.deliver(thread=one.id, direction=rules.UP, now=NOW + HOUR + days * DAY) == received


def test_whose_matters_wait_are_told_once_that_nothing_arrives(levels):
    admin, centre = levels.staff("system_admin"), levels.staff("coordinator")
    peer = services.register_peer(
        name="市平台", url="http://127.0.0.1:9", public_key="ed25519:" + "b" * 64, region=CITY, actor=admin, now=NOW
    )
    levels.sent()
    levels.sent(now=NOW + 2 * HOUR)
    assert services.tell_silence(now=NOW + 4 * HOUR) == 0
    services.switch_peer(peer_id=peer.id, active=False, actor=admin, now=NOW)
    assert services.tell_silence(now=NOW + DAY) == 0
    services.switch_peer(peer_id=peer.id, active=True, actor=admin, now=NOW)
    assert services.tell_silence(now=NOW + 5 * HOUR) == 1
    assert services.tell_silence(now=NOW + DAY) == 0
    assert levels.told(centre, "escalation.silent") == 1


def test_what_cannot_be_reached_waits_and_is_tried_again_later(levels):
    admin = levels.staff("system_admin")
    peer = services.register_peer(
        name="市平台", url="http://127.0.0.1:9", public_key="ed25519:" + "b" * 64, region=CITY, actor=admin, now=NOW
    )
    _case, one = levels.sent()
    assert (one.state, one.peer_id) == ("sent", peer.id)
    ((_peer, waiting, since, error),) = selectors.peers()
    assert (waiting, since) == (1, NOW + HOUR)
    assert error.startswith("unreachable")
    assert services.deliver_due(now=NOW + HOUR) == 0

import datetime as dt
import enum
import hashlib
import json
import unicodedata
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.foundation.ledger import rules

STREAM = uuid.UUID("0190b3a4-0000-7000-8000-000000000001")
NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class Word(enum.StrEnum):
    DONE = "done"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
KEY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0", max_codepoint=0xFFFF), max_size=8)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-rules.LARGEST_INTEGER, rules.LARGEST_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
        ({"办": "e\u0301"}, '{"办":"é"}'),
        ({"t": '"\\/\n\t\x01\x7f\u2028'}, '{"t":"\\"\\\\/\\n\\t\\u0001\x7f\u2028"}'),
        ({"i": -(2**53) + 1}, '{"i":-9007199254740991}'),
        ({"w": Word.DONE, "n": enum.IntEnum("N", "one").one}, '{"n":1,"w":"done"}'),
        ({"at": NOW, "id": STREAM, "pair": (1, 2)},
         '{"at":"2026-11-20T01:00:00.000000Z","id":"0190b3a4-0000-7000-8000-000000000001","pair":[1,2]}'),
        ({}, "{}"),
        ([], "[]"),
    ],
)  # fmt: skip
def test_there_is_one_way_to_write_it(content, text):
    assert rules.canonical(content) == text


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, -(2**53), b"x", {1, 2}, object, dt.datetime(2026, 1, 1), dt.date(2026, 1, 1), "\0",
     "\ud800", {1: 2}, {"\0": 1}, {"\U0001f600": 1}, {"é": 1, "e\u0301": 2}, {"deep": [1.5]}],
    ids=ascii,
)  # fmt: skip
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises(rules.NotCanonical):
        rules.canonical({"x": value})


def test_too_deep_is_refused_rather_than_overflowing():
    deep: list = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(rules.NotCanonical):
        rules.canonical(deep)


@given(VALUE)
def test_canonical_is_what_any_json_library_would_write(value):
    try:
        text = rules.canonical(value)
    except rules.NotCanonical:  # keys that are the same only after normalisation
        return
    parsed = json.loads(text)
    assert json.dumps(parsed, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text
    assert rules.canonical(parsed) == text
    assert unicodedata.is_normalized("NFC", parsed) if isinstance(parsed, str) else True


@pytest.mark.parametrize("algorithm", rules.ALGORITHMS)
def test_a_hash_says_how_it_was_made(algorithm):
    tagged = rules.digest(algorithm, b"abc")
    assert tagged == f"{algorithm}:{hashlib.new(algorithm, b'abc').hexdigest()}"
    assert rules.matches(tagged, b"abc")
    assert not rules.matches(tagged, b"abd")


@pytest.mark.parametrize("tagged", ["", "md5:00", "sm3", "sm3:", "sha256:zz"])
def test_an_unknown_or_empty_hash_matches_nothing(tagged):
    try:
        assert not rules.matches(tagged, b"")
    except rules.UnknownAlgorithm:
        assert tagged.partition(":")[0] not in rules.ALGORITHMS


def test_a_salted_digest_needs_its_salt():
    first = rules.salted_digest("13800000000", salt=b"a" * 16)
    assert first == rules.salted_digest("13800000000", salt=b"a" * 16)
    assert first != rules.salted_digest("13800000000", salt=b"b" * 16)
    assert "138" not in first[:20]


def content(seq: int, **changes):
    return rules.content(
        **{
            "stream": STREAM, "seq": seq, "region": "330106", "kind": "thing.done", "at": NOW, "actor": STREAM,
            "on_behalf_of": None, "from_state": "a", "to_state": "b", "reason": "因为", "rulebook": 3,
            "data": {"n": seq, "text": "办理"},
        } | changes
    )  # fmt: skip


def chain(count: int, stream: uuid.UUID = STREAM, algorithm: str = "sm3") -> list[rules.Sealed]:
    facts, previous = [], ""
    for seq in range(1, count + 1):
        text, previous = rules.seal(previous, content(seq, stream=stream), algorithm)
        at = rules.instant(NOW)
        facts.append(rules.Sealed(str(stream), seq, "330106", "thing.done", at, str(STREAM), previous, text))
    return facts


def test_the_content_is_exactly_what_the_format_promises():
    text, sealed = rules.seal("", content(1), "sha256")
    assert list(json.loads(text)) == sorted(
        [
            "v",
            "stream",
            "seq",
            "region",
            "kind",
            "at",
            "actor",
            "on_behalf_of",
            "from",
            "to",
            "reason",
            "rulebook",
            "data",
            "prev",
        ]
    )
    assert json.loads(text)["prev"] is None
    assert json.loads(rules.seal(sealed, content(2), "sha256")[0])["prev"] == sealed


def test_a_whole_ledger_has_no_flaw():
    other = uuid.UUID(int=STREAM.int + 1)
    report = rules.verify_chain([*chain(5), *chain(3, other, "sha256")])
    assert (report.facts, report.streams, report.ok) == (8, 2, True)


@pytest.mark.parametrize(
    ("change", "flaws"),
    [
        (lambda f: f.pop(2), [("gap", 4)]),
        (lambda f: f.pop(0), [("gap", 2)]),
        (lambda f: f.insert(2, f[2]), [("reordered", 3)]),
        (lambda f: f.reverse(), [("gap", 4), ("reordered", 3), ("reordered", 2), ("reordered", 1)]),
        (lambda f: f.__setitem__(1, f[1]._replace(canonical=f[1].canonical.replace("办理", "办结"))), [("altered", 2)]),
        (lambda f: f.__setitem__(1, f[1]._replace(kind="thing.undone")), [("columns", 2)]),
        (lambda f: f.__setitem__(1, f[1]._replace(actor=None)), [("columns", 2)]),
        (lambda f: f.__setitem__(1, f[1]._replace(canonical="[]", hash=rules.digest("sm3", b"[]"))),
         [("unreadable", 2), ("unlinked", 3)]),
        (lambda f: f.__setitem__(3, f[3]._replace(canonical="x")), [("altered", 4), ("unreadable", 4)]),
        (lambda f: f.__setitem__(3, f[3]._replace(hash="md5:0")), [("unreadable", 4)]),
    ],
)  # fmt: skip
def test_each_kind_of_damage_has_its_name(change, flaws):
    facts = chain(4)
    change(facts)
    report = rules.verify_chain(facts)
    assert [(flaw.what, flaw.seq) for flaw in report.flaws] == flaws


def test_a_rewritten_fact_with_its_own_new_hash_breaks_the_next_link():
    facts = chain(4)
    text, sealed = rules.seal(facts[0].hash, content(2, reason="别的"), "sm3")
    facts[1] = facts[1]._replace(canonical=text, hash=sealed)
    assert [(f.what, f.seq) for f in rules.verify_chain(facts).flaws] == [("unlinked", 3)]


def test_spaces_that_change_nothing_are_still_a_flaw():
    facts = chain(1)
    loose = json.dumps(json.loads(facts[0].canonical), ensure_ascii=False)
    facts[0] = facts[0]._replace(canonical=loose, hash=rules.digest("sm3", loose.encode()))
    assert [f.what for f in rules.verify_chain(facts).flaws] == ["uncanonical"]


@settings(max_examples=200)
@given(st.data())
def test_any_single_bit_of_a_text_or_a_hash_is_found(data):
    facts = chain(4)
    victim = data.draw(st.integers(0, 3))
    field = data.draw(st.sampled_from(["canonical", "hash"]))
    raw = bytearray(getattr(facts[victim], field).encode())
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << (bit % 8)
    facts[victim] = facts[victim]._replace(**{field: raw.decode("utf-8", "replace")})
    assert not rules.verify_chain(facts).ok


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9))
def test_any_selection_but_a_beginning_is_found(picked):
    """Deletion, repetition, swap and any mix of them; only a missing tail needs the head to be seen."""
    facts = chain(10)
    report = rules.verify_chain([facts[index] for index in picked])
    assert report.ok == (picked == list(range(len(picked))))


@given(st.integers(0, 4), st.integers(1, 4))
def test_a_fact_from_elsewhere_is_found(place, seq):
    facts = chain(4)
    foreign = chain(4, uuid.UUID(int=STREAM.int + 7))[seq - 1]
    facts.insert(place, foreign._replace(stream=str(STREAM), seq=place + 1))
    assert not rules.verify_chain(facts).ok


def test_flaws_are_counted_beyond_those_kept():
    report = rules.verify_chain(fact._replace(canonical="x") for fact in chain(rules.FLAWS_KEPT + 10))
    assert len(report.flaws) == rules.FLAWS_KEPT
    assert report.flaw_count == 2 * (rules.FLAWS_KEPT + 10)


def _mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1 word for word, as the yardstick."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + _mth(leaves[:split]) + _mth(leaves[split:])).digest()


@given(st.lists(st.binary(max_size=5), max_size=70))
def test_the_tree_is_that_of_rfc_6962(leaves):
    assert rules.merkle_root(leaves, "sha256") == "sha256:" + _mth(leaves).hex()


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 100])
def test_every_leaf_can_be_proved_and_nothing_else(size):
    leaves = [rules.leaf(str(STREAM), n + 1, f"sm3:{n}") for n in range(size)]
    root = rules.merkle_root(leaves, "sm3")
    for index, leaf in enumerate(leaves):
        path = rules.merkle_proof(leaves, index, "sm3")
        assert rules.verify_proof(leaf, index=index, size=size, path=path, root=root)
        assert not rules.verify_proof(leaf + b" ", index=index, size=size, path=path, root=root)
        assert not rules.verify_proof(leaf, index=index, size=size, path=[*path, "00" * 32], root=root)
        assert not rules.verify_proof(leaf, index=size, size=size, path=path, root=root)
        if path:
            assert not rules.verify_proof(leaf, index=index, size=size, path=path[:-1], root=root)
            assert not rules.verify_proof(leaf, index=index, size=size, path=["00" * 32, *path[1:]], root=root)


def test_an_inner_node_cannot_pass_for_a_leaf():
    leaves = [b"a", b"b", b"c", b"d"]
    root = rules.merkle_root(leaves, "sha256")
    inner = hashlib.sha256(b"\0a").digest() + hashlib.sha256(b"\0b").digest()
    right = rules.merkle_proof(leaves, 0, "sha256")[-1]
    assert not rules.verify_proof(inner, index=0, size=2, path=[right], root=root)


def test_no_proof_for_what_is_not_there():
    with pytest.raises(IndexError):
        rules.merkle_proof([b"a"], 1, "sm3")

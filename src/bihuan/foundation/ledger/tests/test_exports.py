"""Exports, proofs and receipts, judged by the product and by the stand-alone script: they must agree."""

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import checkpoints, exports, keys, rules, selectors, services, standalone_verify

from .conftest import NOW, begin, happen, tampering

SCRIPT = Path(standalone_verify.__file__)


@pytest.fixture
def ledger(subjects, files_at_once):
    streams = [begin() for _ in range(3)]
    for stream in streams:
        happen(stream, 3, reason='因"为\\')
    services.checkpoint(now=NOW)
    happen(streams[1], 2)
    services.checkpoint(now=NOW)
    happen(streams[0])
    return [stream.pk for stream in streams]


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write


def exported(stream=None, **more) -> bytes:
    out = io.BytesIO()
    exports.export(out, now=NOW, stream=stream, **more)
    return out.getvalue()


def product_says(path) -> list[str]:
    return sorted({flaw.what for flaw in exports.verify_export(path).flaws})


def script_says(*paths, key=True) -> bool:
    """Whether the stand-alone script finds nothing wrong."""
    arguments = ["--public-key", keys.public_key()] if key else []
    return standalone_verify.main([*arguments, *map(str, paths)]) == 0


def test_the_whole_ledger(ledger, write, capsys):
    seen = []
    data = exported(progress=lambda *progress: seen.append(progress))
    header, *lines = map(json.loads, data.splitlines())
    assert header == {
        "format": "bihuan-ledger-1", "algorithm": "sm3", "made_at": rules.instant(NOW), "stream": None,
        "checkpoints": 2, "public_key": keys.public_key(),
    }  # fmt: skip
    assert [next(iter(line)) for line in lines] == ["checkpoint"] * 2 + ["canonical"] * 12 + ["end"]
    assert seen == [(12, 12)]
    path = write("all.jsonl", data)
    report = exports.verify_export(path)
    assert (report.facts, report.streams, report.checkpoints, report.flaws) == (12, 3, 2, [])
    assert script_says(path)
    assert "facts 12, streams 3, checkpoints 2, receipts 0\nnothing is wrong" in capsys.readouterr().out
    assert script_says(path, key=False)
    assert keys.public_key() in capsys.readouterr().out


def test_one_stream_comes_with_its_proof(ledger, write):
    path = write("one.jsonl", exported(ledger[0]))
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [next(iter(line)) for line in lines] == ["format", "proof"] + ["canonical"] * 4 + ["end"]
    report = exports.verify_export(path)
    assert (report.facts, report.streams, report.checkpoints, report.ok) == (4, 1, 1, True)
    assert script_says(path)


def test_an_empty_ledger(subjects, write):
    path = write("empty.jsonl", exported())
    assert product_says(path) == []
    assert script_says(path)


def test_the_script_needs_nothing_of_ours(ledger, write, tmp_path):
    path = write("all.jsonl", exported())
    copy = write("verify.py", SCRIPT.read_bytes())
    run = [sys.executable, "-I", "-S", str(copy), "--public-key", keys.public_key(), str(path)]
    assert subprocess.run(run, cwd="/", env={}, capture_output=True, check=False).returncode == 0
    path.write_bytes(path.read_bytes().replace(b"something", b"somethinG", 1))
    result = subprocess.run(run, cwd="/", env={}, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "altered" in result.stdout
    assert subprocess.run([*run[:4], "/nowhere"], env={}, capture_output=True, check=False).returncode == 2


def _without(number):
    return lambda lines: lines[:number] + lines[number + 1 :]


def _resigned(lines):
    """What somebody with another key can do: end the lines with a signature that fits them."""
    digest = "sm3:" + hashlib.new("sm3", b"".join(lines[:-1])).hexdigest()
    facts = [json.loads(item["canonical"]) for line in lines if "canonical" in (item := json.loads(line))]
    key = Ed25519PrivateKey.generate()
    public = "ed25519:" + key.public_key().public_bytes_raw().hex()
    counts = {"facts": len(facts), "streams": len({fact["stream"] for fact in facts})}
    end = rules.canonical({"digest": digest, "key": public, **counts})
    return [*lines[:-1], json.dumps({"end": end, "signature": key.sign(end.encode()).hex()}).encode() + b"\n"]


@pytest.mark.parametrize(
    ("change", "flaws"),
    [
        (_without(0), ["unreadable"]),
        (_without(1), ["checkpoint_unlinked", "export_altered"]),
        (_without(2), ["export_altered"]),
        (_without(4), ["export_altered", "gap"]),
        (_without(5), ["export_altered", "sealed_missing", "gap"]),
        (_without(6), ["export_altered"]),
        (lambda lines: lines[:-1], ["export_cut"]),
        (lambda lines: lines[:8], ["export_cut", "sealed_missing"]),
        (lambda lines: [*lines, b"{}\n"], ["export_altered"]),
        (lambda lines: [*lines[:5], lines[4], *lines[5:]], ["export_altered", "reordered"]),
        (lambda lines: [*lines[:4], lines[4].replace(b"something", b"sometimes"), *lines[5:]],
         ["altered", "export_altered"]),
        (lambda lines: [*lines[:4], b"?\n", *lines[5:]], ["export_altered", "gap", "unreadable"]),
        (lambda lines: [*lines[:4], lines[4].replace(b":", b": ", 1), *lines[5:]], ["export_altered"]),
        (_resigned, ["export_untrusted_key"]),
        (lambda lines: _resigned(lines[:6] + lines[7:]), ["export_untrusted_key"]),
        (lambda lines: _resigned(lines[:3] + lines[7:]), ["export_untrusted_key", "sealed_missing"]),
    ],
)  # fmt: skip
def test_a_changed_export_is_found_out_by_both(ledger, write, change, flaws):
    lines = exported().splitlines(keepends=True)
    path = write("changed.jsonl", b"".join(change(lines)))
    assert set(flaws) <= set(product_says(path)) <= {*flaws, "export_altered"}
    assert not script_says(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_single_bit_of_an_export_counts(ledger, write, data):
    raw = bytearray(exported(ledger[0]))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << (bit % 8)
    path = write("bit.jsonl", bytes(raw))
    assert product_says(path)
    assert not script_says(path)


def test_without_a_key_of_its_own_an_installation_takes_the_export_s(ledger, write, settings, tmp_path_factory):
    path = write("all.jsonl", exported())
    ours = keys.trusted()
    settings.DATA_DIR = tmp_path_factory.mktemp("elsewhere")
    assert product_says(path) == []
    assert keys.public_key() not in ours
    assert set(product_says(path)) == {"checkpoint_untrusted_key", "export_untrusted_key"}
    assert exports.verify_export(path, trusted=ours).ok


def test_a_flawed_ledger_makes_a_flawed_export(ledger, write):
    with tampering() as cursor:
        cursor.execute("update ledger_fact set canonical = replace(canonical, 'some', 'any') where seq = 2")
        cursor.execute("delete from ledger_fact where stream = %s", [ledger[2]])
    path = write("all.jsonl", exported())
    assert product_says(path) == ["altered", "sealed_missing"]
    assert not script_says(path)


@pytest.fixture
def proof(ledger):
    with database.writing():
        return selectors.proof(ledger[0], with_facts=True)


def test_proofs(proof, write):
    assert script_says(write("proof.json", proof))
    assert script_says(write("wrapped.json", {"proof": proof}))
    del proof["facts"]
    assert script_says(write("proof.json", proof))


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.update(index=p["index"] ^ 1),
        lambda p: p.update(index=-1),
        lambda p: p.update(size=2),
        lambda p: p["path"].pop(),
        lambda p: p["path"].append("00" * 32),
        lambda p: p["head"].__setitem__(2, p["facts"][0]["hash"]),
        lambda p: p.update(signature=p["signature"][::-1]),
        lambda p: p.update(statement=p["statement"].replace('"seq":1', '"seq":7')),
        lambda p: p.update(statement="{}"),
        lambda p: p["facts"].pop(0),
        lambda p: p["facts"].pop(2),
        lambda p: p["facts"].clear(),
        lambda p: p["facts"][1].update(hash="sm3:" + "0" * 64),
        lambda p: p.clear(),
    ],
)
def test_changed_proofs(proof, write, change):
    change(proof)
    assert not script_says(write("proof.json", proof))


def test_receipts_and_old_checkpoints_against_a_later_export(ledger, write):
    """What outsiders kept convicts whoever rewrote the ledger, even with the key."""
    with database.writing():
        fact = selectors.history(ledger[0])[0]
        receipt = write("receipt.json", {"number": "n", "receipt": selectors.receipt(fact)})
    bare = write("bare.json", {"receipt": {"hash": fact.hash, "stream": str(fact.stream), "seq": 1, "number": "n"}})
    point = write("point.json", checkpoints.read(2).encode())
    before = write("before.jsonl", exported())
    assert script_says(receipt, bare, point, before)
    assert script_says(before, point, receipt)
    with database.writing():
        proof = write("proof.json", selectors.proof(ledger[0], with_facts=True))
    assert script_says(proof, receipt, bare)

    with tampering() as cursor:
        cursor.execute("delete from ledger_checkpoint")
        cursor.execute("delete from ledger_fact where stream in (%s, %s)", [ledger[0], ledger[1]])
    services.checkpoint(now=NOW)
    after = write("after.jsonl", exported())
    assert product_says(after) == []
    assert script_says(after)
    for witness in (receipt, bare, point):
        assert script_says(witness)
        assert not script_says(witness, after)


def test_a_receipt_must_bear_out_itself(ledger, write):
    with database.writing():
        receipt = selectors.receipt(selectors.history(ledger[0])[0])
    for change in ({"hash": "sm3:" + "0" * 64}, {"seq": 2}, {"stream": "x"}, {"canonical": "{}"}, {"hash": None}):
        assert not script_says(write("receipt.json", receipt | change))


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b"3", b'{"format":"bihuan-ledger-1"}'])
def test_other_files_prove_nothing(ledger, write, content):
    path = write("other", content)
    assert not script_says(path)
    assert product_says(path)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_the_script_s_own_sm3(data):
    running = standalone_verify.Sm3()
    running.update(data[:7])
    running.update(data[7:])
    assert running.digest() == hashlib.new("sm3", data).digest()


def test_the_script_without_sm3_in_python(ledger, write, monkeypatch):
    path = write("all.jsonl", exported())

    def new(name, *data):
        raise ValueError(name)

    monkeypatch.setattr(standalone_verify.hashlib, "new", new)
    assert script_says(path)


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.binary(min_size=32, max_size=32), st.integers(0, 511))
def test_the_script_s_own_ed25519(text, seed, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = "ed25519:" + key.public_key().public_bytes_raw().hex()
    signature = bytearray(key.sign(text.encode()))
    assert standalone_verify.signed_by(public, text, signature.hex())
    assert not standalone_verify.signed_by(public, text + " ", signature.hex())
    signature[bit // 8] ^= 1 << (bit % 8)
    assert not standalone_verify.signed_by(public, text, signature.hex())
    assert not keys.signed_by(public, text, signature.hex())


def test_a_signature_with_a_number_beyond_the_order_is_refused():
    key = Ed25519PrivateKey.generate()
    public = "ed25519:" + key.public_key().public_bytes_raw().hex()
    good = key.sign(b"x")
    beyond = int.from_bytes(good[32:], "little") + standalone_verify.ORDER
    bad = (good[:32] + beyond.to_bytes(32, "little")).hex()
    assert not standalone_verify.signed_by(public, "x", bad)
    assert not keys.signed_by(public, "x", bad)
    for nonsense in ("", "ed25519:", "ed25519:00", "rsa:" + public[8:], None):
        assert not standalone_verify.signed_by(nonsense, "x", good.hex())


def test_a_receipt_and_its_proof_need_no_other_fact(ledger, write, capsys):
    with database.writing():
        receipt = selectors.receipt(selectors.history(ledger[0])[0])
        proof = selectors.proof(ledger[0], seq=1)
    assert script_says(write("receipt.json", receipt))
    assert "nothing here bears out this receipt" in capsys.readouterr().out
    assert script_says(write("both.json", {"number": "n", "receipt": receipt, "proof": proof}))
    assert "bears out" not in capsys.readouterr().out
    forged = receipt["canonical"].replace('"seq":1', '"seq": 1')
    changed = receipt | {"canonical": forged, "hash": rules.digest("sm3", forged.encode())}
    assert script_says(write("changed.json", changed))
    assert not script_says(write("changed.json", changed), write("proof.json", {"proof": proof}))

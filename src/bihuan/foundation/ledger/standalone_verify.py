#!/usr/bin/env python3
"""Verify exports, proofs, receipts and checkpoints of a Bihuan ledger with nothing but Python (3.9 or later).

This one file needs nothing else. It implements docs/reference/ledger-format.md a second time and shares no code with
the product. Files are checked against each other too: a receipt or an old checkpoint against proofs and exports.
Exit status: 0 nothing wrong, 1 something is wrong, 2 the files or the arguments cannot be used.
Without --public-key signatures are checked with the key that the file names, which does not show whose key it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Tuple

# ruff: noqa: T201, UP006, UP035, B905 (it prints, and runs on old Pythons too)

BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError)

# SM3 (GB/T 32905-2016), for Pythons whose OpenSSL lacks it
WORD = 0xFFFFFFFF


def _left(value: int, bits: int) -> int:
    return (value << bits % 32 | value >> 32 - bits % 32) & WORD


START = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
_ROUND = [_left(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64)]


def _compress(state: list[int], block: bytes) -> list[int]:
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        mixed = w[j - 16] ^ w[j - 9] ^ _left(w[j - 3], 15)
        w.append(mixed ^ _left(mixed, 15) ^ _left(mixed, 23) ^ _left(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        turned = _left(a, 12)
        first = _left((turned + e + _ROUND[j]) & WORD, 7)
        ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
        gg = e ^ f ^ g if j < 16 else e & f | ~e & WORD & g
        one = (ff + d + (first ^ turned) + (w[j] ^ w[j + 4])) & WORD
        two = (gg + h + first + w[j]) & WORD
        a, b, c, d = one, a, _left(b, 9), c
        e, f, g, h = two ^ _left(two, 9) ^ _left(two, 17), e, _left(f, 19), g
    return [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]


class Sm3:
    """SM3 with the manners of hashlib: update and digest. Slow, and it keeps all it was given until then."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.update = self.data.extend

    def digest(self) -> bytes:
        """Return the hash of all bytes so far."""
        state, size = START, len(self.data)
        data = bytes(self.data) + b"\x80" + b"\0" * ((55 - size) % 64) + (size * 8).to_bytes(8, "big")
        for start in range(0, len(data), 64):
            state = _compress(state, data[start : start + 64])
        return b"".join(word.to_bytes(4, "big") for word in state)


def new_hash(name: str) -> Any:
    """Return a fresh hash object for "sm3" or "sha256". Raises ValueError for any other name."""
    if name not in ("sm3", "sha256"):
        raise ValueError(f"unknown hash algorithm {name}")
    try:
        return hashlib.new(name)
    except ValueError:
        return Sm3()


def raw(name: str, data: bytes) -> bytes:
    """Return the bare hash of `data`."""
    running = new_hash(name)
    running.update(data)
    return bytes(running.digest())


def matches(tagged: str, data: bytes) -> bool:
    """Return whether `tagged` ("sm3:hex") is the hash of `data`."""
    name = tagged.split(":")[0]
    return name + ":" + raw(name, data).hex() == tagged


# Ed25519 verification (RFC 8032): points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z
Point = Tuple[int, int, int, int]
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _add(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point = _add(point, point)
        scalar >>= 1
    return total


def _point(data: bytes) -> Point:
    """Return the point that 32 bytes stand for. Raises ValueError if they stand for none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(data) != 32 or y >= P:
        raise ValueError("not a point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign):
        raise ValueError("not a point")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _bytes(point: Point) -> bytes:
    x, y = (value * pow(point[2], P - 2, P) % P for value in point[:2])
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(key: str, text: str, signature: str) -> bool:
    """Return whether `signature` (hex) of `text` was made by the owner of `key` ("ed25519:hex")."""
    try:
        public, sig = bytes.fromhex(key.split(":")[1]), bytes.fromhex(signature)
        s = int.from_bytes(sig[32:], "little")
        if not key.startswith("ed25519:") or len(sig) != 64 or s >= ORDER:
            return False
        a = _point(public)
        k = int.from_bytes(hashlib.sha512(sig[:32] + public + text.encode()).digest(), "little") % ORDER
        return _bytes(_add(_times(s, BASE), _times(k, (P - a[0], a[1], 1, P - a[3])))) == sig[:32]
    except BROKEN:
        return False


def compact(value: Any) -> str:
    """Return `value` in the ledger's canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def root_of(claimed: str, heads: list[Any]) -> str:
    """Return the root over heads (RFC 6962) in the algorithm of the one claimed: an odd last node moves up as it is."""
    name = claimed.split(":")[0]
    nodes = [raw(name, b"\0" + compact(head).encode()) for head in heads]
    while len(nodes) > 1:
        joined = [raw(name, b"\1" + nodes[i] + nodes[i + 1]) for i in range(0, len(nodes) - 1, 2)]
        nodes = joined + nodes[len(joined) * 2 :]
    return name + ":" + nodes[0].hex()


def root_by_path(claimed: str, head: Any, index: int, size: int, path: list[str]) -> str:
    """Return the root that a path leads to from a head. Raises ValueError or IndexError if the path does not fit."""
    name = claimed.split(":")[0]
    node, path, last = raw(name, b"\0" + compact(head).encode()), list(path), size - 1
    if not 0 <= index < size:
        raise ValueError("index outside the tree")
    while last:
        if index ^ 1 <= last:
            sibling = bytes.fromhex(path.pop(0))
            node = raw(name, b"\1" + (sibling + node if index & 1 else node + sibling))
        index, last = index >> 1, last >> 1
    if path:
        raise ValueError("path too long")
    return name + ":" + node.hex()


def _normal(value: Any) -> bool:
    """Return whether every text inside `value` is in the normal form NFC, and no number has a fraction."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value) == value
    if isinstance(value, dict):
        return all(_normal(key) and _normal(item) for key, item in value.items())
    return all(map(_normal, value)) if isinstance(value, list) else not isinstance(value, float)


class Findings:
    """What is wrong so far, and what the files say about the same facts.

    wanted: (stream, seq) → [hash, who says so, whether met, whether signed]. receipts: fact → its file.
    covered: streams given in full; None: all are.
    """

    def __init__(self, public_key: str | None = None) -> None:
        self.public_key = public_key
        self.flaws: list[str] = []
        self.keys: set[Any] = set()
        self.covered: set[Any] = set()
        self.wanted: dict[Any, list[Any]] = {}
        self.receipts: dict[Any, str] = {}
        self.count = {"facts": 0, "streams": 0, "checkpoints": 0, "receipts": 0}

    def flaw(self, what: str, where: str) -> None:
        """Note that something is wrong."""
        self.flaws.append(f"{what:20} {where}")

    def want(self, stream: str, seq: int, sealed: str, where: str, signed: bool = False) -> None:
        """Remember that fact number `seq` of `stream` must have the hash `sealed`, as `where` says (signed or not)."""
        entry = self.wanted.setdefault((stream, seq), [sealed, where, False, False])
        entry[3] |= signed
        if entry[0] != sealed:
            self.flaw("differs", where)

    def signature(self, text: str, signature: str, where: str) -> Any:
        """Check a signed text and return it parsed. Raises one of BROKEN."""
        self.keys.add((stated := json.loads(text))["key"])
        if not signed_by(stated["key"], text, signature):
            self.flaw("signature", where)
        elif self.public_key and stated["key"] != self.public_key:
            self.flaw("untrusted_key", where)
        return stated

    def checkpoint(self, document: Any, where: str, before: Any = False) -> Any:
        """Check a checkpoint; return its statement. before: the statement before it, None for none, False: unknown."""
        self.count["checkpoints"] += 1
        text, heads = document["statement"], document["heads"]
        stated = self.signature(text, document["signature"], where)
        if stated["root"] != root_of(stated["root"], heads) or stated["heads"] != len(heads):
            self.flaw("root", where)
        for stream, seq, sealed in heads:
            self.want(stream, seq, sealed, where, signed=True)
        link = stated["previous"]
        if before is not False and (link is not None if before is None else not matches(str(link), before.encode())):
            self.flaw("checkpoint_unlinked", where)
        return text

    def proof(self, proof: Any, where: str) -> None:
        """Check an inclusion proof, and its facts if it has them."""
        self.count["checkpoints"] += 1
        stated = self.signature(proof["statement"], proof["signature"], where)
        stream, seq, sealed = proof["head"]
        found = root_by_path(stated["root"], proof["head"], proof["index"], proof["size"], proof["path"])
        if stated["root"] != found or stated["heads"] != proof["size"]:
            self.flaw("root", where)
        self.want(stream, seq, sealed, where, signed=True)
        if "facts" in proof:
            self.covered.add(stream)
            self.chain((where, item) for item in proof["facts"])

    def receipt(self, receipt: Any, where: str) -> None:
        """Check a receipt: its text, where it has one, bears out its hash."""
        self.count["receipts"] += 1
        stream, seq = receipt["stream"], receipt["seq"]
        self.want(stream, seq, receipt["hash"], where)
        self.receipts[stream, seq] = where
        if "canonical" in receipt:
            inside = json.loads(receipt["canonical"])
            if not matches(receipt["hash"], receipt["canonical"].encode()):
                self.flaw("altered", where)
            if (inside["stream"], inside["seq"]) != (stream, seq):
                self.flaw("columns", where)

    def chain(self, items: Iterable[tuple[str, Any]]) -> None:
        """Check facts that come stream by stream; `items` are (where, {"canonical": …, "hash": …})."""
        current, previous, last = None, None, 0
        for where, item in items:
            try:
                text, sealed = item["canonical"], item["hash"]
                inside = json.loads(text)
                stream, seq, link = inside["stream"], inside["seq"], inside["prev"]
                if stream != current:
                    self.count["streams"] += 1
                    current, previous, last = stream, None, 0
                    if not self.covered & {stream, None}:
                        self.flaw("foreign", where)
                self.count["facts"] += 1
                if not matches(sealed, text.encode()):
                    self.flaw("altered", where)
                if compact(inside) != text or not _normal(inside):
                    self.flaw("uncanonical", where)
                if seq != last + 1:
                    self.flaw("gap" if seq > last else "reordered", where)
                elif link != previous:
                    self.flaw("unlinked", where)
                previous, last = sealed, max(seq, last)
                if (stream, seq) in self.wanted:
                    self.wanted[stream, seq][2] = True
                    self.want(stream, seq, sealed, where)
            except BROKEN:
                self.flaw("unreadable", where)

    def lines(self, file: BinaryIO, path: str) -> Iterator[tuple[str, Any]]:
        """Yield the facts of an export and check its other lines. Memory grows with the heads it seals."""
        header = json.loads(file.readline())
        self.covered.add(header["stream"])
        running, before, ended = new_hash(header["algorithm"]), None, False
        file.seek(0)
        for number, line in enumerate(file, 1):
            where = f"{path}:{number}"
            try:
                item = json.loads(line)
                if ended:
                    self.flaw("after_the_end", where)
                elif "end" in item:
                    ended = True
                    stated = self.signature(item["end"], item["signature"], where)
                    if stated["digest"] != header["algorithm"] + ":" + running.digest().hex():
                        self.flaw("altered", where)
                elif "checkpoint" in item:
                    before = self.checkpoint(item["checkpoint"], where, before)
                elif "proof" in item:
                    self.proof(item["proof"], where)
                elif number > 1:
                    yield where, item
            except BROKEN:
                self.flaw("unreadable", where)
            running.update(line)
        if not ended:
            self.flaw("cut", path)


def read(path: str) -> list[Any]:
    """Return the documents that a file holds ({} if it holds none), or None for an export. Raises OSError."""
    with open(path, "rb") as file:
        first = file.readline()
        if b'"format":"bihuan-ledger-1"' in first:
            return [None]
        try:
            document = json.loads(first + file.read())
        except ValueError:
            return [{}]
    parts = document if isinstance(document, dict) else {}
    return [parts[name] for name in ("receipt", "proof") if parts.get(name)] or [parts]


def check(findings: Findings, path: str, document: Any) -> None:
    """Check what one file holds."""
    try:
        if document is None:
            with open(path, "rb") as file:
                findings.chain(findings.lines(file, path))
        elif "path" in document:
            findings.proof(document, path)
        elif "heads" in document:
            findings.checkpoint(document, path)
        else:
            findings.receipt(document, path)
    except BROKEN as error:
        findings.flaw("unreadable", f"{path} ({error})")


def main(arguments: list[str] | None = None) -> int:
    """Check the files named on the command line; return the exit status."""
    parser = argparse.ArgumentParser(description="Verify exports, proofs, receipts and checkpoints of a ledger.")
    parser.add_argument("--public-key", help="the key that must have signed, ed25519:HEX")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args(arguments)
    findings = Findings(options.public_key)
    try:
        documents = [(path, document) for path in options.files for document in read(path)]
        documents.sort(key=lambda item: 2 if item[1] is None else "facts" in item[1])  # what is wanted before the facts
        for path, document in documents:
            check(findings, path, document)
    except OSError as error:
        print(f"cannot be used: {error}", file=sys.stderr)
        return 2
    return conclude(findings)


def conclude(findings: Findings) -> int:
    """Compare what was wanted with what was met, print what was found and return the exit status."""
    for (stream, _seq), (_sealed, where, met, _signed) in findings.wanted.items():
        if not met and findings.covered & {stream, None}:
            findings.flaw("missing", where)
    for flaw in findings.flaws[:100]:
        print("WRONG", flaw)
    print(", ".join(f"{name} {number}" for name, number in findings.count.items()))
    for fact in findings.receipts.keys() - {fact for fact, want in findings.wanted.items() if want[2] or want[3]}:
        print(f"{findings.receipts[fact]}: nothing here bears out this receipt; add its proof, or an export")
    for key in sorted(findings.keys - {findings.public_key}, key=str):
        print(f"signed with {key}: compare this key with the published one")
    print(f"{len(findings.flaws)} flaws" if findings.flaws else "nothing is wrong")
    return 1 if findings.flaws else 0


if __name__ == "__main__":
    sys.exit(main())

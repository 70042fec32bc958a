"""The ledger as a file that proves itself: JSON lines, signed at the end. docs/reference/ledger-format.md."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import orjson

from bihuan.foundation.ledger import checkpoints, keys, rules, selectors, services, verification
from bihuan.foundation.ledger.models import Checkpoint

FORMAT = "bihuan-ledger-1"


def export(
    out: BinaryIO, *, now: dt.datetime, stream: UUID | None = None, progress: verification.Progress | None = None
) -> rules.Report:
    """Write the whole ledger, or one stream, to `out` and return what was written (facts, streams, checkpoints).

    Lines: header; checkpoints (of one stream: its inclusion proof, if there is one); facts ordered by stream and
    number; the end, with the hash of all lines before, signed. Nothing is checked here: `verify_export` does that.
    """
    chosen = services.algorithm()
    running = rules.hasher(chosen)
    report = rules.Report()

    def write(item: dict[str, Any]) -> None:
        line = orjson.dumps(item) + b"\n"
        running.update(line)
        out.write(line)

    with verification.snapshot():
        header = {"format": FORMAT, "algorithm": chosen, "made_at": rules.instant(now), "public_key": keys.public_key()}
        proof = selectors.proof(stream) if stream else None
        rows = Checkpoint.objects.none() if stream else Checkpoint.objects.order_by("seq")
        report.checkpoints = rows.count()
        write({**header, "stream": str(stream) if stream else None, "checkpoints": report.checkpoints})
        for document in rows.values_list("document", flat=True).iterator(chunk_size=1):
            write({"checkpoint": orjson.loads(document)})
        if proof:
            write({"proof": proof})
        current = None
        for fact in verification.sealed_facts(stream, progress):
            name, _seq, _region, _kind, _at, _actor, sealed, text = fact
            report.facts += 1
            report.streams += name != current
            current = name
            write({"canonical": text, "hash": sealed})
    counts = {"facts": report.facts, "streams": report.streams}
    end = rules.canonical({"digest": f"{chosen}:{running.hexdigest()}", "key": keys.public_key(), **counts})
    write({"end": end, "signature": keys.sign(end)})
    return report


def verify_export(path: Path, *, trusted: frozenset[str] | None = None) -> rules.Report:
    """Check an export without the database: lines, signature, chains, and checkpoints or proof.

    trusted: public keys whose signatures count; None: those of this installation, and where it has none, the key the
    export itself names (its lines are then proved to belong together, but not who signed them). Memory grows with
    the number of heads that its checkpoints seal, not with the facts. For flaws outside a stream, `seq` is the
    number of the checkpoint or the line.
    """
    report = rules.Report()
    with path.open("rb") as file:
        header = _parsed(file.readline())
        if header.get("format") != FORMAT:
            report.add("unreadable", None, 1, "no header")
            return report
        trusted = trusted or keys.trusted() or frozenset({str(header.get("public_key"))})
        file.seek(0)
        sealed: dict[tuple[str, int], str] = {}
        lines = _lines_before_end(file, str(header.get("algorithm")), trusted, report)
        rules.verify_chain(_facts(lines, sealed, trusted, report), report)
    for stream, seq in sealed:
        report.add("sealed_missing", stream, seq)
    return report


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        item = orjson.loads(line)
    except ValueError:
        return {}
    return item if isinstance(item, dict) else {}


def _lines_before_end(
    file: BinaryIO, algorithm: str, trusted: frozenset[str], report: rules.Report
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (number, parsed line) of all but the header and the end, which is checked against what went before."""
    running = rules.hasher(algorithm) if rules.available(algorithm) else rules.hasher("sha256")
    for number, line in enumerate(file, 1):
        item = _parsed(line)
        if "end" in item:
            _check_end(item, f"{algorithm}:{running.hexdigest()}", trusted, report)
            if file.readline():
                report.add("export_altered", None, number + 1, "lines after the end")
            return
        running.update(line)
        if number > 1:
            yield number, item
    report.add("export_cut")


def _check_end(item: dict[str, Any], digest: str, trusted: frozenset[str], report: rules.Report) -> None:
    try:
        end = orjson.loads(item["end"])
        same = (end["digest"], end["facts"], end["streams"]) == (digest, report.facts, report.streams)
        signers = [key for key in {*trusted, end["key"]} if keys.signed_by(key, item["end"], item["signature"])]
    except (ValueError, KeyError, TypeError, AttributeError):
        same, signers = False, []
    if not same or not signers:
        report.add("export_altered")
    elif not trusted & set(signers):
        report.add("export_untrusted_key")


def _facts(
    lines: Iterator[tuple[int, dict[str, Any]]],
    sealed: dict[tuple[str, int], str],
    trusted: frozenset[str],
    report: rules.Report,
) -> Iterator[rules.Sealed]:
    """Yield the facts among `lines`; check the checkpoints among them, and the facts against the heads they seal."""
    before: str | None = None
    for number, item in lines:
        if "checkpoint" in item:
            report.checkpoints += 1
            before = _take_checkpoint(item["checkpoint"], before, sealed, trusted, report)
        elif "proof" in item:
            report.checkpoints += 1
            _take_proof(item["proof"], sealed, trusted, report)
        elif (fact := _fact(item)) is None:
            report.add("unreadable", None, number)
        else:
            if sealed.pop((fact.stream, fact.seq), fact.hash) != fact.hash:
                report.add("sealed_differs", fact.stream, fact.seq)
            yield fact


def _fact(item: dict[str, Any]) -> rules.Sealed | None:
    try:
        inside = orjson.loads(item["canonical"])
        stream, seq, region, kind, at, actor = (inside[name] for name in rules.COLUMNS)
    except (ValueError, KeyError, TypeError):
        return None
    if type(stream) is not str or type(seq) is not int or type(item.get("hash")) is not str:
        return None
    return rules.Sealed(stream, seq, region, kind, at, actor, item["hash"], item["canonical"])


def _take_checkpoint(
    document: Any,
    before: str | None,
    sealed: dict[tuple[str, int], str],
    trusted: frozenset[str],
    report: rules.Report,
) -> str | None:
    """Check one checkpoint, add its heads to `sealed`, and return its statement (None if it cannot be read)."""
    number = report.checkpoints
    found = checkpoints.flaws(document, trusted=trusted)
    for flaw in found:
        report.add(f"checkpoint_{flaw}", None, number)
    if "unreadable" in found:
        return None
    sealed.update({(stream, seq): head for stream, seq, head in document["heads"]})
    verification.check_link(report, number, document["statement"], before)
    return str(document["statement"])


def _take_proof(proof: Any, sealed: dict[tuple[str, int], str], trusted: frozenset[str], report: rules.Report) -> None:
    found = checkpoints.proof_flaws(proof, trusted=trusted)
    for flaw in found:
        report.add(f"checkpoint_{flaw}", None, report.checkpoints)
    if "unreadable" not in found:
        stream, seq, head = proof["head"]
        sealed[stream, seq] = head

"""Checkpoints as documents and files: composed, checked, and laid down outside the database."""

import datetime as dt
import os
import secrets
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from bihuan.foundation.ledger import keys, rules

FORMAT = "bihuan-checkpoint-1"
PUBLIC_KEY_FILE = "public-key.pem"


class CheckpointExists(RuntimeError):
    """A checkpoint file of this number is there with another content. Nothing is overwritten."""


def compose(
    *, seq: int, made_at: dt.datetime, previous: str, heads: list[tuple[str, int, str]], algorithm: str
) -> dict[str, Any]:
    """Return the signed document over `heads` (stream, seq, hash), which must be sorted by stream and seq.

    {"statement": canonical text, "signature": hex, "heads": [[stream, seq, hash], …]}; only the statement is
    signed, and its root stands for the heads.
    """
    root = rules.merkle_root([rules.leaf(*head) for head in heads], algorithm)
    statement = rules.canonical(
        {
            "format": FORMAT,
            "seq": seq,
            "made_at": made_at,
            "previous": previous or None,
            "root": root,
            "heads": len(heads),
            "key": keys.public_key(),
        }
    )
    return {"statement": statement, "signature": keys.sign(statement), "heads": heads}


def statement_flaws(document: dict[str, Any], *, trusted: Collection[str]) -> list[str]:
    """Return what is wrong with statement and signature: `unreadable`, `untrusted_key`, `signature`."""
    try:
        statement, signature = document["statement"], document["signature"]
        key = orjson.loads(statement)["key"]
        if not keys.signed_by(key, statement, signature):
            return ["signature"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ["unreadable"]
    return [] if key in trusted else ["untrusted_key"]


def flaws(document: dict[str, Any], *, trusted: Collection[str]) -> list[str]:
    """Return what is wrong with a whole document: as `statement_flaws`, and `root` if its heads were not sealed."""
    found = statement_flaws(document, trusted=trusted)
    if found == ["unreadable"]:
        return found
    try:
        statement = orjson.loads(document["statement"])
        algorithm = statement["root"].partition(":")[0]
        leaves = [rules.leaf(*head) for head in document["heads"]]
        if len(leaves) != statement["heads"] or rules.merkle_root(leaves, algorithm) != statement["root"]:
            found.append("root")
    except (ValueError, KeyError, TypeError, AttributeError):
        return ["unreadable"]
    return found


def proof_flaws(proof: dict[str, Any], *, trusted: Collection[str]) -> list[str]:
    """Return what is wrong with an inclusion proof: as `statement_flaws`, and `root` if the path leads elsewhere."""
    found = statement_flaws(proof, trusted=trusted)
    if found == ["unreadable"]:
        return found
    try:
        statement = orjson.loads(proof["statement"])
        item = rules.leaf(*proof["head"])
        place = {"index": proof["index"], "size": proof["size"], "path": proof["path"]}
        if proof["size"] != statement["heads"] or not rules.verify_proof(item, **place, root=statement["root"]):
            found.append("root")
    except (ValueError, KeyError, TypeError, AttributeError):
        return ["unreadable"]
    return found


def directory() -> Path:
    """Return where the files lie. Let it be copied to a place that the database's keepers cannot write."""
    return Path(settings.DATA_DIR) / "checkpoints"


def file_name(seq: int) -> str:
    """Return the name of checkpoint `seq`: nine digits, so that names sort by number."""
    return f"{seq:09d}.json"


def laid_down() -> Iterator[int]:
    """Yield the numbers of the files that are there, in no order."""
    if directory().is_dir():
        for path in directory().glob("*.json"):
            if path.stem.isdigit():
                yield int(path.stem)


def read(seq: int) -> str | None:
    """Return the text of file `seq`, or None."""
    try:
        return (directory() / file_name(seq)).read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None


def lay_down(seq: int, text: str) -> None:
    """Write file `seq` once: whole, durable, read-only. Raises CheckpointExists if another one has its name."""
    folder = directory()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / PUBLIC_KEY_FILE).exists():
        _write_once(folder / PUBLIC_KEY_FILE, keys.public_pem())
    _write_once(folder / file_name(seq), text.encode())


def _write_once(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # fails if the name is taken, unlike a rename
        if hasattr(os, "O_DIRECTORY"):
            folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
            os.fsync(folder)
            os.close(folder)
    except FileExistsError:
        if path.read_bytes() != data:
            raise CheckpointExists(str(path)) from None
    finally:
        draft.unlink(missing_ok=True)

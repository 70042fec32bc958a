"""Decisions on instruments, on plain values."""

import datetime as dt
import hashlib


def may_object(
    *, objection: str, received_at: dt.datetime | None, until: dt.datetime | None, now: dt.datetime
) -> str | None:
    """Return why an objection is not possible (`objected_already`, `not_received`, `objection_late`), or None.

    Once only, and within the time that law gives after the receipt (《政府督查工作条例》第16条: 30 days).
    """
    if objection:
        return "objected_already"
    if received_at is None or until is None:
        return "not_received"
    return "objection_late" if now > until else None


def is_drawn(head: str, share: float) -> bool:
    """Tell whether what was written off is looked at again; head: hash of its chain at the write-off.

    Nobody can foresee the hash, and everybody can repeat the draw afterwards. share: 1 means all, 0 none (O7).
    """
    ticket = int.from_bytes(hashlib.sha256(head.encode()).digest()[:8], "big") / 2**64
    return ticket < share


def had_a_hand(person: str, hands: list[str]) -> bool:
    """Tell whether somebody took part in what is to be reviewed (原督查人员回避)."""
    return person in hands

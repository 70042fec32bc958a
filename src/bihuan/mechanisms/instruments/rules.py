"""Decisions on instruments, on plain values."""

import datetime as dt


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


def had_a_hand(person: str, hands: list[str]) -> bool:
    """Tell whether somebody took part in what is to be reviewed (原督查人员回避)."""
    return person in hands

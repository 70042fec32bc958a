"""How a fact carries the change of the case row, and how the row is rebuilt by replaying the facts."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

TRACKED = (
    "region number title description channel town place category board tier urgent enterprise_id anonymous"
    " raised_by state lead_department_id co_department_ids bound objected_ids closed_kind decline_reason"
    " reply_kind reply_text word achieved achieved_by false_closure rating_plan rating_process rating_result"
    " rating_changes callback extension extensions suspension hand_offs returns reworks reopenings verifier_ids"
    " verifying_by escalated_to merged_into_id raised_at accepted_at dispatched_at signed_at first_contact_at"
    " replied_at closed_at achieved_at archived_at due_at original_due_at light_at light_ids counts_from held_at"
    " allotment provisional rulebook_version source source_id"
).split()
"""Every field of the case row that the ledger answers for (contact data and the follow-up code stay out)."""


def to_plain(value: Any) -> Any:
    """Return a row value as canonical JSON: ids as texts, instants as UTC RFC 3339 with microseconds."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


def snapshot(row: Any) -> dict[str, Any]:
    """Return the tracked fields of a case row as they are."""
    values = row.__dict__
    return {name: list(values[name]) if isinstance(values[name], list) else values[name] for name in TRACKED}


def changes(before: Mapping[str, Any], row: Any) -> dict[str, Any]:
    """Return the tracked fields that differ from `before`, with their new values as they are."""
    values = row.__dict__
    return {name: values[name] for name in TRACKED if values[name] != before[name]}


def replay(facts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the case row (plain values) that the facts of one case, in order, add up to."""
    row: dict[str, Any] = {}
    for fact in facts:
        row.update(fact["data"].get("set", {}))
    return row

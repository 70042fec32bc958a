"""Shapes of deliveries in the REST API. Amounts are in yuan, as texts."""

import datetime as dt
import uuid
from typing import Any

from ninja import Schema

from bihuan.foundation.kernel import answers

from ..models import Grant, Round
from ..selectors.delivery import Counts, Gap
from ..services.paying import Taken


class RoundRow(Schema):
    """A delivery in the list."""

    id: uuid.UUID
    region: str
    clause: uuid.UUID
    name: str
    period: str
    state: str
    offered: int
    drawn_at: dt.datetime


class RoundPage(Schema):
    """A page of deliveries."""

    items: list[RoundRow]
    next: str | None


class RoundOut(RoundRow):
    """A delivery. told: a message reached a person; known: read or answered; levels: owed, paid and late, in yuan."""

    left_out: int
    budget: dict[str, str]
    intent_until: dt.datetime
    review_due_at: dt.datetime | None
    notice_until: dt.datetime | None
    pay_due_at: dt.datetime | None
    states: dict[str, int]
    amount: str
    told: int
    known: int
    levels: list[dict[str, Any]]
    available_actions: list[str]


class GrantOut(Schema):
    """What one enterprise gets. shares: who owes which part, until when, and when it was paid."""

    id: uuid.UUID
    round: uuid.UUID
    name: str
    uscc: str
    state: str
    amount: str
    steps: list[dict[str, str]]
    told_at: dt.datetime | None
    known_at: dt.datetime | None
    paid_at: dt.datetime | None
    text: str
    shares: list[dict[str, Any]]
    available_actions: list[str]


class GrantPage(Schema):
    """A page of what enterprises get."""

    items: list[GrantOut]
    next: str | None


class GrantList(Schema):
    """What one enterprise was offered and got."""

    items: list[GrantOut]


class PaymentBatchOut(Schema):
    """What came of a batch. again: it was in already and changed nothing; refused: each bad row with its line."""

    id: uuid.UUID
    reference: str
    level: str
    rows: int
    total: str
    again: bool
    refused: list[dict[str, Any]]


class GapList(Schema):
    """The three gaps, one row for each clause or department; counts to make shares of."""

    items: list[dict[str, Any]]


def round_row(one: Round) -> dict[str, Any]:
    """Return a delivery as the list shows it."""
    names = "id region period state offered".split()
    return {name: getattr(one, name) for name in names} | {
        "clause": one.clause_id,
        "name": one.clause.name,
        "drawn_at": answers.local(one.drawn_at),
    }


def round_(one: Round, counted: Counts, actions: list[str]) -> dict[str, Any]:
    """Return a delivery as the API shows it."""
    days = {name: answers.local(getattr(one, name)) for name in DAYS}
    return (
        round_row(one)
        | days
        | {
            "left_out": one.left_out,
            "budget": one.budget,
            "states": counted.states,
            "amount": str(counted.amount),
            "told": counted.told,
            "known": counted.known,
            "levels": [
                {
                    "level": each.level,
                    "owed": str(each.owed),
                    "paid": str(each.paid),
                    "late": str(each.late),
                    "late_count": each.late_count,
                }
                for each in counted.levels
            ],
            "available_actions": actions,
        }
    )


DAYS = ("intent_until", "review_due_at", "notice_until", "pay_due_at")


def grant(one: Grant, actions: list[str]) -> dict[str, Any]:
    """Return what one enterprise gets as the API shows it."""
    return {
        "id": one.id,
        "round": one.round_id,
        "name": one.clause.name,
        "uscc": one.enterprise.uscc,
        "state": one.state,
        "amount": str(one.amount),
        "steps": one.steps,
        **{name: answers.local(getattr(one, name)) for name in ("told_at", "known_at", "paid_at")},
        "text": one.text,
        "shares": [
            {
                "level": each.level,
                "amount": str(each.amount),
                "due_at": answers.local(each.due_at),
                "paid_at": answers.local(each.paid_at),
                "case": each.case.number if each.case_id and each.case else None,
            }
            for each in one.shares.all()
        ],
        "available_actions": actions,
    }


def batch(taken: Taken) -> dict[str, Any]:
    """Return what came of a batch as the API shows it."""
    one = taken.batch
    names = "id reference level rows refused".split()
    return {name: getattr(one, name) for name in names} | {"total": str(one.total), "again": taken.again}


def gap(one: Gap) -> dict[str, Any]:
    """Return a row of the three gaps as the API shows it."""
    names = "key name offered told known due in_time late reviews reviews_late".split()
    return {name: getattr(one, name) for name in names} | {"late_amount": str(one.late_amount)}

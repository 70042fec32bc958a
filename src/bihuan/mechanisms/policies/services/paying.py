"""Payments come from the treasury in batches; the same batch, receipt or row never pays twice."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

import orjson
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import reading as files
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.ids import uuid7

from .. import notices, permissions, selectors, wording
from ..models import Batch, Grant, Payment, Round, Share
from ..states import ROUNDS, RoundState
from . import reading
from .deciding import finish, locked
from .recording import commit, commit_many

MOST = 50_000
_COLUMNS = {
    "uscc": ("uscc", "统一社会信用代码", "信用代码"),
    "amount": ("amount", "金额", "拨付金额", "金额（元）"),
    "receipt": ("receipt", "流水号", "银行流水号", "回单号"),
    "paid_on": ("paid_on", "到账日期", "拨付日期", "日期"),
}


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What came of a batch. again: it was in already and changed nothing; refused: {line, error} of each bad row."""

    batch: Batch
    again: bool


def rows_of(file: BinaryIO, *, filename: str) -> list[dict[str, Any]]:
    """Return the rows of a file of payments with their lines. Raises Invalid `file_invalid`, TooLarge."""
    found = []
    for line, cells in files.rows(file, filename=filename):
        row = {name: next((cells[each] for each in names if cells.get(each)), "") for name, names in _COLUMNS.items()}
        found.append({"line": line, **row})
    return found


def take_payments(
    *,
    round_id: uuid.UUID,
    level: str,
    reference: str,
    rows: Sequence[Mapping[str, Any]],
    actor: Actor,
    now: dt.datetime,
) -> Taken:
    """Take in one batch of payments of a level: {uscc, amount, receipt, paid_on}; bad rows are refused one by one.

    reference: the batch's number at the treasury. The same reference with the same rows changes nothing and says so.
    Raises NotFound, Forbidden, Conflict (`state_forbids`, `batch_differs`: the reference with other rows), Invalid.
    Leaves one fact of the delivery and one of each grant that is paid.
    """
    selectors.delivery.find(round_id=round_id, actor=actor)
    reference = reading.words({"reference": reference}, "reference", 60)
    if not reference or not rows or len(rows) > MOST:
        said = _("A batch has a number and between 1 and %(most)d rows.") % {"most": MOST}
        raise errors.Invalid(said, code="invalid_body", field="reference" if not reference else "rows")
    level = reading.one_of({"level": level}, "level", wording.LEVELS)
    digest = _digest(level, rows)
    with database.writing():
        made = locked(round_id)
        permissions.check_round(actor, "take_payments", made)
        before = Batch.objects.filter(region=made.region, reference=reference).first()
        if before is not None:
            if (before.digest, before.round_id) != (digest, made.id):
                raise errors.Conflict(
                    _("A batch of this number is in already, and it says something else."), code="batch_differs"
                )
            return Taken(batch=before, again=True)
        ROUNDS.check_state(
            ROUNDS.named("take_payments"),
            RoundState(made.state),
            may=lambda one: permissions.can_round(actor, one, made),
        )
        batch = _new(made, level, reference, digest, actor, now)
        paid, refused = _matched(made, level, rows, batch, now)
        batch.rows, batch.refused = len(paid), refused
        batch.total = sum((share.amount for share, _payment in paid), Decimal(0))
        batch.save(force_insert=True)
        _pay(made, level, paid, now)
        fact: dict[str, Any] = {"reference": reference, "count": batch.rows, "refused": len(refused)}
        commit(made, "payments_taken", now=now, said=fact, actor=actor)
        finish(made, now)
    return Taken(batch=batch, again=False)


def _digest(level: str, rows: Sequence[Mapping[str, Any]]) -> str:
    plain = [[str(row.get(name) or "").strip() for name in _COLUMNS] for row in rows]
    return hashlib.sha256(orjson.dumps([level, sorted(plain)])).hexdigest()


def _new(made: Round, level: str, reference: str, digest: str, actor: Actor, now: dt.datetime) -> Batch:
    return Batch(
        region=made.region,
        round=made,
        department_id=made.department_id,
        level=level,
        reference=reference,
        digest=digest,
        taken_by=actor.person_id,
        taken_at=now,
    )


def _matched(
    made: Round, level: str, rows: Sequence[Mapping[str, Any]], batch: Batch, now: dt.datetime
) -> tuple[list[tuple[Share, Payment]], list[dict[str, Any]]]:
    """Return the parts that rows pay, and the rows that pay nothing, each with why."""
    owed = Share.objects.select_for_update(of=("self",)).filter(round=made, level=level)
    by_firm = {one.grant.enterprise.uscc: one for one in owed.select_related("grant__enterprise").order_by("id")}
    receipts = [str(row.get("receipt") or "").strip()[:60] for row in rows]
    used = set(Payment.objects.filter(region=made.region, receipt__in=receipts).values_list("receipt", flat=True))
    paid: list[tuple[Share, Payment]] = []
    refused: list[dict[str, Any]] = []
    seen: set[str] = set()
    for at, (row, receipt) in enumerate(zip(rows, receipts, strict=True), 1):
        try:
            share = _owed(row, by_firm, seen)
            amount, day = _amount(row, share), _day(row, now)
            if not receipt or receipt in used:
                raise _Bad("receipt")
        except _Bad as problem:
            said = str(wording.ROW_ERRORS[problem.code] % {"owed": problem.owed})
            refused.append({"line": int(row.get("line") or at), "code": problem.code, "error": said})
            continue
        used.add(receipt)
        seen.add(share.grant.enterprise.uscc)
        payment = Payment(id=uuid7(), batch=batch, region=made.region, receipt=receipt, amount=amount, paid_on=day)
        paid.append((share, payment))
    return paid, refused


class _Bad(Exception):
    def __init__(self, code: str, owed: str = "") -> None:
        super().__init__(code)
        self.code, self.owed = code, owed


def _owed(row: Mapping[str, Any], by_firm: Mapping[str, Share], seen: set[str]) -> Share:
    try:
        uscc = directory_rules.check_uscc(str(row.get("uscc") or ""))
    except errors.Invalid as problem:
        raise _Bad("uscc") from problem
    if uscc in seen:
        raise _Bad("twice")
    share = by_firm.get(uscc)
    if share is None:
        raise _Bad("unknown")
    if share.paid_at is not None:
        raise _Bad("paid")
    return share


def _amount(row: Mapping[str, Any], share: Share) -> Decimal:
    try:
        found = reading.yuan(row.get("amount"), "amount")
    except errors.Invalid:
        found = None
    if found != share.amount:
        raise _Bad("amount", f"{share.amount:.2f}")
    return share.amount


def _day(row: Mapping[str, Any], now: dt.datetime) -> dt.date:
    text = str(row.get("paid_on") or "").strip().split(" ")[0].replace("/", "-")
    try:
        year, month, day = (int(part) for part in text.split("-"))
        found = dt.date(year, month, day)
    except ValueError as problem:
        raise _Bad("day") from problem
    if not dt.date(2000, 1, 1) <= found <= answers.local_date(now):
        raise _Bad("day")
    return found


def _pay(made: Round, level: str, paid: Sequence[tuple[Share, Payment]], now: dt.datetime) -> None:
    Payment.objects.bulk_create([payment for _share, payment in paid], batch_size=2_000)
    by_grant = {}
    for share, payment in paid:
        # It counts as paid on the day on which the bank says it arrived, whenever the file comes.
        in_time = payment.paid_on <= answers.local_date(share.due_at)
        arrived = answers.end_of_day(payment.paid_on)
        share.paid_at, share.payment = min(now, arrived, share.due_at) if in_time else min(now, arrived), payment
        by_grant[share.grant_id] = share
    Share.objects.bulk_update([share for share, _payment in paid], ["paid_at", "payment"], batch_size=500)
    grants = list(Grant.objects.select_for_update().filter(pk__in=by_grant).order_by("id"))
    open_ = set(Share.objects.filter(grant__in=grants, paid_at=None).values_list("grant_id", flat=True))
    for whole, target in ((True, "paid"), (False, None)):
        some = [one for one in grants if (one.id not in open_) is whole]
        for one in some:
            one.paid_at = by_grant[one.id].paid_at if whole else None
        commit_many(
            some,
            "grant_paid",
            now=now,
            said=lambda one: {"level": level, "amount": str(by_grant[one.id].amount)},
            target=target,
            changed=["paid_at"],
        )
        if whole:
            notices.paid(some, made, now=now)

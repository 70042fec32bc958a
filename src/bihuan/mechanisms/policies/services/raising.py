"""What is not paid becomes a matter of the register by itself (市南: four firms had to say it; now nobody has to)."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import services as casework
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Channels
from bihuan.foundation.kernel import answers, database, events
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, wording
from ..events import MoneyUnpaid
from ..models import Grant, Round, Share
from ..rulebook import Policies
from .recording import commit

BATCH = 2_000


def raise_unpaid(*, now: dt.datetime) -> int:
    """Make matters of all parts that are due and not paid; return how many matters. One transaction a delivery.

    Few of one delivery and level each become a matter in the enterprise's own name; more than `unpaid_apart` are one
    matter that names nobody. Leaves a fact of each grant or of the delivery; publishes MoneyUnpaid.
    """
    raised = 0
    while True:
        with database.writing():
            late = Share.objects.filter(paid_at=None, case=None, due_at__lte=now)
            round_id = late.order_by("due_at", "round_id").values_list("round_id", flat=True).first()
            if round_id is None:
                return raised
            rows = Round.objects.select_for_update(of=("self",))
            made = rows.select_related("clause", "clause__policy", "clause__policy__department").get(pk=round_id)
            raised += _of_round(made, now)


def _of_round(made: Round, now: dt.datetime) -> int:
    rows = Share.objects.select_for_update(of=("self",)).filter(round=made, paid_at=None, case=None, due_at__lte=now)
    by_level: dict[str, list[Share]] = defaultdict(list)
    for one in rows.select_related("grant__enterprise", "grant__clause").order_by("id"):
        by_level[one.level].append(one)
    most, raised = rulebooks.version(made.rulebook_version).section(Policies).unpaid_apart, 0
    for level, shares in by_level.items():
        if len(shares) > most:
            _together(made, level, shares, now)
            raised += 1
            continue
        for one in shares:
            _apart(made, one, now)
            raised += 1
    return raised


def _apart(made: Round, share: Share, now: dt.datetime) -> None:
    grant = Grant.objects.select_for_update(of=("self",)).select_related("enterprise", "clause").get(pk=share.grant_id)
    words = _words(made, share.level, [share])
    receipt = casework.raise_case(
        matter=_matter(made, title=words, text=words, uscc=grant.enterprise.uscc, source_id=str(share.id)),
        actor=Actor(system=True, on_behalf_of=str(grant.enterprise_id)),
        now=now,
    )
    share.case_id = receipt.case_id
    share.save(update_fields=["case"])
    said = {"level": share.level, "case": receipt.number}
    commit(grant, "grant_unpaid", now=now, said=said)
    _tell(made, share.level, 1, receipt.case_id, now)


def _together(made: Round, level: str, shares: Sequence[Share], now: dt.datetime) -> None:
    words = _words(made, level, shares)
    receipt = casework.raise_case(
        matter=_matter(made, title=words, text=words, uscc=None, source_id=f"{made.id}:{level}:{made.last_seq}"),
        actor=Actor(system=True, on_behalf_of="policies"),
        now=now,
    )
    Share.objects.filter(pk__in=[one.pk for one in shares]).update(case_id=receipt.case_id)
    said = {"count": len(shares), "level": level, "case": receipt.number}
    commit(made, "unpaid", now=now, said=said)
    _tell(made, level, len(shares), receipt.case_id, now)


def _words(made: Round, level: str, shares: Sequence[Share]) -> str:
    owed = sum((one.amount for one in shares), Decimal(0))
    said = _("%(clause)s: %(level)s owes %(amount)s yuan to %(count)d enterprises since %(day)s") % {
        "clause": made.clause.name,
        "level": wording.LEVELS[level],
        "amount": f"{owed:.2f}".removesuffix(".00"),
        "count": len(shares),
        "day": answers.local_date(shares[0].due_at).isoformat(),
    }
    return said[:100]


def _matter(made: Round, *, title: str, text: str, uscc: str | None, source_id: str) -> casework.Matter:
    version = rulebooks.version(made.rulebook_version)
    known, asked = version.section(Channels).root, version.section(Policies).channel
    staff = [one.id for one in known if not one.public]
    return casework.Matter(
        title=title,
        description=f"{made.clause.policy.title} {made.clause.policy.code}\n{text}",
        channel=asked if asked in {one.id for one in known} else next(iter(staff), known[0].id),
        region=made.region,
        enterprise=uscc,
        anonymous=uscc is None,
        source="policies",
        source_id=source_id,
    )


def _tell(made: Round, level: str, count: int, case_id: uuid.UUID, now: dt.datetime) -> None:
    about: dict[str, Any] = {"region": made.region, "department_id": made.department_id, "at": now}
    events.publish(MoneyUnpaid(round_id=made.id, level=level, count=count, case_id=case_id, **about))
    notices.unpaid(made, count=count, now=now)


def disputed(grant: Grant, made: Round, now: dt.datetime) -> str:
    """Make a matter of money that is said not to have arrived, in the enterprise's name; return its number."""
    title = _("%(clause)s: paid, and said not to have arrived") % {"clause": made.clause.name}
    receipt = casework.raise_case(
        matter=_matter(
            made,
            title=title[:100],
            text=grant.text,
            uscc=grant.enterprise.uscc,
            source_id=f"{grant.id}:{grant.last_seq}",
        ),
        actor=Actor(system=True, on_behalf_of=str(grant.enterprise_id)),
        now=now,
    )
    grant.case_id = receipt.case_id
    return receipt.number

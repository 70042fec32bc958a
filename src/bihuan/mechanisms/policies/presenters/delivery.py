"""What pages of deliveries show, and where an enterprise's money is."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.ui.components import Figure, Option, Step

from .. import selectors, wording
from ..models import Grant, Round
from ..selectors.delivery import Counts, Gap, LevelMoney
from .library import entries, yuan


def views_of(current: str) -> list[Option]:
    """Return the views of the register of deliveries."""
    base = reverse("policies:rounds")
    rows = [("", _("All"), base), *((name, word, f"{base}?state={name}") for name, word in wording.ROUNDS.items())]
    return [Option(label=label, url=url, current=name == current) for name, label, url in rows]


def row(made: Round) -> tuple[Round, Any]:
    """Return a row of the register: the delivery, and where it stands."""
    return made, wording.ROUNDS[made.state]


def figures(made: Round, counted: Counts) -> list[Figure]:
    """Return the figures of one delivery, each with the list behind it."""
    base = reverse("policies:round", args=[made.id])
    late = sum(one.late_count for one in counted.levels)
    got = sum(counted.states.get(name, 0) for name in ("paid", "confirmed", "disputed"))
    return [
        Figure(name=_("Enterprises"), value=sum(counted.states.values()), url=base),
        Figure(name=_("Told"), value=counted.told, note=_("a message reached a person")),
        Figure(name=_("Know of it"), value=counted.known, note=_("read or answered")),
        Figure(name=_("Do not want it"), value=counted.states.get("refused", 0), url=f"{base}?state=refused"),
        Figure(name=_("Paid"), value=got, url=f"{base}?state=paid"),
        Figure(name=_("Unpaid after the day"), value=late, url=f"{base}?state=late"),
        Figure(name=_("Amount"), value=yuan(counted.amount), unit=_("yuan")),
    ]


def level(one: LevelMoney) -> tuple[Any, str, str, str]:
    """Return what a level owes, paid and is late with, for reading."""
    return wording.LEVELS[one.level], yuan(one.owed), yuan(one.paid), yuan(one.late) if one.late else ""


def sheet(made: Round, actor: Actor, now: dt.datetime, state: str, rows: list[Grant]) -> dict[str, Any]:
    """Return what the page of one delivery shows."""
    counted = selectors.delivery.counts(made=made, actor=actor, now=now)
    actions = selectors.delivery.actions(made, actor)
    return {
        "made": made,
        "state": wording.ROUNDS[made.state],
        "figures": figures(made, counted),
        "levels": [level(one) for one in counted.levels],
        "rows": [grant(one, actor) for one in rows],
        "asked": state,
        "actions": [(name, *wording.ROUND_ACTIONS[name]) for name in actions if name in wording.ROUND_ACTIONS],
        "pays": "take_payments" in actions,
        "payers": wording.LEVELS.items(),
        "batches": [(one, wording.LEVELS[one.level]) for one in selectors.delivery.batches(made=made, actor=actor)],
        "entries": entries(selectors.delivery.trace(made=made, actor=actor)),
        "announced": made.reviewed_at is not None,
    }


def grant(one: Grant, actor: Actor) -> dict[str, Any]:
    """Return what one enterprise gets, with who owes which part and what the reader may do."""
    shares = sorted(one.shares.all(), key=lambda share: share.level)
    may = selectors.delivery.grant_actions(one, actor)
    return {
        "one": one,
        "state": wording.GRANTS[one.state],
        "amount": yuan(one.amount),
        "steps": [(wording.STEPS[step["code"]], step["amount"]) for step in one.steps],
        "shares": [(wording.LEVELS[share.level], yuan(share.amount), share) for share in shares],
        "actions": [(name, *wording.GRANT_ACTIONS[name]) for name in may if name in wording.GRANT_ACTIONS],
        "way": way(one),
    }


WAY = ("offered", "willing", "approved", "due", "paid", "confirmed")


def way(one: Grant) -> list[Step]:
    """Return the way of money as steps; nothing for what was refused or rejected."""
    state = {"disputed": "paid"}.get(one.state, one.state)
    if state not in WAY:
        return []
    at = WAY.index(state)
    marks = {True: "done", False: "todo"}
    return [
        Step(name=wording.GRANTS[name], state="current" if place == at else marks[place < at])
        for place, name in enumerate(WAY)
    ]


def gap(one: Gap) -> list[Any]:
    """Return a row of the three gaps; a share of nothing is a dash."""
    return [
        one.name,
        one.offered,
        _percent(one.share("told", "offered")),
        _percent(one.share("known", "offered")),
        _percent(one.share("in_time", "due")),
        one.late,
        yuan(one.late_amount),
        _percent(None if not one.reviews else 1 - one.reviews_late / one.reviews),
    ]


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.0%}"

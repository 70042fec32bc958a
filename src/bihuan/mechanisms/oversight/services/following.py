"""What the product does by itself: drafts orders, keeps the lists, takes back what has no matter any more."""

import uuid

from bihuan.casework.cases import events as told
from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases.events import ConsequenceFollowed
from bihuan.casework.cases.models import Case
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..models import OPEN_STATES, Entry, Order
from ..rulebook import Oversight
from ..states import EntryState, OrderState
from .recording import CLOCKS, commit, rule
from .writing import keep_step

REGISTER = {"list": "warning"}
"""Consequence → the list it puts a matter on."""
ENDINGS = (told.CaseWithdrawn, told.CaseMerged, told.CaseDeclined)


def set_going(*, event: ConsequenceFollowed) -> None:
    """Draft an order, or list the matter, where the consequence of a light asks for it; once as long as it is open."""
    if event.consequence == "supervision_order":
        _draft(event)
    elif event.consequence in REGISTER:
        _list(event, REGISTER[event.consequence])


def _draft(event: ConsequenceFollowed) -> None:
    if Order.objects.filter(case_id=event.case_id, state__in=OPEN_STATES).exists():
        return
    case = Case.objects.defer("search").get(pk=event.case_id)
    place = 1 + Order.objects.filter(case_id=event.case_id).count()
    order = Order(
        case=case,
        region=case.region,
        number=f"DB-{event.number.removeprefix('BH-')}-{place}",
        light=event.light,
        light_name=event.light_name["zh"],
        cause=event.cause,
        owner=rulebooks.version(event.rulebook_version).section(Oversight).orders.owner,
        drafted_at=event.at,
        rulebook_version=event.rulebook_version,
    )
    deadlines.expect(order, "order_issue", rule(order).issue_within, now=event.at)
    said = {"order": order.number, "light": event.light, "light_name": event.light_name, "cause": event.cause}
    commit(order, case, "drafted", now=event.at, said=said, made=True)


def _list(event: ConsequenceFollowed, kind: str) -> None:
    if Entry.objects.filter(case_id=event.case_id, kind=kind).exclude(state=EntryState.CLEARED).exists():
        return
    case = Case.objects.defer("search").get(pk=event.case_id)
    entry = Entry(
        case=case,
        region=case.region,
        kind=kind,
        light=event.light,
        light_name=event.light_name["zh"],
        cause=event.cause,
        listed_at=event.at,
        rulebook_version=event.rulebook_version,
    )
    said = {"list": kind, "light": event.light, "light_name": event.light_name, "cause": event.cause}
    commit(entry, case, "listed", now=event.at, said=said, made=True)


def follow(*, event: told.CaseEvent) -> None:
    """Take back the order of a matter that ended; clear the lists of one that ended or is calm again.

    An order that was issued already stays when the matter is closed: its owner verifies the report and writes it off.
    """
    case = Case.objects.defer("search").get(pk=event.case_id)
    ended = isinstance(event, ENDINGS)
    if ended or isinstance(event, told.CaseClosed):
        states = OPEN_STATES if ended else [OrderState.DRAFTED.value, OrderState.APPROVED.value]
        for order in Order.objects.select_for_update(of=("self",)).filter(case=case, state__in=states):
            deadlines.stop(subject=order.id, now=event.at, void=True)
            came_from, order.state, order.ended_at = order.state, OrderState.TAKEN_BACK.value, event.at
            order.due_at = None
            changed = ["state", "ended_at", "due_at"]
            keep_step(order, case, "lapse", text="", actor_id=None, now=event.at)
            commit(order, case, "lapse", now=event.at, said={}, came_from=came_from, changed=changed)
    calm = case.light_ids[:1] == [cases.light_of(case, event.at)]
    if isinstance(event, (*ENDINGS, told.CaseClosed)) or calm:
        _clear(case, event)


def _clear(case: Case, event: told.CaseEvent) -> None:
    entries = Entry.objects.select_for_update(of=("self",)).filter(case=case)
    for entry in entries.exclude(state=EntryState.CLEARED):
        came_from, entry.state, entry.cleared_at = entry.state, EntryState.CLEARED.value, event.at
        commit(entry, case, "cleared", now=event.at, said={}, came_from=came_from, changed=["state", "cleared_at"])


def cross(event: ThresholdCrossed) -> None:
    """A step of an order is late: on record and told; clocks of other subjects are not oversight's business."""
    if event.kind not in CLOCKS:
        return
    order = _locked(event.subject)
    if order is None:
        return
    case = Case.objects.defer("search").get(pk=order.case_id)
    order.late_since = event.fire_at
    commit(order, case, "late", now=event.now, said={"clock": event.kind}, changed=["late_since"])


def _locked(order_id: uuid.UUID) -> Order | None:
    chosen = Order.objects.select_for_update(of=("self",))
    return chosen.filter(pk=order_id, state__in=OPEN_STATES).first()

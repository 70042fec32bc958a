"""What happens to supervision orders and registers: facts with their wordings, and events for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderChanged(Event):
    """A fact of a supervision order was recorded (`oversight.order_…`), and where the order stands after it."""

    order_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    region: str
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class EntryChanged(Event):
    """A matter came onto a list (`warning`), was seen there, or left it."""

    entry_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    region: str
    kind: str
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "oversight.order_drafted": _("The light “{light_name}” set going supervision order {order}"),
    "oversight.order_approve": _("{actor} approved the order: {text}"),
    "oversight.order_issue": _("{actor} issued the order, to be signed for by {due_at}: {text}"),
    "oversight.order_sign": _("{actor} signed for the order; the report is due by {due_at}"),
    "oversight.order_report": _("{actor} reported: {text}"),
    "oversight.order_send_back": _("{actor} sent the report back: {text}"),
    "oversight.order_verify": _("{actor} verified the report: {text}"),
    "oversight.order_escalate": _("{actor} brought the order to the leader: {text}"),
    "oversight.order_close": _("{actor} wrote the order off: {text}"),
    "oversight.order_settle": _("{actor} settled the order: {text}"),
    "oversight.order_take_back": _("{actor} took the order back: {text}"),
    "oversight.order_lapse": _("The matter ended before the order was issued or needed; it was taken back"),
    "oversight.order_late": _("A time limit of the order ran out: {clock}"),
    "oversight.entry_listed": _("The light “{light_name}” put the matter on the list “{list}”"),
    "oversight.entry_acknowledge": _("{actor} has seen it: {text}"),
    "oversight.entry_clear": _("{actor} took it off the list: {text}"),
    "oversight.entry_cleared": _("It left the list: the matter ended, or its light is calm again"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""

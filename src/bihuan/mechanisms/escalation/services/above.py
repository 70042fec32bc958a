"""上级: what happens to the case of a matter from below is told below."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from bihuan.casework.cases import events as told
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.rulebook.lists import BELOW

from ..models import Arrival
from ..states import ArrivalState
from . import carrying
from .posting import post
from .recording import commit

SPOKEN = (told.ProgressReported, told.CaseClosed, told.CaseReopened)
"""What those hear too whose matter was merged into another one above."""


def follow(*, event: told.CaseEvent) -> None:
    """Tell the level below what happened above to its matter, or to the one it was merged into."""
    own = event.parties.channel == BELOW.id
    if not own and not isinstance(event, SPOKEN):
        return
    mine = Q(case__merged_into_id=event.case_id) | (Q(case_id=event.case_id) if own else Q(pk=None))
    arrivals = Arrival.objects.select_for_update(of=("self",)).filter(mine).order_by("id")
    for one in arrivals:
        case = Case.objects.defer("search").get(pk=event.case_id)
        _tell(one, case, event)


def _tell(one: Arrival, case: Case, event: told.CaseEvent) -> None:
    kind, words = next((said for known, said in _SAID.items() if isinstance(event, known)), ("state", _nothing))
    if kind in ("declined", "answered", "resumed"):
        if one.state not in _FROM[kind]:
            return
        came_from = one.state
        one.state = (ArrivalState.OPEN if kind == "resumed" else ArrivalState(kind)).value
        one.ended_at = None if kind == "resumed" else event.at
        commit(one, case, kind, now=event.at, said={}, came_from=came_from, changed=["state", "ended_at"])
    elif one.state != ArrivalState.OPEN:
        return
    if kind in ("told", "asked") and (one.case_id != case.id or not event.data.get("visible_to_enterprise", True)):
        kind, words = ("told", words) if kind == "told" and one.case_id != case.id else ("state", _nothing)
    post(one, case, kind, now=event.at, **words(event, case))
    if kind in ("declined", "answered") and one.case_id == case.id:
        # After the answer, which no large file is to hold up. The files of a matter it was merged into stay there.
        carrying.send_down_files(one, now=event.at)


_FROM = {
    "declined": (ArrivalState.OPEN,),
    "answered": (ArrivalState.OPEN,),
    "resumed": (ArrivalState.ANSWERED,),
}
Words = Callable[[told.CaseEvent, Case], dict[str, Any]]


def _nothing(_event: told.CaseEvent, _case: Case) -> dict[str, Any]:
    return {}


_SAID: dict[type[told.CaseEvent], tuple[str, Words]] = {
    told.SupplementRequested: ("asked", lambda event, _case: {"text": event.data["what"]}),
    told.EnterpriseAsked: ("asked", lambda event, _case: {"text": event.data["question"]}),
    told.ProgressReported: ("told", lambda event, _case: {"text": event.data["text"]}),
    told.CaseDeclined: ("declined", lambda event, _case: {"text": event.data["basis"]}),
    told.CaseClosed: ("answered", lambda _event, case: {"text": case.reply_text, "answer_kind": case.closed_kind}),
    told.CaseReopened: ("resumed", _nothing),
}
"""Event of the case above → the kind of word that goes down, and what it says; all others only say how it stands."""

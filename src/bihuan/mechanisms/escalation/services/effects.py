"""What each kind of word does at the level that hears it."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases import rulebook as cases_rulebook
from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.cases.rulebook.lists import BELOW
from bihuan.casework.cases.states import ANSWERED, OPEN, CaseState
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import rules
from ..models import RUNNING_STATES, Arrival, Escalation, Peer
from ..states import ESCALATIONS, ArrivalState, EscalationState
from . import carrying
from .posting import post
from .recording import commit

MIRRORED = "heard_seq far_number far_state far_due_at far_held_at far_light_at far_light_ids".split()


def mirror(thing: Escalation | Arrival, place: dict[str, Any]) -> None:
    """Keep how the case of the other level stands and its clock."""
    thing.far_number, thing.far_state = place["number"][:64], place["state"][:24]
    thing.far_due_at = dt.datetime.fromisoformat(place["due_at"])
    thing.far_held_at = dt.datetime.fromisoformat(place["held_at"]) if place["held_at"] else None
    thing.far_light_at = [dt.datetime.fromisoformat(text) for text in place["light_at"]]
    thing.far_light_ids = place["light_ids"]


def check(kind: str, place: dict[str, Any], words: dict[str, Any]) -> None:
    """Raise ValueError, TypeError or KeyError unless the values have the form that the effects need."""
    if kind == "file":
        rules.check_part(words)
    instants = [place["due_at"], *place["light_at"], *([place["held_at"]] if place["held_at"] else [])]
    if any(dt.datetime.fromisoformat(text).tzinfo is None for text in instants):
        raise ValueError("place")
    texts = [place["number"], place["state"], *place["light_ids"], words.get("text", "")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("words")


def arrive(message: dict[str, Any], peer: Peer | None, now: dt.datetime) -> None:
    """上报到达: the matter becomes a case here, and the level below hears its number.

    Raises Invalid `region_not_served`, `region_unknown`, `not_above`, or naming what is missing in the matter.
    """
    words, to, below = message["words"], message["to"], message["from"]
    if Arrival.objects.filter(thread=message["thread"]).exists() or message["seq"] != 1:
        raise errors.Conflict(_("Another message has this number already."), code="replayed")
    if to not in [region.code for region in directory.region_path(below)[:-1]]:
        raise errors.Invalid(_("A matter can only come from a region below."), code="not_above", field="to")
    receipt = cases.raise_case(matter=_matter(message), actor=THE_SYSTEM, now=now)
    case = Case.objects.defer("search").get(pk=receipt.case_id)
    firm = words.get("enterprise") or {}
    due = words.get("reply_due_at")
    one = Arrival(
        case=case,
        region=case.region,
        peer=peer,
        thread=message["thread"],
        from_region=below,
        reason=str(words.get("reason", ""))[:20_000],
        enterprise_name=str(firm.get("name", ""))[:200],
        enterprise_uscc=str(firm.get("uscc", ""))[:18],
        reply_due_at=dt.datetime.fromisoformat(due) if due else None,
        arrived_at=now,
        heard_seq=1,
        rulebook_version=case.rulebook_version,
    )
    mirror(one, message["place"])
    said = {"from_region": below, "lower": one.far_number, "text": one.reason}
    commit(one, case, "arrived", now=now, said=said, made=True)
    post(one, case, "received", now=now)


def _matter(message: dict[str, Any]) -> cases.Matter:
    words, to = message["words"], message["to"]
    on = answers.local_date(dt.datetime.fromisoformat(message["at"]))
    directory.region_in_force(to, on)
    known = rulebooks.in_force(to, dt.datetime.fromisoformat(message["at"])).section(cases_rulebook.Categories)
    category = str(words.get("category", ""))
    return cases.Matter(
        title=str(words.get("title", "")),
        description=str(words.get("description", "")),
        channel=BELOW.id,
        region=to,
        # Its raiser is the level below; the enterprise follows its one matter there.
        anonymous=True,
        category=category if known.find(category) else "",
        place=str(words.get("place", ""))[:200],
        urgent=words.get("urgent") is True,
        source="escalation",
        source_id=message["thread"],
    )


def _answered_below(one: Arrival, case: Case, words: dict[str, Any], now: dt.datetime) -> None:
    commit(one, case, "answer", now=now, said={"text": words["text"]})
    action = {CaseState.SUPPLEMENT_REQUESTED: "supplement", CaseState.AWAITING_ENTERPRISE: "answer"}
    asked = action.get(CaseState(case.state))
    if asked:
        cases.take(number=case.number, action=asked, actor=_below(one), now=now, body={"text": words["text"]})
    else:
        cases.note(case_id=case.id, text=words["text"], said_by=one.from_region, now=now)


def _withdrawn(one: Arrival, case: Case, words: dict[str, Any], now: dt.datetime) -> None:
    if one.state != ArrivalState.OPEN:
        return
    came_from, one.state, one.ended_at = one.state, ArrivalState.WITHDRAWN.value, now
    said = {"text": words.get("text", "")}
    commit(one, case, "withdrawn", now=now, said=said, came_from=came_from, changed=["state", "ended_at"])
    if CaseState(case.state) in OPEN:
        cases.take(number=case.number, action="withdraw", actor=_below(one), now=now, body={})


def _word(one: Arrival, case: Case, words: dict[str, Any], now: dt.datetime) -> None:
    """The enterprise said below whether it is done: the word counts for the answer from above too."""
    if CaseState(case.state) not in ANSWERED or case.word != "pending" or not case.reply_kind:
        return
    action, body = ("confirm", {}) if words.get("done") else ("deny", {"reason": words.get("text") or "—"})
    cases.take(number=case.number, action=action, actor=_below(one), now=now, body=body)


def _below(one: Arrival) -> Actor:
    """The level below raised the case, and speaks for it."""
    return Actor(holds=one.case_id, on_behalf_of=one.from_region)


def _only_mirrored(_thing: Any, _case: Case, _words: dict[str, Any], _now: dt.datetime) -> None:
    """How it stands was kept already."""


def _noted(name: str, *, quoted: bool = False) -> Any:
    """Return the effect of a word from above, which moves the escalation by the row `note_<name>` of its machine."""

    def effect(one: Escalation, case: Case, words: dict[str, Any], now: dt.datetime) -> None:
        transition = ESCALATIONS.find(f"note_{name}")
        assert transition is not None
        if EscalationState(one.state) not in transition.sources:
            return  # it was taken back while this was on its way
        if name == "resumed" and Escalation.objects.filter(case=case, state__in=RUNNING_STATES).exists():
            return  # it has gone up anew in the meantime
        came_from, ended_at = one.state, one.ended_at
        one.state = next(iter(transition.targets), EscalationState(one.state)).value
        changed = ["state", *_KEEP[name](one, words, now)]
        text = words.get("text", "")
        said = {"text": text, "number": one.far_number}
        commit(one, case, name, now=now, said=said, came_from=came_from, changed=changed)
        if name == "resumed":
            carrying.send_up_files(one, now=now, which=Q(uploaded_at__gte=ended_at))
        if name in _BACK:
            _come_down(one, case, text, now)
        elif quoted and text:
            cases.note(case_id=case.id, text=text, said_by=one.to_region, now=now, above=name, number=one.far_number)

    return effect


_BACK = frozenset({"answered", "declined"})
"""Words after which the matter is with this level again."""


def _come_down(one: Escalation, case: Case, text: str, now: dt.datetime) -> None:
    """回到本级: those who handle the case go on with it, with the word from above."""
    if CaseState(case.state) in OPEN and case.escalated_to == one.to_region:
        above = Actor(system=True, on_behalf_of=one.to_region)
        cases.take(number=case.number, action="come_down", actor=above, now=now, body={"reason": text or "—"})
    elif text:
        cases.note(case_id=case.id, text=text, said_by=one.to_region, now=now, number=one.far_number)


def _received(one: Escalation, _words: dict[str, Any], now: dt.datetime) -> list[str]:
    one.received_at = now
    return ["received_at"]


def _asked(one: Escalation, words: dict[str, Any], _now: dt.datetime) -> list[str]:
    one.asked = words["text"]
    return ["asked"]


def _listed(one: Escalation, _words: dict[str, Any], now: dt.datetime) -> list[str]:
    one.listed_at = now
    return ["listed_at"]


def _over(one: Escalation, words: dict[str, Any], now: dt.datetime) -> list[str]:
    deadlines.stop(subject=one.id, now=now)
    one.ended_at, one.answer, one.answer_kind = now, words["text"], words.get("answer_kind", "")[:16]
    one.late_since = None
    return ["ended_at", "answer", "answer_kind", "late_since"]


def _again(one: Escalation, _words: dict[str, Any], _now: dt.datetime) -> list[str]:
    one.ended_at = None
    return ["ended_at"]


def _nothing(_one: Escalation, _words: dict[str, Any], _now: dt.datetime) -> list[str]:
    return []


_KEEP = {
    "received": _received,
    "asked": _asked,
    "told": _nothing,
    "listed": _listed,
    "answered": _over,
    "declined": _over,
    "resumed": _again,
}
"""Word from above → what the row keeps of it; each returns the fields that changed."""
OF: dict[tuple[str, str], Any] = {
    (rules.UP, "state"): _only_mirrored,
    (rules.UP, "answer"): _answered_below,
    (rules.UP, "withdraw"): _withdrawn,
    (rules.UP, "word"): _word,
    (rules.UP, "file"): carrying.take_part,
    (rules.DOWN, "state"): _only_mirrored,
    (rules.DOWN, "file"): carrying.take_part,
    (rules.DOWN, "received"): _noted("received"),
    (rules.DOWN, "resumed"): _noted("resumed"),
    **{(rules.DOWN, name): _noted(name, quoted=True) for name in ("asked", "told", "listed", "answered", "declined")},
}
"""(direction, kind) → effect(row, its case, words, now)."""
KNOWN = frozenset({*OF, (rules.UP, "send")})


def refuse(*, one: Escalation, case: Case, text: str, now: dt.datetime) -> None:
    """The level above cannot take the matter in at all: it counts as not taken, for the reason it gave."""
    OF[rules.DOWN, "declined"](one, case, {"text": text}, now)

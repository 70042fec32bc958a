"""What people do with a meeting: invite, brief, open it with its quorum, collect and publish, issue its minutes."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.events import InstitutionProposed
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.casework.cases.services import Matter
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.registers import selectors as registers
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database, errors, events

from .. import exports, notices, selectors
from ..models import Attendee, Institution, Issue, Item, Meeting, Minute
from ..states import ItemState
from . import lettering
from .calling import seat_departments
from .following import MINUTES, lapse, put_reviews_on
from .recording import Move, commit, department, expect, rule


def _invite(move: Move, target: str) -> None:
    """Seats for more departments, enterprises and persons; who has one already keeps it."""
    meeting, body = move.thing, move.body
    firms = [_enterprise(code) for code in body.enterprises]
    invited = [department(meeting.region, code, move.now, "departments") for code in body.departments]
    people = [_person(name) for name in body.people]
    new = set(seat_departments(meeting, invited)) - set(meeting.department_ids)
    meeting.department_ids = list(dict.fromkeys([*meeting.department_ids, *(one.id for one in invited)]))
    seats = Attendee.objects.filter(meeting=meeting)
    there = set(seats.values_list("enterprise_id", flat=True)) | set(seats.values_list("person_id", flat=True))
    fresh = [one.id for one in firms if one.id not in there]
    base: dict[str, Any] = {"meeting": meeting, "region": meeting.region, "role": "guest"}
    Attendee.objects.bulk_create(Attendee(**base, enterprise_id=one) for one in dict.fromkeys(fresh))
    Attendee.objects.bulk_create(Attendee(**base, person_id=one) for one in dict.fromkeys(people) if one not in there)
    names = [*(one.name for one in invited), *(one.name for one in firms), *body.people]
    said = {"invited": _(", ").join(names)}
    commit(meeting, "invite", now=move.now, said=said, actor=move.actor, changed=["department_ids"])
    asked = {one.id: one for one in invited if one.id in new}
    lettering.invite(meeting, list(asked.values()), actor=move.actor, now=move.now)
    notices.invite(meeting, fresh, now=move.now)


def _enterprise(code: str) -> Any:
    found = directory.enterprise(code)
    if found is None:
        message = _("There is no enterprise with this credit code.")
        raise errors.Invalid(message, code="enterprise_unknown", field="enterprises")
    return found


def _person(name: str) -> Any:
    found = accounts.person_named(name)
    if found is None:
        raise errors.Invalid(_("There is nobody with this user name."), code="person_unknown", field="people")
    return found.id


def _brief(move: Move, target: str) -> None:
    """传达政策、通报办理: what is read out before the items."""
    meeting, body = move.thing, move.body
    meeting.briefing, meeting.report = body.briefing, body.report
    said = {"text": body.report}
    commit(meeting, "brief", now=move.now, said=said, actor=move.actor, changed=["briefing", "report"])


def _postpone(move: Move, target: str) -> None:
    """改期, with the reason; everybody invited is told. Raises Invalid `starts_past`."""
    meeting, body = move.thing, move.body
    if body.starts_at <= move.now:
        raise errors.Invalid(_("A meeting cannot begin in the past."), code="starts_past", field="starts_at")
    meeting.starts_at = body.starts_at
    said = {"starts_at": body.starts_at.isoformat(), "reason": body.reason}
    commit(meeting, "postpone", now=move.now, said=said, actor=move.actor, changed=["starts_at"])
    lettering.move(meeting, reason=body.reason, actor=move.actor, now=move.now)


def _hold(move: Move, target: str) -> None:
    """开会: who is here. A conference that cannot decide does not open: Conflict `no_quorum` says what is missing."""
    meeting, here = move.thing, set(move.body.present)
    seats = list(Attendee.objects.select_for_update(of=("self",)).filter(meeting=meeting).order_by("id"))
    if here - {seat.id for seat in seats}:
        message = _("Somebody is named who has no seat at this meeting.")
        raise errors.Invalid(message, code="seat_unknown", field="present")
    for seat in seats:
        seat.present = seat.id in here
    reached = selectors.quorum_of(meeting, seats)
    if reached is not None and not reached.reached:
        facts: dict[str, Any] = {"needed": reached.needed, "present": reached.present}
        message = _("%(needed)d voting members are needed, %(present)d are here, and somebody has to preside.") % facts
        raise errors.Conflict(message, code="no_quorum", **facts, chaired=reached.chaired)
    Attendee.objects.bulk_update(seats, ["present"])
    came_from, meeting.state, meeting.held_at = meeting.state, target, move.now
    if reached is not None:
        meeting.quorum = {"needed": reached.needed, "present": reached.present}
        chair = next((seat for seat in seats if seat.presides and seat.present), None)
        meeting.host_id = chair.person_id if chair else meeting.host_id
    expect(meeting, MINUTES, rule(meeting).minutes_within, now=move.now)
    said = {"present": sum(bool(seat.present) for seat in seats), "invited": len(seats)}
    changed = ["state", "held_at", "quorum", "host_id"]
    commit(meeting, "hold", now=move.now, said=said, actor=move.actor, came_from=came_from, changed=changed)
    lettering.close(meeting, actor=move.actor, now=move.now)


def series_of(meeting: Meeting) -> Any:
    """Return the series of a dialogue as its rulebook describes it."""
    return next((one for one in rule(meeting).dialogues if one.id == meeting.series), None)


def _collect(move: Move, target: str) -> None:
    """What an enterprise raised becomes a case of the channel of the series, entered in its name."""
    meeting, body = move.thing, move.body
    series = series_of(meeting)
    place = 1 + Issue.objects.filter(meeting=meeting).count()
    matter = Matter(
        title=body.title,
        description=body.text,
        channel=series.channel if series else "talk",
        region=meeting.region,
        enterprise=body.enterprise,
        category=body.category or "",
        source="dialogue",
        source_id=f"{meeting.number}-{place}",
    )
    spoken = Actor(reader=move.actor.reader, on_behalf_of=body.enterprise)
    receipt = cases.raise_case(matter=matter, actor=spoken, now=move.now)
    Issue.objects.create(meeting=meeting, region=meeting.region, case_id=receipt.case_id)
    commit(meeting, "collect", now=move.now, said={"number": receipt.number}, actor=move.actor)


def _publish_answer(move: Move, target: str) -> None:
    """答复公开, in words that name nobody. Raises Conflict `not_published_here`, Invalid `issue_unknown`."""
    meeting, body = move.thing, move.body
    if not rule(meeting).publish_answers:
        raise errors.Conflict(_("Answers are not published here."), code="not_published_here")
    issue = Issue.objects.select_for_update(of=("self",)).filter(pk=body.issue, meeting=meeting).first()
    if issue is None:
        raise errors.Invalid(_("This was not raised at this meeting."), code="issue_unknown", field="issue")
    issue.question, issue.answer, issue.published_at = body.question, body.answer, move.now
    issue.save(update_fields=["question", "answer", "published_at"])
    said = {"question": body.question, "answer": body.answer}
    commit(meeting, "publish_answer", now=move.now, said=said, actor=move.actor)


def _propose_institution(move: Move, target: str) -> None:
    """长效机制: proposed with the cases that caused it; told as InstitutionProposed (J7).

    Raises Invalid `cases_needed`, `case_unknown`, Conflict `proposed_already`.
    """
    meeting, body = move.thing, move.body
    chosen = Case.objects.filter(visible(move.actor))
    if body.cases:
        found = dict(chosen.filter(number__in=body.cases).values_list("number", "id"))
        if missing := sorted(set(body.cases) - set(found)):
            message = _("There is no case %(number)s here.") % {"number": missing[0]}
            raise errors.Invalid(message, code="case_unknown", field="cases")
        ids = list(found.values())
    else:
        dealt = (
            Item.objects.filter(meeting=meeting)
            .values("case")
            .union(Issue.objects.filter(meeting=meeting).values("case"))
        )
        ids = sorted({row["case"] for row in dealt})
    if not ids:
        raise errors.Invalid(_("Name the cases that call for it."), code="cases_needed", field="cases")
    if Institution.objects.filter(meeting=meeting, title=body.title).exists():
        raise errors.Conflict(_("This was proposed at this meeting already."), code="proposed_already")
    made = Institution.objects.create(
        meeting=meeting,
        region=meeting.region,
        title=body.title,
        text=body.text,
        case_ids=ids,
        proposed_by=move.person,
        proposed_at=move.now,
    )
    said = {"title": body.title, "text": body.text, "cases": [str(one) for one in ids]}
    commit(meeting, "propose_institution", now=move.now, said=said, actor=move.actor)
    _propose(made, meeting.number, move.now)


def _propose(made: Institution, meeting: str, now: dt.datetime) -> None:
    events.publish(
        InstitutionProposed(
            proposal_id=made.id,
            region=made.region,
            title=made.title,
            text=made.text,
            case_ids=tuple(made.case_ids),
            proposed_at_meeting=meeting,
            actor_id=made.proposed_by,
            at=now,
        )
    )


def propose_earlier(*, now: dt.datetime) -> int:
    """Tell of the lasting rules that the register does not know: those from before there was one. Returns how many."""
    with database.writing():
        proposed = list(Institution.objects.select_related("meeting").order_by("id"))
        known = registers.came_from(source="conference", source_ids=[one.id for one in proposed])
        missing = [one for one in proposed if one.id not in known]
        for one in missing:
            _propose(one, one.meeting.number, now)
    return len(missing)


def _minute(move: Move, target: str) -> None:
    """纪要: written from what was recorded, and fixed. Raises Conflict `items_open` while an item has no result.

    What is not written off goes onto the agenda of a conference that is called already.
    """
    meeting, now = move.thing, move.now
    waiting = meeting.items.filter(state=ItemState.ON_AGENDA).select_related("case").order_by("position")
    if left := [item.case.number for item in waiting]:
        message = _("Items without result: %(numbers)s. Decide on them or put them off.") % {"numbers": ", ".join(left)}
        raise errors.Conflict(message, code="items_open", items=left)
    deadlines.stop(subject=meeting.id, now=now, kinds=[MINUTES])
    session = selectors.meeting(meeting_id=meeting.id, actor=move.actor, now=now)
    came_from, meeting.state, meeting.minuted_at, meeting.late_since = meeting.state, target, now, None
    with translation.override(settings.LANGUAGE_CODE):
        parts = exports.minutes_parts(session, said=move.body.text)
    base: dict[str, Any] = {"meeting": meeting, "region": meeting.region}
    Minute.objects.bulk_create(
        Minute(**base, place=n, text=one.text, case_id=one.case_id, department_ids=list(one.department_ids))
        for n, one in enumerate(parts)
    )
    said = {"decisions": len(session.decisions), "text": "\n".join(one.text for one in parts)}
    changed = ["state", "minuted_at", "late_since"]
    commit(meeting, "minute", now=now, said=said, actor=move.actor, came_from=came_from, changed=changed)
    for other in Meeting.objects.filter(region=meeting.region, kind="conference", state="called").order_by("starts_at")[
        :1
    ]:
        put_reviews_on(other, now=now)


def _cancel(move: Move, target: str) -> None:
    """取消: what was on the agenda waits for another session; a consultation's matter is free again."""
    meeting, now = move.thing, move.now
    came_from, meeting.state, meeting.reason = meeting.state, target, move.body.reason
    said = {"reason": move.body.reason}
    changed = ["state", "reason"]
    commit(meeting, "cancel", now=now, said=said, actor=move.actor, came_from=came_from, changed=changed)
    lettering.withdraw(meeting, reason=move.body.reason, actor=move.actor, now=now)
    for item in meeting.items.filter(state=ItemState.ON_AGENDA).order_by("id"):
        if item.forum == "consultation" or item.follows_id is not None:
            lapse(item, now=now)
        else:
            _back(item, move, now)


def _back(item: Item, move: Move, now: dt.datetime) -> None:
    came_from, item.state, item.meeting = item.state, ItemState.SCREENED.value, None
    said = {"reason": move.body.reason}
    changed = ["state", "meeting"]
    commit(item, "take_off", now=now, said=said, actor=move.actor, came_from=came_from, changed=changed)


STEPS = {
    "invite": _invite,
    "brief": _brief,
    "postpone": _postpone,
    "hold": _hold,
    "collect": _collect,
    "publish_answer": _publish_answer,
    "propose_institution": _propose_institution,
    "minute": _minute,
    "cancel": _cancel,
}

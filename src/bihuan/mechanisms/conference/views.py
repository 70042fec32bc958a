"""Pages of the conference: board, meetings, items, decisions, consultations, dialogues, group, and the public one."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from bihuan.casework.cases import selectors as case_reads
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import errors, ids

from . import exports, forms, permissions, presenters, selectors, services, wording
from .rules import bodies

STAFF = allow(*permissions.STAFF)
PAGES = {"meeting": "conference:meeting", "item": "conference:item", "decision": "conference:decision"}


@require_GET
@STAFF
def board(request: Any) -> HttpResponse:
    """The conference board: candidates, screened, on an agenda, dealt with."""
    columns = [
        (state, wording.ITEM_STATES[state], [(row, wording.SOURCES[row.thing.source]) for row in rows])
        for state, rows in selectors.board(actor=request.actor, now=request.now).items()
    ]
    return render(
        request, "conference/board.html", {"columns": columns, "views": presenters.tabs(request.actor, "board")}
    )


@require_GET
@STAFF
def meetings(request: Any) -> HttpResponse:
    """Conferences and consultations, the last called first, with the form that calls the next conference."""
    kind = request.GET.get("kind", "conference")
    rows, following = selectors.meetings(
        actor=request.actor, now=request.now, kind=kind, before=ids.parse(request.GET.get("before", ""))
    )
    region = presenters.first_region(request.actor)
    context = {
        "rows": [(row, wording.MEETING_STATES[row.thing.state]) for row in rows],
        "following": following,
        "kind": kind,
        "kinds": [(one, wording.KINDS[one]) for one in ("conference", "consultation")],
        "inputs": presenters.calling(request.actor, bodies.Call, region, request.now) if region else [],
        "institutions": selectors.institutions(actor=request.actor, limit=20),
        "views": presenters.tabs(request.actor, "meetings"),
    }
    return render(request, "conference/meetings.html", context)


@require_POST
@STAFF
def call(request: Any) -> HttpResponse:
    """Call a conference, and show it."""
    made = services.call(actor=request.actor, now=request.now, body=forms.body(request.POST))
    return redirect("conference:meeting", made.id)


@require_GET
@STAFF
def meeting(request: Any, meeting_id: uuid.UUID) -> HttpResponse:
    """One meeting: agenda, seats, decisions, minutes, and what the reader may do."""
    found = selectors.meeting(meeting_id=meeting_id, actor=request.actor, now=request.now)
    return render(request, "conference/meeting.html", presenters.session(found, request.actor, request.now))


@require_GET
@STAFF
def papers(request: Any, meeting_id: uuid.UUID, form: str) -> HttpResponse:
    """Agenda and pages of a meeting as a file; once issued, the minutes."""
    if form not in exports.MEDIA_TYPES:
        raise errors.NotFound(code="form_unknown")
    found = selectors.meeting(meeting_id=meeting_id, actor=request.actor, now=request.now)
    headers = {"Content-Disposition": f'attachment; filename="{found.thing.number}.{form}"'}
    return HttpResponse(exports.file(found, form), content_type=exports.MEDIA_TYPES[form], headers=headers)


@require_GET
@STAFF
def notice(request: Any, meeting_id: uuid.UUID, form: str) -> HttpResponse:
    """The notice of a meeting, a letter, as a file."""
    found = selectors.meeting(meeting_id=meeting_id, actor=request.actor, now=request.now)
    made = exports.letter_file(found, request.actor, form)
    headers = {"Content-Disposition": f'attachment; filename="{found.thing.number}-notice.{form}"'}
    return HttpResponse(made, content_type=exports.MEDIA_TYPES[form], headers=headers)


@require_GET
@STAFF
def item(request: Any, item_id: uuid.UUID) -> HttpResponse:
    """One matter before the conference: its page, its way, and what the reader may do."""
    found = selectors.item(item_id=item_id, actor=request.actor, now=request.now)
    coming = presenters.coming(request.actor, request.now, found.thing.region)
    context = {
        "found": found,
        "state": wording.ITEM_STATES[found.thing.state],
        "source": wording.SOURCES[found.thing.source],
        "actions": presenters.actions(
            "item", found.available_actions, region=found.thing.region, now=request.now, choices={"meeting": coming}
        ),
        "entries": presenters.entries(item_id, found.thing.case),
    }
    return render(request, "conference/item.html", context)


@require_GET
@STAFF
def decisions(request: Any) -> HttpResponse:
    """The wall of decisions: the open ones, the most pressing first; or those written off."""
    state = request.GET.get("state", "open")
    following = None
    if state == "open":
        rows = selectors.decisions(actor=request.actor, now=request.now)
    else:
        rows, following = selectors.page_of_decisions(
            actor=request.actor, now=request.now, state="written_off", before=ids.parse(request.GET.get("before", ""))
        )
    context = {
        "rows": [(row, wording.DECISION_STATES[row.thing.state]) for row in rows],
        "state": state,
        "following": following,
        "views": presenters.tabs(request.actor, "decisions"),
    }
    return render(request, "conference/decisions.html", context)


@require_GET
@STAFF
def decision(request: Any, decision_id: uuid.UUID) -> HttpResponse:
    """One decision: who answers for it, how it stands, and what the reader may do."""
    found = selectors.decision(decision_id=decision_id, actor=request.actor, now=request.now)
    context = {
        "found": found,
        "state": wording.DECISION_STATES[found.thing.state],
        "actions": presenters.actions(
            "decision", found.available_actions, region=found.thing.region, now=request.now, choices={}
        ),
        "entries": presenters.entries(decision_id, found.case) if found.case else [],
    }
    return render(request, "conference/decision.html", context)


@require_POST
@STAFF
def act(request: Any, kind: str, thing_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on a meeting, an item or a decision, and go back to the page it was taken on."""
    if kind not in PAGES:
        raise errors.NotFound(code="kind_unknown")
    body = forms.body(request.POST)
    services.take(kind=kind, thing_id=thing_id, action=action, actor=request.actor, now=request.now, body=body)
    back = request.POST.get("back", "")
    return redirect(back) if back.startswith("/conferences/") else redirect(PAGES[kind], thing_id)


@require_GET
@STAFF
def consultations(request: Any) -> HttpResponse:
    """Complex matters that the general board has collected, each with its consultation."""
    rows = selectors.complex_matters(actor=request.actor, now=request.now)
    context = {
        "rows": [
            (
                case,
                item,
                wording.ITEM_STATES.get(item.state) if item else "",
                permissions.can_call(request.actor, case.region),
            )
            for case, item in rows
        ],
        "views": presenters.tabs(request.actor, "consultations"),
    }
    return render(request, "conference/consultations.html", context)


@require_GET
@STAFF
def consult_form(request: Any, number: str) -> HttpResponse:
    """The form that convenes boards and departments on one case."""
    case = case_reads.dossier(number=number, actor=request.actor, now=request.now).case
    inputs = presenters.calling(request.actor, bodies.Consult, case.region, request.now)
    return render(request, "conference/consult.html", {"case": case, "inputs": inputs})


@require_POST
@STAFF
def consult(request: Any, number: str) -> HttpResponse:
    """Convene the consultation, and show it."""
    body = {**forms.body(request.POST), "number": number}
    made = services.consult(actor=request.actor, now=request.now, body=body)
    return redirect("conference:meeting", made.id)


@require_GET
@STAFF
def dialogues(request: Any) -> HttpResponse:
    """Regular dialogues: those to come with host and guests, and those held."""
    rows, following = selectors.meetings(
        actor=request.actor, now=request.now, kind="dialogue", before=ids.parse(request.GET.get("before", ""))
    )
    names = accounts.names(row.thing.host_id for row in rows if row.thing.host_id)
    shown = [
        (
            row,
            presenters.series_name(row.thing),
            wording.MEETING_STATES[row.thing.state],
            names.get(row.thing.host_id, ""),
        )
        for row in rows
    ]
    context = {"rows": shown, "following": following, "views": presenters.tabs(request.actor, "dialogues")}
    return render(request, "conference/dialogues.html", context)


@require_GET
@STAFF
def group(request: Any) -> HttpResponse:
    """The leading group, with the form that appoints members."""
    region = presenters.first_region(request.actor)
    return render(request, "conference/group.html", presenters.leading_group(request.actor, region, request.now))


@require_POST
@STAFF
def appoint(request: Any) -> HttpResponse:
    """Give somebody a seat in the leading group."""
    services.appoint(actor=request.actor, now=request.now, body=forms.body(request.POST))
    return redirect("conference:group")


@require_POST
@STAFF
def release(request: Any, member_id: uuid.UUID) -> HttpResponse:
    """End a seat in the leading group."""
    services.release(member_id=member_id, actor=request.actor, now=request.now)
    return redirect("conference:group")


@require_safe
@allow(ANYONE)
def public(request: Any, region: str) -> HttpResponse:
    """Answers of dialogues that are public: question and answer, nobody's name."""
    place = directory.region(region)
    if place is None:
        raise errors.NotFound(code="region_unknown")
    rows = [
        (issue, presenters.series_name(issue.meeting)) for issue in selectors.published(region=region, now=request.now)
    ]
    return render(request, "conference/public.html", {"place": place, "rows": rows})

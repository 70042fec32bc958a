"""REST: meetings, their items and decisions, the leading group."""

import uuid
from typing import Literal

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import exports, permissions, schemas, selectors, services

router = Router(tags=["conferences"])
Form = Literal["docx", "pdf"]


@router.get("/conferences", response=schemas.MeetingPage, summary="List meetings")
@allow(LOGGED_IN)
def list_meetings(request: Request, query: Query[schemas.Query]) -> HttpResponse:
    """The meetings the caller may see, the last called first; kind: `conference`, `consultation`, `dialogue`."""
    rows, following = selectors.meetings(
        actor=request.auth,
        now=request.now,
        kind=query.kind,
        state=query.state,
        before=query.cursor,
        limit=query.limit,
    )
    return answers.page([schemas.meeting(row) for row in rows], str(following) if following else None)


@router.post("/conferences", response={201: schemas.SessionOut}, summary="Call a joint conference")
@allow(LOGGED_IN)
def call_conference(request: Request) -> HttpResponse:
    """`starts_at`, `place`, and `region` where the caller serves several; the leading group is invited."""
    made = services.call(actor=request.auth, now=request.now, body=answers.body_of(request))
    return _session(request, made.id, status=201)


@router.post("/conferences/consultations", response={201: schemas.SessionOut}, summary="Convene a consultation")
@allow(LOGGED_IN)
def call_consultation(request: Request) -> HttpResponse:
    """`number` of the case, `reason`, `starts_at`, `place`, and `boards` or `departments` to come."""
    made = services.consult(actor=request.auth, now=request.now, body=answers.body_of(request))
    return _session(request, made.id, status=201)


@router.get("/conferences/items", response=schemas.ItemPage, summary="List candidates and agenda items")
@allow(LOGGED_IN)
def list_items(request: Request, query: Query[schemas.Query]) -> HttpResponse:
    """Items of cases the caller may see, newest first; state `open` keeps those without result."""
    rows, following = selectors.items(
        actor=request.auth, now=request.now, state=query.state, before=query.cursor, limit=query.limit
    )
    return answers.page([schemas.item(row) for row in rows], str(following) if following else None)


@router.get("/conferences/items/{item_id}", response=schemas.ItemOut, summary="One agenda item")
@allow(LOGGED_IN)
def show_item(request: Request, item_id: uuid.UUID) -> HttpResponse:
    """One item as the caller may see it."""
    return answers.json(schemas.item(selectors.item(item_id=item_id, actor=request.auth, now=request.now)))


@router.post(
    "/conferences/items/{item_id}/actions/{action}", response=schemas.ItemOut, summary="Take an action on an item"
)
@allow(LOGGED_IN)
def take_item_action(request: Request, item_id: uuid.UUID, action: str) -> HttpResponse:
    """`prepare`, `screen`, `turn_down`, `put_on`, `take_off`, `decide`, `review`, `put_off`."""
    _take(request, "item", item_id, action)
    return show_item(request, item_id)


@router.get("/conferences/decisions", response=schemas.DecisionPage, summary="List decisions")
@allow(LOGGED_IN)
def list_decisions(request: Request, query: Query[schemas.Query]) -> HttpResponse:
    """Decisions the caller may see or answers for, newest first; state `open`, and `late` for overdue ones."""
    rows, following = selectors.page_of_decisions(
        actor=request.auth,
        now=request.now,
        state=query.state,
        late=query.late,
        before=query.cursor,
        limit=query.limit,
    )
    return answers.page([schemas.decision(row) for row in rows], str(following) if following else None)


@router.get("/conferences/decisions/{decision_id}", response=schemas.DecisionOut, summary="One decision")
@allow(LOGGED_IN)
def show_decision(request: Request, decision_id: uuid.UUID) -> HttpResponse:
    """One decision as the caller may see it."""
    found = selectors.decision(decision_id=decision_id, actor=request.auth, now=request.now)
    return answers.json(schemas.decision(found))


@router.post(
    "/conferences/decisions/{decision_id}/actions/{action}",
    response=schemas.DecisionOut,
    summary="Take an action on a decision",
)
@allow(LOGGED_IN)
def take_decision_action(request: Request, decision_id: uuid.UUID, action: str) -> HttpResponse:
    """`report`, `send_back`, `write_off` take `text`; `give_time` `days`, `hand_over` `owner`, both with `reason`."""
    _take(request, "decision", decision_id, action)
    return show_decision(request, decision_id)


@router.get("/conferences/members", response=schemas.Members, summary="The leading group")
@allow(LOGGED_IN)
def list_members(request: Request) -> HttpResponse:
    """The leading groups of the regions the caller's offices cover."""
    regions = {code for grant in request.auth.reader.grants for code in grant.regions} if request.auth.reader else set()
    rows = selectors.group(regions=regions) if permissions.is_staff(request.auth) else []
    names = accounts.names(row.person_id for row in rows)
    return answers.page([schemas.member(row, names) for row in rows], None)


@router.post("/conferences/members", response={201: schemas.MemberOut}, summary="Appoint a member of the leading group")
@allow(LOGGED_IN)
def appoint_member(request: Request) -> HttpResponse:
    """`person` (user name), `role` of the rulebook, and perhaps `department`."""
    made = services.appoint(actor=request.auth, now=request.now, body=answers.body_of(request))
    return answers.json(schemas.member(made, accounts.names([made.person_id])), status=201)


@router.post("/conferences/members/{member_id}/actions/release", response=schemas.MemberOut, summary="Release a member")
@allow(LOGGED_IN)
def release_member(request: Request, member_id: uuid.UUID) -> HttpResponse:
    """The seat ends now."""
    ended = services.release(member_id=member_id, actor=request.auth, now=request.now)
    return answers.json(schemas.member(ended, accounts.names([ended.person_id])))


@router.get("/conferences/{meeting_id}", response=schemas.SessionOut, summary="One meeting")
@allow(LOGGED_IN)
def show_meeting(request: Request, meeting_id: uuid.UUID) -> HttpResponse:
    """One meeting with its seats, items, decisions, issues and proposals."""
    return _session(request, meeting_id)


@router.get("/conferences/{meeting_id}/papers/{form}", summary="The papers of a meeting")
@allow(LOGGED_IN)
def meeting_papers(request: Request, meeting_id: uuid.UUID, form: Form) -> HttpResponse:
    """Agenda and one page an item; once issued, the minutes instead."""
    found = selectors.meeting(meeting_id=meeting_id, actor=request.auth, now=request.now)
    headers = {"Content-Disposition": f'attachment; filename="{found.thing.number}.{form}"'}
    return HttpResponse(exports.file(found, form), content_type=exports.MEDIA_TYPES[form], headers=headers)


@router.get("/conferences/{meeting_id}/notice/{form}", summary="The notice of a meeting")
@allow(LOGGED_IN)
def meeting_notice(request: Request, meeting_id: uuid.UUID, form: Form) -> HttpResponse:
    """The newest letter by which departments were invited, as far as the caller may see one."""
    found = selectors.meeting(meeting_id=meeting_id, actor=request.auth, now=request.now)
    made = exports.letter_file(found, request.auth, form)
    headers = {"Content-Disposition": f'attachment; filename="{found.thing.number}-notice.{form}"'}
    return HttpResponse(made, content_type=exports.MEDIA_TYPES[form], headers=headers)


@router.post(
    "/conferences/{meeting_id}/actions/{action}", response=schemas.SessionOut, summary="Take an action on a meeting"
)
@allow(LOGGED_IN)
def take_meeting_action(request: Request, meeting_id: uuid.UUID, action: str) -> HttpResponse:
    """`invite`, `brief`, `postpone`, `hold`, `collect`, `publish_answer`, `propose_institution`, `minute`, `cancel`."""
    _take(request, "meeting", meeting_id, action)
    return _session(request, meeting_id)


def _take(request: Request, kind: str, thing_id: uuid.UUID, action: str) -> None:
    body = answers.body_of(request)
    services.take(kind=kind, thing_id=thing_id, action=action, actor=request.auth, now=request.now, body=body)


def _session(request: Request, meeting_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    found = selectors.meeting(meeting_id=meeting_id, actor=request.auth, now=request.now)
    return answers.json(schemas.session(found), status=status)

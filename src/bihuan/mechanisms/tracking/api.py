"""REST: the tracking store, its matters and what may be done with them."""

import uuid

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import exports, schemas, selectors, services

router = Router(tags=["tracking"])


@router.get("/tracking", response=schemas.TrackPage, summary="List tracked matters")
@allow(LOGGED_IN)
def list_tracks(request: Request, query: Query[schemas.TrackQuery]) -> HttpResponse:
    """The tracks the caller may see, newest first; `late` keeps those whose update is missing."""
    rows, following = selectors.page(
        actor=request.auth,
        now=request.now,
        state=query.state,
        late=query.late,
        before=query.cursor,
        limit=query.limit,
    )
    return answers.page([schemas.track(row) for row in rows], str(following) if following else None)


@router.post("/tracking", response={201: schemas.TrackedOut}, summary="Track a case")
@allow(LOGGED_IN)
def open_tracking(request: Request, wanted: schemas.OpenIn) -> HttpResponse:
    """Put a case into the store that the product has not proposed, with a reason."""
    made = services.open_track(number=wanted.number, actor=request.auth, now=request.now, reason=wanted.reason)
    return _shown(request, made.id, status=201)


@router.get("/tracking/{track_id}", response=schemas.TrackedOut, summary="One tracked matter")
@allow(LOGGED_IN)
def show_track(request: Request, track_id: uuid.UUID) -> HttpResponse:
    """One track as the caller may see it."""
    return _shown(request, track_id)


@router.get("/tracking/{track_id}/bulletins", response=schemas.BulletinPage, summary="Bulletins of a tracked matter")
@allow(LOGGED_IN)
def list_bulletins(request: Request, track_id: uuid.UUID) -> HttpResponse:
    """All bulletins of a track as they were sent, newest first; `document` is where each is handed out as a file."""
    found = selectors.detail(track_id=track_id, actor=request.auth, now=request.now)
    return answers.page([schemas.bulletin(one) for one in found.bulletins], None)


@router.get("/tracking/{track_id}/bulletins/{number}/document", summary="A bulletin as a document")
@allow(LOGGED_IN)
def bulletin_document(request: Request, track_id: uuid.UUID, number: int) -> HttpResponse:
    """A bulletin as a word-processing file."""
    shown = selectors.bulletin(track_id=track_id, number=number, actor=request.auth)
    headers = {"Content-Disposition": f'attachment; filename="{track_id}-{number}.docx"'}
    return HttpResponse(exports.document(text=shown.text), content_type=exports.MEDIA_TYPE, headers=headers)


@router.post("/tracking/{track_id}/actions/{action}", response=schemas.TrackedOut, summary="Take an action on a track")
@allow(LOGGED_IN)
def take_track_action(request: Request, track_id: uuid.UUID, action: str) -> HttpResponse:
    """`enter`, `refuse`, `leave` take `reason`; `report` takes `text`; `meet_node` takes `node` and `text`."""
    body = answers.body_of(request)
    services.take(track_id=track_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, track_id)


def _shown(request: Request, track_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    found = selectors.detail(track_id=track_id, actor=request.auth, now=request.now)
    return answers.json(schemas.track(found), status=status)

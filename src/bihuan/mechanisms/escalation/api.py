"""REST: what went up and came from below, and the exchange between installations."""

import uuid
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import ANYONE, LOGGED_IN, allow
from bihuan.foundation.kernel import answers, errors

from . import rules, schemas, selectors, services

router = Router(tags=["escalations"])


@router.get("/escalations", response=schemas.EscalationPage, summary="List what went up, or came from below")
@allow(LOGGED_IN)
def list_escalations(request: Request, query: Query[schemas.EscalationQuery]) -> HttpResponse:
    """What the caller may see, newest first; state `open` keeps what is not over."""
    rows, following = selectors.page(
        actor=request.auth,
        now=request.now,
        up=query.direction == "up",
        state=query.state,
        before=query.cursor,
        limit=query.limit,
    )
    return answers.page([schemas.escalation(row) for row in rows], str(following) if following else None)


@router.post("/escalations", response={201: schemas.EscalationOut}, summary="Send a case up")
@allow(LOGGED_IN)
def send_escalation(request: Request) -> HttpResponse:
    """Takes `case` (its number), `to` (the next region above that takes matters in) and `reason`."""
    body = answers.body_of(request)
    number = str(body.get("case", ""))
    made = services.send_up(number=number, actor=request.auth, now=request.now, body=body)
    return _shown(request, made.id, status=201)


@router.get("/escalations/{thing_id}", response=schemas.EscalationOut, summary="One matter between the levels")
@allow(LOGGED_IN)
def show_escalation(request: Request, thing_id: uuid.UUID) -> HttpResponse:
    """One matter that went up or came from below, as the caller may see it."""
    return _shown(request, thing_id)


@router.post(
    "/escalations/{thing_id}/actions/{action}", response=schemas.EscalationOut, summary="Take an action between levels"
)
@allow(LOGGED_IN)
def take_escalation_action(request: Request, thing_id: uuid.UUID, action: str) -> HttpResponse:
    """`answer_above` and `take_back` below, `list` at the province; each takes `text`."""
    body = answers.body_of(request)
    services.take(thing_id=thing_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, thing_id)


@router.get("/exchange/identity", response=schemas.IdentityOut, summary="The key of this installation")
@allow(ANYONE)
def show_identity(request: HttpRequest) -> HttpResponse:
    """The public key that signs this installation's messages and receipts."""
    return answers.json({"public_key": selectors.identity()})


@router.post(
    "/exchange/messages", response=schemas.ExchangeReceiptOut, summary="Receive a message of another installation"
)
@allow(ANYONE)
def receive_message(request: Request) -> HttpResponse:
    """Signed by a registered installation (headers `Bihuan-Key`, `Bihuan-Timestamp`, `Bihuan-Signature`)."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdecimal() and int(announced) > rules.BODY_MAX:
        raise errors.TooLarge(max_bytes=rules.BODY_MAX)
    signed = services.Signed(
        text=request.body.decode("utf-8", "replace"),
        key=request.headers.get("Bihuan-Key", "")[:100],
        timestamp=request.headers.get("Bihuan-Timestamp", "")[:20],
        signature=request.headers.get("Bihuan-Signature", "")[:200],
    )
    return answers.json(services.receive(signed=signed, now=request.now))


@router.get("/exchange/peers", response=schemas.PeerPage, summary="Other installations")
@allow("system_admin")
def list_peers(request: Request) -> HttpResponse:
    """Every installation that is or was registered, with what waits for it."""
    return answers.page([schemas.peer(*row) for row in selectors.peers()], None)


@router.post("/exchange/peers", response={201: schemas.PeerOut}, summary="Register an installation")
@allow("system_admin")
def register_peer(request: Request, peer: schemas.PeerIn) -> HttpResponse:
    """From now on it speaks for its region, and matters for that region go to it."""
    made = services.register_peer(**peer.dict(), actor=request.auth, now=request.now)
    return answers.json(schemas.peer(made), status=201)


@router.post(
    "/exchange/peers/{peer_id}/actions/{action}", response=schemas.PeerOut, summary="Stop or start an exchange"
)
@allow("system_admin")
def switch_peer(request: Request, peer_id: uuid.UUID, action: Literal["stop", "start"]) -> HttpResponse:
    """Stop the exchange with an installation, or start it again; what waits is kept."""
    made = services.switch_peer(peer_id=peer_id, active=action == "start", actor=request.auth, now=request.now)
    return answers.json(schemas.peer(made))


def _shown(request: Request, thing_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    found = selectors.one(thing_id=thing_id, actor=request.auth, now=request.now)
    return answers.json(schemas.escalation(found), status=status)

"""REST: cases, their actions, trace, proof and files; following a case with its code; alerts.

Each operation reads or makes one call of a service. `request.auth` is the Actor who calls and `request.now` the instant
of the call; both are put there by the door of `delivery/rest`.
"""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from bihuan.foundation.accounts.permissions import ANYONE, LOGGED_IN, allow
from bihuan.foundation.kernel import answers, database, errors, throttle
from bihuan.foundation.ledger import selectors as ledger

from . import panels, permissions, selectors, services
from .permissions import Actor
from .rules.bodies import BODIES
from .schemas import firms, limits, listing, raising, showing
from .services import attaching

router = Router(tags=["cases"])
ROOT = "/api/v1"

Number = str


class Request(HttpRequest):
    """A request that came through the door."""

    auth: Actor
    now: dt.datetime


def public_intake() -> throttle.Limit:
    """How many matters one address may raise in an hour without logging in."""
    times = getattr(settings, "PUBLIC_INTAKE_PER_HOUR", 30)
    return throttle.Limit(name="intake:address", times=times, per=dt.timedelta(hours=1))


@router.post("/cases", response={201: raising.RaisedOut}, summary="Raise a matter")
@allow(ANYONE)
def raise_matter(request: Request, matter: raising.RaiseIn) -> HttpResponse:
    """Put a matter into the register. No login is needed for the channels that the region's rulebook makes public."""
    actor = request.auth
    if actor.reader is None:
        throttle.count(limit=public_intake(), whom=throttle.address_of(request), now=request.now)
    receipt = services.raise_case(matter=matter.matter(), actor=speaking_for(actor, matter), now=request.now)
    track_url = f"{ROOT}/track/{receipt.number}"
    body = raising.raised(receipt, region=matter.region[:6], track_url=track_url)
    return answers.json(body, status=201, headers={"Location": f"{ROOT}/cases/{receipt.number}"})


def speaking_for(actor: Actor, matter: raising.RaiseIn) -> Actor:
    """Return the actor, noted as writing down somebody else's words when the channel is one of staff."""
    if actor.reader is None or matter.channel not in permissions.STAFF_CHANNELS:
        return actor
    return Actor(reader=actor.reader, on_behalf_of=matter.enterprise or "anonymous")


@router.get("/cases", response=listing.CasePage, summary="List cases")
@allow(LOGGED_IN)
def list_cases(request: Request, query: Query[listing.ListQuery]) -> HttpResponse:
    """Everything the caller may see, narrowed by filters."""
    filters = listing.filters(query, actor=request.auth, now=request.now)
    rows, following = selectors.page(
        actor=request.auth, filters=filters, now=request.now, cursor=query.cursor, limit=query.limit
    )
    return answers.page(listing.items(rows), following)


@router.get("/enterprises/{uscc}/ledger", response=firms.FirmLedgerOut, summary="All of one enterprise")
@allow(LOGGED_IN)
def show_firm_ledger(request: Request, uscc: str) -> HttpResponse:
    """一企一策: a section from each context, each as far as the caller may see it."""
    firm = selectors.firm(uscc=uscc, actor=request.auth)
    found = panels.of_firm(firm=firm, actor=request.auth, now=request.now)
    return answers.json(firms.ledger(firm, found))


@router.get("/alerts", response=listing.AlertPage, summary="Cases that need attention")
@allow(LOGGED_IN)
def list_alerts(request: Request, query: Query[listing.AlertQuery]) -> HttpResponse:
    """Open cases whose light is not the first one, most urgent first; `counts` counts everything open within sight."""
    actor, now = request.auth, request.now
    wanted = listing.filters(query, actor=actor, now=now)
    lights = wanted.light or listing.lights_after_first(actor=actor, now=now)
    filters = listing.alerting(wanted, lights)
    rows, following = selectors.page(actor=actor, filters=filters, now=now, cursor=query.cursor, limit=query.limit)
    counts = selectors.counts(actor=actor, now=now)
    return answers.json({"items": listing.items(rows), "next": following, "counts": counts})


@router.get("/cases/{number}", response=showing.CaseDetailOut, summary="One case")
@allow(LOGGED_IN)
def show_case(request: Request, number: Number) -> HttpResponse:
    """The case as the caller may see it. `X-Follow-Up-Code` (or `?code=`) opens it without logging in."""
    return answers.json(shown(number=number, actor=request.auth, now=request.now))


def shown(*, number: str, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return the case as this actor may see it, ready for JSON. Raises NotFound."""
    with database.reading(actor.scope()):
        dossier = selectors.dossier(number=number, actor=actor, now=now)
        case = dossier.case
        duplicates = None
        if "merge" in dossier.available_actions:
            duplicates = selectors.possible_duplicates(case=case, actor=actor)
        proposal = panels.proposal(case=case, actor=actor, now=now)
    codes = listing.codes_of(case.region)
    return showing.case(
        dossier,
        actor=actor,
        base=f"{ROOT}/cases/{case.number}",
        co_codes=[codes[one] for one in case.co_department_ids if one in codes],
        duplicates=duplicates,
        proposal=proposal,
    )


@router.get("/cases/{number}/clocks", response=limits.LimitPage, summary="Time limits of a case")
@allow(LOGGED_IN)
def list_clocks(request: Request, number: Number) -> HttpResponse:
    """Every clock of the case that the caller may see, with its light and why it is due when it is."""
    with database.reading(request.auth.scope()):
        case = selectors.find(number=number, actor=request.auth)
        found = selectors.limits(case=case, actor=request.auth, now=request.now)
    return answers.page([limits.limit(one, listing.codes_of(case.region)) for one in found], None)


ACTIONS_DOC = (
    "The body depends on the action; every body may also carry `note`. No body is the same as `{}`.\n\n"
    + "\n".join(f"- `{action}`: {body.__doc__}" for action, body in sorted(BODIES.items()))
)
ACTION_EXTRA: dict[str, Any] = {
    "requestBody": {
        "required": False,
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {"$ref": f"#/components/schemas/{name}"}
                        for name in sorted({body.__name__ for body in BODIES.values()})
                    ]
                }
            }
        },
    },
    "x-bodies": {action: f"#/components/schemas/{body.__name__}" for action, body in sorted(BODIES.items())},
}


@router.post(
    "/cases/{number}/actions/{action}",
    response=showing.CaseDetailOut,
    summary="Take an action on a case",
    description=ACTIONS_DOC,
    openapi_extra=ACTION_EXTRA,
)
@allow(LOGGED_IN)
def take_action(request: Request, number: Number, action: str) -> HttpResponse:
    """Take one action; the answer is the case as it then is."""
    body = answers.body_of(request)
    services.take(number=number, action=action, actor=request.auth, now=request.now, body=body)
    return answers.json(shown(number=number, actor=request.auth, now=request.now))


@router.get("/cases/{number}/events", response=showing.EventPage, summary="The trace of a case")
@allow(LOGGED_IN)
def list_events(request: Request, number: Number) -> HttpResponse:
    """The ledger of the case as far as the caller may see it, oldest first."""
    return answers.page(events_of(number=number, actor=request.auth), None)


def events_of(*, number: str, actor: Actor) -> list[dict[str, Any]]:
    """Return the trace of a case as this actor may see it, ready for JSON. Raises NotFound."""
    with database.reading(actor.scope()):
        case = selectors.find(number=number, actor=actor)
        trace = selectors.trace(case=case, actor=actor)
        raiser = permissions.is_raiser(actor, case)
    return showing.events(trace, case=case, raiser=raiser)


@router.get("/cases/{number}/proof", summary="Proof of inclusion")
@allow(LOGGED_IN)
def prove(
    request: Request, number: Number, facts: bool = False, of: Literal["head", "receipt"] = "head"
) -> HttpResponse:
    """Proof that the newest sealed fact of the case is part of a signed checkpoint, for the stand-alone verifier.

    `of=receipt`: that the fact of the receipt is. `sealed` is false until the next checkpoint (every ten
    minutes). `facts=true` adds the facts themselves, for callers who may read all of them. The side that is
    rated always gets the proof of the first fact: a newer head would tell it when it was rated.
    """
    actor = request.auth
    with database.reading(actor.scope()):
        case = selectors.find(number=number, actor=actor)
        rated = not permissions.may_see_ratings(actor, case)
        reads_all = not rated and not permissions.is_raiser(actor, case)
        if facts and not reads_all:
            raise errors.Forbidden(_("You may not read all facts of this case."), code="facts_forbidden", field="facts")
        first = selectors.trace(case=case, actor=actor)[0] if rated else None
        proof = ledger.proof(case.id, seq=1 if of == "receipt" or rated else None, with_facts=facts)
    head = [str(case.id), 1, first["hash"]] if first else [str(case.id), case.last_seq, case.last_hash]
    return answers.json({"number": case.number, "sealed": proof is not None, "head": head, **(proof or {})})


@router.get("/cases/{number}/attachments", summary="Files of a case")
@allow(LOGGED_IN)
def list_attachments(request: Request, number: Number) -> HttpResponse:
    """The files the caller may see."""
    dossier = selectors.dossier(number=number, actor=request.auth, now=request.now)
    base = f"{ROOT}/cases/{dossier.case.number}"
    return answers.page([showing.attachment(one, base=base) for one in dossier.attachments], None)


@router.post("/cases/{number}/attachments", response={201: showing.AttachmentOut}, summary="Add a file")
@allow(LOGGED_IN)
def add_attachment(
    request: Request,
    number: Number,
    file: Annotated[UploadedFile, File(description="Photo, PDF, Office document or sound recording")],
    visible_to_enterprise: Annotated[bool, Form()] = True,
) -> HttpResponse:
    """Add a file, sent as `multipart/form-data`. Its kind is judged by its content."""
    added = services.attach(
        number=number,
        actor=request.auth,
        now=request.now,
        name=file.name or "file",
        content=file.file,  # type: ignore[arg-type]
        visible_to_enterprise=visible_to_enterprise,
    )
    return answers.json(showing.attachment(added, base=f"{ROOT}/cases/{number}"), status=201)


@router.get("/cases/{number}/attachments/{attachment_id}", summary="Download a file")
@allow(LOGGED_IN)
def download_attachment(request: Request, number: Number, attachment_id: uuid.UUID) -> HttpResponse:
    """The bytes of a file, always as a download and never for display."""
    dossier = selectors.dossier(number=number, actor=request.auth, now=request.now)
    found = next((one for one in dossier.attachments if one.id == attachment_id), None)
    if found is None:
        raise errors.NotFound(_("There is no such file here."), code="attachment_not_found")
    return handed_out(found)


def handed_out(found: Any) -> HttpResponse:
    """Return a file as a download that no browser runs or shows."""
    path = attaching.path_of(found.sha256)
    if not path.exists():
        raise errors.Unavailable(_("This file cannot be read at the moment."), code="file_missing")
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value]


@router.get("/track/{number}", response=showing.TrackOut, summary="Follow a case with its code", tags=["tracking"])
@allow(ANYONE)
def track(request: Request, number: Number) -> HttpResponse:
    """What the raiser sees, without logging in. The follow-up code goes into `?code=` or `X-Follow-Up-Code`."""
    return answers.json(tracked(number=number, actor=_holder(request), now=request.now))


@router.post(
    "/track/{number}/actions/{action}",
    response=showing.TrackOut,
    summary="Act as the raiser with the code",
    description=ACTIONS_DOC,
    openapi_extra=ACTION_EXTRA,
    tags=["tracking"],
)
@allow(ANYONE)
def track_action(request: Request, number: Number, action: str) -> HttpResponse:
    """Answer, add, confirm, deny, rate, reopen or withdraw without logging in."""
    actor = _holder(request)
    services.take(number=number, action=action, actor=actor, now=request.now, body=answers.body_of(request))
    return answers.json(tracked(number=number, actor=actor, now=request.now))


def tracked(*, number: str, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return the case with its trace, ready for JSON."""
    return {**shown(number=number, actor=actor, now=now), "events": events_of(number=number, actor=actor)}


def _holder(request: Request) -> Actor:
    if request.auth.holds is None:
        raise errors.Unauthenticated(
            _("Please give the follow-up code, as `?code=` or in the header X-Follow-Up-Code."),
            code="code_required",
            field="code",
        )
    return request.auth

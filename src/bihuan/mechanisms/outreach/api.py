"""REST: printed codes, prompts and ratings, and what follows bad ones."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.dateparse import parse_date, parse_datetime
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.permissions import ANYONE, LOGGED_IN, allow
from bihuan.foundation.kernel import answers, errors, ids, throttle

from . import exports, permissions, schemas, selectors, services
from .models import Campaign, Code, Visit

router = Router(tags=["outreach"])


def _codes(found: list[Code], actor: Actor, now: dt.datetime) -> list[dict[str, Any]]:
    counts = selectors.code_counts(codes=found, actor=actor, now=now)
    return [
        schemas.code(
            one,
            counts[one.id],
            selectors.code_actions(one, actor),
            exports.token_of(one) if permissions.issues(actor, one.region) else None,
        )
        for one in found
    ]


@router.get("/outreach/codes", response=schemas.OutreachCodePage, summary="List printed codes")
@allow(LOGGED_IN)
def list_outreach_codes(request: Request, query: Query[schemas.OutreachCodeQuery]) -> HttpResponse:
    """The codes the caller may see, newest first, with their counts."""
    only = {name: getattr(query, name) for name in ("kind", "state", "department", "q")}
    found, following = selectors.codes_page(actor=request.auth, before=query.cursor, limit=query.limit, **only)
    return answers.page(_codes(found, request.auth, request.now), str(following) if following else None)


@router.post("/outreach/codes", response={201: schemas.OutreachCodePage}, summary="Put up codes")
@allow(LOGGED_IN)
def issue_outreach_codes(request: Request) -> HttpResponse:
    """`kind`, `region`, and `codes`: up to 2,000 of {place, department, enterprise, cards}; all or none."""
    body = answers.body_of(request)
    given = body.get("codes")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise errors.Invalid("codes: a list of objects", code="invalid_body", field="codes")
    found = services.issue(
        kind=str(body.get("kind", "")),
        region=str(body.get("region", "")),
        wanted=[_wanted(one) for one in given],
        actor=request.auth,
        now=request.now,
    )
    return answers.json({"items": _codes(found, request.auth, request.now), "next": None}, status=201)


def _wanted(one: dict[str, Any]) -> services.Wanted:
    cards = one.get("cards", 0)
    texts = {name: str(one.get(name) or "") for name in ("place", "department", "enterprise")}
    return services.Wanted(**texts, cards=cards if isinstance(cards, int) else 0)


@router.get("/outreach/codes/{code_id}", response=schemas.OutreachCodeOut, summary="One printed code")
@allow(LOGGED_IN)
def show_outreach_code(request: Request, code_id: uuid.UUID) -> HttpResponse:
    """One code with its counts."""
    found = selectors.find_code(code_id, request.auth)
    return answers.json(_codes([found], request.auth, request.now)[0])


@router.post("/outreach/codes/{code_id}/actions/{action}", response=schemas.OutreachCodeOut, summary="Act on a code")
@allow(LOGGED_IN)
def take_outreach_code_action(request: Request, code_id: uuid.UUID, action: str) -> HttpResponse:
    """`close_code`, `open_again`, `revoke` take `text`; `hand_out` also `count`, the number of cards."""
    body = answers.body_of(request)
    services.take_code(code_id=code_id, action=action, actor=request.auth, now=request.now, body=body)
    return show_outreach_code(request, code_id)


@router.post("/outreach/codes/{code_id}/prompts", response=schemas.OutreachCodeOut, summary="Ask after a service")
@allow(LOGGED_IN)
def prompt_after_service(request: Request, code_id: uuid.UUID) -> HttpResponse:
    """`enterprise` (USCC) is asked by its own channels how `service` was; its link rates once."""
    body = answers.body_of(request)
    given = {name: str(body.get(name, "")) for name in ("enterprise", "service")}
    services.prompt(code_id=code_id, **given, actor=request.auth, now=request.now)
    return show_outreach_code(request, code_id)


@router.post("/outreach/ratings", response={201: schemas.OutreachRatingOut}, summary="Rate by a code")
@allow(ANYONE)
def rate_by_code(request: Request) -> HttpResponse:
    """`token` of a code or of a prompt's link, `level` 1–5, `reasons` (ids) and `words`; without login."""
    body = answers.body_of(request)
    token, address = str(body.get("token", "")), throttle.address_of(request)
    services.rate(token=token, said=_said(body), address=address, now=request.now)
    return answers.json({"taken": True}, status=201)


def _said(body: dict[str, Any]) -> services.Said:
    level, reasons = body.get("level"), body.get("reasons") or []
    return services.Said(
        level=level if isinstance(level, int) else 0,
        reasons=[str(one) for one in reasons] if isinstance(reasons, list) else [],
        words=str(body.get("words", "")),
    )


@router.get("/outreach/followups", response=schemas.FollowUpPage, summary="List what follows bad ratings")
@allow(LOGGED_IN)
def list_follow_ups(request: Request, query: Query[schemas.FollowUpQuery]) -> HttpResponse:
    """All of their places for supervisors, for a unit the letters to it; newest first."""
    found, following = selectors.follow_ups(
        actor=request.auth, state=query.state, kind=query.kind, before=query.cursor, limit=query.limit
    )
    rows = [schemas.follow_up(one, selectors.follow_up_actions(one, request.auth)) for one in found]
    return answers.page(rows, str(following) if following else None)


@router.get("/outreach/followups/{follow_up_id}", response=schemas.FollowUpOut, summary="What follows one bad rating")
@allow(LOGGED_IN)
def show_follow_up(request: Request, follow_up_id: uuid.UUID) -> HttpResponse:
    """One letter or callback, without the rating."""
    found = selectors.find_follow_up(follow_up_id, request.auth)
    return answers.json(schemas.follow_up(found, selectors.follow_up_actions(found, request.auth)))


@router.post(
    "/outreach/followups/{follow_up_id}/actions/{action}", response=schemas.FollowUpOut, summary="Answer a bad rating"
)
@allow(LOGGED_IN)
def take_follow_up_action(request: Request, follow_up_id: uuid.UUID, action: str) -> HttpResponse:
    """`send_letter`, `call`, `set_aside`, `answer_letter`, `send_back`, `write_off` take `text`."""
    body = answers.body_of(request)
    services.take_follow_up(follow_up_id=follow_up_id, action=action, actor=request.auth, now=request.now, body=body)
    return show_follow_up(request, follow_up_id)


def _visit(found: Visit, request: Request) -> dict[str, Any]:
    actions = selectors.visit_actions(found, request.auth, request.now)
    return schemas.visit(found, actions, visited=permissions.visited(request.auth, found))


def _date(body: dict[str, Any], field: str) -> dt.date:
    try:
        found = parse_date(str(body.get(field, "")))
    except ValueError:
        found = None
    if found is None:
        raise errors.Invalid(f"{field}: a date such as 2026-12-31", code="invalid_body", field=field)
    return found


@router.get("/outreach/visits", response=schemas.FirmVisitPage, summary="List visits to enterprises")
@allow(LOGGED_IN)
def list_firm_visits(request: Request, query: Query[schemas.FirmVisitQuery]) -> HttpResponse:
    """The visits the caller may see, newest first; an enterprise sees announced ones, and all that were made."""
    only = {name: getattr(query, name) for name in ("state", "kind", "enterprise")}
    only["mine"] = "1" if query.mine else ""
    found, following = selectors.visits_page(actor=request.auth, before=query.cursor, limit=query.limit, **only)
    return answers.page([_visit(one, request) for one in found], str(following) if following else None)


@router.post("/outreach/visits", response={201: schemas.FirmVisitOut}, summary="Register a visit")
@allow(LOGGED_IN)
def register_firm_visit(request: Request) -> HttpResponse:
    """`region`, `enterprise` (USCC), `on`, `purpose`, `announced`; before the visit, within the cap of all bodies."""
    body = answers.body_of(request)
    texts = {name: str(body.get(name, "")) for name in ("region", "enterprise", "purpose")}
    announced = body.get("announced", True) is not False
    day = _date(body, "on")
    made = services.register_visit(**texts, on=day, announced=announced, actor=request.auth, now=request.now)
    return answers.json(_visit(selectors.find_visit(made.id, request.auth), request), status=201)


@router.get("/outreach/visits/{visit_id}", response=schemas.FirmVisitReportsOut, summary="One visit")
@allow(LOGGED_IN)
def show_firm_visit(request: Request, visit_id: uuid.UUID) -> HttpResponse:
    """One visit with what was reported."""
    found = selectors.find_visit(visit_id, request.auth)
    reports = [schemas.visit_report(one) for one in selectors.reports_of(visit=found, actor=request.auth)]
    return answers.json(_visit(found, request) | {"reports": reports})


@router.post(
    "/outreach/visits/{visit_id}/reports", response={201: schemas.FirmVisitReportOut}, summary="Report a visit"
)
@allow(LOGGED_IN)
def report_firm_visit(request: Request, visit_id: uuid.UUID) -> HttpResponse:
    """`key` of the form, `text`, `taken_at`, `finding`, `department`, `stated_title`, `stated`; photos by the page."""
    body = answers.body_of(request)
    names = ("key", "text", "finding", "department", "stated_title", "stated")
    texts: dict[str, Any] = {name: str(body.get(name) or "") for name in names}
    try:
        taken = parse_datetime(str(body.get("taken_at", "")))
    except (ValueError, OverflowError):
        taken = None
    written = services.Written(**texts, taken_at=taken if taken and taken.tzinfo else None)
    kept = services.report(visit_id=visit_id, written=written, actor=request.auth, now=request.now)
    told = {"id": str(kept.report.id), "case": kept.number, "follow_up_code": kept.follow_up_code}
    return answers.json(told | {"clock_off": kept.report.clock_off}, status=201)


@router.post("/outreach/visits/{visit_id}/actions/{action}", response=schemas.FirmVisitOut, summary="Act on a visit")
@allow(LOGGED_IN)
def take_firm_visit_action(request: Request, visit_id: uuid.UUID, action: str) -> HttpResponse:
    """`call_off` takes `text`; `rate_visit`, for the enterprise, `level` 1–5, `reasons` and `words`."""
    body = answers.body_of(request)
    if action == "call_off":
        services.call_off(visit_id=visit_id, actor=request.auth, now=request.now, body=body)
    elif action == "rate_visit":
        services.rate_visit(visit_id=visit_id, said=_said(body), actor=request.auth, now=request.now)
    else:
        raise errors.NotFound(code="unknown_action", field="action")
    return answers.json(_visit(selectors.find_visit(visit_id, request.auth), request))


@router.post("/outreach/plans", response={201: schemas.FirmVisitPlanOut}, summary="Make a plan of visits")
@allow(LOGGED_IN)
def make_visit_plan(request: Request) -> HttpResponse:
    """`region`, `name`, `kind`, `purpose`, days, `enterprises`, `teams`, `campaign`, `fixed`, `announced`."""
    body = answers.body_of(request)
    firms, teams = body.get("enterprises"), body.get("teams") or []
    if not isinstance(firms, list) or not isinstance(teams, list):
        raise errors.Invalid("enterprises, teams: lists", code="invalid_body", field="enterprises")
    wish = services.Wish(
        **{name: str(body.get(name) or "") for name in ("name", "kind", "purpose", "fixed")},
        since=_date(body, "since"),
        until=_date(body, "until"),
        enterprises=[str(one) for one in firms],
        teams=[one for text in teams if (one := ids.parse(str(text)))],
        announced=body.get("announced") is True,
        campaign=ids.parse(str(body.get("campaign") or "")),
    )
    region = str(body.get("region", ""))
    made = services.make_plan(region=region, wish=wish, actor=request.auth, now=request.now)
    return answers.json(schemas.plan(made), status=201)


@router.get("/outreach/plans/{plan_id}", response=schemas.FirmVisitPlanOut, summary="One plan of visits")
@allow(LOGGED_IN)
def show_visit_plan(request: Request, plan_id: uuid.UUID) -> HttpResponse:
    """One plan; its visits are in the list of visits."""
    return answers.json(schemas.plan(selectors.find_plan(plan_id, request.auth)))


def _campaign(found: Campaign, request: Request) -> dict[str, Any]:
    return schemas.campaign(found, selectors.campaign_actions(found, request.auth))


@router.get("/outreach/campaigns", response=schemas.CampaignPage, summary="List campaigns")
@allow(LOGGED_IN)
def list_campaigns(request: Request, cursor: uuid.UUID | None = None) -> HttpResponse:
    """The campaigns the caller may see, newest first."""
    found = selectors.campaigns_page(actor=request.auth, before=cursor)
    following = str(found[-1].id) if len(found) == selectors.campaigns.PAGE else None
    return answers.page([_campaign(one, request) for one in found], following)


@router.post("/outreach/campaigns", response={201: schemas.CampaignOut}, summary="Make a campaign")
@allow(LOGGED_IN)
def make_campaign(request: Request) -> HttpResponse:
    """`region`, `name`, `purpose`, `since`, `until`, `goals` (figure → number), `teams` (ids)."""
    body = answers.body_of(request)
    goals, teams = body.get("goals"), body.get("teams") or []
    if not isinstance(goals, dict) or not all(isinstance(one, int) for one in goals.values()):
        raise errors.Invalid("goals: figure to number", code="invalid_body", field="goals")
    drive = services.Drive(
        name=str(body.get("name", "")),
        purpose=str(body.get("purpose", "")),
        since=_date(body, "since"),
        until=_date(body, "until"),
        goals=goals,
        teams=[one for text in teams if (one := ids.parse(str(text)))] if isinstance(teams, list) else [],
    )
    made = services.make_campaign(region=str(body.get("region", "")), drive=drive, actor=request.auth, now=request.now)
    return answers.json(_campaign(made, request), status=201)


@router.get("/outreach/campaigns/{campaign_id}", response=schemas.CampaignChartOut, summary="One campaign")
@allow(LOGGED_IN)
def show_campaign(request: Request, campaign_id: uuid.UUID) -> HttpResponse:
    """The wall chart: goals, matters with their stars, figures by day."""
    found = selectors.find_campaign(campaign_id, request.auth)
    shown = selectors.chart(campaign=found, actor=request.auth, now=request.now)
    matters = []
    for one, met in shown.matters:
        one.campaign = found
        matters.append(schemas.campaign_matter(one, list(met), selectors.matter_actions(one, request.auth)))
    return answers.json(_campaign(found, request) | schemas.chart(shown) | {"matters": matters})


@router.post(
    "/outreach/campaigns/{campaign_id}/actions/{action}", response=schemas.CampaignChartOut, summary="Act on a campaign"
)
@allow(LOGGED_IN)
def take_campaign_action(request: Request, campaign_id: uuid.UUID, action: str) -> HttpResponse:
    """`end_campaign`, `call_off_campaign` take `text`."""
    body = answers.body_of(request)
    services.take_campaign(campaign_id=campaign_id, action=action, actor=request.auth, now=request.now, body=body)
    return show_campaign(request, campaign_id)


@router.post(
    "/outreach/campaigns/{campaign_id}/matters", response=schemas.CampaignChartOut, summary="Put a matter on the chart"
)
@allow(LOGGED_IN)
def add_campaign_matter(request: Request, campaign_id: uuid.UUID) -> HttpResponse:
    """`name`, `department` (code), `measure`, `due_on`."""
    body = answers.body_of(request)
    services.add_matter(campaign_id=campaign_id, actor=request.auth, now=request.now, body=body)
    return show_campaign(request, campaign_id)


@router.post(
    "/outreach/campaigns/matters/{matter_id}/actions/{action}",
    response=schemas.CampaignChartOut,
    summary="Act on a matter of the chart",
)
@allow(LOGGED_IN)
def take_campaign_matter_action(request: Request, matter_id: uuid.UUID, action: str) -> HttpResponse:
    """`tell_progress` {text, blocked}, `tell_done`, `write_off_matter`, `not_done`, `take_down` {text}."""
    body = answers.body_of(request)
    made = services.take_matter(matter_id=matter_id, action=action, actor=request.auth, now=request.now, body=body)
    return show_campaign(request, made.campaign_id)

"""REST: published items, what else is listed, classes, the gate and checks."""

import uuid
from typing import BinaryIO, cast

from django.http import HttpResponse
from ninja import Form, Query, Router, UploadedFile

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import ANYONE, LOGGED_IN, allow, unrecorded
from bihuan.foundation.kernel import answers

from . import schemas, selectors, services
from .services import Entered

router = Router(tags=["inspections"])


@router.get("/inspections/items", response=schemas.ItemList, summary="Items that may be checked")
@allow(ANYONE)
def list_inspection_items(request: Request, query: Query[schemas.ItemQuery]) -> HttpResponse:
    """The published items with their legal basis. No login: what is not here may not be looked at."""
    found = selectors.published_items(**query.dict())
    return answers.json({"items": [schemas.item(one) for one in found]})


@router.get("/inspections/lists/{name}", response=schemas.ListedPage, summary="One list")
@allow(LOGGED_IN)
def show_inspection_list(request: Request, name: str, query: Query[schemas.ListedQuery]) -> HttpResponse:
    """`item`, `power`, `officer` or `sheltered`, in all states, newest first."""
    found, following = selectors.listed_page(
        name=name, actor=request.auth, state=query.state, before=query.cursor, limit=query.limit
    )
    rows = [schemas.listed(one, name, selectors.listed_actions(one, request.auth)) for one in found]
    return answers.page(rows, str(following) if following else None)


@router.post("/inspections/lists/{name}", response={201: schemas.ListedOut}, summary="Enter something for a list")
@allow(LOGGED_IN)
def enter_on_inspection_list(request: Request, name: str) -> HttpResponse:
    """`region`, `department` (code), `basis`, and what the list needs; it holds once somebody else publishes it."""
    body = answers.body_of(request)
    entered = Entered(
        name=name, region=str(body.get("region", "")), department=str(body.get("department", "")), fields=body
    )
    made = services.enter(entered=entered, actor=request.auth, now=request.now)
    return answers.json(schemas.listed(made, name, selectors.listed_actions(made, request.auth)), status=201)


@router.post(
    "/inspections/lists/{name}/{listed_id}/actions/{action}",
    response=schemas.ListedOut,
    summary="Act on an entry of a list",
)
@allow(LOGGED_IN)
def take_inspection_list_action(request: Request, name: str, listed_id: uuid.UUID, action: str) -> HttpResponse:
    """`publish`, `withdraw` {text}, `recuse` {enterprise, text}."""
    body = answers.body_of(request)
    services.take_listed(name=name, listed_id=listed_id, action=action, actor=request.auth, now=request.now, body=body)
    found = selectors.find_listed(name=name, listed_id=listed_id, actor=request.auth)
    return answers.json(schemas.listed(found, name, selectors.listed_actions(found, request.auth)))


@router.get("/inspections/classes", response=schemas.ClassPage, summary="Classes of enterprises")
@allow(LOGGED_IN)
def list_inspection_classes(request: Request, query: Query[schemas.ClassQuery]) -> HttpResponse:
    """Classes the caller may see: an enterprise its own, enforcers those of their region."""
    given = query.dict()
    before, limit = given.pop("cursor"), given.pop("limit")
    found, following = selectors.classes_page(actor=request.auth, before=before, limit=limit, **given)
    rows = [schemas.standing(one, selectors.standing_actions(one, request.auth)) for one in found]
    return answers.page(rows, str(following) if following else None)


@router.post("/inspections/classes", response=schemas.RatedOut, summary="Rate the enterprises of a region")
@allow(LOGGED_IN)
def rate_inspection_classes(request: Request) -> HttpResponse:
    """`region`, `year`; with `enterprise` and `text` one enterprise is rated anew within the year."""
    body = answers.body_of(request)
    region = str(body.get("region", ""))
    if body.get("enterprise"):
        made = services.rate_one(
            enterprise=str(body["enterprise"]),
            region=region,
            reason=str(body.get("text", "")),
            actor=request.auth,
            now=request.now,
        )
        return answers.json({"classes": {made.grade: 1}})
    year = body.get("year")
    counts = services.rate_region(
        region=region, year=year if isinstance(year, int) else 0, actor=request.auth, now=request.now
    )
    return answers.json({"classes": counts})


@router.post("/inspections/classes/{standing_id}/actions/{action}", response=schemas.ClassOut, summary="Act on a class")
@allow(LOGGED_IN)
def take_inspection_class_action(request: Request, standing_id: uuid.UUID, action: str) -> HttpResponse:
    """`object_class` {text}, `uphold` {grade, text}, `reject` {text}."""
    body = answers.body_of(request)
    found = services.take_standing(
        standing_id=standing_id, action=action, actor=request.auth, now=request.now, body=body
    )
    return answers.json(schemas.standing(found, selectors.standing_actions(found, request.auth)))


@router.post("/inspections/gate", response=schemas.GateOut, summary="Ask the gate")
@allow(LOGGED_IN)
def ask_inspection_gate(request: Request) -> HttpResponse:
    """What the gate would say to a check, as `POST /inspections/checks` takes it; nothing is registered."""
    body = answers.body_of(request)
    department = selectors.body_of(request.auth, str(body.get("department", "")))
    found = services.ask(
        department=department, planned=schemas.planned(body, department), actor=request.auth, now=request.now
    )
    return answers.json(schemas.judged(found.grade, found.reasons, found.passes))


@router.get("/inspections/checks", response=schemas.CheckPage, summary="List checks")
@allow(LOGGED_IN)
def list_inspection_checks(request: Request, query: Query[schemas.CheckQuery]) -> HttpResponse:
    """Checks the caller may see, newest first; without parts and findings."""
    given = query.dict()
    before, limit = given.pop("cursor"), given.pop("limit")
    found, following = selectors.checks_page(actor=request.auth, before=before, limit=limit, **given)
    return answers.page([schemas.check(one) for one in found], str(following) if following else None)


@router.post("/inspections/checks", response={201: schemas.CheckOut}, summary="Register a check")
@allow(LOGGED_IN)
def register_inspection_check(request: Request) -> HttpResponse:
    """`department` (code of the caller's body), `enterprise`, `on`, `kind`, `items`, `officers`, `reason`, `filed`.

    409 `gate_refused` says which rules stand against it, and what each would allow.
    """
    body = answers.body_of(request)
    department = selectors.body_of(request.auth, str(body.get("department", "")))
    made = services.register(
        department=department, planned=schemas.planned(body, department), actor=request.auth, now=request.now
    )
    return _one(request, made.id, status=201)


@router.get("/inspections/checks/{check_id}", response=schemas.CheckOut, summary="One check")
@allow(LOGGED_IN)
def show_inspection_check(request: Request, check_id: uuid.UUID) -> HttpResponse:
    """One check with its parts and what was found."""
    return _one(request, check_id)


@router.post("/inspections/checks/{check_id}/actions/{action}", response=schemas.CheckOut, summary="Act on a check")
@allow(LOGGED_IN)
def take_inspection_check_action(request: Request, check_id: uuid.UUID, action: str) -> HttpResponse:
    """`approve`, `join` {department, items, officers}, `arrive` {code | unscanned}, `report` {text, results},
    `review` {verdict, text}, `call_off` {text}.
    """
    body = answers.body_of(request)
    if action == "join":
        department = selectors.body_of(request.auth, str(body.get("department", "")))
        services.join(
            check_id=check_id,
            department=department,
            items=schemas.keys(body, "items"),
            officers=schemas.keys(body, "officers"),
            actor=request.auth,
            now=request.now,
        )
    else:
        services.take_check(check_id=check_id, action=action, actor=request.auth, now=request.now, body=body)
    return _one(request, check_id)


@router.post("/inspections/checks/{check_id}/rating", response={204: None}, summary="Rate a check")
@allow(LOGGED_IN)
@unrecorded
def rate_inspection_check(request: Request, check_id: uuid.UUID) -> HttpResponse:
    """`level` 1–5, `reasons`: by the enterprise that was checked. The bodies never learn who rated, nor how."""
    body = answers.body_of(request)
    level, reasons = body.get("level"), body.get("reasons") or []
    services.rate_check(
        check_id=check_id,
        level=level if isinstance(level, int) else 0,
        reasons=list(map(str, reasons)) if isinstance(reasons, list) else [],
        actor=request.auth,
        now=request.now,
    )
    return HttpResponse(status=204)


def _one(request: Request, check_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    found = selectors.find_check(check_id, request.auth)
    shown = schemas.check(
        found,
        parts=selectors.parts_of(found),
        findings=selectors.findings_of(found),
        actions=selectors.check_actions(found, request.auth, request.now),
    )
    return answers.json(shown, status=status)


@router.get("/inspections/draws", response=schemas.RandomDrawPage, summary="List random draws")
@allow(ANYONE)
def list_inspection_draws(request: Request, query: Query[schemas.ListedQuery]) -> HttpResponse:
    """All random draws, newest first. No login."""
    found, following = selectors.draws_page(before=query.cursor, limit=query.limit)
    rows = [schemas.draw(one, selectors.draw_actions(one, request.auth, request.now)) for one in found]
    return answers.page(rows, str(following) if following else None)


@router.post("/inspections/draws", response={201: schemas.RandomDrawOut}, summary="Commit to a random draw")
@allow(LOGGED_IN)
def commit_to_inspection_draw(request: Request) -> HttpResponse:
    """`department`, `title`, `items`, `count`, `on`, `per_day`, `draw_at`, `grades`, `industry`."""
    body = answers.body_of(request)
    department = selectors.body_of(request.auth, str(body.get("department", "")))
    made = services.commit_draw(department=department, lots=schemas.lots(body), actor=request.auth, now=request.now)
    return answers.json(schemas.draw(made, selectors.draw_actions(made, request.auth, request.now)), status=201)


@router.get("/inspections/draws/{draw_id}", response=schemas.RandomDrawOut, summary="One random draw")
@allow(ANYONE)
def show_inspection_draw(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """One random draw. No login."""
    found = selectors.find_draw(draw_id)
    return answers.json(schemas.draw(found, selectors.draw_actions(found, request.auth, request.now)))


@router.get("/inspections/draws/{draw_id}/proof", response=schemas.ProofOut, summary="What proves a random draw")
@allow(ANYONE)
def show_inspection_draw_proof(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Hashes, the pool, and, once it was revealed, the seed and the order: enough to draw again. No login."""
    return answers.json(selectors.proof(selectors.find_draw(draw_id)))


@router.post("/inspections/draws/{draw_id}/actions/{action}", response=schemas.RandomDrawOut, summary="Act on a draw")
@allow(LOGGED_IN)
def take_inspection_draw_action(request: Request, draw_id: uuid.UUID, action: str) -> HttpResponse:
    """`fix_pool`, `draw`, `void` {text}; 409 `seed_early` before the pool is fixed or before the instant."""
    body = answers.body_of(request)
    found = services.take_draw(draw_id=draw_id, action=action, actor=request.auth, now=request.now, body=body)
    return answers.json(schemas.draw(found, selectors.draw_actions(found, request.auth, request.now)))


@router.get("/inspections/lenient", response=schemas.LenientList, summary="Look leniency up by violation")
@allow(ANYONE)
def look_leniency_up(request: Request, query: Query[schemas.LenientQuery]) -> HttpResponse:
    """Published entries for a violation, and whether each applies; history only for those who may read it."""
    given = query.dict()
    uscc = given.pop("enterprise")
    firm = selectors.firm(uscc) if uscc else None
    found = selectors.lenient(**given, enterprise=firm, actor=request.auth, now=request.now)
    return answers.json({"items": [schemas.lenient(one) for one in found]})


@router.get("/inspections/repairs", response=schemas.RepairPage, summary="List credit repairs")
@allow(LOGGED_IN)
def list_credit_repairs(request: Request, query: Query[schemas.ListedQuery]) -> HttpResponse:
    """Repairs the caller may see: an enterprise its own, a body those of its records, staff those of the region."""
    found, following = selectors.repairs_page(
        actor=request.auth, state=query.state, before=query.cursor, limit=query.limit
    )
    rows = [schemas.repair(one, selectors.repair_actions(one, request.auth, request.now)) for one in found]
    return answers.page(rows, str(following) if following else None)


@router.post("/inspections/repairs", response={201: schemas.RepairOut}, summary="Ask how credit can be repaired")
@allow(LOGGED_IN)
def ask_credit_repair(request: Request) -> HttpResponse:
    """`record`: id of a record of the caller's enterprise."""
    (record,) = schemas.keys({"record": [answers.body_of(request).get("record")]}, "record")
    made = services.ask_repair(record_id=record, actor=request.auth, now=request.now)
    return answers.json(schemas.repair(made, selectors.repair_actions(made, request.auth, request.now)), status=201)


@router.post(
    "/inspections/repairs/{repair_id}/actions/{action}", response=schemas.RepairOut, summary="Act on a credit repair"
)
@allow(LOGGED_IN)
def take_credit_repair_action(request: Request, repair_id: uuid.UUID, action: str) -> HttpResponse:
    """`guide`, `return_application`, `repair`, `sync`; `apply`, `withdraw_repair`: all with {text}."""
    body = answers.body_of(request)
    found = services.take_repair(repair_id=repair_id, action=action, actor=request.auth, now=request.now, body=body)
    return answers.json(schemas.repair(found, selectors.repair_actions(found, request.auth, request.now)))


@router.get("/inspections/figures", response=schemas.CheckFiguresOut, summary="Figures of checks")
@allow(LOGGED_IN)
def show_inspection_figures(request: Request, year: int = 0) -> HttpResponse:
    """Visits, merged share and refusals of a year and the year before, by body; for supervisors what stands out."""
    year = year if 2000 <= year <= 2100 else answers.local_date(request.now).year
    whole, before, bodies = selectors.figures(actor=request.auth, year=year)
    found = selectors.standing_out(actor=request.auth, year=year, now=request.now)
    return answers.json(schemas.check_figures(year, whole, before, bodies, found))


@router.post("/inspections/records", response={201: schemas.RecordBatchOut}, summary="Take in a file of records")
@allow(LOGGED_IN)
def import_inspection_records(request: Request, file: UploadedFile, department: Form[str] = "") -> HttpResponse:
    """A `.csv` or `.xlsx` file as multipart `file`; `department`: code of the caller's body. Wrong rows are named."""
    body = selectors.body_of(request.auth, department)
    made = services.import_records(
        department=body, file=cast(BinaryIO, file), filename=file.name or "", actor=request.auth, now=request.now
    )
    return answers.json(schemas.batch(made), status=201)

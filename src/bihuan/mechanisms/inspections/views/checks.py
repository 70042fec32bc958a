"""Checks: the register, the gate, one check with its letters, and arrival at the door."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers, errors, ids

from .. import exports, permissions, presenters, schemas, selectors, services, wording

READERS = allow(*permissions.READERS)
ENFORCERS = allow(*permissions.ENFORCERS)


@require_GET
@READERS
def checks(request: Any) -> HttpResponse:
    """The checks the reader may see, newest first."""
    only = {name: request.GET.get(name, "")[:60] for name in ("state", "kind", "enterprise", "number")}
    before = ids.parse(request.GET.get("before", ""))
    found, following = selectors.checks_page(actor=request.actor, before=before, **only)
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "rows": presenters.rows(found),
        "following": following,
        "query": query.urlencode(),
        "only": only,
        "states": list(wording.CHECK_STATES.items()),
        "means": selectors.marks(actor=request.actor, now=request.now),
        "views": presenters.tabs("checks", request.actor),
    }
    return render(request, "inspections/checks.html", context)


@require_http_methods(["GET", "POST"])
@ENFORCERS
def new(request: Any) -> HttpResponse:
    """Ask the gate, or register a check; what the gate refuses is kept and says what would be allowed."""
    given = request.POST if request.method == "POST" else request.GET
    department = selectors.body_of(request.actor, given.get("department", ""))
    today = answers.local_date(request.now)
    said = None
    if request.method == "POST":
        planned = schemas.planned(_body(request), department)
        if "ask" in request.POST:
            said = services.ask(department=department, planned=planned, actor=request.actor, now=request.now)
        else:
            try:
                made = services.register(department=department, planned=planned, actor=request.actor, now=request.now)
            except errors.Conflict as problem:
                if not problem.extra.get("check"):
                    raise
                return redirect("inspections:check", problem.extra["check"])
            return redirect("inspections:check", made.id)
    names = presenters.categories(department.region[:6], request.now)
    context = {
        "brings": presenters.bring(department, today),
        "bodies": selectors.bodies_of(request.actor),
        "kinds": [(name, word) for name, word in wording.KINDS.items() if name != "random"],
        "given": given,
        "chosen": set(given.getlist("items")) | set(given.getlist("officers")),
        "today": today,
        "said": said,
        "reasons": presenters.reasons([one.plain() for one in said.reasons], names) if said else [],
        "names": names,
        "views": presenters.tabs("new", request.actor),
    }
    return render(request, "inspections/new.html", context)


def _body(request: Any) -> dict[str, Any]:
    plain: dict[str, Any] = request.POST.dict()
    return plain | {name: request.POST.getlist(name) for name in ("items", "officers")}


@require_GET
@allow(LOGGED_IN)
def check(request: Any, check_id: uuid.UUID) -> HttpResponse:
    """One check: what the gate said, who comes for what, what was found, and what the reader may do."""
    found = selectors.find_check(check_id, request.actor)
    return render(request, "inspections/check.html", presenters.check(found, request.actor, request.now))


@require_POST
@allow(LOGGED_IN)
def act(request: Any, check_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on a check, and show it as it then is."""
    body = _body(request)
    if action == "join":
        department = selectors.body_of(request.actor, body.get("department", ""))
        services.join(
            check_id=check_id,
            department=department,
            items=schemas.keys(body, "items"),
            officers=schemas.keys(body, "officers"),
            actor=request.actor,
            now=request.now,
        )
    else:
        if action == "report":
            body["results"] = _results(request)
        services.take_check(check_id=check_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("inspections:check", check_id)


def _results(request: Any) -> dict[str, dict[str, str]]:
    """Return the results of a form: `outcome-<item>`, `severity-<item>`, `text-<item>`."""
    given = request.POST
    items = [name.removeprefix("outcome-") for name in given if name.startswith("outcome-")]
    parts = ("outcome", "severity", "text")
    return {item: {part: given.get(f"{part}-{item}", "") for part in parts} for item in items}


@require_GET
@allow(LOGGED_IN)
def letter(request: Any, check_id: uuid.UUID, what: str, form: str) -> HttpResponse:
    """The notice of a check that was approved, or the result of one that was made, as a file."""
    found = selectors.find_check(check_id, request.actor)
    there = {"notice": found.told_at, "result": found.reported_at}.get(what)
    if there is None or form not in exports.MEDIA_TYPES:
        raise errors.NotFound()
    if what == "notice":
        content = exports.notice(found, form=form, **presenters.notice_of(found))
    else:
        content = exports.result(found, findings=selectors.findings_of(found), form=form)
    response = HttpResponse(content, content_type=exports.MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{found.number}-{what}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@allow(LOGGED_IN)
@sensitive_variables("token")
def door(request: Any, token: str) -> HttpResponse:
    """For whoever scanned a door's code: the approved checks of today that the reader's body makes."""
    found, _following = selectors.checks_page(actor=request.actor, state="approved", limit=200)
    here = [one for one in presenters.due_today(found, request.now) if permissions.comes(request.actor, one)]
    return render(request, "inspections/door.html", {"rows": presenters.rows(here), "token": token})

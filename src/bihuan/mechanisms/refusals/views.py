"""Pages of the review of refusals: register, one review, my votes, figures, proposals, pool of panels."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.casework.cases import presenters as cases
from bihuan.casework.registers import presenters as registers
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import ids

from . import permissions, presenters, selectors, services, wording
from .rules import judging, reading

STAFF = allow(*permissions.STAFF)
ANYBODY = allow(*permissions.ANYBODY)
ORGANISERS = allow(*permissions.ORGANISING)


def _tabs(request: Any, current: str) -> Any:
    organises = bool(request.reader.roles & set(permissions.ORGANISING))
    return presenters.tabs(current, selectors.counts(actor=request.actor), organises=organises)


def _named(rows: list[selectors.Seen]) -> list[Any]:
    return [
        (
            row,
            wording.STATES[row.refusal.state],
            wording.OUTCOMES.get(row.refusal.outcome, ""),
            [wording.CAUSES[cause] for cause in row.refusal.causes],
            presenters.marked(row.refusal.text, row.refusal.evidence),
        )
        for row in rows
    ]


@require_GET
@STAFF
def register(request: Any) -> HttpResponse:
    """The candidate pool, what is under review, or whatever a figure counts."""
    state = request.GET.get("state", "")
    only = {name: request.GET.get(name, "") for name in ("outcome", "cause", "reason", "category", "unit")}
    rows, following = selectors.page(
        actor=request.actor, now=request.now, state=state, before=ids.parse(request.GET.get("before", "")), **only
    )
    query = request.GET.copy()
    query.pop("before", None)
    current = state or ("" if any(only.values()) else "all")
    context = {
        "rows": _named(rows),
        "following": following,
        "query": query.urlencode(),
        "views": _tabs(request, current),
    }
    return render(request, "refusals/register.html", context)


@require_GET
@ANYBODY
def review(request: Any, refusal_id: uuid.UUID) -> HttpResponse:
    """One refusal: what was said, both sides, the panel, the votes once open, and what the reader may do."""
    found = selectors.review(refusal_id=refusal_id, actor=request.actor, now=request.now)
    trace = selectors.trace(refusal_id=refusal_id, actor=request.actor)
    entries = cases.entries(trace, case=found.seen.case) if trace else []
    context = presenters.review(found) | {"entries": [replace(one, notes=one.notes[:1]) for one in entries]}
    return render(request, "refusals/review.html", context)


@require_POST
@ANYBODY
def act(request: Any, refusal_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the review as it then is."""
    services.take(refusal_id=refusal_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("refusals:review", refusal_id)


@require_GET
@ANYBODY
def mine(request: Any) -> HttpResponse:
    """My votes: the reviews on whose panel the reader sits; made for the telephone."""
    rows = _named(selectors.mine(actor=request.actor, now=request.now))
    return render(request, "refusals/mine.html", {"rows": rows})


@require_GET
@STAFF
def figures(request: Any) -> HttpResponse:
    """How many were solved before the review, and counts by outcome, unit, reason and cause."""
    found = selectors.figures(actor=request.actor)
    common = judging.common(found["categories"], least=selectors.rule_of(request.actor, request.now).common_from)
    names = dict(registers.categories(selectors.region_of(request.actor), request.now))
    context = {"figures": presenters.figures(found), "tables": presenters.tables(found, common, names)}
    context["measured"] = reading.MEASURED
    return render(request, "refusals/figures.html", context | {"views": _tabs(request, "figures")})


@require_http_methods(["GET", "POST"])
@STAFF
def proposals(request: Any) -> HttpResponse:
    """Policy proposals; whoever runs the reviews makes new ones here."""
    if request.method == "POST":
        services.propose(
            region=selectors.region_of(request.actor),
            title=request.POST.get("title", ""),
            text=request.POST.get("text", ""),
            refusal_ids=[uuid.UUID(one) for one in request.POST.getlist("refusals")],
            actor=request.actor,
            now=request.now,
        )
        return redirect("refusals:proposals")
    context = presenters.proposals(request.actor, request.now)
    return render(request, "refusals/proposals.html", context | {"views": _tabs(request, "proposals")})


@require_POST
@ORGANISERS
def act_on_proposal(request: Any, proposal_id: uuid.UUID, action: str) -> HttpResponse:
    """Take a proposal up, register the change, or turn it down."""
    services.take_proposal(
        proposal_id=proposal_id,
        action=action,
        text=request.POST.get("text", ""),
        actor=request.actor,
        now=request.now,
    )
    return redirect("refusals:proposals")


@require_http_methods(["GET", "POST"])
@ORGANISERS
def panelists(request: Any) -> HttpResponse:
    """The pool from which panels are drawn."""
    if request.method == "POST":
        services.enrol(
            region=selectors.region_of(request.actor),
            username=request.POST.get("username", ""),
            group=request.POST.get("group", ""),
            actor=request.actor,
            now=request.now,
        )
        return redirect("refusals:panelists")
    rows = [(one, wording.GROUPS[one.group]) for one in selectors.pool_of_panels(actor=request.actor)]
    context = {"rows": rows, "groups": wording.GROUPS.items(), "views": _tabs(request, "panelists")}
    return render(request, "refusals/panelists.html", context)


@require_POST
@ORGANISERS
def retire(request: Any, panelist_id: uuid.UUID) -> HttpResponse:
    """Take somebody out of the pool."""
    services.retire(panelist_id=panelist_id, actor=request.actor, now=request.now)
    return redirect("refusals:panelists")

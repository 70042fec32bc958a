"""Plans, teams, and one enterprise with all that is asked of it."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, ids

from .. import permissions, presenters, selectors, services
from ..services import Wish
from .visits import VISITORS, day


def region_of(request: Any) -> str:
    """Return the first region in which the reader plans or visits, where there are departments."""
    reader = request.reader
    regions = reader.regions_for(permissions.PLANNING) or reader.regions_for(permissions.VISITING)
    return next((code for code in regions if directory.departments(code)), next(iter(regions), ""))


@require_GET
@VISITORS
def firm(request: Any) -> HttpResponse:
    """One enterprise: who was there, who comes, and whether one more visit is possible (一企一策)."""
    uscc = directory_rules.normalize_uscc(request.GET.get("uscc", ""))
    context: dict[str, Any] = {"uscc": uscc, "views": presenters.visit_tabs("firm", request.actor)}
    if uscc and not directory_rules.uscc_flaw(uscc):
        found = selectors.firm(uscc=uscc, actor=request.actor)
        rows, _following = selectors.visits_page(actor=request.actor, enterprise=uscc)
        load = selectors.load(enterprise=found, region=region_of(request), now=request.now)
        context |= {"firm": found, "rows": presenters.visit_rows(rows), "load": load}
    elif uscc:
        context["flaw"] = directory_rules.uscc_flaw(uscc)
    return render(request, "outreach/firm.html", context)


@require_http_methods(["GET", "POST"])
@VISITORS
def plans(request: Any) -> HttpResponse:
    """Plans and campaigns' lists; those who plan make new ones here."""
    region = region_of(request)
    if request.method == "POST":
        made = services.make_plan(region=region, wish=_wish(request), actor=request.actor, now=request.now)
        return redirect("outreach:plan", made.id)
    context = {
        "rows": selectors.plans_page(actor=request.actor, before=ids.parse(request.GET.get("before", ""))),
        "may_plan": permissions.plans(request.actor, region),
        "teams": selectors.teams(actor=request.actor),
        "fixed": presenters.fixed_days(region, request.now),
        "campaigns": [one for one in selectors.campaigns_page(actor=request.actor) if one.state == "running"],
        "today": answers.local_date(request.now),
        "views": presenters.visit_tabs("plans", request.actor),
    }
    return render(request, "outreach/plans.html", context)


def _wish(request: Any) -> Wish:
    given = request.POST
    texts = {name: given.get(name, "") for name in ("name", "kind", "purpose", "fixed")}
    teams = [one for text in given.getlist("teams") if (one := ids.parse(text))]
    return Wish(
        **texts,
        since=day(given.get("since", ""), "since"),
        until=day(given.get("until", ""), "until"),
        enterprises=given.get("enterprises", "").split(),
        teams=teams,
        announced=given.get("announced") == "yes",
        campaign=ids.parse(given.get("campaign", "")),
    )


@require_GET
@VISITORS
def plan(request: Any, plan_id: uuid.UUID) -> HttpResponse:
    """One plan: its visits, and the enterprises that are visited enough already."""
    found = selectors.find_plan(plan_id, request.actor)
    before = ids.parse(request.GET.get("before", ""))
    rows, following = selectors.visits_page(actor=request.actor, before=before, plan=str(plan_id))
    context = {"plan": found, "rows": presenters.visit_rows(rows), "following": following}
    return render(request, "outreach/plan.html", context | {"views": presenters.visit_tabs("plans", request.actor)})


@require_http_methods(["GET", "POST"])
@VISITORS
def teams(request: Any) -> HttpResponse:
    """Teams, with how many of each kind there may be."""
    region = region_of(request)
    if request.method == "POST":
        given = request.POST
        services.make_team(
            region=region,
            name=given.get("name", ""),
            kind=given.get("kind", ""),
            members=given.get("members", "").split(),
            experts=given.get("experts", "").split(),
            actor=request.actor,
            now=request.now,
        )
        return redirect("outreach:teams")
    kinds = presenters.team_kinds(region, request.now)
    names = {key: name for key, name, _count in kinds}
    context = {
        "rows": [(one, names.get(one.kind, one.kind)) for one in selectors.teams(actor=request.actor)],
        "kinds": kinds,
        "may_plan": permissions.plans(request.actor, region),
        "views": presenters.visit_tabs("teams", request.actor),
    }
    return render(request, "outreach/teams.html", context)

"""Campaigns: the list, and the wall chart of one with its actions and its closing report."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors, ids

from .. import exports, permissions, presenters, selectors, services
from ..rules.campaigns import FIGURES
from ..services import Drive
from .plans import region_of
from .visits import day

READERS = allow(*permissions.READERS)


@require_http_methods(["GET", "POST"])
@READERS
def campaigns(request: Any) -> HttpResponse:
    """The campaigns the reader may see; those who plan make new ones here."""
    region = region_of(request)
    if request.method == "POST":
        made = services.make_campaign(region=region, drive=_drive(request), actor=request.actor, now=request.now)
        return redirect("outreach:campaign", made.id)
    found = selectors.campaigns_page(actor=request.actor, before=ids.parse(request.GET.get("before", "")))
    context = {
        "rows": presenters.campaign_rows(found),
        "may_plan": permissions.plans(request.actor, region),
        "figures": presenters.figure_names(),
        "teams": selectors.teams(actor=request.actor),
        "today": answers.local_date(request.now),
    }
    return render(request, "outreach/campaigns.html", context)


def _drive(request: Any) -> Drive:
    given = request.POST
    wanted = {figure: given.get(f"goal-{figure}", "").strip() for figure in FIGURES}
    if any(text and not text.isdecimal() for text in wanted.values()):
        raise errors.Invalid(_("goals: at least one figure with a number"), code="invalid_body", field="goals")
    return Drive(
        name=given.get("name", ""),
        purpose=given.get("purpose", ""),
        since=day(given.get("since", ""), "since"),
        until=day(given.get("until", ""), "until"),
        goals={figure: int(text) for figure, text in wanted.items() if text},
        teams=[one for text in given.getlist("teams") if (one := ids.parse(text))],
    )


@require_GET
@READERS
def campaign(request: Any, campaign_id: uuid.UUID) -> HttpResponse:
    """The wall chart (挂图作战), made to be printed and hung up."""
    found = selectors.find_campaign(campaign_id, request.actor)
    context = presenters.chart(found, request.actor, request.now)
    context["departments"] = directory.departments(found.region, on=answers.local_date(request.now))
    return render(request, "outreach/campaign.html", context)


@require_POST
@READERS
def act(request: Any, campaign_id: uuid.UUID, action: str) -> HttpResponse:
    """End the campaign or call it off."""
    body = request.POST.dict()
    services.take_campaign(campaign_id=campaign_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("outreach:campaign", campaign_id)


@require_POST
@READERS
def add_matter(request: Any, campaign_id: uuid.UUID) -> HttpResponse:
    """Put a matter onto the wall chart."""
    body = request.POST.dict()
    services.add_matter(campaign_id=campaign_id, actor=request.actor, now=request.now, body=body)
    return redirect("outreach:campaign", campaign_id)


@require_POST
@READERS
def act_on_matter(request: Any, matter_id: uuid.UUID, action: str) -> HttpResponse:
    """Tell how far a matter is, or judge it."""
    body = request.POST.dict()
    made = services.take_matter(matter_id=matter_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("outreach:campaign", made.campaign_id)


@require_GET
@READERS
def report(request: Any, campaign_id: uuid.UUID, form: str) -> HttpResponse:
    """The closing report; before the end it says that it is a draft."""
    found = selectors.find_campaign(campaign_id, request.actor)
    if form not in exports.MEDIA_TYPES:
        raise errors.NotFound(code="unknown_form", field="form")
    chart = selectors.chart(campaign=found, actor=request.actor, now=request.now)
    response = HttpResponse(
        exports.campaign_report(chart, form, now=request.now), content_type=exports.MEDIA_TYPES[form]
    )
    response["Content-Disposition"] = f'attachment; filename="campaign.{form}"'
    return response

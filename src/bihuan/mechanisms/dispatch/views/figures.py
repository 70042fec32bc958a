"""How good proposals are, and the card of the text model."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import panels, permissions, presenters, selectors, wording
from .desk import language, region_of

WATCHERS = allow(*permissions.WATCHERS)
HALF_A_YEAR = dt.timedelta(days=183)


@require_GET
@WATCHERS
def accuracy(request: Any) -> HttpResponse:
    """What was proposed against what was decided, part by part and month by month, and the newest corrections."""
    matter = request.GET.get("matter", "")[:200]
    found = selectors.accuracy(actor=request.actor, since=request.now - HALF_A_YEAR)
    corrected = selectors.corrections(actor=request.actor, key=matter)
    rows = [(row, panels.named(row, version=row.case.rulebook_version, language=language())) for row in corrected]
    views = presenters.tabs("accuracy", request.reader.roles)
    context = {"months": presenters.months(found), "rows": rows, "views": views, "fields": wording.FIELDS.values()}
    return render(request, "dispatch/accuracy.html", context | {"matter": matter})


@require_GET
@WATCHERS
def model(request: Any) -> HttpResponse:
    """The model card: when and on what it was trained, how good it is by class, and what it cannot do."""
    region = region_of(request)
    learnt = selectors.learnt.of(region)
    card = learnt.card if learnt.model else None
    names = panels.names_of(region, version=rulebooks.in_force(region, request.now).id, language=language())
    context = {
        "card": card,
        "no_model": wording.NO_MODEL.get(learnt.why, ""),
        "questions": presenters.questions(card, names=names) if card else [],
        "instants": presenters.instants(card) if card else {},
        "limits": wording.LIMITS,
        "views": presenters.tabs("model", request.reader.roles),
    }
    return render(request, "dispatch/model.html", context)

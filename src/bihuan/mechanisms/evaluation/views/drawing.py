"""Draws, for everybody: what was fixed before, what came out, and how to draw again."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.kernel import answers

from .. import presenters, selectors, wording


@require_safe
@allow(ANYONE)
def draws(request: Any) -> HttpResponse:
    """The newest draws."""
    rows = [(one, wording.DRAWS[one.state]) for one in selectors.draws_of()]
    return render(request, "evaluation/draws.html", {"rows": rows})


@require_safe
@allow(ANYONE)
def draw(request: Any, draw_id: uuid.UUID) -> HttpResponse:
    """One draw, and how anybody draws again."""
    found = selectors.draw(draw_id=draw_id)
    recipe = selectors.recipe(found)
    sizes = [(name, len(tickets), len(set(tickets) & set(found.sample))) for name, tickets in found.strata.items()]
    context = {
        "found": found,
        "recipe": recipe,
        "state": wording.DRAWS[found.state],
        "sizes": sizes,
        "script": presenters.CHECK,
        "ticket": f'sha256("{found.id}:" + number)',
    }
    return render(request, "evaluation/draw.html", context)


@require_safe
@allow(ANYONE)
def document(request: Any, draw_id: uuid.UUID) -> HttpResponse:
    """The same for programs."""
    return answers.json(selectors.recipe(selectors.draw(draw_id=draw_id)))

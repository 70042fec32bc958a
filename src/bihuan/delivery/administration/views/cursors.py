"""Cursors and answers that all lists of the administration read alike."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bihuan.foundation.kernel import errors


def cursor(request: Any) -> uuid.UUID | None:
    """Return the cursor of the address, or None. Raises errors.NotFound for one that is none."""
    try:
        return uuid.UUID(request.GET["cursor"]) if request.GET.get("cursor") else None
    except ValueError as error:
        raise errors.NotFound from error


def number(request: Any) -> int | None:
    """Return the cursor of a list that is counted, or None. Raises errors.NotFound for one that is none."""
    given = request.GET.get("cursor", "")
    if given and not (given.isascii() and given.isdigit() and len(given) < 10):
        raise errors.NotFound
    return int(given) if given else None


def form_page(request: Any, template: str, form: Any, **context: Any) -> HttpResponse:
    """Show a form; one with something to mend answers 422, so that programs and htmx see it too."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)

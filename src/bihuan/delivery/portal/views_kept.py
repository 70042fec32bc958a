"""The menu of kept views, and keeping and removing one."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.delivery.portal import kept
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import errors


@require_GET
@allow(LOGGED_IN)
def views(request: Any, page: str) -> HttpResponse:
    """The views that the reader keeps of a page, for its menu."""
    kept.address(page)
    found = kept.of(person_id=request.reader.person_id, page=page)
    return render(request, "portal/_kept.html", {"views": found, "page": page})


@require_POST
@allow(LOGGED_IN)
def keep(request: Any, page: str) -> HttpResponse:
    """Keep the filter that is set under a name, and go on looking at it."""
    given = {name: request.POST.get(name, "") for name in ("name", "query")}
    try:
        row = kept.keep(person_id=request.reader.person_id, page=page, **given, now=request.now)
    except errors.Invalid as problem:
        messages.error(request, str(problem.detail))
        return redirect(kept.address(page))
    messages.success(request, _("Kept: %(name)s") % {"name": row.name})
    return redirect(kept.address(page, row.query))


@require_POST
@allow(LOGGED_IN)
def drop(request: Any, view_id: uuid.UUID) -> HttpResponse:
    """Remove a view of one's own."""
    page = kept.drop(person_id=request.reader.person_id, view_id=view_id)
    messages.success(request, _("The view was removed."))
    return redirect(kept.address(page))

"""Pages of the register: queue, register, one case, its actions, files, export, and one action on many cases."""

import io
import json
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import database, errors

from .. import exports, selectors, services, wording
from ..forms import ActionForm, FilterForm
from ..models import Attachment
from ..permissions import STAFF_ROLES
from ..services.attaching import path_of
from . import batches, pages

STAFF = allow(*sorted(STAFF_ROLES))


def language() -> str:
    """Return the code of the language of this page."""
    return translation.get_language() or "zh-hans"


def _only_asks(request: Any) -> bool:
    return bool(request.headers.get("HX-Request")) and bool(_known(request))


def _known(request: Any) -> str:
    mark: str = request.headers.get("If-None-Match", "")
    return mark


def _shown(request: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """Return a list page. A page that only asks whether anything moved gets 304 when nothing did."""
    if _only_asks(request) and _known(request) == context["etag"]:
        return HttpResponseNotModified(headers={"ETag": context["etag"]})
    return _page(request, template, context)


def _page(request: Any, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Return a page that asks again by itself, with the mark of what it shows."""
    poll = {"If-None-Match": context["etag"], "X-Bihuan-Poll": "1"}
    response = render(request, template, {**context, "poll": json.dumps(poll)}, status=status)
    response["ETag"] = context["etag"]
    response["Cache-Control"] = "private, no-cache"
    return response


@require_GET
@STAFF
def queue(request: Any) -> HttpResponse:
    """My work: the view that my office opens first, most urgent first."""
    with database.reading(request.actor.scope()):
        context = pages.queue(request, language=language())
    return _shown(request, "cases/queue.html", context)


@require_GET
@STAFF
def register(request: Any) -> HttpResponse:
    """The register: everything I may see, newest first, searchable and exportable."""
    return _shown(request, "cases/register.html", pages.register(request, language=language()))


@require_POST
@STAFF
def batch(request: Any, action: str) -> HttpResponse:
    """Take one action on each chosen case; say for each what became of it."""
    if action not in batches.ACTIONS:
        raise errors.NotFound
    back = _next(request) or resolve_url("cases:queue")
    form = batches.form(action, region=pages.region_of(request), language=language(), data=request.POST)
    if not form.is_valid():
        messages.error(
            request, " ".join(f"{form.fields[name].label}: {found[0]}" for name, found in form.errors.items())
        )
        return redirect(back)
    numbers = request.POST.getlist("case")
    results = batches.take(numbers=numbers, action=action, body=form.body(), actor=request.actor, now=request.now)
    if results and all(result.ok for result in results):
        messages.success(
            request, _("%(action)s: %(count)s done") % {"action": batches.LABELS[action], "count": len(results)}
        )
        return redirect(back)
    return render(request, "cases/batch.html", {"results": results, "back": back, "label": batches.LABELS[action]})


@require_GET
@STAFF
def export(request: Any, ending: str) -> HttpResponse:
    """The filtered register as a file (xlsx, csv or jsonl)."""
    writers = {
        "xlsx": (exports.write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "csv": (exports.write_csv, "text/csv; charset=utf-8"),
        "jsonl": (exports.write_jsonl, "application/x-ndjson"),
    }
    if ending not in writers:
        raise errors.NotFound
    form = FilterForm(request.GET, region=pages.region_of(request), language=language(), now=request.now)
    write, media_type = writers[ending]
    out = io.BytesIO()
    write(out, exports.plain_rows(actor=request.actor, filters=form.filters(sort="-raised_at"), now=request.now))
    response = HttpResponse(out.getvalue(), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="register-{request.now:%Y%m%d}.{ending}"'
    return response


@require_GET
@allow(LOGGED_IN)
def case(request: Any, number: str) -> HttpResponse:
    """One case with everything this reader may see of it, and the actions that are theirs now."""
    if request.reader.roles <= {Role.ENTERPRISE}:
        return redirect("intake:follow", number=number)
    if _only_asks(request) and (mark := pages.mark_of(request, number, language=language())) == _known(request):
        return HttpResponseNotModified(headers={"ETag": mark})
    return _page(request, "cases/case.html", pages.case(request, number, language=language()))


@require_http_methods(["GET", "POST"])
@allow(LOGGED_IN)
def act(request: Any, number: str, action: str) -> HttpResponse:
    """Take one action; wrong input comes back in the open dialog with what was typed."""
    if request.method == "GET":
        # Whoever was logged out while pressing the button comes back here: to the same dialog, with the draft in it.
        return redirect(f"{resolve_url('cases:case', number=number)}?{urlencode({'do': action})}")
    with database.reading(request.actor.scope()):
        found = selectors.find(number=number, actor=request.actor)
    form = ActionForm(request.POST, action=action, case=found, language=language())
    try:
        if form.is_valid():
            services.take(number=number, action=action, actor=request.actor, now=request.now, body=form.body())
            sent = f"{action}-{number} {action}-{number}-short"
            messages.success(request, _("Done: %(action)s") % {"action": wording.ACTIONS[action]}, extra_tags=sent)
            return redirect(_next(request) or resolve_url("cases:case", number=number))
    except errors.Problem as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.detail))
    shown = pages.case(request, number, language=language(), failed=form)
    return _page(request, "cases/case.html", shown, status=422)


def _next(request: Any) -> str:
    """Return where the form wants to go back to, if that is a page of ours."""
    wanted: str = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""


@require_POST
@allow(LOGGED_IN)
def attach(request: Any, number: str) -> HttpResponse:
    """Add a file to the case."""
    upload = request.FILES.get("file")
    if upload is None:
        raise errors.Invalid(_("Please choose a file."), code="required", field="file")
    services.attach(number=number, actor=request.actor, now=request.now, name=upload.name, content=upload)
    messages.success(request, _("The file was added."))
    return redirect("cases:case", number=number)


@require_GET
@allow(LOGGED_IN)
def download(request: Any, number: str, file_id: uuid.UUID) -> HttpResponse | FileResponse:
    """Hand out a file as a download, never for display inside the product's own pages."""
    found = selectors.dossier(number=number, actor=request.actor, now=request.now)
    wanted: Attachment | None = next((one for one in found.attachments if one.id == file_id), None)
    if wanted is None:
        raise errors.NotFound
    response = FileResponse(
        path_of(wanted.sha256).open("rb"), as_attachment=True, filename=wanted.name, content_type=wanted.media_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

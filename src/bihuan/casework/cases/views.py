"""Pages of the register: queue, register, case, one dialog for each action, files, export."""

import io
import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import database, errors

from . import exports, panels, presenters, selectors, services, wording
from .forms import ActionForm, FilterForm
from .models import Attachment
from .permissions import STAFF_ROLES
from .services.attaching import path_of

STAFF = allow(*sorted(STAFF_ROLES))


def _region(request: Any) -> str:
    return request.reader.grants[0].region[:6] if request.reader.grants else "000000"


def _language() -> str:
    return translation.get_language() or "zh-hans"


def _list(request: Any, *, sort: str, template: str) -> HttpResponse:
    region, language = _region(request), _language()
    form = FilterForm(request.GET, region=region, language=language, now=request.now)
    filters = form.filters(sort=sort)
    rows, following = selectors.page(
        actor=request.actor, filters=filters, now=request.now, cursor=request.GET.get("cursor") or None
    )
    counts = selectors.counts(actor=request.actor, now=request.now)
    query = {key: value for key, value in request.GET.items() if value and key != "cursor"}
    context = {
        "form": form,
        "lines": presenters.lines(rows, now=request.now, language=language),
        "marks": presenters.marks(region, request.now),
        "strip": presenters.strip(counts, region=region, now=request.now, language=language, query=query),
        "counts": counts,
        "next": following,
        "query": query,
    }
    return render(request, template, context)


@require_GET
@STAFF
def queue(request: Any) -> HttpResponse:
    """My work: what is open and mine to move, most urgent first."""
    return _list(request, sort="due", template="cases/queue.html")


@require_GET
@STAFF
def register(request: Any) -> HttpResponse:
    """The register: everything I may see, newest first, searchable and exportable."""
    return _list(request, sort="-raised_at", template="cases/register.html")


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
    form = FilterForm(request.GET, region=_region(request), language=_language(), now=request.now)
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
    return render(request, "cases/case.html", _case_context(request, number))


def _case_context(request: Any, number: str, form: ActionForm | None = None) -> dict[str, Any]:
    language = _language()
    found = selectors.dossier(number=number, actor=request.actor, now=request.now)
    with database.reading(request.actor.scope()):
        trace = selectors.trace(case=found.case, actor=request.actor)
        entries = presenters.entries(trace, case=found.case)
        main = panels.filled(case=found.case, actor=request.actor, now=request.now, place="main")
        side = panels.filled(case=found.case, actor=request.actor, now=request.now, place="side")
        duplicates = selectors.possible_duplicates(case=found.case, actor=request.actor)
    known = presenters.faces(found.case.region, request.now, language)
    forms = [form if form and form.action == action else ActionForm(action=action, case=found.case, language=language) for action in found.available_actions]
    return {
        "found": found,
        "case": found.case,
        "face": presenters.face_of(found.case, found.light, known),
        "left": presenters.left_of(found.case, request.now),
        "marks": presenters.marks(found.case.region, request.now),
        "steps": presenters.steps(found),
        "done": wording.stage_of(found.case.state, planned=bool(found.plans), rated=found.case.rating_result is not None),
        "entries": entries,
        "rungs": presenters.rungs(found.case, now=request.now, language=language),
        "actions": [(one, wording.ACTIONS[one.action]) for one in forms],
        "failed": form,
        "state": wording.STATES[found.case.state],
        "main_panels": main,
        "side_panels": side,
        "duplicates": duplicates,
    }


@require_http_methods(["GET", "POST"])
@allow(LOGGED_IN)
def act(request: Any, number: str, action: str) -> HttpResponse:
    """Take one action; wrong input comes back in the open dialog with what was typed."""
    if request.method == "GET":
        return redirect("cases:case", number=number)
    with database.reading(request.actor.scope()):
        found = selectors.find(number=number, actor=request.actor)
    form = ActionForm(request.POST, action=action, case=found, language=_language())
    try:
        if form.is_valid():
            services.take(number=number, action=action, actor=request.actor, now=request.now, body=form.body())
            messages.success(request, _("Done: %(action)s") % {"action": wording.ACTIONS[action]})
            return redirect("cases:case", number=number)
    except errors.Problem as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.detail))
    return render(request, "cases/case.html", _case_context(request, number, form), status=422)


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
    response = FileResponse(path_of(wanted.sha256).open("rb"), as_attachment=True, filename=wanted.name, content_type=wanted.media_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

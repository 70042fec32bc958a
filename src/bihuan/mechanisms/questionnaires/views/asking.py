"""The register, one questionnaire, its builder, and the list of links."""

import csv
import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors, ids

from .. import permissions, presenters, selectors, services
from ..models import Recipient
from ..selectors import Page

READERS = allow(*permissions.READERS)
RUNNERS = allow(*permissions.RUNNING)


@require_GET
@READERS
def register(request: Any) -> HttpResponse:
    """The questionnaires the reader may see."""
    state, before = request.GET.get("state", ""), ids.parse(request.GET.get("before", ""))
    found, following = selectors.register_page(actor=request.actor, state=state, before=before)
    context = {
        "rows": presenters.rows(found),
        "following": following,
        "asked": state,
        "views": presenters.views_of(state),
        "writes": bool(_regions(request)),
    }
    return render(request, "questionnaires/register.html", context)


def _regions(request: Any) -> list[tuple[str, str]]:
    regions = request.reader.regions_for(sorted(permissions.RUNNERS))
    places = directory.regions(regions, answers.local_date(request.now))
    return [(one.code, one.name) for one in places if directory.departments(one.code)]


@require_http_methods(["GET", "POST"])
@RUNNERS
def new(request: Any) -> HttpResponse:
    """Begin a questionnaire: title, what for, whom it rates."""
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("region", "title", "purpose")}
        made = services.draft(**given, about=request.POST.getlist("about"), actor=request.actor, now=request.now)
        return redirect("questionnaires:questionnaire", made.id)
    regions = _regions(request)
    departments = directory.departments(regions[0][0], on=answers.local_date(request.now)) if regions else ()
    return render(request, "questionnaires/new.html", {"regions": regions, "departments": departments})


@require_GET
@READERS
def questionnaire(request: Any, questionnaire_id: uuid.UUID) -> HttpResponse:
    """One questionnaire: its questions with what is wrong with them, and what to do."""
    found = selectors.find(questionnaire_id, request.actor)
    context = presenters.sheet(found, request.actor, request.now)
    context["towns"] = directory.towns(found.region[:6], answers.local_date(request.now))
    return render(request, "questionnaires/questionnaire.html", context)


@require_POST
@RUNNERS
def act(request: Any, questionnaire_id: uuid.UUID, action: str) -> HttpResponse:
    """Send, remind, keep open, sort, close or drop."""
    body = request.POST.dict() | {"towns": request.POST.getlist("towns"), "sizes": request.POST.getlist("sizes")}
    services.take(questionnaire_id=questionnaire_id, action=action, actor=request.actor, now=request.now, body=body)
    page = "statements" if action == "sort" else "questionnaire"
    return redirect(f"questionnaires:{page}", questionnaire_id)


@require_http_methods(["GET", "POST"])
@RUNNERS
def question(request: Any, questionnaire_id: uuid.UUID) -> HttpResponse:
    """The form of one question, new or changed."""
    found = selectors.find(questionnaire_id, request.actor)
    permissions.check(request.actor, "send", found)
    key = request.GET.get("key", "")
    if request.method == "POST":
        key = request.POST.get("key", "")
        services.write_question(
            questionnaire_id=found.id, step="put", key=key, body=_body(request), actor=request.actor, now=request.now
        )
        return redirect("questionnaires:questionnaire", found.id)
    return render(request, "questionnaires/question.html", presenters.question_form(found, key))


def _body(request: Any) -> dict[str, Any]:
    given = request.POST
    when = given.get("when", "")
    conditions = [{"question": when, "options": given.getlist(f"when-{when}")}] if when else []
    return {
        **{name: given.get(name, "") for name in ("kind", "text", "hint", "fact")},
        "options": given.get("options", "").splitlines(),
        "needed": given.get("needed") == "yes",
        "when": conditions,
    }


@require_POST
@RUNNERS
def step(request: Any, questionnaire_id: uuid.UUID, step: str) -> HttpResponse:
    """Move a question, or take it out."""
    key = request.POST.get("key", "")
    given = {"step": step, "key": key, "body": {}, "actor": request.actor, "now": request.now}
    services.write_question(questionnaire_id=questionnaire_id, **given)
    return redirect("questionnaires:questionnaire", questionnaire_id)


@require_GET
@RUNNERS
def preview(request: Any, questionnaire_id: uuid.UUID) -> HttpResponse:
    """What an enterprise will see of which nothing is known; it cannot be sent from here."""
    found = selectors.find(questionnaire_id, request.actor)
    permissions.check_runs(request.actor, found)
    nobody = Recipient(questionnaire=found, region=found.region)
    shown = Page(recipient=nobody, questions=selectors.questions_of(found), known={}, given={}, asked_facts=())
    context = presenters.page(shown, None, request.now) | {"preview": True}
    return render(request, "questionnaires/answer.html", context)


@require_GET
@RUNNERS
def links(request: Any, questionnaire_id: uuid.UUID) -> HttpResponse:
    """All links as a list, for those who are written to in another way."""
    found = selectors.find(questionnaire_id, request.actor)
    if found.sent_at is None:
        raise errors.NotFound(_("It has not been sent yet."), code="not_sent")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="links.csv"'
    response["Cache-Control"] = "private, no-store"
    response.write("\ufeff")
    sheet = csv.writer(response)
    sheet.writerow([_("Credit code"), _("Enterprise"), _("Persons told"), _("Link")])
    for uscc, name, token, told in selectors.links(questionnaire=found, actor=request.actor):
        address = request.build_absolute_uri(reverse("questionnaires:answer", args=[token]))
        sheet.writerow([uscc, name if name[:1] not in "=+-@" else f"'{name}", told, address])
    return response

"""Rulebooks: which hold where, the history of a place, one version, and changing it by form and text side by side."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.casework.cases import services as cases
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Region
from bihuan.foundation.kernel import errors
from bihuan.foundation.rulebooks import editing, flaws, loader, permissions, selectors
from bihuan.foundation.rulebooks.models import RulebookVersion

from ..forms import ApplyForm
from ..places import INSIDE, SYSTEM, regions
from ..presenters import rulebooks as presenters
from .cursors import number

PAGE = 20
ROWS = {"add": editing.add_row, "drop": editing.drop_row, "forget": editing.forget}
"""What the buttons of the form do to the text: a row more, a row less, a section back to the default."""


@require_GET
@INSIDE
def rulebooks(request: Any) -> HttpResponse:
    """Every place with a rulebook, what holds there, and the packaged ones to compare with."""
    mine = regions(request, Role.SYSTEM_ADMIN) if request.reader.has(Role.SYSTEM_ADMIN) else []
    applied = presenters.versions(selectors.applied().select_related("applied_by"), now=request.now)
    known = {one.row.region for one in applied}
    context = {
        "applied": applied,
        "mine": {one.code for one in mine},
        "without": [one for one in mine if one.code not in known][:1],
        "packaged": loader.names(),
    }
    return render(request, "administration/rulebooks.html", context)


def _region(code: str) -> Region | None:
    """Return the region, None for the whole country. Raises errors.NotFound for a code nobody has."""
    found = directory.region(code)
    if found is None and code != "000000":
        raise errors.NotFound(code="region_unknown")
    return found


@require_GET
@INSIDE
def history(request: Any, region: str) -> HttpResponse:
    """All versions of one place: what, by whom, why, from when."""
    before = number(request)
    rows = selectors.history(region).defer("text", "merged")
    found = list((rows if before is None else rows.filter(number__lt=before))[: PAGE + 1])
    context = {
        "place": _region(region),
        "region": region,
        "versions": presenters.versions(found[:PAGE], now=request.now),
        "next": str(found[PAGE - 1].number) if len(found) > PAGE else "",
        "may_change": permissions.can_apply(request.reader.person_id, region),
    }
    return render(request, "administration/rulebook.html", context)


@require_GET
@INSIDE
def version(request: Any, version_id: uuid.UUID) -> HttpResponse:
    """One version: its text, and what is different from the one before or another."""
    found = RulebookVersion.objects.select_related("applied_by").filter(pk=version_id).first()
    if found is None:
        raise errors.NotFound(code="rulebook_version_unknown")
    earlier = selectors.history(found.region).filter(number__lt=found.number).first()
    asked = request.GET.get("against") or (str(earlier.pk) if earlier else loader.DEFAULT)
    other = presenters.another(asked)
    mine = selectors.version(version_id).sections
    context = {
        "version": presenters.versions([found], now=request.now)[0],
        "earlier": earlier,
        "against": asked,
        "other": other[1] if other else "",
        "differences": presenters.differences(before=other[0], after=mine) if other else None,
        "others": _others(found.region, but=version_id),
        "packaged": loader.names(),
    }
    return render(request, "administration/rulebook_version.html", context)


def _others(region: str, *, but: uuid.UUID | None = None) -> list[tuple[str, str]]:
    """Return (id, name) of what a rulebook may be compared with: versions of its place, and those of other places."""
    own = selectors.history(region).defer("text", "merged")[:PAGE]
    rows = [*own, *(one for one in selectors.applied() if one.region != region)]
    return [(str(one.pk), f"{one.region} · {one.name} {one.number}") for one in rows if one.pk != but]


def _context(request: Any, region: str, text: str) -> dict[str, Any]:
    """Return what stands on the page of a text: form, flaws, differences from what was chosen."""
    holds = selectors.in_force(region, request.now)
    chosen = presenters.another(request.POST.get("against") or "")
    against = chosen[0] if chosen else holds.sections
    return {
        "draft": presenters.draft(text, against=against),
        "region": region,
        "place": _region(region),
        "holds": holds,
        "holds_here": holds.region == region,
        "against": request.POST.get("against", "") if chosen else "",
        "open_sections": presenters.OPEN,
        "others": _others(region, but=holds.id),
        "packaged": loader.names(),
    }


@require_http_methods(["GET", "POST"])
@SYSTEM
def edit(request: Any, region: str) -> HttpResponse:
    """Change the rulebook of a place; put it into force when nothing is wrong with it."""
    permissions.check_apply(request.reader.person_id, region)
    newest = selectors.history(region).first()
    if request.method == "GET":
        start = request.GET.get("from", "")
        text = loader.packaged(start) if start in loader.names() else newest.text if newest else ""
        form = ApplyForm(initial={"name": newest.name if newest else region})
        return _page(request, region, text, form, expected=newest.number if newest else 0)
    text = _posted(request)
    expected = request.POST.get("expected", "")
    asked = request.POST.get("do") in ("apply", "rehearse")
    form = ApplyForm(request.POST) if asked else ApplyForm(initial=request.POST.dict())
    if not (asked and form.is_valid()):
        return _page(request, region, text, form, expected=expected)
    if request.POST["do"] == "apply" and form.cleaned_data["seen"] == presenters.mark(text):
        if done := _apply(request, region, text, form, expected):
            return done
        return _page(request, region, text, form, expected=expected)
    return _page(request, region, text, form, expected=expected, rehearsed=True)


def _page(
    request: Any, region: str, text: str, form: ApplyForm, *, expected: Any, rehearsed: bool = False
) -> HttpResponse:
    context = {**_context(request, region, text), "form": form, "expected": expected}
    if rehearsed and not context["draft"].flaws:
        context |= {"effect": presenters.effect(region, text, now=request.now), "seen": presenters.mark(text)}
    wrong = form.is_bound and (form.errors or context["draft"].flaws)
    return render(request, "administration/rulebook_edit.html", context, status=422 if wrong else 200)


def _apply(request: Any, region: str, text: str, form: ApplyForm, expected: str) -> HttpResponse | None:
    try:
        done = cases.apply_rulebook(
            region=region,
            text=text,
            actor_id=request.reader.person_id,
            now=request.now,
            expected=int(expected) if expected.isascii() and expected.isdigit() else None,
            most=cases.AT_ONCE,
            **form.terms(),
        )
    except flaws.Flawed:
        return None
    except (errors.Invalid, errors.Conflict) as problem:
        form.show(problem)
        return None
    messages.success(request, _("Version %(number)s is stored.") % {"number": done.version.number})
    return redirect("administration:rulebook", region)


def _posted(request: Any) -> str:
    """Return the text as it is to be looked at: as typed, or changed by the form beside it.

    Where the text cannot be read, it stays as typed and its flaw is shown.
    """
    text = str(request.POST.get("text", "")).replace("\r\n", "\n")
    act, _colon, where = request.POST.get("do", "").partition(":")
    try:
        if change := ROWS.get(act):
            return change(text, where)
        by_form = act == "form" or request.POST.get("side") == "form"
        return editing.fill_in(text, presenters.typed(request.POST)) if by_form else text
    except flaws.Flawed:
        return text


@require_POST
@SYSTEM
def check(request: Any, region: str) -> HttpResponse:
    """Look at a text while it is typed: what is wrong, what would change; the other side follows."""
    permissions.check_apply(request.reader.person_id, region)
    text = _posted(request)
    side, rows = request.POST.get("side"), request.POST.get("do", "").partition(":")[0] in ROWS
    renewed = {"renew_form": side == "text" or rows, "renew_text": side == "form" or rows}
    context = {**_context(request, region, text), **renewed}
    return render(request, "administration/_rulebook_checked.html", context)

"""Departments as a tree, and boards: set up, changed, merged, closed."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import selectors, services
from bihuan.foundation.directory.models import Board, Department
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.ui.forms import ProblemForm

from ..forms import BoardForm, CloseForm, DepartmentForm, MergeForm
from ..places import ADMINS, SYSTEM, is_system, region, regions
from ..presenters import structure as presenters
from .cursors import form_page


def _actor(request: Any) -> dict[str, Any]:
    return {"actor_id": request.reader.person_id, "now": request.now}


def _mine(request: Any, found: Any) -> Any:
    """Return a department or board of the reader's regions. Raises errors.NotFound for others."""
    if found is None or not request.reader.in_region(found.region):
        raise errors.NotFound
    return found


@require_GET
@ADMINS
def departments(request: Any) -> HttpResponse:
    """The tree of departments, those of the past on request."""
    places = regions(request)
    here = region(request, places)
    rows = presenters.tree(
        here.code,
        people=accounts.offices_of_departments(here.code, request.now),
        on=answers.local_date(request.now),
        text=request.GET.get("q", "")[:60],
        past=request.GET.get("past") == "1",
    )
    context = {"rows": rows, "regions": places, "here": here, "may_change": is_system(request)}
    return render(request, "administration/departments.html", context)


@require_http_methods(["GET", "POST"])
@SYSTEM
def new_department(request: Any) -> HttpResponse:
    """Set up a department."""
    here = region(request, regions(request, Role.SYSTEM_ADMIN))
    form = DepartmentForm(request.POST or None, region=here.code, on=answers.local_date(request.now))
    done = _set_up(request, form, partial(services.create_department, region=here.code), then="departments")
    return done or form_page(request, "administration/department_new.html", form, here=here)


def _set_up(request: Any, form: ProblemForm, create: Callable[..., Any], *, then: str) -> HttpResponse | None:
    """Set up what a posted form says and go to the list `then`; None while there is something to mend, or to write."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        made = create(**form.cleaned_data, **_actor(request))
    except (errors.Invalid, errors.Conflict) as problem:
        form.show(problem)
        return None
    messages.success(request, _("%(name)s is set up.") % {"name": made.name})
    return redirect(f"administration:{then}")


@require_http_methods(["GET", "POST"])
@ADMINS
def department(request: Any, department_id: uuid.UUID) -> HttpResponse:
    """One department: what it is, who works there, and its form for whoever may change it."""
    found = _mine(request, selectors.department_by_id(department_id))
    posted = request.POST if request.method == "POST" else None
    form = DepartmentForm(posted, region=found.region, on=answers.local_date(request.now), department=found)
    if posted is not None and form.is_valid():
        try:
            services.update_department(department_id=department_id, **form.cleaned_data, **_actor(request))
            messages.success(request, _("Saved."))
            return redirect("administration:department", department_id)
        except (errors.Invalid, errors.Conflict) as problem:
            form.show(problem)
    return _department_page(request, found, form)


def _department_page(request: Any, found: Department, form: DepartmentForm, **dialogs: Any) -> HttpResponse:
    on = answers.local_date(request.now)
    every = selectors.departments(found.region)
    context = {
        "department": found,
        "state": presenters.state(found, on),
        "successor": next((one for one in every if one.pk == found.successor_id), None),
        "below": [one for one in every if one.parent_id == found.pk and presenters.state(one, on) != "past"],
        "boards": [one for one in selectors.boards(found.region, on=on) if one.lead_department_id == found.pk],
        "holders": accounts.appointments(region=found.region, now=request.now).filter(department=found),
        "may_change": is_system(request),
        "merge": MergeForm(None, department=found, on=on, auto_id="merge_%s"),
        "close": CloseForm(auto_id="close_%s"),
        **dialogs,
    }
    wrong = form.errors or any(one.errors for one in dialogs.values() if hasattr(one, "errors"))
    return render(request, "administration/department.html", {"form": form, **context}, status=422 if wrong else 200)


def _refreshed(request: Any, found: Department) -> DepartmentForm:
    return DepartmentForm(None, region=found.region, on=answers.local_date(request.now), department=found)


@require_POST
@SYSTEM
def close_department(request: Any, department_id: uuid.UUID) -> HttpResponse:
    """End a department that has no successor."""
    found = _mine(request, selectors.department_by_id(department_id))
    form = CloseForm(request.POST, auto_id="close_%s")
    if form.is_valid():
        try:
            services.close_department(department_id=department_id, **form.cleaned_data, **_actor(request))
            messages.success(request, _("%(name)s is closed.") % {"name": found.name})
            return redirect("administration:department", department_id)
        except (errors.Invalid, errors.Conflict) as problem:
            form.show(problem)
    return _department_page(request, found, _refreshed(request, found), close=form, open="#close")


@require_POST
@SYSTEM
def merge_department(request: Any, department_id: uuid.UUID) -> HttpResponse:
    """Let a department go into another one."""
    found = _mine(request, selectors.department_by_id(department_id))
    form = MergeForm(request.POST, department=found, on=answers.local_date(request.now), auto_id="merge_%s")
    if form.is_valid():
        given = {"into_id": uuid.UUID(form.cleaned_data.pop("into")), **form.cleaned_data}
        try:
            services.merge_department(department_id=department_id, **given, **_actor(request))
            messages.success(request, _("%(name)s is merged.") % {"name": found.name})
            return redirect("administration:department", department_id)
        except (errors.Invalid, errors.Conflict) as problem:
            form.show(problem)
    return _department_page(request, found, _refreshed(request, found), merge=form, open="#merge")


@require_GET
@ADMINS
def boards(request: Any) -> HttpResponse:
    """The boards of a region in their order, those of the past on request."""
    places = regions(request)
    here, on = region(request, places), answers.local_date(request.now)
    past = request.GET.get("past") == "1"
    text = request.GET.get("q", "").strip().casefold()[:60]
    rows = [(one, presenters.state(one, on)) for one in selectors.boards(here.code)]
    rows = [(one, state) for one, state in rows if past or state != "past"]
    rows = [row for row in rows if text in f"{row[0].name} {row[0].code} {row[0].lead_department.name}".casefold()]
    context = {"rows": rows, "regions": places, "here": here, "may_change": is_system(request)}
    return render(request, "administration/boards.html", context)


@require_http_methods(["GET", "POST"])
@SYSTEM
def new_board(request: Any) -> HttpResponse:
    """Set up a board."""
    here = region(request, regions(request, Role.SYSTEM_ADMIN))
    form = BoardForm(request.POST or None, region=here.code, on=answers.local_date(request.now))
    done = _set_up(request, form, partial(services.create_board, region=here.code), then="boards")
    return done or form_page(request, "administration/board.html", form, here=here, may_change=True)


@require_http_methods(["GET", "POST"])
@ADMINS
def board(request: Any, board_id: uuid.UUID) -> HttpResponse:
    """One board and its form for whoever may change it."""
    found = _mine(request, selectors.board_by_id(board_id))
    posted = request.POST if request.method == "POST" else None
    form = BoardForm(posted, region=found.region, on=answers.local_date(request.now), board=found)
    if posted is not None and form.is_valid():
        try:
            services.update_board(board_id=board_id, **form.cleaned_data, **_actor(request))
            messages.success(request, _("Saved."))
            return redirect("administration:boards")
        except (errors.Invalid, errors.Conflict) as problem:
            form.show(problem)
    return _board_page(request, found, form)


def _board_page(request: Any, found: Board, form: BoardForm, **dialogs: Any) -> HttpResponse:
    context = {
        "board": found,
        "state": presenters.state(found, answers.local_date(request.now)),
        "holders": accounts.appointments(region=found.region, now=request.now).filter(board=found),
        "may_change": is_system(request),
        "close": CloseForm(auto_id="close_%s"),
        **dialogs,
    }
    wrong = form.errors or "open" in dialogs
    return render(request, "administration/board.html", {"form": form, **context}, status=422 if wrong else 200)


@require_POST
@SYSTEM
def close_board(request: Any, board_id: uuid.UUID) -> HttpResponse:
    """End a board."""
    found = _mine(request, selectors.board_by_id(board_id))
    form = CloseForm(request.POST, auto_id="close_%s")
    if form.is_valid():
        try:
            services.close_board(board_id=board_id, **form.cleaned_data, **_actor(request))
            messages.success(request, _("%(name)s is closed.") % {"name": found.name})
            return redirect("administration:boards")
        except (errors.Invalid, errors.Conflict) as problem:
            form.show(problem)
    fresh = BoardForm(None, region=found.region, on=answers.local_date(request.now), board=found)
    return _board_page(request, found, fresh, close=form, open="#close")

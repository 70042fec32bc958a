"""The calendar: which years are known, their days, office hours, and taking in a notice with a look ahead."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.casework.deadlines import selectors as deadlines
from bihuan.foundation.accounts import permissions
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.workcalendar import reading, selectors, services

from ..forms import ImportForm
from ..places import ADMINS, SYSTEM, is_system, region, regions
from .cursors import form_page, number

PAGE = 20


@require_GET
@ADMINS
def calendar(request: Any) -> HttpResponse:
    """The years, the days of one of them, the office hours of the place, and who changed what."""
    places = regions(request)
    here, years = region(request, places), selectors.years()
    asked = request.GET.get("year", "")
    year = (
        int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else answers.local_date(request.now).year
    )
    journal = selectors.journal(before=number(request), limit=PAGE + 1)
    context = {
        "years": years,
        "year": year,
        "days": selectors.days_of(year),
        "known": next((sure for one, _days, sure in years if one == year), None),
        "hours": selectors.hours_of(here.code),
        "hours_now": selectors.calendar_for(here.code).hours_on(answers.local_date(request.now)),
        "here": here,
        "regions": places,
        "journal": journal[:PAGE],
        "names": accounts.names([one.actor_id for one in journal if one.actor_id]),
        "next": str(journal[PAGE - 1].number) if len(journal) > PAGE else "",
        "may_change": is_system(request),
    }
    return render(request, "administration/calendar.html", context)


@require_http_methods(["GET", "POST"])
@SYSTEM
def bring_in(request: Any) -> HttpResponse:
    """Take in a notice: first a look at what it changes, then the change."""
    if request.method == "GET":
        return form_page(request, "administration/calendar_import.html", ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return form_page(request, "administration/calendar_import.html", form)
    content, filename = form.content()
    try:
        return _import(request, form, content, filename)
    except (errors.Invalid, errors.TooLarge) as problem:
        return _mend(request, form, content, filename, problem)


def _import(request: Any, form: ImportForm, content: bytes, filename: str) -> HttpResponse:
    permissions.check_keep_calendar(request.reader)
    given = form.cleaned_data
    look = request.POST.get("do") != "import"
    notice = services.Notice(
        content=content,
        filename=filename,
        year=given["year"],
        document=given["document"],
        confirmed=not given["provisional"],
        amend=given["amend"],
    )
    result = services.import_days(notice=notice, actor_id=request.reader.person_id, now=request.now, dry_run=look)
    if not look:
        messages.success(request, _("The official days of %(year)s are taken in.") % {"year": given["year"]})
        return redirect(f"{reverse('administration:calendar')}?year={given['year']}")
    clocks = deadlines.open_from(result.changes[0].date) if result.changes else 0
    again = _typed(request, content, filename)
    return form_page(request, "administration/calendar_import.html", again, result=result, clocks=clocks)


def _mend(request: Any, form: ImportForm, content: bytes, filename: str, problem: errors.Problem) -> HttpResponse:
    """Show the form again with the content in its text field, each wrong line named."""
    again = _typed(request, content, filename)
    again.show(problem)
    if problem.field == "file":
        again.errors.pop("file", None)
        again.add_error("text", str(problem.detail))
    lines = problem.extra.get("errors", ())
    return form_page(request, "administration/calendar_import.html", again, lines=lines)


def _typed(request: Any, content: bytes, filename: str) -> ImportForm:
    """Return the form with a file's content as typed text, so that it can be mended and sent without the file."""
    data = request.POST.copy()
    try:
        data["text"] = reading.decode(content[: reading.LARGEST])
    except errors.Invalid:
        data["text"] = ""
    ending = filename.rpartition(".")[2].lower()
    data["format"] = {"yml": "yaml"}.get(ending, ending if ending in ("csv", "yaml", "json") else "csv")
    form = ImportForm(data)
    form.is_valid()
    return form

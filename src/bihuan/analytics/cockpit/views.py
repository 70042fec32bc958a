"""Pages of the figures."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import answers
from bihuan.foundation.ui.components import Option

from . import exports, permissions, presenters, rules, selectors, wording
from .forms import PeriodForm
from .selectors import Figures

READERS = allow(*permissions.READERS)


def _asked(request: Any) -> tuple[PeriodForm, Figures]:
    today = answers.local_date(request.now)
    form = PeriodForm(request.GET, regions=selectors.regions_of(request.actor, on=today))
    form.is_valid()
    given = form.cleaned_data
    period = rules.chosen(since=given.get("since"), until=given.get("until"), today=today)
    region = given.get("region") or ""
    shown = PeriodForm(
        initial={"since": period.since, "until": period.until, "region": region},
        regions=selectors.regions_of(request.actor, on=today),
    )
    return shown, selectors.figures(actor=request.actor, period=period, region=region, now=request.now)


def _periods(request: Any, found: Figures) -> list[Option]:
    rest = {"region": found.region} if found.region else {}
    return [
        Option(
            label=wording.PERIODS[one.id],
            url="?" + urlencode({**rest, "since": one.since, "until": one.until}),
            current=one.id == found.period.id,
        )
        for one in rules.presets(answers.local_date(request.now))
    ]


@require_GET
@READERS
def figures(request: Any) -> HttpResponse:
    """The figures of a period; every number opens its cases."""
    form, found = _asked(request)
    context = {
        "form": form,
        "found": found,
        "periods": _periods(request, found),
        "tiles": presenters.tiles(found),
        "course": presenters.course(found),
        "tables": presenters.tables(found),
        "definitions": presenters.definitions(),
        "query": request.GET.urlencode(),
    }
    return render(request, "cockpit/figures.html", context)


@require_GET
@READERS
def export(request: Any, ending: str) -> HttpResponse:
    """The same figures as a file (xlsx or csv)."""
    writers = {"xlsx": (exports.write_xlsx, exports.XLSX), "csv": (exports.write_csv, exports.CSV)}
    if ending not in writers:
        raise Http404
    _form, found = _asked(request)
    write, media_type = writers[ending]
    notes = [(_("As of"), f"{answers.local(found.as_of):%Y-%m-%d %H:%M}")]
    notes += [(str(name), str(meaning)) for _key, name, meaning in presenters.definitions()]
    headers = {"Content-Disposition": f'attachment; filename="figures-{request.now:%Y%m%d}.{ending}"'}
    return HttpResponse(write(presenters.grid(found), notes), content_type=media_type, headers=headers)

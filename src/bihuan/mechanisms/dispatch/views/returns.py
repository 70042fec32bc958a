"""Pages of dispatch: objections that wait for a ruling, and the counts of returns."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import ids
from bihuan.foundation.ui.components import Option

from .. import permissions, selectors

READERS = allow(*permissions.READERS)


def _between(text: str) -> tuple[str, str] | None:
    first, _comma, second = text.partition(",")
    return (first[:32], second[:32]) if first and second else None


@require_GET
@READERS
def objections(request: Any) -> HttpResponse:
    """Objections that wait for a ruling, or all, or those of one department or between two."""
    between = _between(request.GET.get("between", ""))
    department = request.GET.get("department", "")[:32]
    shown = "waiting" if request.GET.get("show") != "all" and not between and not department else "all"
    rows, following = selectors.page(
        actor=request.actor,
        waiting=shown == "waiting",
        between=between,
        department=department,
        before=ids.parse(request.GET.get("before", "")),
    )
    context = {"rows": rows, "following": following, "query": _query(request), "views": _views(request, shown)}
    return render(request, "dispatch/objections.html", context | {"narrowed": bool(between or department)})


def _query(request: Any) -> dict[str, str]:
    return {key: value for key, value in request.GET.items() if key != "before"}


def _views(request: Any, shown: str) -> list[Option]:
    page, waiting = reverse("dispatch:objections"), selectors.waiting_count(actor=request.actor)
    return [
        Option(label=_("To be ruled on"), url=page, count=waiting, current=shown == "waiting"),
        Option(label=_("All objections"), url=f"{page}?show=all", current=shown == "all"),
        Option(label=_("Returns between departments"), url=reverse("dispatch:returns"), current=shown == "returns"),
    ]


@require_GET
@READERS
def returns(request: Any) -> HttpResponse:
    """Ping-pong: how many matters went between which departments, and who returned how often."""
    context = {"counts": selectors.counts(actor=request.actor), "views": _views(request, "returns")}
    return render(request, "dispatch/returns.html", context)

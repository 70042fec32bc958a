"""Pages of the scoreboard: the live one, what lies behind it, editions, and what the public reads."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from bihuan.analytics.openness import selectors as openness
from bihuan.analytics.openness.rulebook import Publication
from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.kernel import answers, errors, ids
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import exports, permissions, presenters, schemas, selectors, services
from .rules import periods

READERS = allow(*permissions.READERS)


def _asked(request: Any) -> dict[str, Any]:
    """Return region, month and level that the address names; without a month the last one that is over."""
    return {
        "region": schemas.region_of(request.GET.get("region", ""), request.actor),
        "month": schemas.month_of(request.GET.get("period", ""), now=request.now, back=1),
        "level": schemas.level_of(request.GET.get("by") or "department"),
    }


@require_GET
@READERS
def board(request: Any) -> HttpResponse:
    """The scoreboard of a month, with one unit explained and one index in a funnel."""
    asked = _asked(request)
    found = selectors.board(**asked, actor=request.actor, now=request.now)
    before = selectors.board(**{**asked, "month": asked["month"] - 1}, actor=request.actor, now=request.now)
    chosen = presenters.chosen(found, request.GET)
    moved = None
    if chosen.line is not None and chosen.may_open:
        unit, index = chosen.line.unit.key, chosen.index
        moved = selectors.moved(**asked, unit=unit, index=index, actor=request.actor, now=request.now)
    editions = selectors.editions(region=asked["region"], actor=request.actor)
    context = presenters.page(found, before, chosen, moved, editions, request.actor, now=request.now)
    return render(request, "scoreboard/board.html", context)


@require_GET
@READERS
def board_file(request: Any, form: str) -> HttpResponse:
    """The live figures of all levels that the reader may see, as a file."""
    asked = _asked(request)
    found = selectors.board(**asked, actor=request.actor, now=request.now)
    held = presenters.held(found)
    return _file(held, form if form in ("xlsx", "csv", "json") else "xlsx", f"scoreboard-{held['period']}")


@require_GET
@READERS
def behind(request: Any) -> HttpResponse:
    """The matters behind a figure."""
    asked = _asked(request)
    outcome = request.GET.get("outcome", "")
    unit, index = request.GET.get("unit", ""), schemas.index_of(request.GET.get("index", ""))
    found = selectors.behind(
        **asked,
        unit=unit,
        index=index,
        outcome=schemas.outcome_of(int(outcome) if outcome in ("0", "1", "2") else None),
        before=ids.parse(request.GET.get("before", "")),
        actor=request.actor,
        now=request.now,
    )
    return render(
        request, "scoreboard/behind.html", presenters.behind(found, asked, unit, index, outcome, request.actor)
    )


@require_GET
@READERS
def exclusions(request: Any) -> HttpResponse:
    """What is left out of figures, and what somebody proposes to leave out."""
    mark = ids.parse(request.GET.get("mark", ""))
    before = ids.parse(request.GET.get("before", ""))
    rows, following = selectors.exclusions(actor=request.actor, before=before, mark=mark)
    context = {
        "rows": presenters.exclusions(rows, request.actor),
        "counted": presenters.counted(selectors.exclusions_counted(actor=request.actor)),
        "following": following,
        "mark": mark,
    }
    return render(request, "scoreboard/exclusions.html", context)


@require_POST
@READERS
def propose(request: Any) -> HttpResponse:
    """Propose to leave a matter out."""
    given = {name: request.POST.get(name, "") for name in ("number", "index", "reason")}
    services.propose_exclusion(**given, actor=request.actor, now=request.now)
    return redirect("scoreboard:exclusions")


@require_POST
@READERS
def decide(request: Any, exclusion_id: uuid.UUID, action: str) -> HttpResponse:
    """Decide on leaving a matter out, or on counting it again."""
    reason = request.POST.get("reason", "")
    services.decide_exclusion(
        exclusion_id=exclusion_id, action=action, reason=reason, actor=request.actor, now=request.now
    )
    return redirect("scoreboard:exclusions")


@require_POST
@READERS
def draft(request: Any) -> HttpResponse:
    """Draft an edition, and show it."""
    region = schemas.region_of(request.POST.get("region", ""), request.actor)
    month = schemas.month_of(request.POST.get("period", ""), now=request.now, back=1)
    reason = request.POST.get("reason", "")
    made = services.draft(region=region, month=month, actor=request.actor, now=request.now, reason=reason)
    return redirect("scoreboard:edition", made.id)


@require_GET
@READERS
def edition(request: Any, edition_id: uuid.UUID) -> HttpResponse:
    """One edition: its figures, remarks and files, and what the reader may do."""
    found = selectors.find_edition(edition_id=edition_id, actor=request.actor)
    return render(request, "scoreboard/edition.html", presenters.edition(found, request.actor, request.GET))


@require_GET
@READERS
def edition_file(request: Any, edition_id: uuid.UUID, form: str) -> HttpResponse:
    """One edition as a file."""
    found = selectors.find_edition(edition_id=edition_id, actor=request.actor)
    return _file(found.content, form, f"scoreboard-{periods.written(found.month)}-v{found.version}")


@require_POST
@READERS
def act(request: Any, edition_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on an edition, and show it as it then is."""
    services.take(edition_id=edition_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("scoreboard:edition", edition_id)


@require_safe
@allow(ANYONE)
def public(request: Any, region: str) -> HttpResponse:
    """What is published for everybody: the newest version of a month, and all versions and files there are."""
    place = _publishing(request, region)
    found = selectors.newest_public(region=region)
    if not found:
        return render(request, "scoreboard/public_none.html", {"place": place})
    least = rulebooks.in_force(region, request.now).section(Publication).least
    return render(request, "scoreboard/public.html", presenters.public(found, request.GET, least=least))


@require_safe
@allow(ANYONE)
def public_file(request: Any, region: str, period: str, version: int, form: str) -> HttpResponse:
    """A published edition as open data or paper, small cells hidden."""
    _publishing(request, region)
    month = periods.read(period)
    rows = selectors.newest_public(region=region, month=month) if month is not None else []
    found = next((row for row in rows if row.version == version), None)
    if found is None:
        raise errors.NotFound(code="nothing_published")
    least = rulebooks.in_force(region, request.now).section(Publication).least
    return _file(exports.for_public(found.content, least=least), form, f"scoreboard-{region}-{period}-v{version}")


@require_safe
@allow(ANYONE)
def schema(request: Any, region: str) -> HttpResponse:
    """The JSON Schema of the open data."""
    return answers.json(
        {"$id": request.build_absolute_uri(reverse("scoreboard:schema", args=[region])), **exports.SCHEMA}
    )


def _publishing(request: Any, region: str) -> Any:
    """Return the region if it publishes figures. Raises NotFound."""
    found = next((one for one in openness.publishing(at=request.now) if one.code == region), None)
    if found is None:
        raise errors.NotFound(code="nothing_published")
    return found


def _file(held: Any, form: str, name: str) -> HttpResponse:
    if form not in exports.MEDIA_TYPES:
        raise errors.NotFound(code="unknown_form")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(exports.draw(held, form), content_type=exports.MEDIA_TYPES[form], headers=headers)

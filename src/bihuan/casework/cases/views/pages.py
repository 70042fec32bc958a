"""What stands on the pages of the register: the contexts of their templates."""

import datetime as dt
import zlib
from typing import Any
from urllib.parse import urlencode

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.casework.deadlines import selectors as deadlines
from bihuan.foundation.accounts import roles
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database
from bihuan.foundation.ui import components
from bihuan.foundation.ui import wording as words
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import panels, presenters, selectors, wording
from ..forms import ActionForm, FilterForm
from ..presenters import presets
from ..services.attaching import may_attach
from . import batches

COLUMNS = (gettext_lazy("Board"), gettext_lazy("Stage"), gettext_lazy("Department"), gettext_lazy("Latest"))
FILTERS = ("board", "state", "department", "channel", "tier", "category", "since", "until", "sort")
FIRST_COLUMN = 4
"""Position of the first column that may be hidden."""


def region_of(request: Any) -> str:
    """Return the region whose boards and channels a list knows: the one asked for, or that of the first office."""
    asked: str = request.GET.get("region", "")
    if asked in request.reader.scope().regions:
        return asked
    return request.reader.grants[0].region[:6] if request.reader.grants else "000000"


def _list(
    request: Any, *, language: str, sort: str, shown: str = "", extra: dict[str, Any] | None = None
) -> dict[str, Any]:
    region, actor, now = region_of(request), request.actor, request.now
    form = FilterForm(request.GET, region=region, language=language, now=now)
    filters = form.filters(sort=sort)
    if shown:
        filters = presets.VIEWS[shown].narrow(filters, region=region, now=now)
    with database.reading(actor.scope()):
        rows, following = selectors.page(
            actor=actor, filters=filters, now=now, cursor=request.GET.get("cursor") or None
        )
        counts = selectors.counts(actor=actor, now=now)
        last = presenters.last_facts(rows, actor=actor, now=now, language=language)
    query = {key: value for key, value in request.GET.items() if value and key != "cursor"}
    lines = presenters.lines(rows, now=now, language=language, last=last, actor=actor)
    may = [name for name in batches.ACTIONS if name in batches.offered(request.reader.roles)]
    return {
        "form": form,
        "rows": presenters.markup(
            lines,
            choosing=bool(may),
            marks=presenters.marks(region, now),
            now=now,
            back=request.get_full_path(),
            token=get_token(request),
        ),
        "counts": counts,
        "next": following,
        "query": query,
        "narrowed": bool(query.keys() - {"view", "sort"}),
        "chips": presenters.chips(form, query, extra),
        "etag": presenters.etag(lines, counts, now=now, language=language),
        "columns": [
            components.Column(position=place, label=label) for place, label in enumerate(COLUMNS, FIRST_COLUMN)
        ],
        "shown_filters": ("board", "state", "department", "channel") if sort == "due" else FILTERS,
        "page": "queue" if shown else "register",
        "order": _("Most urgent first") if filters.sort == "due" else _("Newest first"),
        "batch": [
            (name, batches.ACTIONS[name], batches.LABELS[name], batches.form(name, region=region, language=language))
            for name in may
        ],
    }


def queue(request: Any, *, language: str) -> dict[str, Any]:
    """Return the context of the queue in the view asked for, else in the first of the reader's office."""
    views = presets.views_of(request.reader.roles)
    asked = request.GET.get("view", "")
    searching = bool(request.GET.keys() - {"view", "cursor", "sort"})
    shown = asked if asked in presets.VIEWS else "all" if searching else next(iter(views))
    extra = {"view": presets.VIEWS[shown].label} if asked == shown and shown not in views and shown != "all" else {}
    context = _list(request, language=language, sort="due", shown=shown, extra=extra)
    counts, query, region = context["counts"], context["query"], region_of(request)
    strip = presenters.strip(counts, region=region, now=request.now, language=language, query=query, shown=shown)
    loads = selectors.loads(actor=request.actor, now=request.now) if presets.VIEWS[shown].workload else []
    names = {one.id: one.short_name for one in directory.departments(region)}
    return {
        **context,
        "view": shown,
        "strip": strip,
        "tabs": presenters.tabs(views, current=shown, counts=counts) if len(views) > 1 else [],
        "lead": _first_sentence(request, counts),
        "loads": [
            (names.get(load.department_id, _("Not dispatched")) if load.department_id else _("Not dispatched"), load)
            for load in loads
        ],
    }


def _first_sentence(request: Any, counts: dict[str, Any]) -> str:
    """Say what the day asks for first."""
    calendar = workcalendar.calendar_for(region_of(request))
    end = calendar.local_date(request.now) + dt.timedelta(days=1)
    midnight = dt.datetime.combine(end, dt.time(), tzinfo=calendar.hours_on(calendar.local_date(request.now)).zone)
    today = selectors.due_until(actor=request.actor, now=request.now, until=midnight)
    if today:
        said = ngettext(
            "%(n)s case falls due today; orange and red first.",
            "%(n)s cases fall due today; orange and red first.",
            today,
        )
        return said % {"n": today}
    if counts["overdue"]:
        said = ngettext(
            "Nothing falls due today; %(n)s case is overdue.",
            "Nothing falls due today; %(n)s cases are overdue.",
            counts["overdue"],
        )
        return said % {"n": presenters.at_least(counts["overdue"], counts)}
    return _("Nothing falls due today and nothing is overdue.")


def register(request: Any, *, language: str) -> dict[str, Any]:
    """Return the context of the register."""
    return {**_list(request, language=language, sort="-raised_at"), "view": ""}


def case(request: Any, number: str, *, language: str, failed: ActionForm | None = None) -> dict[str, Any]:
    """Return the context of one case, with the form that failed, if one did."""
    actor, now = request.actor, request.now
    found = selectors.dossier(number=number, actor=actor, now=now)
    shown = found.case
    with database.reading(actor.scope()):
        trace = selectors.trace(case=shown, actor=actor)
        clocks = deadlines.clocks_of(shown.id)
        sections = {place: panels.filled(case=shown, actor=actor, now=now, place=place) for place in ("main", "side")}
        duplicates = selectors.possible_duplicates(case=shown, actor=actor)
        kin = selectors.kin(case=shown, actor=actor)
        seq = selectors.newest_seq(case=shown, actor=actor)
    face = presenters.face_of(shown, found.light, presenters.faces(shown.region, now, language))
    actions = presenters.actions(found, language=language, failed=failed)
    done = wording.stage_of(shown.state, planned=bool(found.plans), rated=presenters.shows_rated(found))
    town = directory.region(shown.town) if shown.town else None
    entries = presenters.entries(trace, case=shown, files=found.attachments)
    return {
        "found": found,
        "case": shown,
        "face": face,
        "left": presenters.left_length(shown, now),
        "words_left": presenters.left_of(shown, now),
        "marks": presenters.marks(shown.region, now),
        "scale": presenters.scale(shown, now=now),
        "why": presenters.explanation(clocks, now=now),
        "follows": presenters.what_follows(shown, now=now),
        "steps": presenters.steps(found, now),
        "done": done,
        "step": f"{min(done + 1, 8)}/8",
        "at": _("At %(stage)s") % {"stage": list(wording.STAGES.values())[min(done, 7)]},
        "state": wording.STATES[shown.state],
        "tags": _tags(shown),
        "town": town.name if town else "",
        "parties": presenters.parties(found, clocks, face=face, now=now, person=presenters.handler(trace, entries)),
        "escalated": _above(shown.escalated_to),
        "plan": found.plans[-1] if found.plans else None,
        "measures": presenters.measures(found.plans[-1], case=shown, now=now) if found.plans else [],
        "entries": entries,
        "speakers": presenters.speakers(entries),
        "rungs": presenters.rungs(shown, now=now, language=language),
        "ratings": presenters.ratings(shown) if found.sees_ratings else [],
        "actions": actions,
        "report": next((one for one in actions if one.name == "report_progress"), None),
        "failed": failed,
        "opened": failed.action if failed else request.GET.get("do", ""),
        "may_attach": may_attach(actor, shown),
        "main_panels": sections["main"],
        "side_panels": sections["side"],
        "similar": presenters.similar(duplicates, kin),
        "kind_url": _of_kind(shown) if kin else "",
        "mark": f"{request.reader.display_name} {words.exact(now)}",
        "etag": case_mark(shown, seq=seq, light=found.light, actor=actor, now=now, language=language),
    }


def _above(taken_to: str) -> Any:
    """Return the name of the role, meeting or region that a matter was taken up to."""
    place = directory.region(taken_to) if taken_to.isdigit() else None
    named = {role.value: name for role, name in roles.NAMES.items()} | dict(wording.ABOVE)
    return place.name if place else named.get(taken_to, taken_to)


def case_mark(case: Any, *, seq: int, light: str, actor: Any, now: dt.datetime, language: str) -> str:
    """Return the mark of what the page of a case shows one reader: facts, light, and every ten minutes the times."""
    shown = (case.number, seq, light, actor.person_id, int(now.timestamp()) // 600, language)
    return f'"{zlib.crc32(repr(shown).encode()):08x}"'


def mark_of(request: Any, number: str, *, language: str) -> str:
    """Return the mark that `case` would have now, for a page that only asks whether anything moved; a query or two."""
    with database.reading(request.actor.scope()):
        found = selectors.find(number=number, actor=request.actor)
        seq = selectors.newest_seq(case=found, actor=request.actor)
    light = selectors.light_of(found, request.now)
    return case_mark(found, seq=seq, light=light, actor=request.actor, now=request.now, language=language)


def _of_kind(case: Any) -> str:
    since = (case.raised_at - selectors.HALF_A_YEAR).date().isoformat()
    return reverse("cases:register") + "?" + urlencode({"category": case.category, "since": since})


def _tags(case: Any) -> list[Any]:
    """Return the small labels below the title: board, category, tier, and what went wrong before."""
    boards = {one.code: one.name for one in directory.boards(case.region)}
    tags = [boards.get(case.board, case.board), wording.TIERS.get(case.tier, "")]
    tags.append(_("Urgent") if case.urgent else "")
    tags.append(_("Reopened %(n)s×") % {"n": case.reopenings} if case.reopenings else "")
    tags.append(_("Rework %(n)s×") % {"n": case.reworks} if case.reworks else "")
    tags.append(_("Falsely closed?") if case.false_closure else "")
    return [tag for tag in tags if tag]

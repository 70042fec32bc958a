"""The calls of GeoReport v2: `jurisdiction_id` is a region (GB/T 2260), `api_key` a token, an id a case number."""

import datetime as dt
import functools
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from bihuan.casework.cases import selectors, services
from bihuan.casework.cases.api import public_intake
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Categories, Category
from bihuan.casework.cases.services.raising import TITLE_MAX
from bihuan.casework.cases.states import OPEN, CaseState
from bihuan.delivery.open311 import shapes
from bihuan.delivery.rest import languages, problems
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers, clock, database, errors, throttle
from bihuan.foundation.rulebooks import selectors as rulebooks

CHANNEL = "open311"
SPAN = dt.timedelta(days=90)
MOST = 1_000
"""Without dates a list reaches back this far, and it never has more entries."""

View = Callable[..., HttpResponse]


def call(*methods: str) -> Callable[[View], View]:
    """Make a function a call of the standard: for anybody, without CSRF (a key says who), errors in its format."""

    def wrap(function: View) -> View:
        @functools.wraps(function)
        def view(request: HttpRequest, form: str, **path: str) -> HttpResponse:
            with translation.override(languages.choose(request, None)):
                try:
                    if request.method not in methods:
                        raise answers.NoSuchMethod(allowed=list(methods))
                    return function(request, form=form, **path)
                except Exception as error:
                    problem = problems.as_problem(error)
                    told = [{"code": problem.status, "description": str(problem.detail)}]
                    return shapes.told(told, form=form, names=("errors", "error"), status=problem.status)

        return allow(ANYONE)(csrf_exempt(view))

    return wrap


@call("GET")
def list_services(request: HttpRequest, form: str) -> HttpResponse:
    """The categories of the region, as services."""
    found = [shapes.service(one) for one in _categories(_region(request))]
    return shapes.told(found, form=form, names=("services", "service"))


@call("GET")
def show_service(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """What may be told about one service."""
    found = shapes.definition(_category(_region(request), code))
    return shapes.told(found, form=form, names=("service_definition", "attribute"))


@call("GET", "POST")
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """List requests, or enter one."""
    return _enter(request, form) if request.method == "POST" else _list(request, form)


@call("GET")
def show_request(request: HttpRequest, form: str, number: str) -> HttpResponse:
    """One request."""
    actor = _known(request)
    with database.reading(actor.scope()):
        found = [selectors.find(number=number if number.isprintable() else "", actor=actor)]
    return _told(found, form)


def _list(request: HttpRequest, form: str) -> HttpResponse:
    actor, now = _known(request), clock.now()
    filters, given = _filters(request, now), request.GET.get("service_request_id")
    numbers = given.split(",")[:MOST] if given else []
    if not numbers:
        rows, _next = selectors.page(actor=actor, filters=filters, now=now, limit=MOST)
        numbers = [row.number for row in rows]
    return _told(selectors.find_all(numbers=numbers, actor=actor), form)


def _told(cases: list[Any], form: str) -> HttpResponse:
    names: dict[str, str] = {}
    for region in {case.region for case in cases}:
        names |= {one.id: one.name.in_language(get_language() or "") for one in _categories(region)}
    found = [shapes.request(case, names) for case in cases]
    return shapes.told(found, form=form, names=("service_requests", "request"))


def _filters(request: HttpRequest, now: dt.datetime) -> selectors.Filters:
    until = _instant(request, "end_date")
    since = _instant(request, "start_date") or (until or now) - SPAN
    wanted = set(_values(request, "status"))
    if wanted - {"open", "closed"}:
        raise errors.Problem(_("A status is open or closed."), code="status_unknown", field="status")
    states = [state.value for state in CaseState if ("open" if state in OPEN else "closed") in wanted]
    return selectors.Filters(
        region=(_region(request),) if "jurisdiction_id" in request.GET else (),
        category=tuple(_values(request, "service_code")),
        state=tuple(states),
        since=since,
        until=until,
    )


def _values(request: HttpRequest, name: str) -> list[str]:
    return [part.strip() for part in request.GET.get(name, "").split(",") if part.strip()]


def _instant(request: HttpRequest, name: str) -> dt.datetime | None:
    text = request.GET.get(name)
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise errors.Problem(_("%(name)s is no date.") % {"name": name}, code="date_invalid", field=name) from error


def _enter(request: HttpRequest, form: str) -> HttpResponse:
    said = request.POST.dict() | request.GET.dict()
    actor, now = _actor(said.get("api_key")), clock.now()
    if actor.reader is None:
        throttle.count(limit=public_intake(), whom=throttle.address_of(request), now=now)
    region = _region(request)
    category = _category(region, said.get("service_code", ""))
    receipt = services.raise_case(matter=_matter(said, region, category.id), actor=actor, now=now)
    notice = _("Your follow-up code is %(code)s. Keep it: it is shown only now.") % {"code": receipt.follow_up_code}
    found = [{"service_request_id": receipt.number, "service_notice": notice, "account_id": None}]
    return shapes.told(found, form=form, names=("service_requests", "request"))


def _matter(said: dict[str, str], region: str, category: str) -> services.Matter:
    own = {code: said.get(f"attribute[{code}]", "").strip() for code in shapes.ATTRIBUTES}
    description = said.get("description", "").strip()
    where = (
        own["place"] or said.get("address_string", "") or ", ".join(filter(None, [said.get("lat"), said.get("long")]))
    )
    title = own["title"] or re.split(r"[\n。!?！？]", description, maxsplit=1)[0][:TITLE_MAX]
    return services.Matter(
        title=title,
        description=description,
        channel=CHANNEL,
        region=region,
        enterprise=own["enterprise"] or None,
        anonymous=not own["enterprise"],
        category=category,
        place=where[:200],
        contact=services.Contact(
            name=" ".join(filter(None, [said.get("first_name"), said.get("last_name")])),
            phone=said.get("phone", ""),
            email=said.get("email", ""),
        ),
    )


def _actor(key: str | None) -> Actor:
    if not key:
        return Actor()
    reader = accounts.reader_by_token(key)
    if reader is None:
        raise errors.Forbidden(_("The api_key is wrong, has expired or was revoked."), code="api_key_invalid")
    return Actor(reader=reader)


def _known(request: HttpRequest) -> Actor:
    """Matters of enterprises are nobody else's business: reading needs a key, other than in the standard."""
    actor = _actor(request.GET.get("api_key"))
    if actor.reader is None:
        raise errors.Forbidden(_("Please send an api_key."), code="api_key_needed")
    return actor


def _region(request: HttpRequest) -> str:
    """Return the region asked for, or the only one. Raises Problem (400) and NotFound, as the standard says."""
    given = request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id")
    if given:
        try:
            return directory.region_in_force(given, answers.local_date(clock.now())).code[:6]
        except errors.Invalid as error:
            raise errors.NotFound(str(error), code="jurisdiction_unknown", field="jurisdiction_id") from error
    there = Department.objects.filter(valid_to=None).order_by("region").values_list("region", flat=True).distinct()[:2]
    if len(there) == 1:
        return there[0][:6]
    raise errors.Problem(_("Please say where: jurisdiction_id is needed."), code="jurisdiction_needed")


def _categories(region: str) -> tuple[Category, ...]:
    return rulebooks.in_force(region, clock.now()).section(Categories).root


def _category(region: str, code: str) -> Category:
    found = next((one for one in _categories(region) if one.id == code), None)
    if found is None:
        raise errors.NotFound(
            _("There is no service with this code here."), code="service_unknown", field="service_code"
        )
    return found

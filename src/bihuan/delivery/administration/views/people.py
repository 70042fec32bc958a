"""People: the list, one account, making and correcting it, locking, passwords; appointments."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts import selectors, services
from bihuan.foundation.accounts.models import Appointment, Person
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import answers, errors

from ..forms import AppointForm, PersonFilter, PersonForm, ReasonForm
from ..places import ADMINS, SECURITY, SYSTEM, is_system, region, regions
from ..presenters import people as presenters
from ..presenters import record as record_lines
from .cursors import cursor, form_page

RECENT = 10
"""Lines of the security record that an account's page shows the audit administrator."""


@require_GET
@ADMINS
def people(request: Any) -> HttpResponse:
    """The people of the reader's places: search, narrow down, open."""
    form = PersonFilter(request.GET, region=region(request, regions(request)).code)
    narrowed = form.narrowed()
    found, following = selectors.persons(
        reader=request.reader, now=request.now, narrowed=narrowed, after=cursor(request)
    )
    query = {key: value for key, value in request.GET.items() if value and key != "cursor"}
    context = {
        "form": form,
        "lines": presenters.lines(found, request.now),
        "next": str(following or ""),
        "chips": presenters.chips(form, query, reverse("administration:people")),
        "may_make": is_system(request),
    }
    return render(request, "administration/people.html", context)


@require_GET
@ADMINS
def person(request: Any, person_id: uuid.UUID) -> HttpResponse:
    """One account: how it stands, the offices, and what the reader's administration may do."""
    found = selectors.person_of(reader=request.reader, person_id=person_id)
    return render(request, "administration/person.html", _account(request, found))


def _account(request: Any, found: Person) -> dict[str, Any]:
    held, mine = request.reader.roles, request.reader.person_id == found.pk
    failures, factors = selectors.failures(found.username), selectors.second_factors(found.pk)
    context = {
        "person": found,
        "offices": presenters.offices(selectors.appointments_of(found.pk), request.now),
        "failures": failures,
        "factors": factors,
        "tokens": selectors.tokens(found.pk).filter(revoked_at=None).count(),
        "actions": [] if mine else presenters.actions(found, failures=failures, factors=factors, held=held),
        "mine": mine,
        "may_correct": Role.SYSTEM_ADMIN in held,
        "may_appoint": Role.SECURITY_ADMIN in held and not mine,
    }
    if Role.AUDIT_ADMIN in held:
        events = selectors.security_events(reader=request.reader, person_id=found.pk, limit=RECENT)
        context["record"] = record_lines.lines(events)
    return context


@never_cache
@require_http_methods(["GET", "POST"])
@SYSTEM
def new(request: Any) -> HttpResponse:
    """Make an account; its first password is shown once."""
    form = PersonForm(request.POST or None, initial={"language": "zh-hans"})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_person(**form.cleaned_data, actor_id=request.reader.person_id, now=request.now)
            return _with_password(request, made, fresh=True)
        except (errors.Invalid, errors.Conflict) as problem:
            form.show(problem)
    return form_page(request, "administration/person_form.html", form)


@require_http_methods(["GET", "POST"])
@SYSTEM
def correct(request: Any, person_id: uuid.UUID) -> HttpResponse:
    """Correct a name or ways to be reached."""
    found = selectors.person_of(reader=request.reader, person_id=person_id)
    known = {name: getattr(found, name) for name in ("display_name", "phone", "email", "language")}
    form = PersonForm(request.POST or None, initial=known, known=True)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_person(
                person_id=person_id, **form.cleaned_data, actor_id=request.reader.person_id, now=request.now
            )
            messages.success(request, _("Saved."))
            return redirect("administration:person", person_id)
        except errors.Invalid as problem:
            form.show(problem)
    return form_page(request, "administration/person_form.html", form, person=found)


@never_cache
@require_POST
@SYSTEM
def password(request: Any, person_id: uuid.UUID) -> HttpResponse:
    """Give somebody a new password and show it once."""
    found = selectors.person_of(reader=request.reader, person_id=person_id)
    return _with_password(request, found, fresh=False)


def _with_password(request: Any, found: Person, *, fresh: bool) -> HttpResponse:
    given = services.give_password(person_id=found.pk, actor_id=request.reader.person_id, now=request.now)
    context = {"person": found, "password": given, "fresh": fresh}
    return render(request, "administration/password.html", context)


def _forgive(*, reason: str, **given: Any) -> None:
    services.forgive_failures(**given)


SYSTEM_ACTIONS: dict[str, tuple[Callable[..., Any], Any]] = {
    "lock": (services.disable_person, gettext_lazy("Locked.")),
    "unlock": (services.enable_person, gettext_lazy("Unlocked.")),
    "forgive": (_forgive, gettext_lazy("Failed attempts are forgiven.")),
}
SECURITY_ACTIONS: dict[str, tuple[Callable[..., Any], Any]] = {
    "second-factor": (services.reset_second_factor, gettext_lazy("The second factor is removed.")),
}


@require_POST
@SYSTEM
def act(request: Any, person_id: uuid.UUID, action: str) -> HttpResponse:
    """Lock, unlock or forgive, for a reason."""
    return _done(request, person_id, SYSTEM_ACTIONS.get(action))


@require_POST
@SECURITY
def secure(request: Any, person_id: uuid.UUID, action: str) -> HttpResponse:
    """Take away a second factor, for a reason."""
    return _done(request, person_id, SECURITY_ACTIONS.get(action))


def _done(request: Any, person_id: uuid.UUID, action: tuple[Callable[..., Any], Any] | None) -> HttpResponse:
    selectors.person_of(reader=request.reader, person_id=person_id)
    if action is None:
        raise errors.NotFound
    form = ReasonForm(request.POST)
    if form.is_valid():
        verb, said = action
        verb(person_id=person_id, actor_id=request.reader.person_id, now=request.now, **form.cleaned_data)
        messages.success(request, said)
    else:
        messages.error(request, _("Nothing was done: please say why."))
    return redirect("administration:person", person_id)


@require_http_methods(["GET", "POST"])
@SECURITY
def appoint(request: Any, person_id: uuid.UUID) -> HttpResponse:
    """Appoint somebody to a role."""
    found = selectors.person_of(reader=request.reader, person_id=person_id)
    places = regions(request, Role.SECURITY_ADMIN)
    here = region(request, places, strict=False).code
    posted = request.POST if request.method == "POST" else None
    form = AppointForm(posted, regions=places, region=here, on=answers.local_date(request.now))
    if posted is not None and form.is_valid():
        try:
            actor = {"actor_id": request.reader.person_id, "now": request.now}
            services.appoint(person_id=person_id, **form.wanted(), **actor)
            messages.success(request, _("Appointed. It holds at the next page that is opened."))
            return redirect("administration:person", person_id)
        except (errors.Invalid, errors.Conflict) as problem:
            form.show(problem)
    return form_page(request, "administration/appoint.html", form, person=found, several=len(places) > 1)


@require_POST
@SECURITY
def end(request: Any, appointment_id: uuid.UUID) -> HttpResponse:
    """End an appointment now, for a reason."""
    held = Appointment.objects.filter(pk=appointment_id).first()
    if held is None:
        raise errors.NotFound
    selectors.person_of(reader=request.reader, person_id=held.person_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        actor = {"actor_id": request.reader.person_id, "now": request.now}
        services.end_appointment(appointment_id=appointment_id, reason=form.cleaned_data["reason"], **actor)
        messages.success(request, _("The appointment has ended."))
    else:
        messages.error(request, _("Nothing was done: please say why."))
    return redirect("administration:person", held.person_id)

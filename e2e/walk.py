"""A walk through every address of the product that answers a reader with a page: clean, still, and looked at.

A page is opened by the first kind of reader who may. New routes join without a word; one whose address has a part that
nobody here knows how to fill fails `test_nothing_in_an_address_is_unknown` until `_filled` or ABSENT says it. Each kind
of reader has one window, logged in once; each page is loaded once and then looked at in every width and theme.
Pictures of all of them go to e2e/artifacts/pages.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from playwright.sync_api import Page

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.rulebooks import services as rulebook_services
from e2e import browsing

STAFF = (
    "coordinator", "catch_all", "seat", "leader", "supervision_office", "discipline", "liaison", "deputy", "board_head",
)  # fmt: skip
OTHERS = (None, "system_admin", "security_admin", "audit_admin", "enterprise")
READERS = (None, *STAFF, *OTHERS[1:])
"""Kinds of readers in the order in which they try a page; None has not logged in."""
AGAIN = {
    "cases:queue": ("leader", "liaison", "board_head", "audit_admin"),
    "cases:case": ("liaison", "leader"),
    "intake:home": (None,),
    "administration:person": ("audit_admin",),
}
"""Pages that show other readers something else; the audit administrator is refused the workbench."""
ABSENT = {
    "clue_id", "request_id",
    "track_id", "order_id", "entry_id", "notice_id", "file_id", "view_id", "token", "bulletin", "peer_id", "thing_id",
    "appointment_id", "token_id", "call_id", "question_id", "draw_id", "mark_id",
    "edition_id", "exclusion_id", "panelist_id", "period", "proposal_id", "refusal_id", "retrospective_id",
    "inquiry_id", "sign_id", "relief_id", "check_id", "point_id",
    "decision_id", "member_id", "item_id", "meeting_id",
    "institution_id", "competition_id", "warning_id", "lesson_id", "shelf_id",
    "instrument_id", "finding_id", "handover_id", "account_id", "frequent_id",
    "sheet_id", "examination_id",
    "project_id", "milestone_id", "policy_id", "clause_id", "mandate_id", "task_id", "window_id",
    "round_id", "grant_id", "promise_id",
    "code_id", "follow_up_id",
    "visit_id", "photo_id", "plan_id", "uscc",
    "listed_id", "standing_id", "repair_id", "batch_id",
    "questionnaire_id", "asked_problem_id", "campaign_id", "matter_id",
}  # fmt: skip
"""Parts of addresses whose things this small district has none of; the journeys of their own open those pages."""
NO_PAGES = {"action", "ending", "form", "code", "format", "path", "version", "step", "key", "by", "what", "name"}
"""Parts of addresses that only deeds, files and interfaces have."""
ALIKE = {"api-docs": "section.bh-panel"}
FEW = "wanted => document.querySelectorAll(wanted).forEach((one, at) => at < 12 || one.remove())"
"""Pages of hundreds of parts made alike: a dozen of them are looked at."""
SHOTS = browsing.shots("pages")


def routes(patterns: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (name, names of the parts) of every route."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if not isinstance(one, URLPattern):
            yield from routes(one.url_patterns, (*spaces, *([one.namespace] if one.namespace else [])))
        elif one.name and not set(spaces) & {"api-1.0.0", "api"}:
            yield ":".join((*spaces, one.name)), tuple(one.pattern.regex.groupindex) or tuple(one.pattern.converters)


def _filled(made: Any, main: Any) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return what fills the parts of addresses, and what fills those of one route otherwise."""
    if rulebooks.history(DISTRICT).first() is None:
        rulebook_services.apply(region=DISTRICT, name="qiantang", actor_id=None, now=NOW, note="试行")
    answered = made.case("accept", "dispatch", "sign", "submit_plan", "reply", "verify_start", "verify_close")
    usual = {
        "number": main.number, "region": DISTRICT, "person_id": made.staff("seat").reader.person_id, "page": "queue",
        "department_id": made.department("water").pk, "board_id": directory.boards(DISTRICT)[0].pk, "kind": "warning",
        "version_id": rulebooks.history(DISTRICT).first().pk,
    }  # fmt: skip
    return usual, {"intake:judge": {"number": answered.number}, "inspections:list": {"name": "item"}}


def addresses(made: Any, main: Any) -> tuple[dict[str, str], set[str]]:
    """Return route → address, for every route whose parts the district can fill; and the parts nobody fills."""
    usual, otherwise = _filled(made, main)
    found, unknown = {}, set()
    for name, parts in routes():
        where = usual | otherwise.get(name, {})
        if missing := set(parts) - set(where):
            unknown |= missing
            continue
        with suppress(NoReverseMatch):
            found[name] = reverse(name, kwargs={part: where[part] for part in parts})
    return found, unknown


def person_for(made: Any, role: str | None) -> Any:
    """Return an actor with the role."""
    if role is None:
        return None
    if role == "liaison":
        return made.liaison()
    if role == "board_head":
        return made.person("board", "board_head", board="projects")
    return made.owner if role == "enterprise" else made.staff(role)


Places = list[tuple[str, str | None]]


def places_of(made: Any, found: dict[str, str]) -> Places:
    """Return (route, kind of reader who opens it) of every address that answers somebody with a page."""
    clients: dict[str | None, Client] = {}
    for role in READERS:
        clients[role] = Client()
        if role:
            person = Person.objects.get(pk=person_for(made, role).reader.person_id)
            if role == "system_admin":
                # People of tests have no password; one with a password sees the page to change it.
                person.set_password("what-nobody-types")
                person.save()
            clients[role].force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    places: Places = []
    for name, path in sorted(found.items()):
        for role in ("enterprise", *READERS) if name.startswith("intake:") else READERS:
            answer: HttpResponse = clients[role].get(path)
            html = answer.headers.get("Content-Type", "").startswith("text/html")
            if answer.status_code == 200 and html and b"<main" in answer.content:
                places += [(name, one) for one in (role, *AGAIN.get(name, ()))]
                break
    return places


def walk(opened: Callable[..., Any], address: str, made: Any, found: dict[str, str], places: Places) -> list[Any]:
    """Look at every place; return what is wrong with them."""
    routes_of = {f"{name.replace(':', '-')}-{role or 'nobody'}": (name, role) for name, role in places}

    def fewer(page: Page, name: str) -> None:
        if (route := routes_of[name][0]) in ALIKE:
            page.evaluate(FEW, ALIKE[route])

    seen = [(name, person_for(made, role), found[route]) for name, (route, role) in routes_of.items()]
    wrong = browsing.faults_of(opened, address, seen, folder=SHOTS, before=fewer)
    return [one for one in wrong if not (one[1] == "complains" and "403" in one[2])]

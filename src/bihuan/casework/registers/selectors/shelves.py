"""Reads of competitions, model cases, warnings and the case library, with the eyes of an actor."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from bihuan.casework.cases.models import Case, Contact
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.cases.rules import numbers
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database

from .. import permissions
from ..models import Adoption, Ballot, Caution, Competition, Exemplar, Lesson, Reading
from ..rules import privacy
from ..states import WARNERS, CompetitionState, ExemplarState, LessonState, WarningState
from .institutions import PAGE, available, not_found

ALIKE_READ, ALIKE_SHOWN = 60, 3
"""Newest lessons of a category that are compared with a case, and how many of them are worth a reader's time."""
Page = tuple[list[Any], uuid.UUID | None]


@dataclass(frozen=True, kw_only=True)
class Names:
    """Whom a text must not name."""

    firms: tuple[str, ...]
    people: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Contest:
    """A competition as a reader sees it. cast: votes so far; choice: what they may vote for (empty: nothing)."""

    thing: Competition
    exemplars: list[Exemplar]
    cast: int
    voted: bool
    choice: list[Exemplar]
    available_actions: list[str]


_FIRMS = "select name from directory_enterprise where region like %s and strpos(%s, name) > 0 limit 20"


def names_of(*, case: Case | None, region: str, text: str, now: dt.datetime) -> Names:
    """Return whom a text about a case must not name; call with the product's eyes.

    The firm, contact and raiser of the case, the people of its lead department, and firms of the place in the text.
    """
    firms = [name for (name,) in database.fetch(_FIRMS, [f"{region[:6]}%", text])]
    people: list[str] = []
    if case is not None:
        firms += [case.enterprise.name] if case.enterprise else []
        contact = Contact.objects.filter(case=case).first()
        people += [contact.name] if contact else []
        persons = {case.raised_by} - {None}
        for role in (Role.LIAISON, Role.DEPARTMENT_HEAD) if case.lead_department_id else ():
            there = accounts.holders(role=role, region=case.region, now=now, department_id=case.lead_department_id)
            persons |= set(there)
        people += accounts.names(one for one in persons if one is not None).values()
    places = tuple(one.name for one in directory.region_path(region[:6]))
    return Names(firms=tuple(firms), people=tuple(one for one in people if one), places=places)


def tells(*texts: str, case: Case | None, region: str, now: dt.datetime, stays: str = "") -> list[str]:
    """Return by what a text tells who it is about (kinds of `rules.privacy`); call with the product's eyes.

    Looked for: the enterprise, contact, raiser and handlers of the case, every firm of the region by its whole name,
    telephones, identity and credit codes, addresses, case numbers; also in full-width digits and with spaces between.
    stays: why what looks like a name stays (a common word, say). Numbers, codes and addresses never stay.
    """
    whole = "\n".join(texts)
    known = names_of(case=case, region=region, text=privacy.plain(whole), now=now)
    found = privacy.tells(whole, firms=known.firms, people=known.people, places=known.places)
    return [one for one in found if not (stays and one in privacy.LIKE_NAMES)]


def tells_of_draft(thing: Caution, *, now: dt.datetime) -> list[str]:
    """Return by what a draft tells who it is about: firms and people may have come since it was written."""
    with database.reading(THE_SYSTEM.scope()):
        texts = thing.title, thing.text, thing.lesson
        return tells(*texts, case=thing.case, region=thing.region, now=now, stays=thing.stays)


def is_over(case: Case) -> bool:
    """Tell whether a case is closed and was not withdrawn, merged or declined."""
    return case.state in ("closed", "archived") and case.closed_kind not in ("", "withdrawn")


def _of_place(model: Any, actor: Actor) -> Any:
    rows = model.objects.all()
    if actor.system:
        return rows
    return rows.filter(region__in=permissions.places(actor)) if permissions.is_staff(actor) else rows.none()


def of_competitions(actor: Actor) -> Any:
    """Return the competitions of the actor's places."""
    return _of_place(Competition, actor)


def of_exemplars(actor: Actor) -> Any:
    """Return the nominated and promoted cases of the actor's places."""
    return _of_place(Exemplar, actor).select_related("department", "competition")


def of_warnings(actor: Actor) -> Any:
    """Return the warnings of the actor's places; drafts and what was taken back only for those who circulate."""
    rows = _of_place(Caution, actor)
    if actor.system:
        return rows
    inside = actor.reader.regions_for(sorted(WARNERS)) if actor.reader else ()
    return rows.filter(Q(region__in=inside) | Q(state=WarningState.CIRCULATED.value))


def of_lessons(actor: Actor) -> Any:
    """Return the entries of the case library of the actor's places; what was taken out only for its keepers."""
    rows = _of_place(Lesson, actor).select_related("institution")
    kept = actor.reader.regions_for(permissions.KEEPING) if actor.reader else ()
    return rows if actor.system else rows.filter(Q(region__in=kept) | Q(state=LessonState.PUBLISHED.value))


def _page(rows: Any, before: uuid.UUID | None, limit: int) -> Page:
    rows = rows.filter(id__lt=before) if before is not None else rows
    found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def competitions(*, actor: Actor, before: uuid.UUID | None = None, limit: int = PAGE) -> Page:
    """Return competitions, newest first, and the id to continue after."""
    with database.reading(actor.scope()):
        return _page(of_competitions(actor), before, limit)


def competition(*, competition_id: uuid.UUID, actor: Actor) -> Contest:
    """Return one competition with what takes part, most votes first once they are counted. Raises NotFound."""
    with database.reading(actor.scope()):
        thing = of_competitions(actor).filter(pk=competition_id).first()
        if thing is None:
            raise not_found()
        rows = list(of_exemplars(actor).filter(competition=thing).order_by("-votes", "id"))
    with database.reading(THE_SYSTEM.scope()):
        ballots = Ballot.objects.filter(competition=thing)
        cast = ballots.count()
        voted = actor.person_id is not None and ballots.filter(voter_id=actor.person_id).exists()
    actions = available(actor, thing)
    choice = [one for one in rows if one.state == ExemplarState.NOMINATED and not permissions.is_own(actor, one)]
    if "vote" in actions and (voted or not choice):
        actions.remove("vote")
    if "open_vote" in actions and not rows:
        actions.remove("open_vote")
    return Contest(
        thing=thing,
        exemplars=rows,
        cast=cast,
        voted=voted,
        choice=choice if "vote" in actions else [],
        available_actions=actions,
    )


def exemplars(
    *, actor: Actor, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[tuple[Exemplar, list[Adoption], list[str]]], uuid.UUID | None]:
    """Return (model case, who adopted it, what the actor may do), newest first, and the id to continue after."""
    with database.reading(actor.scope()):
        rows = of_exemplars(actor)
        found, following = _page(rows.filter(state=state) if state else rows, before, limit)
        taken: dict[uuid.UUID, list[Adoption]] = {}
        for one in Adoption.objects.filter(exemplar__in=found).select_related("department").order_by("id"):
            taken.setdefault(one.exemplar_id, []).append(one)
    return [(one, taken.get(one.id, []), can_do(actor, one, taken.get(one.id, []))) for one in found], following


def exemplar(*, exemplar_id: uuid.UUID, actor: Actor) -> tuple[Exemplar, list[Adoption], list[str]]:
    """Return one model case, who adopted it, and what the actor may do. Raises NotFound."""
    with database.reading(actor.scope()):
        thing = of_exemplars(actor).filter(pk=exemplar_id).first()
        if thing is None:
            raise not_found()
        taken = list(Adoption.objects.filter(exemplar=thing).select_related("department").order_by("id"))
    return thing, taken, can_do(actor, thing, taken)


def can_do(actor: Actor, thing: Exemplar, taken: list[Adoption]) -> list[str]:
    """Return what the actor could do with a model case: adopt it once, withdraw it before the vote."""
    unit = permissions.unit_of(actor, thing.region)
    runs = thing.competition is not None and thing.competition.state == CompetitionState.VOTING
    hidden = {"adopt": any(one.department_id == unit for one in taken), "withdraw": runs}
    return [name for name in available(actor, thing) if not hidden.get(name)]


def warnings(*, actor: Actor, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE) -> Page:
    """Return warnings with `read`, how many departments have read them; newest first."""
    with database.reading(actor.scope()):
        rows = of_warnings(actor)
        counted = (rows.filter(state=state) if state else rows).annotate(read=Count("readings"))
        return _page(counted, before, limit)


def warning(*, warning_id: uuid.UUID, actor: Actor) -> tuple[Caution, list[Reading], list[str]]:
    """Return one warning, which departments have read it, and what the actor may do. Raises NotFound."""
    with database.reading(actor.scope()):
        thing = of_warnings(actor).filter(pk=warning_id).first()
        if thing is None:
            raise not_found()
        read = list(Reading.objects.filter(warning=thing).select_related("department").order_by("id"))
    # Reading is noted by opening the page; there is nothing to press.
    return thing, read, [name for name in available(actor, thing) if name != "read"]


def lessons(
    *, actor: Actor, q: str = "", category: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> Page:
    """Return entries of the case library that contain what was typed, newest first."""
    with database.reading(actor.scope()):
        rows = of_lessons(actor)
        rows = rows.filter(category=category) if category else rows
        if query := numbers.search_query(q):
            rows = rows.extra(where=["registers_lesson.search @@ %s::tsquery"], params=[query])
        elif q:
            rows = rows.none()
        return _page(rows.defer("search"), before, limit)


def lesson(*, lesson_id: uuid.UUID, actor: Actor) -> tuple[Lesson, list[str]]:
    """Return one entry of the case library and what the actor may do. Raises NotFound."""
    with database.reading(actor.scope()):
        thing = of_lessons(actor).filter(pk=lesson_id).defer("search").first()
        if thing is None:
            raise not_found()
    return thing, available(actor, thing)


def lessons_beside(*, case: Case, actor: Actor) -> list[Lesson]:
    """Return the lessons of the case's category that are most like it; staff only. Call inside `reading`; one query."""
    if not case.category or not permissions.is_staff(actor):
        return []
    rows = of_lessons(actor).filter(region=case.region, category=case.category, state=LessonState.PUBLISHED.value)
    found = list(rows.exclude(case=case).defer("search").order_by("-id")[:ALIKE_READ])
    said = set(numbers.search_terms([case.title, case.description[:1000]]))
    found.sort(key=lambda one: -len(said.intersection(numbers.search_terms([one.title, one.problem]))))
    return found[:ALIKE_SHOWN]


def lesson_of(*, case: Case, actor: Actor) -> Lesson | None:
    """Return what the library holds of this very case, or None. Call inside `reading`."""
    found: Lesson | None = (
        of_lessons(actor).filter(case=case, state=LessonState.PUBLISHED.value).defer("search").first()
    )
    return found

"""REST: boards, departments and enterprises of a place, and its rulebooks. Reads only; open to whoever is logged in."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, Reader, allow
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

router = Router(tags=["places"])


class RegionQuery(Schema):
    """Which region; without it, those of the caller's offices."""

    region: str | None = Field(default=None, max_length=9, description="GB/T 2260 code")


class DepartmentOut(Schema):
    """A department (or another body) in force today."""

    code: str
    name: str
    short_name: str
    kind: str
    region: str
    parent: str | None


class BoardOut(Schema):
    """A board of the service centre in force today."""

    code: str
    name: str
    kind: str
    region: str
    lead_department: str


class FirmOut(Schema):
    """An enterprise of the directory."""

    uscc: str
    name: str
    region: str
    town: str | None
    address: str | None
    industry: str | None
    size: str | None
    closed_on: dt.date | None


class RulebookLine(Schema):
    """The rulebook in force in a region."""

    id: uuid.UUID
    name: str
    region: str
    number: int
    sha: str
    effective_from: dt.datetime


class RulebookOut(RulebookLine):
    """A rulebook with all its sections, as they count after merging over the defaults."""

    sections: dict[str, Any]


class Departments(Schema):
    """All departments asked for."""

    items: list[DepartmentOut]
    next: str | None


class Boards(Schema):
    """All boards asked for."""

    items: list[BoardOut]
    next: str | None


class Rulebooks(Schema):
    """The rulebooks in force."""

    items: list[RulebookLine]
    next: str | None


def regions_of(request: Request, region: str | None) -> list[str]:
    """Return the six-digit codes to look at. Raises Invalid for a region that is unknown or not in force."""
    if region:
        found = directory.region_in_force(region, answers.local_date(request.now))
        return list(directory.descendants(found.code[:6]))
    reader = request.auth.reader
    own = [code for grant in reader.grants for code in grant.regions] if reader else []
    return list(dict.fromkeys(code[:6] for code in own))


@router.get("/departments", response=Departments, summary="Departments")
@allow(LOGGED_IN)
def list_departments(request: Request, query: Query[RegionQuery]) -> HttpResponse:
    """The departments in force today, in the order of their names."""
    today = answers.local_date(request.now)
    found = [one for code in regions_of(request, query.region) for one in directory.departments(code, on=today)]
    codes = {one.id: one.code for one in found}
    items = [
        {
            "code": one.code,
            "name": one.name,
            "short_name": one.short_name,
            "kind": one.kind,
            "region": one.region,
            "parent": codes.get(one.parent_id) if one.parent_id else None,
        }
        for one in found
    ]
    return answers.page(items, None)


@router.get("/boards", response=Boards, summary="Boards")
@allow(LOGGED_IN)
def list_boards(request: Request, query: Query[RegionQuery]) -> HttpResponse:
    """The boards in force today, in their set order."""
    today = answers.local_date(request.now)
    items = [
        {
            "code": one.code,
            "name": one.name,
            "kind": one.kind,
            "region": one.region,
            "lead_department": one.lead_department.code,
        }
        for code in regions_of(request, query.region)
        for one in directory.boards(code, on=today)
    ]
    return answers.page(items, None)


@router.get("/enterprises/{uscc}", response=FirmOut, summary="An enterprise")
@allow(LOGGED_IN)
def show_enterprise(request: Request, uscc: str) -> HttpResponse:
    """An enterprise by its credit code: for offices of its region, and for its own users."""
    found = directory.enterprise(directory_rules.check_uscc(uscc, field="uscc"))
    if found is None or not _may_read(request.auth.reader, found):
        raise errors.NotFound(_("There is no such enterprise, or you may not see it."), code="enterprise_not_found")
    texts = {name: getattr(found, name) or None for name in ("town", "address", "industry", "size")}
    return answers.json(
        {"uscc": found.uscc, "name": found.name, "region": found.region, **texts, "closed_on": found.closed_on}
    )


def _may_read(reader: Reader | None, firm: Any) -> bool:
    if reader is None:
        return False
    if any(grant.enterprise_id == firm.id for grant in reader.grants if grant.enterprise_id):
        return True
    return any(firm.region[:6] in grant.regions for grant in reader.grants if grant.enterprise_id is None)


@router.get("/rulebooks", response=Rulebooks, summary="Rulebooks in force")
@allow(LOGGED_IN)
def list_rulebooks(request: Request, query: Query[RegionQuery]) -> HttpResponse:
    """The rulebooks in force, each once, in the regions asked for."""
    books = (rulebooks.in_force(code, request.now) for code in regions_of(request, query.region) or ["000000"])
    return answers.page([_line(book) for book in {book.id: book for book in books}.values()], None)


@router.get("/rulebooks/{name}", response=RulebookOut, summary="A rulebook")
@allow(LOGGED_IN)
def show_rulebook(request: Request, name: str) -> HttpResponse:
    """The rulebook in force in a region (by its code), or a version by its id, with every section."""
    book = rulebooks.version(uuid.UUID(name)) if _is_uuid(name) else _of_region(name, request.now)
    sections = {key: value.model_dump(mode="json") for key, value in book.sections.items()}
    return answers.json({**_line(book), "sections": sections})


def _of_region(code: str, now: dt.datetime) -> rulebooks.Rulebook:
    if code != "000000":
        directory.region_in_force(code, answers.local_date(now), field="name")
    return rulebooks.in_force(code, now)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _line(book: rulebooks.Rulebook) -> dict[str, Any]:
    return {
        "id": book.id,
        "name": book.name,
        "region": book.region,
        "number": book.number,
        "sha": book.sha,
        "effective_from": answers.local(book.effective_from),
    }

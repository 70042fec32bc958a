"""Sets up the district before anything happens, and hands out its accounts."""

import datetime as dt
import io
import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from bihuan.casework.cases import services as cases
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import selectors as places
from bihuan.foundation.directory import services as directory
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.rulebooks import selectors as versions
from bihuan.foundation.rulebooks import services as rulebooks

from . import firms, place
from .people import Account

ACCOUNTS_FILE = "demo-accounts.json"


def is_inhabited() -> bool:
    """Tell whether anybody is known to this installation."""
    with database.writing():
        return Person.objects.exists()


def settle(*, invented: tuple[firms.Firm, ...], staff: tuple[Account, ...], now: dt.datetime) -> None:
    """Set up regions, rulebook, departments, boards, enterprises and people as of `now`, all or nothing."""
    by: dict[str, Any] = {"actor_id": OPERATOR, "now": now}
    with clock.at(now), database.writing():
        directory.load_packaged_regions(now=now, demonstration=True)
        _set_up_centre(place.DISTRICT, place.DEPARTMENTS.values(), place.BOARDS.values(), now)
        _set_up_centre(place.CITY, place.CITY_DEPARTMENTS.values(), place.CITY_BOARDS, now)
        rulebooks.apply(name="lanchuan", text=place.RULEBOOK, region=place.DISTRICT, **by)
        directory.import_enterprises(file=io.BytesIO(firms.as_csv(invented)), filename="enterprises.csv", **by)
        departments = {
            (region, one.code): one.id for region in (place.DISTRICT, place.CITY) for one in places.departments(region)
        }
        for account in staff:
            person = accounts.create_person(username=account.username, display_name=account.name, **by)
            firm = places.enterprise(account.enterprise) if account.enterprise else None
            accounts.appoint(
                person_id=person.pk,
                role=account.role,
                region=account.region,
                department_id=departments.get((account.region, account.department)),
                board=account.board or None,
                enterprise_id=firm.id if firm else None,
                **by,
            )


def _set_up_centre(
    region: str, departments: Iterable[place.Department], boards: Iterable[place.Board], now: dt.datetime
) -> None:
    where: dict[str, Any] = {"region": region, "actor_id": OPERATOR, "now": now}
    for one in departments:
        directory.create_department(code=one.code, name=one.name, short_name=one.short, kind=one.kind, **where)
    for position, board in enumerate(boards):
        directory.create_board(
            code=board.code, name=board.name, lead=board.lead, kind=board.kind, position=position, **where
        )


def change_rules(*, now: dt.datetime) -> None:
    """Put a second rulebook into force, once, and move the open matters to it, all or nothing.

    It changes nothing that the plan counts on.
    """
    with clock.at(now), database.writing():
        if versions.history(place.DISTRICT).count() > 1:
            return
        admin = Person.objects.get(username="sysadmin").pk
        terms: dict[str, Any] = {"name": "lanchuan", "note": place.WHY_CHANGED, "actor_id": admin, "now": now}
        done = cases.apply_rulebook(region=place.DISTRICT, text=place.RULEBOOK + place.CHANGE, move_open=True, **terms)
        for case_id in cases.to_move(version_id=done.version.id, after=None, now=now, limit=100_000):
            cases.move_to_rulebook(case_id=case_id, version_id=done.version.id, actor_id=admin, now=now)


def hand_out(*, folder: Path, staff: tuple[Account, ...], now: dt.datetime) -> list[dict[str, str]]:
    """Give everybody the one password of this installation and a token of their own, once, and write them down.

    The password is hashed once for all of them: a hash for each would take as long as a month of cases.
    """
    path = folder / ACCOUNTS_FILE
    if path.exists():
        kept: list[dict[str, str]] = json.loads(path.read_text())
        return kept
    password = f"Lanchuan-{secrets.token_hex(4)}"
    handed_out = []
    with clock.at(now), database.writing():
        ids = dict(Person.objects.values_list("username", "id"))
        Person.objects.filter(username__in=[one.username for one in staff]).update(password=make_password(password))
        for one in staff:
            token = accounts.issue_token(person_id=ids[one.username], name="demonstration", now=now, actor_id=OPERATOR)
            office = {"department": one.department, "board": one.board, "enterprise": one.enterprise}
            handed_out.append(
                {"role": str(one.role), "username": one.username, "password": password, "token": token}
                | {"region": one.region}
                | {name: value for name, value in office.items() if value}
            )
    write(path, handed_out)
    return handed_out


def write(path: Path, document: object) -> None:
    """Write JSON so that it is there wholly or not at all, for this user only."""
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
    draft.replace(path)

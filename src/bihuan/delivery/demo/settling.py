"""Sets up the district before anything happens, and hands out its accounts."""

import datetime as dt
import io
import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import selectors as places
from bihuan.foundation.directory import services as directory
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
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
        _set_up_centre(now)
        rulebooks.apply(name="lanchuan", text=place.RULEBOOK, region=place.DISTRICT, **by)
        directory.import_enterprises(file=io.BytesIO(firms.as_csv(invented)), filename="enterprises.csv", **by)
        departments = {one.code: one.id for one in places.departments(place.DISTRICT)}
        for account in staff:
            person = accounts.create_person(username=account.username, display_name=account.name, **by)
            firm = places.enterprise(account.enterprise) if account.enterprise else None
            accounts.appoint(
                person_id=person.pk,
                role=account.role,
                region=place.DISTRICT,
                department_id=departments.get(account.department),
                board=account.board or None,
                enterprise_id=firm.id if firm else None,
                **by,
            )


def _set_up_centre(now: dt.datetime) -> None:
    where: dict[str, Any] = {"region": place.DISTRICT, "actor_id": OPERATOR, "now": now}
    for one in place.DEPARTMENTS.values():
        directory.create_department(code=one.code, name=one.name, short_name=one.short, kind=one.kind, **where)
    for position, board in enumerate(place.BOARDS.values()):
        directory.create_board(
            code=board.code, name=board.name, lead=board.lead, kind=board.kind, position=position, **where
        )


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
                | {"region": place.DISTRICT}
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

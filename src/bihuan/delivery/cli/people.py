"""`bihuan user …`, `bihuan token …`: people and bearer tokens, by the operator of the machine."""

import datetime as dt

import click

from . import setting_up
from .output import json_option, put


@click.group()
def user() -> None:
    """People who can log in."""


@user.command("create")
@click.argument("username")
@click.option("--name", "display_name", required=True, help="The name shown.")
@click.option("--role", help="A role id; may need --department, --board or --enterprise.")
@click.option("--region", help="GB/T 2260 code of the place of the role.")
@click.option("--department", help="Code of the department.")
@click.option("--board", help="Code of the board.")
@click.option("--enterprise", help="Credit code (USCC) of the enterprise.")
@click.option("--password", envvar="BIHUAN_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True)
@json_option
def create(
    username: str,
    display_name: str,
    role: str | None,
    region: str | None,
    department: str | None,
    board: str | None,
    enterprise: str | None,
    password: str,
    as_json: bool,
) -> None:
    """Create a person, and appoint them to one role if given."""
    if role and not region:
        raise click.UsageError("--role needs --region")
    setting_up.prepare()
    from bihuan.foundation.accounts import services as accounts
    from bihuan.foundation.directory import selectors as directory
    from bihuan.foundation.directory.permissions import OPERATOR
    from bihuan.foundation.kernel import clock, database, errors

    now = clock.now()
    with database.writing():
        person = accounts.create_person(
            username=username, display_name=display_name, password=password, actor_id=OPERATOR, now=now
        )
        if role and region:
            office = directory.department_in_force(region, department, now.date()) if department else None
            firm = directory.enterprise(enterprise) if enterprise else None
            if enterprise and firm is None:
                raise errors.NotFound("There is no enterprise with this credit code.", field="enterprise")
            accounts.appoint(
                person_id=person.id,
                role=role,
                region=region,
                department_id=office.id if office else None,
                board=board,
                enterprise_id=firm.id if firm else None,
                actor_id=OPERATOR,
                now=now,
            )
    put(
        {"id": str(person.id), "username": person.username, "role": role},
        as_json=as_json,
        lines=[f"{person.username} is there."],
    )


@click.group()
def token() -> None:
    """Bearer tokens for scripts."""


@token.command("create")
@click.option("--user", "username", required=True, help="Whose token it is.")
@click.option("--name", default="cli", show_default=True, help="What it is for.")
@click.option("--days", type=click.IntRange(1, 3650), help="Days until it expires; without it, it does not.")
@json_option
def create_token(username: str, name: str, days: int | None, as_json: bool) -> None:
    """Print a new bearer token; it is shown this once."""
    setting_up.prepare()
    from bihuan.foundation.accounts import selectors
    from bihuan.foundation.accounts import services as accounts
    from bihuan.foundation.kernel import clock, errors

    now = clock.now()
    person = selectors.person_named(username)
    if person is None:
        raise errors.NotFound("There is nobody with this user name.", field="user")
    expires = now + dt.timedelta(days=days) if days else None
    plain = accounts.issue_token(person_id=person.id, name=name, now=now, expires_at=expires)
    put({"token": plain, "user": person.username, "expires_at": expires}, as_json=as_json, lines=[plain])


COMMANDS = {"user": user, "token": token}

"""All writing to the accounts: `accounts.services.appoint(…)`.

Every service takes `now` and works in one transaction. `actor_id` is a person, or `directory.permissions.OPERATOR` for
whoever runs the product's own commands; what people do to their own account needs none.
"""

from .appointments import appoint, end_appointment
from .persons import (
    change_own_password,
    create_person,
    disable_person,
    enable_person,
    forgive_failures,
    give_password,
    note_seen,
    reset_second_factor,
    set_password,
    update_person,
)
from .record import record, tidy
from .tokens import issue_token, revoke_token

__all__ = [
    "appoint",
    "change_own_password",
    "create_person",
    "disable_person",
    "enable_person",
    "end_appointment",
    "forgive_failures",
    "give_password",
    "issue_token",
    "note_seen",
    "record",
    "reset_second_factor",
    "revoke_token",
    "set_password",
    "tidy",
    "update_person",
]

"""Who may come in: what a page or operation declares, and what the door makes of it."""

import uuid

import pytest

from bihuan.foundation.accounts.permissions import ANYONE, LOGGED_IN, Grant, Reader, allow, check_allowed
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors

SEAT = Reader(
    person_id=uuid.UUID(int=1), display_name="Seat", language="en", grants=(Grant(role=Role.SEAT, regions=("330114",)),)
)


def test_a_view_carries_what_it_declares():
    @allow(Role.SEAT, "leader")
    def view() -> None: ...

    assert view.allowed == {"seat", "leader"}


@pytest.mark.parametrize("who", [(), ("nobody-knows",)])
def test_nobody_and_unknown_roles_are_refused(who: tuple[str, ...]):
    with pytest.raises(ValueError, match="allow"):
        allow(*who)


@pytest.mark.parametrize(
    ("allowed", "reader", "expected"),
    [
        ({ANYONE}, None, None),
        ({LOGGED_IN}, SEAT, None),
        ({Role.SEAT}, SEAT, None),
        ({LOGGED_IN}, None, errors.Unauthenticated),
        ({Role.SEAT}, None, errors.Unauthenticated),
        ({Role.LEADER}, SEAT, errors.Forbidden),
    ],
)
def test_the_door(allowed: set[str], reader: Reader | None, expected: type[errors.Problem] | None):
    if expected is None:
        check_allowed(allowed, reader)
    else:
        with pytest.raises(expected):
            check_allowed(allowed, reader)

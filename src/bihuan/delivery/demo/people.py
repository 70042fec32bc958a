"""Invented people for every role; one office each, so that every account shows what one role sees."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.foundation.accounts.roles import Role

from .firms import Firm
from .place import BOARDS, CITY, CITY_DEPARTMENTS, DEPARTMENTS, DISTRICT

_SURNAMES = "沈陆唐许高韩梁周方叶苏顾贺程江林宋秦温柏夏孟白纪章冯宁乔范俞"
_FIRST = "知青见闻予望既微远书景亦令嘉怀清若修静晏"
_SECOND = "遥禾山溪宁舒白川帆言竹原和澄砚岚桐屿朗棠"

_OFFICES = (
    ("seat", Role.SEAT, 5),
    ("coordinator", Role.COORDINATOR, 4),
    ("catchall", Role.CATCH_ALL, 2),
    ("leader", Role.LEADER, 2),
    ("supervision", Role.SUPERVISION_OFFICE, 2),
    ("discipline", Role.DISCIPLINE, 2),
    ("justice", Role.JUSTICE_SUPERVISOR, 1),
    ("deputy", Role.DEPUTY, 4),
    ("observer", Role.OBSERVER, 4),
    ("special", Role.SPECIAL_SUPERVISOR, 2),
    ("sysadmin", Role.SYSTEM_ADMIN, 1),
    ("secadmin", Role.SECURITY_ADMIN, 1),
    ("auditadmin", Role.AUDIT_ADMIN, 1),
)
"""User name without its number, role, how many; a role with one holder has no number."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who can log in: at most one of department, board (codes) and enterprise (USCC)."""

    username: str
    role: Role
    name: str
    department: str = ""
    board: str = ""
    enterprise: str = ""
    region: str = DISTRICT


def names(seed: int) -> Iterator[str]:
    """Yield invented names of persons, each once, in an order that the seed decides."""
    every = ["".join(parts) for parts in itertools.product(_SURNAMES, _FIRST, _SECOND) if parts[1] != parts[2]]
    random.Random(f"{seed}:names").shuffle(every)  # noqa: S311
    return iter(every)


def appointed(firms: tuple[Firm, ...], seed: int) -> tuple[Account, ...]:
    """Return everybody with a login, staff first."""
    name = names(seed)
    accounts = []
    for prefix, role, count in _OFFICES:
        for number in range(1, count + 1):
            username = f"{prefix}{number}" if count > 1 else prefix
            accounts.append(Account(username=username, role=role, name=next(name)))
    for code in BOARDS:
        username = f"board-{code.replace('_', '-')}"
        accounts.append(Account(username=username, role=Role.BOARD_HEAD, name=next(name), board=code))
    accounts += [
        Account(username=f"liaison-{code}", role=Role.LIAISON, name=next(name), department=code) for code in DEPARTMENTS
    ]
    accounts += [
        Account(username=f"head-{code}", role=Role.DEPARTMENT_HEAD, name=next(name), department=code)
        for code in DEPARTMENTS
    ]
    accounts += [
        Account(username=firm.login, role=Role.ENTERPRISE, name=next(name), enterprise=firm.uscc)
        for firm in firms
        if firm.login
    ]
    return tuple(accounts)


_FAR = 5_000
"""Names from here on are those of the city, so that nobody of the district is called otherwise for it."""


def above(seed: int) -> tuple[Account, ...]:
    """Return the people of the city above, whom some matters reach."""
    name = itertools.islice(names(seed), _FAR, None)
    offices: list[tuple[str, Role, dict[str, str]]] = [
        ("city-coordinator", Role.COORDINATOR, {}),
        ("city-leader", Role.LEADER, {}),
    ]
    offices += [(f"city-{code}", Role.LIAISON, {"department": code}) for code in CITY_DEPARTMENTS]
    offices += [("city-supervision", Role.SUPERVISION_OFFICE, {})]
    return tuple(
        Account(username=username, role=role, name=next(name), region=CITY, **office)
        for username, role, office in offices
    )


def together(district: tuple[Account, ...], city: tuple[Account, ...]) -> tuple[Account, ...]:
    """Return everybody, those of the city behind the first of the district with their role: it stays the example."""
    found = list(district)
    for account in reversed(city):
        place = next(number for number, one in enumerate(found) if one.role == account.role)
        found.insert(place + 1, account)
    return tuple(found)

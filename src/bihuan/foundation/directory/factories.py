"""Directory rows for tests, as short as a test wants to say them. Never used by the product itself."""

import datetime as dt
from typing import Any

from bihuan.foundation.directory import rules, selectors, services
from bihuan.foundation.directory.models import Board, Department, Enterprise, Region
from bihuan.foundation.directory.permissions import OPERATOR

DISTRICT = "999901"
"""The fictional district of the demonstration; no real code begins with 99."""
NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def make_region(code: str = DISTRICT, name: str = "澜川区", **fields: Any) -> Region:
    """Return the region, made with the ones above it where they are missing."""
    for above in reversed(rules.region_ancestors(code)):
        make_region(above, f"区划{above}")
    nearest = next(iter(rules.region_ancestors(code)), None)
    given = {"name": name, "level": rules.region_level(code), "parent_id": nearest, "pinyin": name} | fields
    region, _made = Region.objects.get_or_create(code=code, defaults=given)
    selectors.forget()
    return region


def make_department(code: str = "housing", name: str = "", region: str = DISTRICT, **fields: Any) -> Department:
    """Return a new department of the district, made through the service."""
    make_region(region)
    return services.create_department(
        region=region, code=code, name=name or f"{code} 局", actor_id=OPERATOR, now=NOW, **fields
    )


def make_board(code: str = "projects", name: str = "", region: str = DISTRICT, lead: str = "", **fields: Any) -> Board:
    """Return a new board of the district; without `lead` a department `<code>-lead` is made for it."""
    lead = lead or make_department(f"{code}-lead", region=region).code
    return services.create_board(
        region=region, code=code, name=name or f"{code} 板块", lead=lead, actor_id=OPERATOR, now=NOW, **fields
    )


def make_enterprise(serial: int = 1, name: str = "", region: str = DISTRICT, **details: Any) -> Enterprise:
    """Return a new enterprise of the district with a valid, invented credit code."""
    make_region(region)
    return services.add_enterprise(
        uscc=rules.compose_uscc(region=DISTRICT, serial=serial),
        details=services.Details(name=name or f"澜川第{serial}有限公司", region=region, **details),
        actor_id=OPERATOR,
        now=NOW,
    )

"""How often something may be tried: one row for each key, shared by all processes, filling up and draining evenly.

A key is what is limited (`follow_up_code:number`) together with whom or what (an address, a case number). Keys are
stored as keyed hashes, so that the table names nobody. Call outside a transaction where attempts must count even when
the request fails: inside one, a rollback takes them back.
"""

import datetime as dt
import hashlib
import hmac
import ipaddress
import math
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from bihuan.foundation.kernel import errors


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `times` at once, refilled evenly so that `times` more fit into `per`."""

    name: str
    times: int
    per: dt.timedelta

    @property
    def gap(self) -> dt.timedelta:
        """The time in which one more attempt becomes free."""
        return self.per / self.times


# `full_until` is when the bucket would be empty again. It never counts as farther away than one whole period, so that
# a clock set back locks nobody out for longer than that.
_COUNT = """
insert into kernel_throttle as t (key, full_until) values (%(key)s, %(now)s + %(gap)s)
on conflict (key) do update set full_until = greatest(least(t.full_until, %(now)s + %(per)s), %(now)s) + %(gap)s
where greatest(least(t.full_until, %(now)s + %(per)s), %(now)s) + %(gap)s <= %(now)s + %(per)s
returning full_until
"""


def count(*, limit: Limit, whom: str, now: dt.datetime) -> None:
    """Count one attempt. Raises errors.TooMany (not counted) when the limit is used up. One statement."""
    values: dict[str, Any] = {"key": _key(limit, whom), "now": now, "gap": limit.gap, "per": limit.per}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        if cursor.fetchone() is not None:
            return
    check(limits=[(limit, whom)], now=now)


def check(*, limits: list[tuple[Limit, str]], now: dt.datetime) -> None:
    """Raise errors.TooMany if one of the limits is used up; counts nothing. One statement."""
    waiting = {_key(limit, whom): limit for limit, whom in limits}
    with connection.cursor() as cursor:
        cursor.execute("select key, full_until from kernel_throttle where key = any(%s)", [list(waiting)])
        found = cursor.fetchall()
    waits = [min(until, now + waiting[key].per) + waiting[key].gap - waiting[key].per - now for key, until in found]
    longest = max(waits, default=dt.timedelta(0))
    if longest > dt.timedelta(0):
        raise errors.TooMany(retry_after=max(1, math.ceil(longest.total_seconds())))


def forget_empty(*, now: dt.datetime) -> int:
    """Delete the rows that hold nobody back any more; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("delete from kernel_throttle where full_until < %s", [now])
        return int(cursor.rowcount)


def address_of(request: HttpRequest) -> str:
    """Return whom to count a request for: the client's IPv4 address, or the /64 network of its IPv6 address.

    Behind proxies of one's own (BIHUAN_PROXIES of them) it is the address that the outermost of them reported.
    """
    remote: str = request.META.get("REMOTE_ADDR", "")
    if proxies := settings.PROXIES:
        reported = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        remote = reported[-proxies] if len(reported) >= proxies else remote
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return remote or "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _key(limit: Limit, whom: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{limit.name}\0{whom}".encode(), hashlib.sha256).hexdigest()[:40]

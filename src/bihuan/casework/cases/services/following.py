"""查询码: whoever holds the follow-up code of a case follows it and speaks for the raiser, without logging in (L2)."""

import datetime as dt
import uuid

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import database, errors, throttle

from ..models import Case
from ..rules import numbers

WRONG_CODES_BY_ADDRESS = throttle.Limit(name="follow_up_code:address", times=10, per=dt.timedelta(hours=1))
WRONG_CODES_BY_NUMBER = throttle.Limit(name="follow_up_code:number", times=20, per=dt.timedelta(hours=1))
"""Wrong codes from one address block it before it can block a number for its rightful holder."""


def open_with_code(*, number: str, code: str, address: str, now: dt.datetime) -> uuid.UUID:
    """Return the id of the case that `code` opens (for `Actor(holds=…)`).

    address: whom wrong codes are counted for. Raises NotFound `code_wrong` (the same for an unknown number), TooMany
    after too many wrong codes. Takes the same time for a right number and a wrong one. Call outside a transaction, so
    that a wrong code counts whatever becomes of the request.
    """
    number = number.strip().upper()[:64]
    limits = [(WRONG_CODES_BY_ADDRESS, address), (WRONG_CODES_BY_NUMBER, number)]
    throttle.check(limits=limits, now=now)
    with database.writing():
        found = Case.objects.filter(number=number).values_list("id", "follow_up_digest").first()
    case_id, digest = found or (None, "")
    fits = numbers.code_matches(code=code[:64], number=number, pepper=settings.SECRET_KEY, digest=digest or "0" * 64)
    if fits and case_id is not None:
        return case_id
    for limit, whom in limits:
        throttle.count(limit=limit, whom=whom, now=now)
    raise errors.NotFound(_("There is no case with this number and this code."), code="code_wrong")

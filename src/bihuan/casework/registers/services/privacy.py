"""去标识: what is published for others to learn from names nobody; checked before it is written down."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import errors

from .. import selectors, wording


def check_nameless(*texts: str, case: Case | None, region: str, now: dt.datetime, stays: str = "") -> None:
    """Raise Invalid `names_somebody` where a text tells who it is about (see `selectors.tells`).

    The message says what kind, never the words.
    """
    found = selectors.tells(*texts, case=case, region=region, now=now, stays=stays)
    if found:
        kinds: list[Any] = [str(wording.TELLS[one]) for one in found]
        message = _("The text tells who it is about (%(what)s). Please write it without.") % {"what": ", ".join(kinds)}
        raise errors.Invalid(message, code="names_somebody", field="text", found=found)

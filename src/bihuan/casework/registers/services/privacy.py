"""去标识: what is published for others to learn from names nobody; checked before it is written down."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import errors

from .. import selectors, wording
from ..rules import privacy


def check_nameless(*texts: str, case: Case | None, region: str, now: dt.datetime) -> None:
    """Raise Invalid `names_somebody` where a text tells who it is about; the message says what kind, never the words.

    Looked for: the enterprise, contact, raiser and handlers of the case, every firm of the region by its whole name,
    telephones, identity and credit codes, addresses, case numbers; also in full-width digits and with spaces between.
    """
    whole = "\n".join(texts)
    known = selectors.names_of(case=case, region=region, text=privacy.plain(whole), now=now)
    found = privacy.tells(whole, firms=known.firms, people=known.people, places=known.places)
    if found:
        kinds: list[Any] = [str(wording.TELLS[one]) for one in found]
        message = _("The text tells who it is about (%(what)s). Please write it without.") % {"what": ", ".join(kinds)}
        raise errors.Invalid(message, code="names_somebody", field="text", found=found)

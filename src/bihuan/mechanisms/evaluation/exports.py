"""The ratings as a file for those who hear: never with an enterprise or a matter in it; silence stays silence."""

import csv
import datetime as dt
import io

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor

from . import selectors

MEDIA_TYPE = "text/csv; charset=utf-8"


def ratings(*, actor: Actor, now: dt.datetime) -> bytes:
    """Return the ratings of the last year as CSV with a byte order mark, for spreadsheets.

    `level` is what was given. `level_by_local_rule` is what the place's own rule makes of silence, and
    `by_local_rule` marks each level that nobody gave.
    """
    out = io.StringIO()
    headings = {
        "department": _("Lead department"),
        "asked": _("Asked in"),
        "level": _("Level given"),
        "said": _("What was said"),
        "level_by_local_rule": _("Level by the local rule"),
        "by_local_rule": _("By the local rule only: nobody said so"),
    }
    writer = csv.writer(out)
    writer.writerow(headings.values())
    for row in selectors.silence_rows(actor=actor, now=now):
        writer.writerow("" if row[name] is None else row[name] for name in headings)
    return b"\xef\xbb\xbf" + out.getvalue().encode()

"""Words of the published figures."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

HEARD: Mapping[str, tuple[Any, Any]] = {
    "invited": (_("Asked for a rating"), _("Closings after which whoever raised the matter was asked.")),
    "rated": (_("Rated"), _("Of these, how many were rated. Silence is no rating.")),
    "bad": (
        _("Bad marks"),
        _("Ratings in which the plan, the process or the result was not satisfying (level 1 or 2)."),
    ),
    "in_time": (
        _("Corrected in time"),
        _("Of the bad marks, how many were contacted and corrected without a late step."),
    ),
    "appealed": (_("Appeals"), _("Bad marks that the rated unit called mistaken or malicious.")),
    "set_aside": (_("Appeals upheld"), _("Of these, how many somebody outside the unit upheld; they count no more.")),
    "called": (_("Called back"), _("Drawn closings whose raiser was reached by telephone.")),
    "solved": (_("Really done, by telephone"), _("Of these, how many said that it is really done.")),
    "false_closings": (_("False closings"), _("Closed as resolved, while whoever raised it says that it is not done.")),
    "overturned": (_("Closings overturned"), _("Of these, how many were opened again by the call.")),
}
"""Count of `evaluation.selectors.Counted` → (name, definition)."""

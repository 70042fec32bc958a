"""The clocks of a case: which run when, and what the case row shows of the one that rules now.

`acceptance` until accepted, then `handling` (a new cycle after each rework or reopening) are mirrored on the row; `sign`,
`first_contact`, `ruling`, `verification` and `word` run beside them with lights and timers of their own.
"""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.kernel.workdays import Duration, WorkCalendar
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from ..models import Case
from ..rulebook import Tier

if TYPE_CHECKING:
    from .turn import Turn

MIRRORED = ("acceptance", "handling")

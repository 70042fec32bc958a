"""The only writers of the case's tables. `take` does every action of the lifecycle; `raise_case` is the way in."""

from .attaching import attach
from .raising import Contact, Matter, Receipt, raise_case
from .rehearsing import Rehearsal, rehearse, unreceived
from .timing import Swept, sweep
from .turn import take

__all__ = [
    "Contact",
    "Matter",
    "Receipt",
    "Rehearsal",
    "Swept",
    "attach",
    "raise_case",
    "rehearse",
    "sweep",
    "take",
    "unreceived",
]

"""The only writers of the case's tables. `take` does every action of the lifecycle; `raise_case` is the way in."""

from .adopting import Applied, apply_rulebook, move_to_rulebook, to_move
from .attaching import attach, path_of, store
from .linking import Link, read_link, sign_link
from .noting import note
from .overturning import overturn
from .raising import Contact, Matter, Receipt, raise_case
from .rehearsing import AT_ONCE, Moved, Rehearsal, Told, rehearse, unreceived
from .timing import Swept, sweep
from .turn import take

__all__ = [
    "AT_ONCE",
    "Applied",
    "Contact",
    "Link",
    "Matter",
    "Moved",
    "Receipt",
    "Rehearsal",
    "Swept",
    "Told",
    "apply_rulebook",
    "attach",
    "move_to_rulebook",
    "note",
    "overturn",
    "path_of",
    "raise_case",
    "read_link",
    "rehearse",
    "sign_link",
    "store",
    "sweep",
    "take",
    "to_move",
    "unreceived",
]

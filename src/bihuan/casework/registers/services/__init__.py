"""The only writers of the registers. Mechanisms enter what they made by `follow_institution`, `follow_proposal`,
`nominate` (a model case) and `warn` (a negative one).

Order of locks: the case, the row of the register, then its clock.
"""

from .acting import take
from .competitions import call_competition, nominate, propose_exemplar
from .following import cross
from .institutions import draft, follow_institution
from .lessons import write_lesson
from .privacy import check_nameless
from .proposals import follow_proposal
from .warnings import draft_warning, note_reading, warn

__all__ = [
    "call_competition",
    "check_nameless",
    "cross",
    "draft",
    "draft_warning",
    "follow_institution",
    "follow_proposal",
    "nominate",
    "note_reading",
    "propose_exemplar",
    "take",
    "warn",
    "write_lesson",
]

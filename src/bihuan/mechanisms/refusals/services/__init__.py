"""The only writers of refusals. People act through `take`, `enrol`, `retire`, `propose` and `take_proposal`.

Order of locks: case, then refusal, then seats and votes, then clocks.
"""

from .acting import take
from .following import cross, follow, pool
from .pooling import enrol, retire
from .proposing import enter, enter_earlier, propose, take_proposal

__all__ = ["cross", "enrol", "enter", "enter_earlier", "follow", "pool", "propose", "retire", "take", "take_proposal"]

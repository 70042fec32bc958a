"""The only writers of upward escalation.

People act through `send_up` and `take`; `begin`, `go_on`, `follow`, `carry` and `cross` answer facts and clocks of
cases; messages leave by `deliver` and come in by `receive`. Order of locks: case, then escalation or arrival, then
messages.
"""

from .above import follow
from .acting import send_up, take
from .below import begin, cross, go_on
from .carrying import carry
from .delivering import deliver, deliver_due
from .hearing import Signed, receive
from .peers import register_peer, renew_key, switch_peer, tell_silence

__all__ = [
    "Signed",
    "begin",
    "carry",
    "cross",
    "deliver",
    "deliver_due",
    "follow",
    "go_on",
    "receive",
    "register_peer",
    "renew_key",
    "send_up",
    "switch_peer",
    "take",
    "tell_silence",
]

"""Tables of policies: the library, profiles and matches, and delivery."""

from .delivery import HELD, Batch, Grant, Payment, Round, Share
from .library import BLOCK, Clause, Import, Match, Past, Policy, Profile, Terms

__all__ = [
    "BLOCK",
    "HELD",
    "Batch",
    "Clause",
    "Grant",
    "Import",
    "Match",
    "Past",
    "Payment",
    "Policy",
    "Profile",
    "Round",
    "Share",
    "Terms",
]

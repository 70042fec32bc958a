"""Tables of policies: the library, profiles and matches, delivery, and service items."""

from .delivery import HELD, Batch, Grant, Payment, Round, Share
from .items import Demand, Item, Promise, Reform
from .library import BLOCK, Clause, Import, Match, Past, Policy, Profile, Terms

__all__ = [
    "BLOCK",
    "HELD",
    "Batch",
    "Clause",
    "Demand",
    "Grant",
    "Import",
    "Item",
    "Match",
    "Past",
    "Payment",
    "Policy",
    "Profile",
    "Promise",
    "Reform",
    "Round",
    "Share",
    "Terms",
]

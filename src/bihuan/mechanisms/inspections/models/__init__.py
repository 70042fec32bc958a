"""Tables of inspections. How a check was rated stands apart from the check: see `Mark`."""

from .catalogue import Item, Listed, Officer, Power, Sheltered
from .checks import Check, Finding, Mark, Part
from .draws import Draw, DrawTarget
from .standings import SEVERITIES, Batch, Record, Standing

LISTS: dict[str, type[Listed]] = {"item": Item, "power": Power, "officer": Officer, "sheltered": Sheltered}
"""What is listed, by the name of its list."""

__all__ = [
    "LISTS",
    "SEVERITIES",
    "Batch",
    "Check",
    "Draw",
    "DrawTarget",
    "Finding",
    "Item",
    "Listed",
    "Mark",
    "Officer",
    "Part",
    "Power",
    "Record",
    "Sheltered",
    "Standing",
]

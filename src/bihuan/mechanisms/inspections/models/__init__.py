"""Tables of inspections. How a check was rated stands apart from the check: see `Mark`."""

from .catalogue import Item, Leniency, Listed, Officer, Power, Sheltered
from .checks import Check, Finding, Mark, Part
from .draws import Draw, DrawTarget
from .repairs import Repair
from .standings import SEVERITIES, Batch, Record, Standing

LISTS: dict[str, type[Listed]] = {
    "item": Item,
    "power": Power,
    "officer": Officer,
    "sheltered": Sheltered,
    "leniency": Leniency,
}
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
    "Leniency",
    "Listed",
    "Mark",
    "Officer",
    "Part",
    "Power",
    "Record",
    "Repair",
    "Sheltered",
    "Standing",
]

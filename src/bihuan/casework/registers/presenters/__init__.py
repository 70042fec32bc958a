"""What pages of the registers show, as values for the components of `foundation.ui`."""

from .institutions import categories, entries, home_region, inputs, institution, proposals, rows, states, tabs
from .shelves import PAGES, competition, competitions, exemplars, lesson, library, warning, warnings

__all__ = [
    "PAGES",
    "categories",
    "competition",
    "competitions",
    "entries",
    "exemplars",
    "home_region",
    "inputs",
    "institution",
    "lesson",
    "library",
    "proposals",
    "rows",
    "states",
    "tabs",
    "warning",
    "warnings",
]

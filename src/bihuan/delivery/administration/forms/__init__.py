"""Forms of the administration. They look at the shape of what was typed; what is right is decided by the services."""

from .calendars import ImportForm
from .people import AppointForm, PersonFilter, PersonForm, ReasonForm
from .record import RecordFilter
from .rulebooks import ApplyForm
from .structure import BoardForm, CloseForm, DepartmentForm, MergeForm

__all__ = [
    "ApplyForm",
    "AppointForm",
    "BoardForm",
    "CloseForm",
    "DepartmentForm",
    "ImportForm",
    "MergeForm",
    "PersonFilter",
    "PersonForm",
    "ReasonForm",
    "RecordFilter",
]
